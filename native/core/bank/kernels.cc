// The choice, and the set for every CPU: four floats a register is what SSE2 and NEON have.
#include "core/bank/kernels.h"

#include <string>
#include <vector>

#define DRAMATIS_LANES 4
#define DRAMATIS_DOWN_ROWS 2
#define DRAMATIS_UP_ROWS 1
#define DRAMATIS_SPLITS 1
#include "core/bank/kernels_impl.h"

namespace dramatis::bank {

#if defined(DRAMATIS_X86_KERNELS)
extern const Kernels kAvx512Bf16, kAvx512, kAvx2;
#endif

namespace {

const Kernels kPlain = Set("plain");

// Those that this CPU runs, best first.
std::vector<const Kernels*> Choices() {
  std::vector<const Kernels*> choices;
#if defined(DRAMATIS_X86_KERNELS)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (avx512 && __builtin_cpu_supports("avx512bf16")) choices.push_back(&kAvx512Bf16);
  if (avx512) choices.push_back(&kAvx512);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) choices.push_back(&kAvx2);
#endif
  choices.push_back(&kPlain);
  return choices;
}

}  // namespace

const Kernels& BestKernels() {
  static const Kernels* const best = Choices().front();
  return *best;
}

const Kernels* KernelsNamed(const std::string& name) {
  for (const Kernels* kernels : Choices())
    if (name == kernels->name) return kernels;
  return nullptr;
}

}  // namespace dramatis::bank
