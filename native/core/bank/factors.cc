#include "core/bank/factors.h"

#include <algorithm>
#include <cstring>

namespace dramatis::bank {
namespace {

constexpr int kRows =
    24;  // of x and y at a time: whole tiles of all kernels, and u stays in the first cache

int RoundUp(int n, int to) { return (n + to - 1) / to * to; }

size_t Size(Precision precision) { return precision == Precision::kF32 ? 4 : 2; }

// Panels of kWidth columns, each `padded` long, of `columns` rows of `depth` numbers: rows become
// columns. What is beyond them is zero already.
template <int kWidth, typename Number>
void Turn(int depth, int padded, int columns, const Number* rows, Number* panels) {
  for (int first = 0; first < columns; first += kWidth, panels += size_t(padded) * kWidth) {
    const int wide = std::min(kWidth, columns - first);
    const Number* from = rows + size_t(first) * depth;
    for (int j = 0; j < depth; ++j)
      for (int c = 0; c < wide; ++c) panels[size_t(j) * kWidth + c] = from[size_t(c) * depth + j];
  }
}

// `columns` rows of `depth` numbers, times `scale`, as panels: in BF16, pairs of a row's neighbours
// are turned as one number of 32 bits.
template <int kWidth>
void Pack(Precision precision, int depth, int padded, int columns, const float* rows, float scale,
          void* to) {
  const size_t n = size_t(depth) * columns;
  if (precision == Precision::kF32) {
    std::vector<float> scaled(rows, rows + n);
    for (float& value : scaled) value *= scale;
    return Turn<kWidth>(depth, padded, columns, scaled.data(), static_cast<float*>(to));
  }
  const Kernels& kernels = BestKernels();
  const int pairs = (depth + 1) / 2;
  std::vector<uint32_t> rounded(size_t(pairs) * columns);
  if (depth % 2 == 0) {
    kernels.round(n, rows, scale, reinterpret_cast<uint16_t*>(rounded.data()));
  } else {
    for (int c = 0; c < columns; ++c)
      kernels.round(size_t(depth), rows + size_t(c) * depth, scale,
                    reinterpret_cast<uint16_t*>(&rounded[size_t(c) * pairs]));
  }
  Turn<kWidth>(pairs, padded / 2, columns, rounded.data(), static_cast<uint32_t*>(to));
}

}  // namespace

Factors::Factors(Precision precision, int in, int out, int rank, const float* a, const float* b,
                 float scale)
    : precision_(precision), in_(in), out_(out), rank_(RoundUp(rank, kRanks)) {
  const int depth = RoundUp(in, 2);
  a_.resize(size_t(depth) * rank_ * Size(precision) / sizeof(Line) + 1);
  b_.resize(size_t(rank_) * RoundUp(out, kOutputs) * Size(precision) / sizeof(Line));
  Pack<kRanks>(precision, in, depth, rank, a, 1.0f, a_.data());
  Pack<kOutputs>(precision, rank, rank_, out, b, scale, b_.data());
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
