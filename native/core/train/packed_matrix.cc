#include "core/train/packed_matrix.h"

#include <cstring>

#include "core/train/kernels.h"

namespace dramatis::train {

PackedMatrix::PackedMatrix(Type type, int out, int in) : type_(type), out_(out), in_(in) {
  static_assert(kWidth == kPanel);
  if (type == Type::kF32) f32_.resize(size_t(panels()) * in * kWidth);
  if (type == Type::kBf16) bf16_.resize(size_t(panels()) * pairs() * 2 * kWidth);
}

inline void PackedMatrix::Set(int row, int column, float value) {
  const size_t panel = size_t(row / kWidth), lane = size_t(row % kWidth);
  if (type_ == Type::kF32) {
    f32_[(panel * in_ + column) * kWidth + lane] = value;
    return;
  }
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bf16_[((panel * pairs() + column / 2) * kWidth + lane) * 2 + column % 2] =
      uint16_t((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

void PackedMatrix::SetRow(int row, const float* values) {
  for (int i = 0; i < in_; ++i) Set(row, i, values[i]);
}

void PackedMatrix::SetColumn(int column, const float* values) {
  for (int i = 0; i < out_; ++i) Set(i, column, values[i]);
}

}  // namespace dramatis::train
