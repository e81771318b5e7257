#pragma once

#include <cstdint>
#include <cstring>

namespace dramatis {

// exp(x), bounded to x in [-87, 88]: 2^(n + f) with a polynomial for f in [-0.5, 0.5]; relative
// error below 2e-7. Written without branches or calls, so that compilers turn loops over it into
// vector code. Static: files compiled for other instruction sets must keep their own.
static inline float FastExp(float x) {
  const float low = x < -87.0f ? -87.0f : x;
  const float bounded = low > 88.0f ? 88.0f : low;
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

}  // namespace dramatis
