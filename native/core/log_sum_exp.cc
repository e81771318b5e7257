#include "core/log_sum_exp.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace dramatis {
namespace {

constexpr int kLanes = 16;
constexpr int kBlock = 64 * kLanes;  // added up in float, then in double

// exp(x) for x <= 0: 2^(n + f) with a polynomial for f in [-0.5, 0.5]. Written without branches or
// calls, so that compilers turn the loops below into vector code.
inline float Exp(float x) {
  const float bounded = x < -87.0f ? -87.0f : x;
  const float t = bounded * 1.44269504f;
  constexpr float kRound = 12582912.0f;  // 1.5 · 2^23: adding it rounds to a whole number
  const float shifted = t + kRound;
  const float f = t - (shifted - kRound);
  // Taylor's series of 2^f; the last term left out is below 2e-8.
  float power = 1.5403530e-4f;
  power = power * f + 1.3333558e-3f;
  power = power * f + 9.6181291e-3f;
  power = power * f + 5.5504109e-2f;
  power = power * f + 2.4022651e-1f;
  power = power * f + 6.9314718e-1f;
  power = power * f + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = int32_t((uint32_t(bits) << 23) + 0x3f800000u);
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return power * scale;
}

float Most(const float* values, int n) {
  float lanes[kLanes];
  for (float& lane : lanes) lane = -INFINITY;
  int i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    }
  }
  for (; i < n; ++i) lanes[0] = values[i] > lanes[0] ? values[i] : lanes[0];
  float most = lanes[0];
  for (float lane : lanes) most = lane > most ? lane : most;
  return most;
}

}  // namespace

double LogSumExp(const float* values, int n) {
  const float most = Most(values, n);
  double sum = 0;
  int i = 0;
  while (i + kLanes <= n) {
    float lanes[kLanes] = {};
    const int end = i + kBlock < n ? i + kBlock : n;
    for (; i + kLanes <= end; i += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += Exp(values[i + lane] - most);
    }
    for (float lane : lanes) sum += lane;
  }
  for (; i < n; ++i) sum += Exp(values[i] - most);
  return double(most) + std::log(sum);
}

}  // namespace dramatis
