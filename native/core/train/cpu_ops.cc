#include "core/train/cpu_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/aligned_vector.h"
#include "core/flush_subnormals.h"

namespace dramatis::train {
namespace {

// Rows of a tensor, which may be a part of wider rows.
struct Rows {
  explicit Rows(const ggml_tensor* t)
      : data(static_cast<float*>(t->data)),
        stride(ptrdiff_t(t->nb[1] / sizeof(float))),
        width(int(t->ne[0])),
        count(int(t->ne[1] * t->ne[2] * t->ne[3])) {}
  float* operator[](int i) const { return data + i * stride; }
  float* data;
  ptrdiff_t stride;
  int width;
  int count;
};

Span Share(int n, int part, int parts) {
  return {int32_t(int64_t(n) * part / parts), int32_t(int64_t(n) * (part + 1) / parts)};
}

// Scratch of the thread that calls, kept from node to node. `which`: a buffer of its own each.
template <typename T>
T* Scratch(int which, size_t n) {
  thread_local AlignedVector<T> buffers[8];
  AlignedVector<T>& buffer = buffers[which];
  if (buffer.size() < n) buffer.resize(n);
  return buffer.data();
}

constexpr int kQueries = 24;  // of a block of attention
// A score so low that its share is 0 in effect: the kernel's exp is bounded below, by 1e-38.
constexpr float kUnseen = -1e30f;

}  // namespace

ggml_tensor* CpuOps::Node(int64_t width, int64_t rows, std::initializer_list<ggml_tensor*> sources,
                          double cost, Work work) {
  std::vector<ggml_tensor*> all(sources);
  ggml_tensor* node =
      ggml_custom_4d(context_, GGML_TYPE_F32, width, rows, 1, 1, all.data(), int(all.size()), Run,
                     GGML_N_TASKS_MAX, &work_.emplace_back(std::move(work)));
  costs_[node] = cost;
  return node;
}

ggml_tensor* CpuOps::Into(ggml_tensor* into, std::initializer_list<ggml_tensor*> sources,
                          double cost, Work work) {
  std::vector<ggml_tensor*> all(sources);
  ggml_tensor* node = ggml_custom_inplace(context_, into, all.data(), int(all.size()), Run,
                                          GGML_N_TASKS_MAX, &work_.emplace_back(std::move(work)));
  costs_[node] = cost;
  return node;
}

double CpuOps::CostOf(const ggml_tensor* node) const {
  const auto found = costs_.find(node);
  return found == costs_.end() ? 0 : found->second;
}

void CpuOps::Run(ggml_tensor* out, int thread, int threads, void* work) {
  const FlushSubnormals flush;
  (*static_cast<Work*>(work))(out, thread, threads);
}

ggml_tensor* CpuOps::Product(const PackedMatrix& w, ggml_tensor* x, const float* low,
                             ggml_tensor* u, const float* bias, ggml_tensor* into) {
  const bool add = into != nullptr;
  const Kernels& kernels = kernels_;
  Work work = [&w, x, low, u, bias, add, &kernels](ggml_tensor* out, int thread, int threads) {
    const Rows from(x), to(out);
    // Threads share out the panels, so that each reads its part of the weights once; more threads
    // than panels share out the rows, too.
    const int groups = std::min(threads, w.panels());
    const int row_groups = threads / groups;
    if (thread >= groups * row_groups) return;
    const Span panels = Share(w.panels(), thread % groups, groups);
    const Span rows = Share(from.count, thread / groups, row_groups);
    constexpr int kBlock = 192;  // rows converted at a time: they stay in a core's own cache
    const bool bf16 = w.type() == PackedMatrix::Type::kBf16;
    const bool rounds = bf16 && kernels.panel_bf16 != nullptr;
    const int padded = 2 * w.pairs();
    for (int begin = rows.begin; begin < rows.end; begin += kBlock) {
      const int n = std::min(kBlock, rows.end - begin);
      uint16_t* converted = nullptr;
      if (rounds) {
        converted = Scratch<uint16_t>(0, size_t(kBlock) * padded);
        for (int i = 0; i < n; ++i) {
          uint16_t* row = converted + size_t(i) * padded;
          kernels.to_bf16(w.in(), from[begin + i], row);
          std::fill(row + w.in(), row + padded, uint16_t(0));
        }
      }
      for (int panel = panels.begin; panel < panels.end; ++panel) {
        const int column = panel * kPanel;
        const int width = std::min(kPanel, w.out() - column);
        float* c = to[begin] + column;
        if (bias != nullptr) {
          for (int i = 0; i < n; ++i)
            std::memcpy(c + i * to.stride, bias + column, size_t(width) * sizeof(float));
        }
        const bool onto = add || bias != nullptr;
        if (rounds) {
          kernels.panel_bf16(n, w.pairs(), converted, padded, w.bf16(panel), c, to.stride, width,
                             onto);
        } else if (bf16) {
          kernels.panel_widened(n, w.in(), from[begin], from.stride, w.bf16(panel), c, to.stride,
                                width, onto);
        } else {
          kernels.panel(n, w.in(), from[begin], from.stride, 1, w.f32(panel), kPanel, c, to.stride,
                        width, onto);
        }
        if (u != nullptr) {
          const Rows ranks(u);
          kernels.panel(n, ranks.width, ranks[begin], ranks.stride, 1, low + column, w.out(), c,
                        to.stride, width, true);
        }
      }
    }
  };
  const double cost = 2.0 * w.out() * w.in() * double(x->ne[1]);
  if (into != nullptr) {
    return u != nullptr ? Into(into, {x, u}, cost, std::move(work))
                        : Into(into, {x}, cost, std::move(work));
  }
  return u != nullptr ? Node(w.out(), x->ne[1], {x, u}, cost, std::move(work))
                      : Node(w.out(), x->ne[1], {x}, cost, std::move(work));
}

ggml_tensor* CpuOps::Down(const float* low, int rank, ggml_tensor* x, float scale) {
  const Kernels& kernels = kernels_;
  return Node(rank, x->ne[1], {x}, 2.0 * kPanel * double(ggml_nelements(x)),
              [low, rank, x, scale, &kernels](ggml_tensor* out, int thread, int threads) {
                const Rows from(x), to(out);
                const Span rows = Share(from.count, thread, threads);
                if (rows.begin == rows.end) return;
                // The kernel wants the outputs side by side: a panel of `low` turned over, half a
                // one where the rank is no more.
                const int side = rank <= kPanel / 2 ? kPanel / 2 : kPanel;
                float* turned = Scratch<float>(1, size_t(from.width) * kPanel);
                for (int begin = 0; begin < rank; begin += side) {
                  const int width = std::min(side, rank - begin);
                  for (int i = 0; i < from.width; ++i) {
                    float* column = turned + size_t(i) * side;
                    for (int r = 0; r < width; ++r)
                      column[r] = scale * low[size_t(begin + r) * from.width + i];
                    std::fill(column + width, column + side, 0.0f);
                  }
                  float whole[kQueries * kPanel];
                  for (int row = rows.begin; row < rows.end; row += kQueries) {
                    const int n = std::min(kQueries, rows.end - row);
                    kernels.panel(n, from.width, from[row], from.stride, 1, turned, side, whole,
                                  side, side, false);
                    for (int i = 0; i < n; ++i)
                      std::memcpy(to[row + i] + begin, whole + i * side,
                                  size_t(width) * sizeof(float));
                  }
                }
              });
}

ggml_tensor* CpuOps::Up(const float* low, ggml_tensor* u, int64_t width) {
  const Kernels& kernels = kernels_;
  const double cost = 2.0 * double(ggml_nelements(u)) * double(width);
  return Node(width, u->ne[1], {u}, cost,
              [low, u, &kernels](ggml_tensor* out, int thread, int threads) {
                const Rows ranks(u), to(out);
                const Span rows = Share(to.count, thread, threads);
                for (int column = 0; column < to.width; column += kPanel) {
                  kernels.panel(rows.end - rows.begin, ranks.width, ranks[rows.begin], ranks.stride,
                                1, low + column, to.width, to[rows.begin] + column, to.stride,
                                std::min(kPanel, to.width - column), false);
                }
              });
}

ggml_tensor* CpuOps::Gradient(float* grad, ggml_tensor* d, ggml_tensor* x) {
  const Kernels& kernels = kernels_;
  return Node(1, 1, {d, x}, 2.0 * double(d->ne[0]) * double(ggml_nelements(x)),
              [grad, d, x, &kernels](ggml_tensor*, int thread, int threads) {
                const Rows ranks(d), wide(x);
                const int panels = (wide.width + kPanel - 1) / kPanel;
                const Span mine = Share(panels, thread, threads);
                // Some tokens at a time: a panel of all has more pages than a core keeps in mind.
                constexpr int kTokens = 64;
                for (int begin = 0; begin < wide.count; begin += kTokens) {
                  const int some = std::min(kTokens, wide.count - begin);
                  for (int panel = mine.begin; panel < mine.end; ++panel) {
                    const int column = panel * kPanel;
                    kernels.panel(ranks.width, some, ranks[begin], 1, ranks.stride,
                                  wide[begin] + column, wide.stride, grad + column, wide.width,
                                  std::min(kPanel, wide.width - column), true);
                  }
                }
              });
}

namespace {

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

Ops::GateGradients CpuOps::GateBack(ggml_tensor* gate, ggml_tensor* up, ggml_tensor* d, bool gelu) {
  const auto call = gelu ? kernels_.gelu_back : kernels_.silu_back;
  ggml_tensor* both =
      Node(2 * gate->ne[0], gate->ne[1], {gate, up, d}, 60.0 * double(ggml_nelements(gate)),
           [gate, up, d, call](ggml_tensor* out, int thread, int threads) {
             const Rows gates(gate), ups(up), slopes(d), to(out);
             const Span rows = Share(to.count, thread, threads);
             for (int i = rows.begin; i < rows.end; ++i)
               call(gates.width, gates[i], ups[i], slopes[i], to[i], to[i] + gates.width);
           });
  const int64_t wide = gate->ne[0], n = gate->ne[1];
  const size_t offset = size_t(wide) * sizeof(float);
  return {ggml_view_2d(context_, both, wide, n, both->nb[1], 0),
          ggml_view_2d(context_, both, wide, n, both->nb[1], offset)};
}

ggml_tensor* CpuOps::NormBack(ggml_tensor* x, const float* g, ggml_tensor* d, float epsilon,
                              ggml_tensor* into) {
  const Kernels& kernels = kernels_;
  const int width = int(x->ne[0]);
  Work work = [x, g, d, epsilon, width, add = into != nullptr, &kernels](ggml_tensor* out,
                                                                         int thread, int threads) {
    const Rows from(x), slopes(d), to(out);
    const Span rows = Share(from.count, thread, threads);
    for (int i = rows.begin; i < rows.end; ++i)
      kernels.norm_back(width, from[i], g, slopes[i], epsilon, to[i], add);
  };
  const double cost = 20.0 * double(ggml_nelements(x));
  if (into != nullptr) return Into(into, {x, d}, cost, std::move(work));
  return Node(width, ggml_nrows(x), {x, d}, cost, std::move(work));
}

ggml_tensor* CpuOps::Norm(ggml_tensor* x, const float* g, float epsilon) {
  const Kernels& kernels = kernels_;
  return Node(x->ne[0], ggml_nrows(x), {x}, 10.0 * double(ggml_nelements(x)),
              [x, g, epsilon, &kernels](ggml_tensor* out, int thread, int threads) {
                const Rows from(x), to(out);
                const Span rows = Share(from.count, thread, threads);
                for (int i = rows.begin; i < rows.end; ++i) {
                  const float square = kernels.dot(from.width, from[i], from[i]);
                  const float rstd = 1.0f / std::sqrt(square / float(from.width) + epsilon);
                  for (int c = 0; c < from.width; ++c) to[i][c] = from[i][c] * rstd * g[c];
                }
              });
}

ggml_tensor* CpuOps::Drop(ggml_tensor* x, float share, uint64_t noise) {
  return Node(x->ne[0], x->ne[1], {x}, 20.0 * double(ggml_nelements(x)),
              [x, share, noise](ggml_tensor* out, int thread, int threads) {
                const Rows from(x), to(out);
                const Span rows = Share(from.count, thread, threads);
                const float kept = 1.0f / (1.0f - share);
                for (int i = rows.begin; i < rows.end; ++i) {
                  for (int c = 0; c < from.width; ++c) {
                    const uint64_t index = uint64_t(i) * uint64_t(from.width) + uint64_t(c);
                    to[i][c] = IsKept(noise, index, share) ? kept * from[i][c] : 0.0f;
                  }
                }
              });
}

ggml_tensor* CpuOps::Zeros(int64_t width, int64_t rows) {
  return Node(width, rows, {}, 0, [](ggml_tensor* out, int thread, int) {
    if (thread == 0) std::memset(out->data, 0, ggml_nbytes(out));
  });
}

ggml_tensor* CpuOps::Loss(ggml_tensor* logits, const std::vector<Target>* targets, int first,
                          float* nll, bool gradient) {
  const Kernels& kernels = kernels_;
  return Into(logits, {}, 40.0 * double(ggml_nelements(logits)),
              [=, &kernels](ggml_tensor* out, int thread, int threads) {
                const Rows rows(out);
                const Span mine = Share(rows.count, thread, threads);
                for (int i = mine.begin; i < mine.end; ++i) {
                  const Target& target = (*targets)[size_t(first + i)];
                  float* row = rows[i];
                  const float wanted = row[target.token];
                  const float most = kernels.most(rows.width, row);
                  const float sum = kernels.exp_sum(rows.width, row, most);
                  nll[first + i] = most + std::log(sum) - wanted;
                  if (!gradient) continue;
                  float factor = target.weight;
                  if (target.is_bounded()) {
                    // d/dz of -log(1 - p) is p / (1 - p) times that of log p.
                    const float p = std::exp(-nll[first + i]);
                    factor = target.weight * p / std::max(1.0f - p, 1e-3f);
                  }
                  const float each = factor / sum;
                  for (int v = 0; v < rows.width; ++v) row[v] *= each;
                  row[target.token] -= factor;
                }
              });
}

ggml_tensor* CpuOps::Scatter(ggml_tensor* x, const std::vector<Target>* targets, int64_t rows) {
  return Node(x->ne[0], rows, {x}, double(x->ne[0] * rows),
              [x, targets](ggml_tensor* out, int thread, int threads) {
                const Rows from(x), to(out);
                const Span mine = Share(from.width, thread, threads);
                const size_t size = size_t(mine.end - mine.begin) * sizeof(float);
                for (int i = 0; i < to.count; ++i) std::memset(to[i] + mine.begin, 0, size);
                for (int i = 0; i < from.count; ++i)
                  for (int c = mine.begin; c < mine.end; ++c)
                    to[(*targets)[size_t(i)].row][c] += from[i][c];
              });
}

}  // namespace dramatis::train
