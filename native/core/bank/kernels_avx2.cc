// Compiled with AVX2 and FMA.
#define DRAMATIS_LANES 8
#define DRAMATIS_DOWN_ROWS 3
#define DRAMATIS_UP_ROWS 3
#define DRAMATIS_SPLITS 2
#include "core/bank/kernels_impl.h"

namespace dramatis::bank {
extern const Kernels kAvx2;
const Kernels kAvx2 = Set("avx2");
}  // namespace dramatis::bank
