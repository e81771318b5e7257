#pragma once

#include <string>
#include <vector>

namespace dramatis {

// Whether this CPU has AMX with BF16 and this process may use it: Linux gives the tiles' 8 kB of
// state only to those who ask, once for all threads.
bool HasAmx();

// The sets of kernels that this CPU runs, those for newer units first. `plain` runs everywhere; the
// others are not referred to where they were not compiled. `amx` may be null.
template <typename Kernels>
std::vector<const Kernels*> RunningKernels([[maybe_unused]] const Kernels* amx,
                                           [[maybe_unused]] const Kernels* avx512bf16,
                                           [[maybe_unused]] const Kernels* avx512,
                                           [[maybe_unused]] const Kernels* avx2,
                                           const Kernels& plain) {
  std::vector<const Kernels*> running;
#if defined(DRAMATIS_X86_KERNELS)
  __builtin_cpu_init();
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  const bool has_bf16 = has_avx512 && __builtin_cpu_supports("avx512bf16");
  if (amx != nullptr && has_bf16 && HasAmx()) running.push_back(amx);
  if (has_bf16) running.push_back(avx512bf16);
  if (has_avx512) running.push_back(avx512);
  // Every processor with AVX2 widens halves, too (F16C).
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) running.push_back(avx2);
#endif
  running.push_back(&plain);
  return running;
}

// The one of this name, or null.
template <typename Kernels>
const Kernels* NamedOf(const std::vector<const Kernels*>& running, const std::string& name) {
  for (const Kernels* kernels : running)
    if (name == kernels->name) return kernels;
  return nullptr;
}

}  // namespace dramatis
