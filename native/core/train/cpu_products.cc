#include "core/train/cpu_ops.h"

#include <algorithm>
#include <cstring>

#include "core/train/tensor_rows.h"

namespace dramatis::train {
namespace {

constexpr int kTokens = 24;  // that are brought down at a time

}  // namespace

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
                  float whole[kTokens * kPanel];
                  for (int row = rows.begin; row < rows.end; row += kTokens) {
                    const int n = std::min(kTokens, rows.end - row);
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
                constexpr int kSome = 64;
                for (int begin = 0; begin < wide.count; begin += kSome) {
                  const int some = std::min(kSome, wide.count - begin);
                  for (int panel = mine.begin; panel < mine.end; ++panel) {
                    const int column = panel * kPanel;
                    kernels.panel(ranks.width, some, ranks[begin], 1, ranks.stride,
                                  wide[begin] + column, wide.stride, grad + column, wide.width,
                                  std::min(kPanel, wide.width - column), true);
                  }
                }
              });
}

}  // namespace dramatis::train
