// Compiled with AVX2 and FMA.
#define DRAMATIS_LANES 8
#define DRAMATIS_ROWS 3
#include "core/train/kernels_impl.h"

namespace dramatis::train {
extern const Kernels kAvx2;
const Kernels kAvx2 = Set("avx2");
}  // namespace dramatis::train
