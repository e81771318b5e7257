#pragma once

#include <cstddef>
#include <cstdint>

#include "core/aligned_vector.h"

namespace dramatis::train {

// A frozen matrix of `out` rows and `in` columns, laid out for the kernels: panels of kPanel
// outputs, in F32 or BF16. Outputs and inputs that fill up a panel or kPairs are zero.
class PackedMatrix {
 public:
  enum class Type { kF32, kBf16 };

  PackedMatrix() = default;
  PackedMatrix(Type type, int out, int in);

  int out() const { return out_; }
  int in() const { return in_; }
  Type type() const { return type_; }
  size_t bytes() const { return f32_.size() * 4 + bf16_.size() * 2; }

  // `values`: `in` numbers.
  void SetRow(int row, const float* values);
  // `values`: `out` numbers.
  void SetColumn(int column, const float* values);

  // Back to what SetRow was given, as far as the type holds it: `in` numbers.
  void Row(int row, float* out) const;

  // Panel i: in() × kPanel numbers, or in pairs(): pairs() × kPanel × 2.
  const float* f32(int panel) const { return f32_.data() + size_t(panel) * in_ * kWidth; }
  const uint16_t* bf16(int panel) const {
    return bf16_.data() + size_t(panel) * pairs() * 2 * kWidth;
  }
  int pairs() const { return (in_ + 2 * kPairSteps - 1) / (2 * kPairSteps) * kPairSteps; }
  int panels() const { return (out_ + kWidth - 1) / kWidth; }

 private:
  static constexpr int kWidth = 32, kPairSteps = 16;

  void Set(int row, int column, float value);
  // Where a number of a BF16 matrix stands.
  size_t PairIndex(int row, int column) const {
    const auto panel = size_t(row / kWidth), lane = size_t(row % kWidth);
    return ((panel * pairs() + column / 2) * kWidth + lane) * 2 + column % 2;
  }

  Type type_ = Type::kF32;
  int out_ = 0;
  int in_ = 0;
  AlignedVector<float> f32_;
  AlignedVector<uint16_t> bf16_;
};

}  // namespace dramatis::train
