#pragma once

#include <cstdint>
#include <vector>

#include "core/bank/kernels.h"

namespace dramatis::bank {

enum class Precision { kF32, kBf16 };

// The low-rank factors of one matrix, as the kernels read them: what they add to y = W x is gain ·
// B A x. Immutable.
class Factors {
 public:
  // a: rank × in. b: out × rank; `scale` (alpha / rank) is folded into it. rank <= kMaxRank.
  Factors(Precision precision, int in, int out, int rank, const float* a, const float* b,
          float scale);

  int outputs() const { return out_; }
  size_t bytes() const { return (a_.size() + b_.size()) * sizeof(Line); }

  // y[i][o] += gains[i * gain_step] · (B A x[i])[o] for `rows` rows and the outputs first <= o <
  // first + outputs; `first` is a multiple of kOutputs. What a row gets does not depend on the
  // other rows or on how the outputs are cut.
  void Add(const Kernels& kernels, int rows, const float* x, ptrdiff_t x_row, const float* gains,
           ptrdiff_t gain_step, float* y, ptrdiff_t y_row, int first, int outputs) const;

 private:
  // A cache line, which is a whole register too: panels begin at one.
  struct alignas(64) Line {
    uint8_t bytes[64];
  };

  const Precision precision_;
  const int in_, out_, rank_;  // the rank padded to a multiple of kRanks
  std::vector<Line> a_, b_;
};

}  // namespace dramatis::bank
