#include "core/train/cpu_ops.h"

#include <cmath>
#include <cstring>

#include "core/train/tensor_rows.h"

namespace dramatis::train {

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

}  // namespace dramatis::train
