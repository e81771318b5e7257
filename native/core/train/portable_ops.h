#pragma once

#include <functional>
#include <unordered_map>

#include "core/train/device_weights.h"
#include "core/train/ops.h"

namespace dramatis::train {

// The steps of training as operations that ggml has for CPUs, CUDA, Metal and Vulkan alike: see
// kPortableOps. Forward operations alone, gradients written out: Metal has none of ggml's backward
// ones, and CUDA not all.
//
// Tensors live in a back-end's memory. What changes from pass to pass is uploaded before one and
// gradients and losses are collected after it.
class PortableOps final : public Ops {
 public:
  PortableOps(ggml_context* context, ggml_cgraph* graph, const DeviceWeights& weights)
      : context_(context), graph_(graph), weights_(weights) {}

  ggml_tensor* Product(const PackedMatrix& w, ggml_tensor* x, const float* low, ggml_tensor* u,
                       const float* bias, ggml_tensor* into) override;
  ggml_tensor* Down(const float* low, int rank, ggml_tensor* x, float scale) override;
  ggml_tensor* Up(const float* low, ggml_tensor* u, int64_t width) override;
  ggml_tensor* Gradient(float* grad, ggml_tensor* d, ggml_tensor* x) override;
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
  ggml_tensor* Loss(ggml_tensor* logits, const std::vector<Target>* targets, int first, float* nll,
                    bool gradient) override;
  ggml_tensor* Scatter(ggml_tensor* x, const std::vector<Target>* targets, int64_t rows) override;
  double CostOf(const ggml_tensor* node) const override;
  void Upload() override;
  void Collect() override;

 private:
  // A tensor whose numbers come from the host. `fill` gets room for all of them.
  template <typename T>
  ggml_tensor* Input(ggml_type type, int64_t columns, int64_t rows, std::function<void(T*)> fill);
  // Numbers that lie in the host's memory, as columns × rows.
  ggml_tensor* Factors(const float* data, int64_t columns, int64_t rows);
  // What each token sees, 0, and what not, -∞: keys × queries.
  ggml_tensor* Mask(const Sight* sight);
  // What goes back to the host: `take` gets the tensor's numbers.
  ggml_tensor* Output(ggml_tensor* tensor, std::function<void(const float*)> take);

  ggml_tensor* Whole(ggml_tensor* x);   // contiguous
  ggml_tensor* Turned(ggml_tensor* x);  // of its first two dimensions
  // head·heads × rows as head × rows × heads.
  ggml_tensor* ByHead(ggml_tensor* x, int heads);
  // Shares of the keys for each query of each head, keys × queries × heads.
  ggml_tensor* Shares(ggml_tensor* q, ggml_tensor* k, float scale, const Sight* sight);
  // head × rows × heads, summed over the heads that share a key, as head × kv_heads × rows.
  ggml_tensor* Folded(ggml_tensor* x, int kv_heads);

  ggml_context* context_;
  ggml_cgraph* graph_;
  const DeviceWeights& weights_;
  std::vector<std::function<void()>> uploads_;
  std::vector<std::function<void()>> collections_;
  std::unordered_map<const void*, ggml_tensor*> kept_;  // factors and masks, by where they lie
};

// Every operation that may occur in a portable graph, by ggml's name for it.
extern const std::vector<const char*> kPortableOps;

}  // namespace dramatis::train
