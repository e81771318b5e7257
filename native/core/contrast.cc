#include "core/contrast.h"

#include <algorithm>
#include <cmath>

#include "core/log_sum_exp.h"

namespace dramatis {

void Contrast(const std::vector<float>& own, const std::vector<float>& base, float alpha,
              std::vector<float>& mixed) {
  mixed = own;
  if (alpha == 1) return;
  const int n = int(own.size());
  const float shift = float(LogSumExp(own.data(), n) - LogSumExp(base.data(), n));
  const float share = alpha - 1;
  const float most = share > 0 ? kMostDifference : INFINITY;
  for (size_t i = 0; i < own.size(); ++i)
    mixed[i] += share * std::max(-most, std::min(most, own[i] - base[i] - shift));
}

}  // namespace dramatis
