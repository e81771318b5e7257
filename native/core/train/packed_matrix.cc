#include "core/train/packed_matrix.h"

#include <cstring>

#include "core/train/kernels.h"

namespace dramatis::train {

PackedMatrix::PackedMatrix(Type type, int out, int in) : type_(type), out_(out), in_(in) {
  static_assert(kWidth == kPanel && kPairSteps == kPairs);
  if (type == Type::kF32) f32_.resize(size_t(panels()) * in * kWidth);
  if (type == Type::kBf16) bf16_.resize(size_t(panels()) * pairs() * 2 * kWidth);
}

inline void PackedMatrix::Set(int row, int column, float value) {
  if (type_ == Type::kF32) {
    f32_[(size_t(row / kWidth) * in_ + column) * kWidth + row % kWidth] = value;
    return;
  }
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bf16_[PairIndex(row, column)] = uint16_t((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

void PackedMatrix::SetRow(int row, const float* values) {
  for (int i = 0; i < in_; ++i) Set(row, i, values[i]);
}

void PackedMatrix::Row(int row, float* out) const {
  for (int i = 0; i < in_; ++i) {
    if (type_ == Type::kF32) {
      out[i] = f32_[(size_t(row / kWidth) * in_ + i) * kWidth + row % kWidth];
    } else {
      const uint32_t bits = uint32_t(bf16_[PairIndex(row, i)]) << 16;
      std::memcpy(&out[i], &bits, sizeof bits);
    }
  }
}

void PackedMatrix::SetColumn(int column, const float* values) {
  for (int i = 0; i < out_; ++i) Set(i, column, values[i]);
}

}  // namespace dramatis::train
