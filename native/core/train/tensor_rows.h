#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/aligned_vector.h"
#include "core/train/batch.h"
#include "ggml.h"

namespace dramatis::train {

// Rows of a tensor, which may be a part of wider rows.
struct Rows {
  explicit Rows(const ggml_tensor* t)
      : data(static_cast<float*>(t->data)),
        stride(ptrdiff_t(t->nb[1] / sizeof(float))),
        width(int(t->ne[0])),
        count(int(t->ne[1] * t->ne[2] * t->ne[3])) {}
  float* operator[](int i) const { return data + i * stride; }
  float* data;
  ptrdiff_t stride;
  int width;
  int count;
};

inline Span Share(int n, int part, int parts) {
  return {int32_t(int64_t(n) * part / parts), int32_t(int64_t(n) * (part + 1) / parts)};
}

// Scratch of the thread that calls, kept from node to node. `which`: a buffer of its own each.
template <typename T>
T* Scratch(int which, size_t n) {
  thread_local AlignedVector<T> buffers[8];
  AlignedVector<T>& buffer = buffers[which];
  if (buffer.size() < n) buffer.resize(n);
  return buffer.data();
}

}  // namespace dramatis::train
