#include "core/forward/kernels.h"

#include <string>

#if defined(DRAMATIS_X86_KERNELS)
#include "core/forward/avx512vnni.h"
#endif

namespace dramatis::forward {

const Kernels* BestKernels() {
#if defined(DRAMATIS_X86_KERNELS)
  static constexpr Kernels kAvx512Vnni = {"avx512vnni", avx512vnni::Quantise, avx512vnni::Takes,
                                          avx512vnni::Multiply, avx512vnni::Attend};
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni"))
    return &kAvx512Vnni;
#endif
  return nullptr;
}

std::string ComparedKernels() {
  // Raised when kernels of the same name become faster.
  constexpr int kRevision = 1;
  const Kernels* kernels = BestKernels();
  if (kernels == nullptr) return "";
  return std::string(kernels->name) + " " + std::to_string(kRevision) + ", ggml " + ggml_version();
}

}  // namespace dramatis::forward
