#include "core/bank/factors.h"

#include <algorithm>
#include <cstring>

namespace dramatis::bank {
namespace {

constexpr int kRows =
    24;  // of x and y at a time: whole tiles of all kernels, and u stays in the first cache

uint16_t ToBf16(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return uint16_t((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

int RoundUp(int n, int to) { return (n + to - 1) / to * to; }

size_t Size(Precision precision) { return precision == Precision::kF32 ? 4 : 2; }

uint32_t Pair(float first, float second) {
  return uint32_t(ToBf16(first)) | uint32_t(ToBf16(second)) << 16;
}

// Writes panels of kWidth columns of `value(j, column)` for j < depth; what is beyond `depth` and
// `columns` is zero already. `padded`: how long a panel is.
template <int kWidth, typename Value>
void Pack(Precision precision, int depth, int padded, int columns, void* to, Value&& value) {
  auto* floats = static_cast<float*>(to);
  auto* pairs = static_cast<uint32_t*>(to);
  for (int first = 0; first < columns; first += kWidth) {
    const int wide = std::min(kWidth, columns - first);
    if (precision == Precision::kF32) {
      for (int j = 0; j < depth; ++j, floats += kWidth)
        for (int c = 0; c < wide; ++c) floats[c] = value(j, first + c);
      floats += size_t(padded - depth) * kWidth;
      continue;
    }
    for (int j = 0; j + 1 < depth; j += 2, pairs += kWidth)
      for (int c = 0; c < wide; ++c) pairs[c] = Pair(value(j, first + c), value(j + 1, first + c));
    if (depth % 2 == 1) {
      for (int c = 0; c < wide; ++c) pairs[c] = Pair(value(depth - 1, first + c), 0);
      pairs += kWidth;
    }
    pairs += size_t(padded / 2 - (depth + 1) / 2) * kWidth;
  }
}

}  // namespace

Factors::Factors(Precision precision, int in, int out, int rank, const float* a, const float* b,
                 float scale)
    : precision_(precision), in_(in), out_(out), rank_(RoundUp(rank, kRanks)) {
  const int depth = RoundUp(in, 2);
  a_.resize(size_t(depth) * rank_ * Size(precision) / sizeof(Line) + 1);
  b_.resize(size_t(rank_) * RoundUp(out, kOutputs) * Size(precision) / sizeof(Line));
  Pack<kRanks>(precision, in, depth, rank, a_.data(),
               [&](int j, int r) { return a[size_t(r) * in + j]; });
  Pack<kOutputs>(precision, rank, rank_, out, b_.data(),
                 [&](int r, int o) { return scale * b[size_t(o) * rank + r]; });
}

void Factors::Add(const Kernels& kernels, int rows, const float* x, ptrdiff_t x_row,
                  const float* gains, ptrdiff_t gain_step, float* y, ptrdiff_t y_row, int first,
                  int outputs) const {
  const size_t element = Size(precision_);
  const auto* a = reinterpret_cast<const uint8_t*>(a_.data());
  const auto* b = reinterpret_cast<const uint8_t*>(b_.data()) + size_t(first) * rank_ * element;
  const size_t panel = size_t(RoundUp(in_, 2)) * kRanks * element;
  alignas(64) float u[kRows * kMaxRank];
  for (int row = 0; row < rows; row += kRows) {
    const int some = std::min(kRows, rows - row);
    for (int r = 0; r < rank_; r += kRanks) {
      const uint8_t* p = a + size_t(r / kRanks) * panel;
      if (precision_ == Precision::kF32) {
        kernels.down_f32(some, in_, x + row * x_row, x_row, reinterpret_cast<const float*>(p),
                         u + r, rank_);
      } else {
        kernels.down_bf16(some, in_, x + row * x_row, x_row, reinterpret_cast<const uint16_t*>(p),
                          u + r, rank_);
      }
    }
    for (int i = 0; i < some; ++i) {
      const float gain = gains[(row + i) * gain_step];
      for (int r = 0; r < rank_; ++r) u[i * rank_ + r] *= gain;
    }
    float* to = y + row * y_row + first;
    if (precision_ == Precision::kF32) {
      kernels.up_f32(some, rank_, outputs, u, rank_, reinterpret_cast<const float*>(b), to, y_row);
    } else {
      kernels.up_bf16(some, rank_, outputs, u, rank_, reinterpret_cast<const uint16_t*>(b), to,
                      y_row);
    }
  }
}

}  // namespace dramatis::bank
