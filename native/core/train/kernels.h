#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace dramatis::train {

// Outputs that are computed side by side: packed matrices have panels of this many.
constexpr int kPanel = 32;
// Pairs of a packed BF16 matrix are filled up with zeros to a multiple of this: a tile has so many.
constexpr int kPairs = 16;

// The arithmetic of training on a CPU, one set per instruction set. Sums run in an order that
// depends on the shapes alone, never on the number of threads.
struct Kernels {
  const char* name;

  // c[i][l] (+)= Σ_j x[i * x_row + j * x_step] * p[j * p_row + l] for i < rows, j < depth, l <
  // width <= kPanel. Reads and writes nothing beyond `width`. With `add` the sum is added to what c
  // holds.
  void (*panel)(int rows, int depth, const float* x, ptrdiff_t x_row, ptrdiff_t x_step,
                const float* p, ptrdiff_t p_row, float* c, ptrdiff_t c_row, int width, bool add);

  // The same with p in BF16, ⌈depth / 2⌉ × kPanel × 2, widened to floats on the way: x keeps all
  // its digits.
  void (*panel_widened)(int rows, int depth, const float* x, ptrdiff_t x_row, const uint16_t* p,
                        float* c, ptrdiff_t c_row, int width, bool add);

  // The same on BF16 alone, products of pairs: x is rows × 2·pairs, p is pairs × kPanel × 2; pairs
  // is a multiple of kPairs. Null where the CPU has no unit for it.
  void (*panel_bf16)(int rows, int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p,
                     float* c, ptrdiff_t c_row, int width, bool add);

  // Rounds to the nearest BF16, ties to even.
  void (*to_bf16)(int n, const float* x, uint16_t* out);

  float (*dot)(int n, const float* x, const float* y);

  float (*most)(int n, const float* x);
  // x = exp(x - most); returns the sum.
  float (*exp_sum)(int n, float* x, float most);

  // Gradients of silu(gate) * up and of gelu(gate) * up (tanh form) from that of the product.
  void (*silu_back)(int n, const float* gate, const float* up, const float* d, float* d_gate,
                    float* d_up);
  void (*gelu_back)(int n, const float* gate, const float* up, const float* d, float* d_gate,
                    float* d_up);

  // One AdamW step (Loshchilov and Hutter, 2019) on n parameters, gradients times `grad_scale`.
  void (*adamw)(int n, float* x, const float* grad, float* m, float* v, const float (&k)[7]);

  // dx (+)= rstd * (d·g - x·rstd² * mean(d·g·x)), the gradient of an RMS norm of one row.
  void (*norm_back)(int n, const float* x, const float* g, const float* d, float epsilon, float* dx,
                    bool add);
};

// The set whose products with BF16 weights are fastest here, measured once, some milliseconds: what
// a processor has a unit for is not always what it does fastest.
const Kernels& BestKernels();
// "amx", "avx512bf16", "avx512", "avx2" or "plain"; null if this CPU does not run it.
const Kernels* KernelsNamed(const std::string& name);

}  // namespace dramatis::train
