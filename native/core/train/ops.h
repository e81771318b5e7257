#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <unordered_map>
#include <vector>

#include "core/train/batch.h"
#include "core/train/kernels.h"
#include "core/train/packed_matrix.h"
#include "ggml.h"

namespace dramatis::train {

// The steps of training that ggml lacks or does slowly on a CPU, as nodes of a ggml graph that call our kernels. All tensors are F32
// with the features contiguous and one row a token.
//
// Nodes keep pointers to what they are given besides tensors, and to this: both must outlive the graph.
class Ops {
 public:
  Ops(ggml_context* context, const Kernels& kernels) : context_(context), kernels_(kernels) {}

  // Floating-point operations of a node, roughly; 0 for nodes that were not made here.
  double CostOf(const ggml_tensor* node) const;

  // What a token sees: the same as TrainBatch, one entry a token.
  struct Sight {
    std::vector<int32_t> first;
    std::vector<Span> context;
  };

  // W x (+ up(u)) (+ bias), or added to `into`, which it then is. `low`: rank × out, its sum over the rank of u is added.
  ggml_tensor* Product(const PackedMatrix& w, ggml_tensor* x, const float* low = nullptr,
                       ggml_tensor* u = nullptr, const float* bias = nullptr,
                       ggml_tensor* into = nullptr);
  // scale · low x, of `rank` numbers; low: rank × in.
  ggml_tensor* Down(const float* low, int rank, ggml_tensor* x, float scale);
  // Σ over rank of u into `into`; low: rank × width.
  ggml_tensor* Up(const float* low, ggml_tensor* u, ggml_tensor* into);
  // grad (rank × in) += Σ over tokens of d (rank) times x (in). The result is a token of its having been done.
  ggml_tensor* Gradient(float* grad, ggml_tensor* d, ggml_tensor* x);

  // Rows of heads·head numbers and, after them, the log-sum-exp of each head's scores.
  ggml_tensor* Attention(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, int heads, int kv_heads,
                         float scale, const Sight* sight);
  // Gradients of q, and of k and v for each head, side by side: 3 · heads · head numbers.
  ggml_tensor* AttentionBack(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, ggml_tensor* out,
                             ggml_tensor* d, int heads, int kv_heads, float scale,
                             const Sight* sight);

  // rms_norm(x) · g, rows of g's size.
  ggml_tensor* Norm(ggml_tensor* x, const float* g, float epsilon);
  ggml_tensor* Add(ggml_tensor* x, ggml_tensor* y) { return ggml_add(context_, x, y); }
  // Leaves out each number with probability `share`, the same ones for the same `noise`; scales up the others.
  ggml_tensor* Drop(ggml_tensor* x, float share, uint64_t noise);
  ggml_tensor* Zeros(int64_t width, int64_t rows);

  // What AttentionBack gives, the gradients of k and v added up over the heads that share them: 2 · kv_heads · head.
  ggml_tensor* FoldHeads(ggml_tensor* all, int heads, int kv_heads);

  // Gradients of gate and of up side by side.
  ggml_tensor* GateBack(ggml_tensor* gate, ggml_tensor* up, ggml_tensor* d, bool gelu);

  // Gradient of Norm; added to `into`, if there is one.
  ggml_tensor* NormBack(ggml_tensor* x, const float* g, ggml_tensor* d, float epsilon,
                        ggml_tensor* into);

  // Turns logits into their gradient, in place. `first`: index of the first row's target. nll: one a target.
  ggml_tensor* Loss(ggml_tensor* logits, const std::vector<Target>* targets, int first, float* nll,
                    bool gradient);
  // Row i of x added to row targets[i].row of zeros.
  ggml_tensor* Scatter(ggml_tensor* x, const std::vector<Target>* targets, int64_t rows);

 private:
  using Work = std::function<void(ggml_tensor* out, int thread, int threads)>;
  ggml_tensor* Node(int64_t width, int64_t rows, std::initializer_list<ggml_tensor*> sources,
                    double cost, Work work);
  ggml_tensor* Into(ggml_tensor* into, std::initializer_list<ggml_tensor*> sources, double cost,
                    Work work);
  static void Run(ggml_tensor* out, int thread, int threads, void* work);

  ggml_context* context_;
  const Kernels& kernels_;
  std::deque<Work> work_;
  std::unordered_map<const ggml_tensor*, double> costs_;
};

}  // namespace dramatis::train
