// The choice, and the set for every CPU: four floats a register is what SSE2 and NEON have.
#include "core/train/kernels.h"

#include <string>
#include <vector>

#define DRAMATIS_LANES 4
#if defined(__aarch64__)
#define DRAMATIS_ROWS 2
#else
#define DRAMATIS_ROWS 1
#endif
#include "core/train/kernels_impl.h"

namespace dramatis::train {

#if defined(DRAMATIS_X86_KERNELS)
extern const Kernels kAvx512Bf16, kAvx512, kAvx2;
#endif

namespace {

const Kernels kPlain = Set("plain");

struct Choice {
  const Kernels* kernels;
  bool runs;
};

// Best first.
std::vector<Choice> Choices() {
  std::vector<Choice> choices;
#if defined(DRAMATIS_X86_KERNELS)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  choices.push_back({&kAvx512Bf16, avx512 && __builtin_cpu_supports("avx512bf16")});
  choices.push_back({&kAvx512, avx512});
  choices.push_back({&kAvx2, avx2});
#endif
  choices.push_back({&kPlain, true});
  return choices;
}

}  // namespace

const Kernels& BestKernels() {
  static const Kernels* const best = [] {
    for (const Choice& choice : Choices())
      if (choice.runs) return choice.kernels;
    return &kPlain;
  }();
  return *best;
}

const Kernels* KernelsNamed(const std::string& name) {
  for (const Choice& choice : Choices())
    if (choice.runs && name == choice.kernels->name) return choice.kernels;
  return nullptr;
}

}  // namespace dramatis::train
