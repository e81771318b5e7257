#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace dramatis::bank {

// Ranks are padded with zeros to a multiple of this; a panel of A has so many.
constexpr int kRanks = 16;
// Outputs that are computed side by side: a panel of B has so many.
constexpr int kOutputs = 32;
// Ranks that a kernel takes.
constexpr int kMaxRank = 256;

// The arithmetic of low-rank factors on a CPU, one set per instruction set. A row's sums run in an
// order that depends on the shapes alone: not on the number of threads, and not on what other rows
// are computed with it.
//
// Panels of BF16 hold pairs: two neighbours of the dimension that is summed over lie in one 32-bit
// word.
struct Kernels {
  const char* name;

  // What an adapter's file holds, on its way into the bank: floats of halves, and BF16 of floats
  // times `scale`, rounded to the nearest, ties to even.
  void (*widen)(size_t n, const uint16_t* halves, float* out);
  void (*round)(size_t n, const float* x, float scale, uint16_t* out);

  // u[i][r] = Σ_j x[i][j] a[j][r] for i < rows, j < depth, r < kRanks. a: depth × kRanks.
  void (*down_f32)(int rows, int depth, const float* x, ptrdiff_t x_row, const float* a, float* u,
                   ptrdiff_t u_row);
  // The same; a: ⌈depth / 2⌉ × kRanks × 2.
  void (*down_bf16)(int rows, int depth, const float* x, ptrdiff_t x_row, const uint16_t* a,
                    float* u, ptrdiff_t u_row);

  // y[i][o] += Σ_r u[i][r] b[r][o] for i < rows, r < rank, o < outputs; rank is a multiple of
  // kRanks. b: panels of kOutputs outputs, each rank × kOutputs, the last filled up with zeros.
  // Writes nothing beyond `outputs`.
  void (*up_f32)(int rows, int rank, int outputs, const float* u, ptrdiff_t u_row, const float* b,
                 float* y, ptrdiff_t y_row);
  // The same; a panel of b: rank / 2 × kOutputs × 2.
  void (*up_bf16)(int rows, int rank, int outputs, const float* u, ptrdiff_t u_row,
                  const uint16_t* b, float* y, ptrdiff_t y_row);
};

// The best that this CPU runs.
const Kernels& BestKernels();
// "avx512bf16", "avx512", "avx2" or "plain"; null if this CPU does not run it.
const Kernels* KernelsNamed(const std::string& name);

}  // namespace dramatis::bank
