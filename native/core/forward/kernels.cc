#include "core/forward/kernels.h"

namespace dramatis::forward {

#if defined(DRAMATIS_X86_KERNELS)
extern const Kernels kAvx512Vnni;
#endif

const Kernels* BestKernels() {
#if defined(DRAMATIS_X86_KERNELS)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni"))
    return &kAvx512Vnni;
#endif
  return nullptr;
}

}  // namespace dramatis::forward
