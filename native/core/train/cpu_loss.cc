#include "core/train/cpu_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/train/tensor_rows.h"

namespace dramatis::train {

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
