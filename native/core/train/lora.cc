#include "core/train/lora.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace dramatis::train {
namespace {

// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
uint64_t SplitMix(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

}  // namespace

Lora::Lora(std::string matrix, int in, int out, int rank)
    : name(std::move(matrix)), in(in), out(out), rank(rank) {
  for (auto* values : {&a, &grad_a, &m_a, &v_a}) values->resize(size_t(rank) * in);
  for (auto* values : {&b, &grad_b, &m_b, &v_b}) values->resize(size_t(rank) * out);
}

void Lora::Reset(uint64_t seed) {
  const float bound = 1.0f / std::sqrt(float(in));
  for (float& value : a) value = bound * float(double(SplitMix(seed) >> 11) * 0x1p-52 - 1.0);
  for (auto* values : {&b, &m_a, &m_b, &v_a, &v_b}) std::fill(values->begin(), values->end(), 0.0f);
  ClearGradients();
}

std::vector<float> Lora::Out() const {
  std::vector<float> turned(b.size());
  for (int r = 0; r < rank; ++r)
    for (int i = 0; i < out; ++i) turned[size_t(i) * rank + r] = b[size_t(r) * out + i];
  return turned;
}

void Lora::ClearGradients() {
  std::fill(grad_a.begin(), grad_a.end(), 0.0f);
  std::fill(grad_b.begin(), grad_b.end(), 0.0f);
}

double AdamWStep(std::vector<Lora>& loras, const AdamWOptions& options, int64_t step,
                 const Kernels& kernels) {
  double squares = 0;
  for (const Lora& lora : loras)
    for (const auto* grad : {&lora.grad_a, &lora.grad_b})
      squares += kernels.dot(int(grad->size()), grad->data(), grad->data());
  const double norm = std::sqrt(squares);
  const bool usable = std::isfinite(norm);
  const float shrink = options.clip > 0 && norm > options.clip ? float(options.clip / norm) : 1.0f;
  const float bias1 = float(1 - std::pow(double(options.beta1), double(step)));
  const float bias2 = float(1 - std::pow(double(options.beta2), double(step)));
  const float k[7] = {options.rate / bias1,
                      options.beta1,
                      options.beta2,
                      options.epsilon,
                      1 - options.rate * options.decay,
                      shrink,
                      1 / std::sqrt(bias2)};
  for (Lora& lora : loras) {
    if (usable) {
      kernels.adamw(int(lora.a.size()), lora.a.data(), lora.grad_a.data(), lora.m_a.data(),
                    lora.v_a.data(), k);
      kernels.adamw(int(lora.b.size()), lora.b.data(), lora.grad_b.data(), lora.m_b.data(),
                    lora.v_b.data(), k);
    }
    lora.ClearGradients();
  }
  return usable ? norm : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace dramatis::train
