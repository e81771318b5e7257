#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <unordered_map>

#include "core/train/kernels.h"
#include "core/train/ops.h"

namespace dramatis::train {

// The steps of training that ggml lacks or does slowly on a CPU, as nodes that call our kernels.
// They read and write the host's memory themselves, so there is nothing to upload or to collect.
class CpuOps final : public Ops {
 public:
  CpuOps(ggml_context* context, const Kernels& kernels) : context_(context), kernels_(kernels) {}

  ggml_tensor* Product(const PackedMatrix& w, ggml_tensor* x, const float* low, ggml_tensor* u,
                       const float* bias, ggml_tensor* into) override;
  ggml_tensor* Down(const float* low, int rank, ggml_tensor* x, float scale) override;
  ggml_tensor* Up(const float* low, ggml_tensor* u, int64_t width) override;
  ggml_tensor* Gradient(float* grad, ggml_tensor* d, ggml_tensor* x) override;
  // After the heads, the log-sum-exp of each one's scores.
  ggml_tensor* Attention(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, int heads, int kv_heads,
                         float scale, const Sight* sight) override;
  AttentionGradients AttentionBack(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, ggml_tensor* out,
                                   ggml_tensor* d, int heads, int kv_heads, float scale,
                                   const Sight* sight) override;
  ggml_tensor* Norm(ggml_tensor* x, const float* g, float epsilon) override;
  ggml_tensor* NormBack(ggml_tensor* x, const float* g, ggml_tensor* d, float epsilon,
                        ggml_tensor* into) override;
  GateGradients GateBack(ggml_tensor* gate, ggml_tensor* up, ggml_tensor* d, bool gelu) override;
  ggml_tensor* Drop(ggml_tensor* x, float share, uint64_t noise) override;
  ggml_tensor* Zeros(int64_t width, int64_t rows) override;
  // In place.
  ggml_tensor* Loss(ggml_tensor* logits, const std::vector<Target>* targets, int first, float* nll,
                    bool gradient) override;
  ggml_tensor* Scatter(ggml_tensor* x, const std::vector<Target>* targets, int64_t rows) override;
  double CostOf(const ggml_tensor* node) const override;

 private:
  using Work = std::function<void(ggml_tensor* out, int thread, int threads)>;
  ggml_tensor* Node(int64_t width, int64_t rows, std::initializer_list<ggml_tensor*> sources,
                    double cost, Work work);
  ggml_tensor* Into(ggml_tensor* into, std::initializer_list<ggml_tensor*> sources, double cost,
                    Work work);
  static void Run(ggml_tensor* out, int thread, int threads, void* work);

  // Gradients of q, and of k and v for each head, side by side: 3 · heads · head numbers.
  ggml_tensor* HeadGradients(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, ggml_tensor* out,
                             ggml_tensor* d, int heads, int kv_heads, float scale,
                             const Sight* sight);
  // What HeadGradients gives, those of k and v added up over the heads that share them: 2 ·
  // kv_heads · head.
  ggml_tensor* FoldHeads(ggml_tensor* all, int heads, int kv_heads);

  ggml_context* context_;
  const Kernels& kernels_;
  std::deque<Work> work_;
  std::unordered_map<const ggml_tensor*, double> costs_;
};

}  // namespace dramatis::train
