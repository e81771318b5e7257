// Compiled with AVX-512 without a BF16 unit (Skylake to Ice Lake servers).
#define DRAMATIS_LANES 16
#define DRAMATIS_ROWS 12
#include "core/train/kernels_impl.h"

namespace dramatis::train {
extern const Kernels kAvx512;
const Kernels kAvx512 = Set("avx512");
}  // namespace dramatis::train
