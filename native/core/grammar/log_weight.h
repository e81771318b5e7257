#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace dramatis::grammar {

// A log-weight in nats as a fixed-point number. Whole numbers add up to the same sum in any order:
// that is what makes a string's total independent of how it was cut into tokens, and lets equal
// states be found equal.
using LogWeight = int32_t;

constexpr double kLogWeightUnit = 1.0 / (1 << 22);  // nats; the range is ±512
// Weights further apart than this are taken to be this far apart; no way may gain so much at once.
constexpr LogWeight kLeast = -(1 << 30), kMost = 1 << 30;

inline LogWeight ToLogWeight(double nats) {
  return LogWeight(std::lround(std::min(250.0, std::max(-250.0, nats)) / kLogWeightUnit));
}
inline double ToNats(int64_t weight) { return double(weight) * kLogWeightUnit; }

inline LogWeight Clamped(int64_t weight) {
  return LogWeight(std::min<int64_t>(kMost, std::max<int64_t>(kLeast, weight)));
}
inline LogWeight Add(LogWeight a, LogWeight b) { return Clamped(int64_t(a) + b); }

}  // namespace dramatis::grammar
