// Compiled with AVX-512 and its BF16 unit (Zen 4, Sapphire Rapids and later).
#define DRAMATIS_LANES 16
#define DRAMATIS_ROWS 12
#define DRAMATIS_BF16
#include "core/train/kernels_impl.h"

namespace dramatis::train {
extern const Kernels kAvx512Bf16;
const Kernels kAvx512Bf16 = Set("avx512bf16");
}  // namespace dramatis::train
