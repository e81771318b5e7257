#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "ggml.h"

namespace dramatis::forward {

constexpr int kBlock = 32;  // numbers of a row that share a scale, in weights and in inputs
constexpr int kRows = 16;   // rows of a matrix that are computed side by side

// A block of an input, rounded to bytes: x[j] ≈ scale · bytes[j].
struct Part {
  float scale;
  float sum;      // scale · Σ bytes
  int32_t bytes;  // Σ bytes
  int32_t first;  // Σ of the first half of them
};

// A column of an input: its bytes, then a Part for each block.
constexpr size_t QuantisedBytes(int64_t depth) {
  return size_t(depth) + size_t(depth) / kBlock * sizeof(Part);
}

// W x for quantised weights: y[r] = Σ_b d_b (scale_b Σ_j w[j] bytes[j]) + m_b sum_b, as ggml has
// it.
struct Product {
  ggml_type type = GGML_TYPE_COUNT;
  const char* w = nullptr;  // rows of blocks as GGUF has them
  size_t w_row = 0;         // bytes from a row to the next
  int rows = 0, depth = 0;  // depth: a multiple of kBlock
  const char* x = nullptr;  // columns of QuantisedBytes
  float* y = nullptr;
  size_t y_column = 0;  // floats from a column to the next
  int columns = 0;
};

// Attention of queries to the keys and values of a cache, softmax(q k scale) v, by heads.
struct Attention {
  const char *q = nullptr, *k = nullptr, *v = nullptr, *mask = nullptr;
  size_t q_token = 0, q_head = 0;  // bytes from one to the next; q holds floats
  size_t k_cell = 0, k_head = 0;   // k, v and the mask hold halves
  size_t v_cell = 0, v_head = 0;
  size_t mask_token = 0;
  float* out = nullptr;  // tokens × heads × v_width
  int tokens = 0, heads = 0, kv_heads = 0, cells = 0;
  int k_width = 0, v_width = 0;  // multiples of 8
  float scale = 1;
};

// The arithmetic of a step on a CPU, one set per instruction set. What a token gets depends on its
// own numbers alone: not on the number of threads, not on the other columns of a step, and not on
// which cells of the cache its keys lie in, as long as their order is the same.
struct Kernels {
  const char* name;

  // Rounds the blocks [first, last) of a column.
  void (*quantise)(const float* x, int64_t depth, int first, int last, char* out);

  bool (*takes)(ggml_type type);
  // Rows [first, last); first is a multiple of kRows.
  void (*multiply)(const Product& product, int first, int last);

  // What thread `thread` of `threads` does of it.
  void (*attend)(const Attention& attention, int thread, int threads);
};

// The best that this CPU runs, or null: then ggml's own are used.
const Kernels* BestKernels();

// Names them and ggml's, for what is kept of comparing the two; empty where there are none.
std::string ComparedKernels();

}  // namespace dramatis::forward
