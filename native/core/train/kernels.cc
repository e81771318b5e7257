// The choice, and the set for every CPU: four floats a register is what SSE2 and NEON have.
#include "core/train/kernels.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "core/aligned_vector.h"
#include "core/cpu_kernels.h"

#define DRAMATIS_LANES 4
#if defined(__aarch64__)
#define DRAMATIS_ROWS 3
#else
#define DRAMATIS_ROWS 1
#endif
#include "core/train/kernels_impl.h"

namespace dramatis::train {

#if defined(DRAMATIS_X86_KERNELS)
extern const Kernels kAmx, kAvx512Bf16, kAvx512, kAvx2;
#endif

namespace {

const Kernels kPlain = Set("plain");

const std::vector<const Kernels*>& Running() {
#if defined(DRAMATIS_X86_KERNELS)
  static const auto running = RunningKernels(&kAmx, &kAvx512Bf16, &kAvx512, &kAvx2, kPlain);
#else
  static const auto running = RunningKernels<Kernels>(nullptr, nullptr, nullptr, nullptr, kPlain);
#endif
  return running;
}

// A product of the size that training has: what each set takes for it, and what it gives.
class Trial {
 public:
  Trial() : x_(size_t(kRowsOfX) * kDepth), rounded_(x_.size()), panel_(size_t(kDepth) * kPanel) {
    for (size_t i = 0; i < x_.size(); ++i) x_[i] = float(int(i * 37 % 101) - 50) / 64.0f;
    for (size_t i = 0; i < panel_.size(); ++i)
      panel_[i] = ToBf16(float(int(i * 53 % 89) - 44) / 32.0f);
  }

  std::vector<float> Sums(const Kernels& kernels) {
    std::vector<float> sums(size_t(kRowsOfX) * kPanel);
    Compute(kernels, sums.data());
    return sums;
  }

  // Of several, the least: the others were held up.
  double Seconds(const Kernels& kernels) {
    using Clock = std::chrono::steady_clock;
    std::vector<float> sums(size_t(kRowsOfX) * kPanel);
    double least = INFINITY;
    for (int round = 0; round < 9; ++round) {
      const auto start = Clock::now();
      Compute(kernels, sums.data());
      least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return least;
  }

 private:
  static constexpr int kRowsOfX = 96, kDepth = 576;

  void Compute(const Kernels& kernels, float* sums) {
    if (kernels.panel_bf16 == nullptr)
      return kernels.panel_widened(kRowsOfX, kDepth, x_.data(), kDepth, panel_.data(), sums, kPanel,
                                   kPanel, false);
    kernels.to_bf16(int(x_.size()), x_.data(), rounded_.data());
    kernels.panel_bf16(kRowsOfX, kDepth / 2, rounded_.data(), kDepth, panel_.data(), sums, kPanel,
                       kPanel, false);
  }

  AlignedVector<float> x_;
  AlignedVector<uint16_t> rounded_, panel_;
};

// One that gives other sums than the plain set is not chosen: a unit may be there and not work, in
// an emulator or under a hypervisor.
bool Agree(const std::vector<float>& a, const std::vector<float>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!(std::fabs(a[i] - b[i]) <= 1e-2f * (1 + std::fabs(b[i])))) return false;
  return true;
}

const Kernels& Fastest() {
  Trial trial;
  const auto wanted = trial.Sums(kPlain);
  const Kernels* fastest = &kPlain;
  double least = INFINITY;
  for (const Kernels* kernels : Running()) {
    if (!Agree(trial.Sums(*kernels), wanted)) continue;
    // A newer set is taken for an equal one: the choice should be the same the next time.
    const double seconds = trial.Seconds(*kernels);
    if (seconds < 0.85 * least) fastest = kernels, least = seconds;
  }
  return *fastest;
}

}  // namespace

const Kernels& BestKernels() {
  static const Kernels& best = Fastest();
  return best;
}

const Kernels* KernelsNamed(const std::string& name) { return NamedOf(Running(), name); }

}  // namespace dramatis::train
