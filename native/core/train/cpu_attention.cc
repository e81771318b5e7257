#include "core/train/cpu_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/train/tensor_rows.h"

namespace dramatis::train {
namespace {

constexpr int kQueries = 24;  // of a block of attention
// A score so low that its share is 0 in effect: the kernel's exp is bounded below, by 1e-38.
constexpr float kUnseen = -1e30f;

// The keys (or values) of one head turned over, in panels of kPanel tokens: head × kPanel each.
void TurnHead(const Rows& from, int column, int head, int panel, float* out) {
  const int begin = panel * kPanel;
  const int n = std::min(kPanel, from.count - begin);
  for (int i = 0; i < n; ++i) {
    const float* row = from[begin + i] + column;
    for (int j = 0; j < head; ++j) out[j * kPanel + i] = row[j];
  }
  for (int i = n; i < kPanel; ++i)
    for (int j = 0; j < head; ++j) out[j * kPanel + i] = 0;
}

// The panels of keys that a block of queries looks at, in order.
void PanelsSeen(const Ops::Sight& sight, int begin, int end, std::vector<int>& panels) {
  panels.clear();
  const int own_end = sight.before + end;  // of the block's own keys
  int low = own_end, context_begin = own_end, context_end = 0;
  for (int t = begin; t < end; ++t) {
    low = std::min(low, int(sight.first[size_t(t)]));
    const Span& context = sight.context[size_t(t)];
    if (context.begin == context.end) continue;
    context_begin = std::min(context_begin, int(context.begin));
    context_end = std::max(context_end, int(context.end));
  }
  for (int p = context_begin / kPanel; p * kPanel < std::min(context_end, own_end); ++p)
    panels.push_back(p);
  for (int p = low / kPanel; p * kPanel < own_end; ++p)
    if (panels.empty() || p > panels.back()) panels.push_back(p);
}

// Marks with 1 what query t does not see of a panel; false if it sees all of it, and nothing is
// marked.
bool Hidden(const Ops::Sight& sight, int t, int panel, uint8_t* hidden) {
  const Span& context = sight.context[size_t(t)];
  const int first = sight.first[size_t(t)], own = sight.before + t;
  const int begin = panel * kPanel, end = begin + kPanel;
  if ((begin >= first && end <= own + 1) || (begin >= context.begin && end <= context.end))
    return false;
  for (int l = 0; l < kPanel; ++l) {
    const int key = begin + l;
    hidden[l] = !((key >= first && key <= own) || (key >= context.begin && key < context.end));
  }
  return true;
}

// Of all queries together: pairs of a query and a key that it sees.
double PairsSeen(const Ops::Sight& sight) {
  double pairs = 0;
  for (size_t t = 0; t < sight.first.size(); ++t) {
    const Span& context = sight.context[t];
    pairs += double(t) + 1 + sight.before - sight.first[t] + context.end - context.begin;
  }
  return pairs;
}

}  // namespace

ggml_tensor* CpuOps::Attention(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, int heads,
                               int kv_heads, float scale, const Sight* sight) {
  const Kernels& kernels = kernels_;
  const int head = int(q->ne[0]) / heads;
  const double cost = 12.0 * double(q->ne[0]) * PairsSeen(*sight);
  return Node(
      q->ne[0] + heads, q->ne[1], {q, k, v}, cost,
      [=, &kernels](ggml_tensor* out, int thread, int threads) {
        const Rows queries(q), keys(k), values(v), to(out);
        const int n = queries.count, n_keys = keys.count;
        const int panels_all = (n_keys + kPanel - 1) / kPanel;
        const size_t turned_size = size_t(panels_all) * kPanel * head;
        float* turned = Scratch<float>(1, turned_size);
        float* scores = Scratch<float>(2, size_t(kQueries) * (size_t(panels_all) + 1) * kPanel);
        std::vector<int> panels;
        const int blocks = (n + kQueries - 1) / kQueries;
        // Heads go to threads whole; where there are more threads than heads, they share out a
        // head's queries.
        const int parts = std::max(1, threads / heads);
        int packed = -1;
        for (int unit = 0; unit < heads * parts; ++unit) {
          if (unit % threads != thread) continue;
          const int h = unit / parts;
          const int column = h / (heads / kv_heads) * head;
          if (packed != column) {
            for (int p = 0; p < panels_all; ++p)
              TurnHead(keys, column, head, p, turned + size_t(p) * kPanel * head);
            packed = column;
          }
          const Span mine = Share(blocks, unit % parts, parts);
          for (int block = mine.begin; block < mine.end; ++block) {
            const int begin = block * kQueries, end = std::min(n, begin + kQueries);
            PanelsSeen(*sight, begin, end, panels);
            const int stride = int(panels.size()) * kPanel;
            for (size_t p = 0; p < panels.size(); ++p) {
              kernels.panel(end - begin, head, queries[begin] + h * head, queries.stride, 1,
                            turned + size_t(panels[p]) * kPanel * head, kPanel, scores + p * kPanel,
                            stride, kPanel, false);
            }
            for (int t = begin; t < end; ++t) {
              float* row = scores + size_t(t - begin) * stride;
              for (int i = 0; i < stride; ++i) row[i] *= scale;
              uint8_t hidden[kPanel];
              for (size_t p = 0; p < panels.size(); ++p) {
                if (!Hidden(*sight, t, panels[p], hidden)) continue;
                for (int l = 0; l < kPanel; ++l)
                  if (hidden[l]) row[p * kPanel + l] = kUnseen;
              }
              const float most = kernels.most(stride, row);
              const float sum = kernels.exp_sum(stride, row, most);
              const float each = 1 / sum;
              for (int i = 0; i < stride; ++i) row[i] *= each;
              to[t][heads * head + h] = most + std::log(sum);
            }
            for (int d = 0; d < head; d += kPanel) {
              const int width = std::min(kPanel, head - d);
              for (size_t p = 0; p < panels.size(); ++p) {
                const int key = panels[p] * kPanel;
                kernels.panel(end - begin, std::min(kPanel, n_keys - key), scores + p * kPanel,
                              stride, 1, values[key] + column + d, values.stride,
                              to[begin] + h * head + d, to.stride, width, p > 0);
              }
            }
          }
        }
      });
}

ggml_tensor* CpuOps::HeadGradients(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, ggml_tensor* out,
                                   ggml_tensor* d, int heads, int kv_heads, float scale,
                                   const Sight* sight) {
  const Kernels& kernels = kernels_;
  const int head = int(q->ne[0]) / heads;
  const int group = heads / kv_heads;
  const double cost = 30.0 * double(q->ne[0]) * PairsSeen(*sight);
  const auto work = [=, &kernels](ggml_tensor* grad, int thread, int threads) {
    const Rows queries(q), keys(k), values(v), outputs(out), slopes(d), to(grad);
    const int n = queries.count, n_keys = keys.count, before = sight->before;
    const int panels_all = (n_keys + kPanel - 1) / kPanel;
    const size_t turned_size = size_t(panels_all) * kPanel * head;
    float* turned_keys = Scratch<float>(1, turned_size);
    float* turned_values = Scratch<float>(2, turned_size);
    float* weights = Scratch<float>(3, size_t(kQueries) * kPanel);
    float* pulls = Scratch<float>(4, size_t(kQueries) * kPanel);
    std::vector<int> panels;
    int turned = -1;
    const Span mine = Share(heads, thread, threads);
    for (int h = mine.begin; h < mine.end; ++h) {
      const int column = h / group * head, query_column = h * head;
      const int key_column = (heads + h) * head, value_column = (2 * heads + h) * head;
      for (int p = 0; turned != column && p < panels_all; ++p) {
        TurnHead(keys, column, head, p, turned_keys + size_t(p) * kPanel * head);
        TurnHead(values, column, head, p, turned_values + size_t(p) * kPanel * head);
      }
      turned = column;
      for (int t = 0; t < n; ++t)
        for (const int begin : {query_column, key_column, value_column})
          std::memset(to[t] + begin, 0, size_t(head) * sizeof(float));
      for (int begin = 0; begin < n; begin += kQueries) {
        const int end = std::min(n, begin + kQueries);
        PanelsSeen(*sight, begin, end, panels);
        float along[kQueries];
        for (int t = begin; t < end; ++t)
          along[t - begin] = kernels.dot(head, slopes[t] + query_column, outputs[t] + query_column);
        for (const int panel : panels) {
          const int key = panel * kPanel;
          const int count = std::min(kPanel, n_keys - key);
          // Of the panel's keys, those that something is learned through.
          const int skipped = std::clamp(before - key, 0, count);
          const int own = key + skipped - before;
          kernels.panel(end - begin, head, queries[begin] + query_column, queries.stride, 1,
                        turned_keys + size_t(panel) * kPanel * head, kPanel, weights, kPanel,
                        kPanel, false);
          kernels.panel(end - begin, head, slopes[begin] + query_column, slopes.stride, 1,
                        turned_values + size_t(panel) * kPanel * head, kPanel, pulls, kPanel,
                        kPanel, false);
          for (int t = begin; t < end; ++t) {
            float* w = weights + size_t(t - begin) * kPanel;
            float* pull = pulls + size_t(t - begin) * kPanel;
            uint8_t hidden[kPanel];
            const bool hides = Hidden(*sight, t, panel, hidden);
            for (int l = 0; l < kPanel; ++l) w[l] *= scale;
            for (int l = 0; hides && l < kPanel; ++l)
              if (hidden[l]) w[l] = kUnseen;
            kernels.exp_sum(kPanel, w, outputs[t][heads * head + h]);
            for (int l = 0; l < kPanel; ++l) pull[l] = scale * w[l] * (pull[l] - along[t - begin]);
          }
          for (int c = 0; c < head; c += kPanel) {
            const int width = std::min(kPanel, head - c);
            kernels.panel(end - begin, count, pulls, kPanel, 1, keys[key] + column + c, keys.stride,
                          to[begin] + query_column + c, to.stride, width, true);
            if (skipped == count) continue;
            kernels.panel(count - skipped, end - begin, pulls + skipped, 1, kPanel,
                          queries[begin] + query_column + c, queries.stride,
                          to[own] + key_column + c, to.stride, width, true);
            kernels.panel(count - skipped, end - begin, weights + skipped, 1, kPanel,
                          slopes[begin] + query_column + c, slopes.stride,
                          to[own] + value_column + c, to.stride, width, true);
          }
        }
      }
    }
  };
  return Node(3 * q->ne[0], q->ne[1], {q, k, v, out, d}, cost, work);
}

Ops::AttentionGradients CpuOps::AttentionBack(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v,
                                              ggml_tensor* out, ggml_tensor* d, int heads,
                                              int kv_heads, float scale, const Sight* sight) {
  ggml_tensor* all = HeadGradients(q, k, v, out, d, heads, kv_heads, scale, sight);
  ggml_tensor* shared = FoldHeads(all, heads, kv_heads);
  const int64_t head = q->ne[0] / heads, n = q->ne[1];
  const size_t group = size_t(head) * sizeof(float);
  ggml_context* c = context_;
  return {ggml_view_3d(c, all, head, heads, n, group, all->nb[1], 0),
          ggml_view_3d(c, shared, head, kv_heads, n, group, shared->nb[1], 0),
          ggml_view_2d(c, shared, kv_heads * head, n, shared->nb[1], size_t(kv_heads) * group)};
}

ggml_tensor* CpuOps::FoldHeads(ggml_tensor* all, int heads, int kv_heads) {
  const int64_t head = all->ne[0] / (3 * heads);
  return Node(2 * kv_heads * head, all->ne[1], {all}, double(ggml_nelements(all)),
              [=](ggml_tensor* out, int thread, int threads) {
                const Rows from(all), to(out);
                const Span rows = Share(to.count, thread, threads);
                const int group = heads / kv_heads, width = int(head);
                for (int i = rows.begin; i < rows.end; ++i) {
                  for (int shared = 0; shared < 2 * kv_heads; ++shared) {
                    float* sum = to[i] + shared * width;
                    const float* first = from[i] + (heads + shared * group) * width;
                    for (int c = 0; c < width; ++c) sum[c] = first[c];
                    for (int h = 1; h < group; ++h)
                      for (int c = 0; c < width; ++c) sum[c] += first[h * width + c];
                  }
                }
              });
}

}  // namespace dramatis::train
