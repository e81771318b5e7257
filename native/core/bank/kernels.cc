// The choice, and the set for every CPU: four floats a register is what SSE2 and NEON have.
#include "core/bank/kernels.h"

#include <string>
#include <vector>

#include "core/cpu_kernels.h"

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

const std::vector<const Kernels*>& Running() {
#if defined(DRAMATIS_X86_KERNELS)
  static const auto running =
      RunningKernels<Kernels>(nullptr, &kAvx512Bf16, &kAvx512, &kAvx2, kPlain);
#else
  static const auto running = RunningKernels<Kernels>(nullptr, nullptr, nullptr, nullptr, kPlain);
#endif
  return running;
}

}  // namespace

const Kernels& BestKernels() { return *Running().front(); }

const Kernels* KernelsNamed(const std::string& name) { return NamedOf(Running(), name); }

}  // namespace dramatis::bank
