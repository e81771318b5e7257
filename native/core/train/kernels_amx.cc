// Compiled with AVX-512 and its BF16 unit, which every processor with AMX has (Sapphire Rapids and
// later); the tiles' instructions are written out, so that no compiler needs a flag for them.
#define DRAMATIS_LANES 16
#define DRAMATIS_ROWS 12
#define DRAMATIS_BF16
#include "core/train/kernels_impl.h"
#include "core/train/tile_products.h"

namespace dramatis::train {
namespace {

struct AmxTiles {
  static void Configure(int first, int second) {
    const TileConfiguration configuration(first, second);
    __asm__ volatile("ldtilecfg %0" : : "m"(configuration));
  }
  static void Release() { __asm__ volatile("tilerelease"); }
  template <int T>
  static void Zero() {
    __asm__ volatile("tilezero %%tmm%c0" : : "i"(T));
  }
  template <int T>
  static void Load(const void* from, ptrdiff_t bytes) {
    __asm__ volatile("tileloadd (%1,%2,1), %%tmm%c0" : : "i"(T), "r"(from), "r"(bytes) : "memory");
  }
  template <int T>
  static void Store(void* to, ptrdiff_t bytes) {
    __asm__ volatile("tilestored %%tmm%c0, (%1,%2,1)" : : "i"(T), "r"(to), "r"(bytes) : "memory");
  }
  template <int C, int A, int B>
  static void Multiply() {
    __asm__ volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(C), "i"(A), "i"(B));
  }
};

constexpr Kernels WithTiles() {
  Kernels kernels = Set("amx");
  kernels.panel_bf16 = TileProducts<AmxTiles>::Panel;
  return kernels;
}

}  // namespace

extern const Kernels kAmx;
const Kernels kAmx = WithTiles();
}  // namespace dramatis::train
