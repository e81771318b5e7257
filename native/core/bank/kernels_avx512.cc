// Compiled with AVX-512 without a BF16 unit (Skylake to Ice Lake servers).
#define DRAMATIS_LANES 16
#define DRAMATIS_DOWN_ROWS 6
#define DRAMATIS_UP_ROWS 12
#define DRAMATIS_SPLITS 4
#include "core/bank/kernels_impl.h"

namespace dramatis::bank {
extern const Kernels kAvx512;
const Kernels kAvx512 = Set("avx512");
}  // namespace dramatis::bank
