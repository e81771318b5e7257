#include "core/log_sum_exp.h"

#include <cmath>

#include "core/fast_exp.h"

namespace dramatis {
namespace {

constexpr int kLanes = 16;
constexpr int kBlock = 64 * kLanes;  // added up in float, then in double

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
      for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += FastExp(values[i + lane] - most);
    }
    for (float lane : lanes) sum += lane;
  }
  for (; i < n; ++i) sum += FastExp(values[i] - most);
  return double(most) + std::log(sum);
}

}  // namespace dramatis
