// The choice, and the set for every CPU: four floats a register is what SSE2 and NEON have.
#include "core/train/kernels.h"

#include <string>
#include <vector>

#include "core/cpu_kernels.h"

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

const std::vector<const Kernels*>& Running() {
#if defined(DRAMATIS_X86_KERNELS)
  static const auto running = RunningKernels(&kAvx512Bf16, &kAvx512, &kAvx2, kPlain);
#else
  static const auto running = RunningKernels<Kernels>(nullptr, nullptr, nullptr, kPlain);
#endif
  return running;
}

}  // namespace

const Kernels& BestKernels() { return *Running().front(); }

const Kernels* KernelsNamed(const std::string& name) { return NamedOf(Running(), name); }

}  // namespace dramatis::train
