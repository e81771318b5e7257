#pragma once

#include <vector>

#include "core/train/batch.h"
#include "core/train/packed_matrix.h"
#include "ggml.h"

namespace dramatis::train {

// The steps that a training pass is made of, as nodes of a ggml graph. There is one graph and two
// ways to compute it: CpuOps has nodes of our own that call fast kernels, PortableOps has only
// operations that every back-end of ggml has.
//
// All tensors are F32 with the features contiguous and one row a token. Weights and factors are
// given where they lie in the host's memory; they and this must outlive the graph.
class Ops {
 public:
  virtual ~Ops() = default;

  // Which keys a query sees: `context` and, from `first` on, all up to its own. One entry a query.
  // The keys of the queries come last, after `before` others.
  struct Sight {
    std::vector<int32_t> first;
    std::vector<Span> context;
    int32_t before = 0;
  };

  // W x (+ up(u)) (+ bias), or added to `into`, which it then is. `low`: rank × out, its sum over
  // the rank of u is added.
  virtual ggml_tensor* Product(const PackedMatrix& w, ggml_tensor* x, const float* low = nullptr,
                               ggml_tensor* u = nullptr, const float* bias = nullptr,
                               ggml_tensor* into = nullptr) = 0;
  // scale · low x, of `rank` numbers; low: rank × in.
  virtual ggml_tensor* Down(const float* low, int rank, ggml_tensor* x, float scale) = 0;
  // Σ over rank of low times u; low: rank × width.
  virtual ggml_tensor* Up(const float* low, ggml_tensor* u, int64_t width) = 0;
  // grad (rank × in) += Σ over tokens of d (rank) times x (in), once all is computed. The result is
  // a token of its having been done.
  virtual ggml_tensor* Gradient(float* grad, ggml_tensor* d, ggml_tensor* x) = 0;

  // Rows that begin with heads·head numbers; what comes after is for AttentionBack. Keys and values
  // may be more than the queries: see Sight.
  virtual ggml_tensor* Attention(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, int heads,
                                 int kv_heads, float scale, const Sight* sight) = 0;
  // Of the query, head × heads × rows; of the key, head × kv_heads × rows; of the value, kv_heads ·
  // head × rows. Rows are those of the queries: keys before them are given, and nothing is learned
  // through them.
  struct AttentionGradients {
    ggml_tensor *q, *k, *v;
  };
  // `out`: what Attention gave; `d`: the gradient of its first heads·head numbers.
  virtual AttentionGradients AttentionBack(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v,
                                           ggml_tensor* out, ggml_tensor* d, int heads,
                                           int kv_heads, float scale, const Sight* sight) = 0;

  // rms_norm(x) · g, rows of g's size.
  virtual ggml_tensor* Norm(ggml_tensor* x, const float* g, float epsilon) = 0;
  // Gradient of Norm; added to `into`, if there is one.
  virtual ggml_tensor* NormBack(ggml_tensor* x, const float* g, ggml_tensor* d, float epsilon,
                                ggml_tensor* into) = 0;

  struct GateGradients {
    ggml_tensor *gate, *up;
  };
  // Of gelu(gate) · up (tanh form) or silu(gate) · up.
  virtual GateGradients GateBack(ggml_tensor* gate, ggml_tensor* up, ggml_tensor* d, bool gelu) = 0;

  // Leaves out each number with probability `share`, the same ones for the same `noise`; scales up
  // the others.
  virtual ggml_tensor* Drop(ggml_tensor* x, float share, uint64_t noise) = 0;
  virtual ggml_tensor* Zeros(int64_t width, int64_t rows) = 0;

  // The gradient of the logits, which are gone then. nll: one a target, once all is computed.
  // `first`: index of the first row's target. Without `gradient` the result is a token.
  virtual ggml_tensor* Loss(ggml_tensor* logits, const std::vector<Target>* targets, int first,
                            float* nll, bool gradient) = 0;
  // Row i of x as row targets[i].row of zeros.
  virtual ggml_tensor* Scatter(ggml_tensor* x, const std::vector<Target>* targets,
                               int64_t rows) = 0;

  // Floating-point operations of a node, roughly; 0 for one that counts little.
  virtual double CostOf(const ggml_tensor* node) const = 0;
  // Once the graph has its memory, before it runs.
  virtual void Upload() {}
  // Once all of it has run: what was promised to stand in the host's memory then.
  virtual void Collect() {}
};

// Whether a number of a tensor that is dropped out stays, by its index: both ways to compute leave
// out the same.
//
// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
inline bool IsKept(uint64_t noise, uint64_t index, float share) {
  uint64_t z = noise + (index + 1) * 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return uint32_t(z >> 32) >= uint32_t(double(share) * 4294967296.0);
}

}  // namespace dramatis::train
