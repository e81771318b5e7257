// Compiled with AVX-512 and its BF16 unit (Zen 4, Sapphire Rapids and later).
#define DRAMATIS_LANES 16
#define DRAMATIS_DOWN_ROWS 6
#define DRAMATIS_UP_ROWS 12
#define DRAMATIS_SPLITS 4
#define DRAMATIS_BF16
#include "core/bank/kernels_impl.h"

namespace dramatis::bank {
extern const Kernels kAvx512Bf16;
const Kernels kAvx512Bf16 = Set("avx512bf16");
}  // namespace dramatis::bank
