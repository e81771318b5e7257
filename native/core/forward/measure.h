#pragma once

#include <vector>

#include "ggml.h"

namespace dramatis::forward {

// What one computation takes: the least of several rounds in turn, on one thread.
struct Times {
  int columns;          // inputs that are computed together
  double ours, theirs;  // seconds
};

// The product of a matrix of this type (ggml's number of it) with one input, with a few and with
// many: as the file has it by our kernels, as ggml lays it out by its own. No step runs meanwhile.
// Empty where our kernels do not take it.
std::vector<Times> MeasureProduct(int number, int64_t depth, int64_t rows);

// Attention over a cache of some length likewise.
std::vector<Times> MeasureAttention(int heads, int kv_heads, int width);

}  // namespace dramatis::forward
