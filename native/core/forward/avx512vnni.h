#pragma once

#include "core/forward/kernels.h"

// The kernels for AVX-512 with its VNNI unit; only for processors that have it.
namespace dramatis::forward::avx512vnni {

void Quantise(const float* x, int64_t depth, int first, int last, char* out);
bool Takes(ggml_type type);
void Multiply(const Product& product, int first, int last);
void Attend(const Attention& attention, int thread, int threads);

}  // namespace dramatis::forward::avx512vnni
