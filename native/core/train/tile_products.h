#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/train/kernels.h"

namespace dramatis::train {

// Products in tiles of 16 rows of 64 bytes, as AMX has eight of them: 16 × 16 sums of floats, 16
// rows of 16 pairs of BF16, and 16 pairs of 16 outputs. A packed matrix lies in memory as its tiles
// are read, so nothing is turned over on the way.
//
// `Tiles` is the unit: Configure(first, second) sets how many rows the first and the second half of
// a block have, Release gives the registers back; Zero<T>, Load<T>(from, bytes between rows),
// Store<T>(to, bytes between rows); Multiply<C, A, B> adds to C the products of A's and B's pairs.
// Of a block of 32 × 32: 0 and 1 are the sums of the first 16 rows, 2 and 3 those of the others, 4
// and 5 the rows, 6 and 7 the outputs.
//
// Source: Intel, "Intel 64 and IA-32 Architectures Software Developer's Manual", volume 1, chapter
// 18.
template <typename Tiles>
class TileProducts {
 public:
  // What Kernels::panel_bf16 is for. x's rows have 2 · pairs numbers each, pairs a multiple of
  // kPairs.
  static void Panel(int rows, int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p,
                    float* c, ptrdiff_t c_row, int width, bool add) {
    int configured = 0;
    for (int i = 0; i < rows; i += kBlock) {
      const int n = std::min(kBlock, rows - i);
      if (n != configured) Tiles::Configure(std::min(n, kRows), std::max(1, n - kRows));
      configured = n;
      const uint16_t* from = x + i * x_row;
      float* to = c + i * c_row;
      if (width == kPanel) {
        Block(n, pairs, from, x_row, p, to, c_row, add);
        continue;
      }
      alignas(64) float whole[kBlock * kPanel];
      Block(n, pairs, from, x_row, p, whole, kPanel, false);
      for (int r = 0; r < n; ++r)
        for (int l = 0; l < width; ++l) {
          float& out = to[r * c_row + l];
          out = add ? out + whole[r * kPanel + l] : whole[r * kPanel + l];
        }
    }
    if (rows > 0) Tiles::Release();
  }

 private:
  static constexpr int kRows = 16;
  static constexpr int kBlock = 2 * kRows;

  static void Block(int n, int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p,
                    float* c, ptrdiff_t c_row, bool add) {
    if (n > kRows) return Sums<true>(pairs, x, x_row, p, c, c_row, add);
    Sums<false>(pairs, x, x_row, p, c, c_row, add);
  }

  template <bool both>
  static void Sums(int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p, float* c,
                   ptrdiff_t c_row, bool add) {
    constexpr ptrdiff_t kPanelBytes = 2 * kPanel * sizeof(uint16_t);
    const ptrdiff_t x_bytes = x_row * ptrdiff_t(sizeof(uint16_t)),
                    c_bytes = c_row * ptrdiff_t(sizeof(float));
    float* below = c + kRows * c_row;
    if (add) {
      Tiles::template Load<0>(c, c_bytes);
      Tiles::template Load<1>(c + 16, c_bytes);
      if constexpr (both) {
        Tiles::template Load<2>(below, c_bytes);
        Tiles::template Load<3>(below + 16, c_bytes);
      }
    } else {
      Tiles::template Zero<0>();
      Tiles::template Zero<1>();
      if constexpr (both) {
        Tiles::template Zero<2>();
        Tiles::template Zero<3>();
      }
    }
    for (int j = 0; j < pairs; j += kPairs) {
      const uint16_t* outputs = p + ptrdiff_t(j) * 2 * kPanel;
      Tiles::template Load<6>(outputs, kPanelBytes);
      Tiles::template Load<4>(x + 2 * j, x_bytes);
      Tiles::template Multiply<0, 4, 6>();
      Tiles::template Load<7>(outputs + kPanel, kPanelBytes);
      Tiles::template Multiply<1, 4, 7>();
      if constexpr (both) {
        Tiles::template Load<5>(x + kRows * x_row + 2 * j, x_bytes);
        Tiles::template Multiply<2, 5, 6>();
        Tiles::template Multiply<3, 5, 7>();
      }
    }
    Tiles::template Store<0>(c, c_bytes);
    Tiles::template Store<1>(c + 16, c_bytes);
    if constexpr (both) {
      Tiles::template Store<2>(below, c_bytes);
      Tiles::template Store<3>(below + 16, c_bytes);
    }
  }
};

// How AMX is told the rows of a block's tiles; 64 bytes that ldtilecfg reads.
struct TileConfiguration {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t bytes[16] = {};  // of a row
  uint8_t rows[16] = {};

  TileConfiguration(int first, int second) {
    for (int t = 0; t < 8; ++t) {
      bytes[t] = 64;
      rows[t] = uint8_t(t >= 6 ? 16 : t == 2 || t == 3 || t == 5 ? second : first);
    }
  }
};
static_assert(sizeof(TileConfiguration) == 64);

}  // namespace dramatis::train
