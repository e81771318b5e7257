// Included by one source file per instruction set, compiled with that set's flags. DRAMATIS_LANES:
// floats a register holds. DRAMATIS_DOWN_ROWS, DRAMATIS_UP_ROWS: rows of a tile. DRAMATIS_SPLITS:
// partial sums of a row of `down`, so that a single row does not wait for each addition. Everything
// has internal linkage: the linker must not take one file's code for another's.
#include <cstring>

#include "core/bank/kernels.h"

#if defined(DRAMATIS_BF16) || defined(__F16C__)
#include <immintrin.h>
#endif

namespace dramatis::bank {
namespace {

#if defined(__GNUC__)
constexpr int kLanes = DRAMATIS_LANES;
typedef float Floats __attribute__((vector_size(4 * DRAMATIS_LANES)));
typedef uint32_t Words __attribute__((vector_size(4 * DRAMATIS_LANES)));
#else
constexpr int kLanes = 1;
typedef float Floats;
typedef uint32_t Words;
#endif
constexpr int kDownRows = DRAMATIS_DOWN_ROWS;
constexpr int kUpRows = DRAMATIS_UP_ROWS;
constexpr int kSplits = DRAMATIS_SPLITS;

template <typename T>
inline T Load(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <typename To, typename From>
inline To Bits(From from) {
  return Load<To>(&from);
}

// N registers side by side of a panel, for one index of the dimension that is summed over.
template <int N>
struct F32Panel {
  using Element = float;
  static constexpr int kStep = 1;
  Floats columns[1][N];
  F32Panel(const float* panel, int j) {
    for (int v = 0; v < N; ++v) columns[0][v] = Load<Floats>(panel + (j * N + v) * kLanes);
  }
};

// The same for a pair of indices: a BF16 number is the upper half of a float.
template <int N>
struct Bf16Panel {
  using Element = uint16_t;
  static constexpr int kStep = 2;
  Floats columns[2][N];
  Bf16Panel(const uint16_t* panel, int pair) {
    for (int v = 0; v < N; ++v) {
      const Words words = Load<Words>(panel + (pair * N + v) * kLanes * 2);
      columns[0][v] = Bits<Floats>(words << 16);
      columns[1][v] = Bits<Floats>(words & 0xffff0000u);
    }
  }
};

// out[i] (+)= Σ_j x[i][j] p[j], R rows, in S partial sums.
template <template <int> class Panel, int R, int N, int S>
void Tile(int depth, const float* x, ptrdiff_t x_row, const typename Panel<N>::Element* panel,
          float* out, ptrdiff_t out_row, bool add) {
  constexpr int kStep = Panel<N>::kStep;
  Floats sum[S][R][N] = {};
  const int steps = depth / kStep;
  const auto one = [&](int step, Floats(&into)[R][N]) {
    const Panel<N> p(panel, step);
    for (int k = 0; k < kStep; ++k)
      for (int i = 0; i < R; ++i) {
        const float value = x[i * x_row + step * kStep + k];
        for (int v = 0; v < N; ++v) into[i][v] += p.columns[k][v] * value;
      }
  };
  int step = 0;
  for (; step + S <= steps; step += S)
    for (int s = 0; s < S; ++s) one(step + s, sum[s]);
  for (int s = 0; s + 1 < S; ++s)
    if (step + s < steps) one(step + s, sum[s]);
  if (steps * kStep < depth) {  // an odd depth: the pair's other half does not exist
    const Panel<N> p(panel, steps);
    for (int i = 0; i < R; ++i)
      for (int v = 0; v < N; ++v) sum[0][i][v] += p.columns[0][v] * x[i * x_row + steps * kStep];
  }
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < N; ++v) {
      Floats total = sum[0][i][v];
      for (int s = 1; s < S; ++s) total += sum[s][i][v];
      float* at = out + i * out_row + v * kLanes;
      if (add) total += Load<Floats>(at);
      std::memcpy(at, &total, sizeof total);
    }
}

// Rows in full tiles, then those left over, one instance per count.
template <template <int> class Panel, int R, int N, int S>
void Rows(int rows, int depth, const float* x, ptrdiff_t x_row,
          const typename Panel<N>::Element* panel, float* out, ptrdiff_t out_row, bool add) {
  int i = 0;
  for (; i + R <= rows; i += R)
    Tile<Panel, R, N, S>(depth, x + i * x_row, x_row, panel, out + i * out_row, out_row, add);
  if constexpr (R > 1) {
    if (i < rows)
      Rows<Panel, R - 1, N, S>(rows - i, depth, x + i * x_row, x_row, panel, out + i * out_row,
                               out_row, add);
  }
}

void DownF32(int rows, int depth, const float* x, ptrdiff_t x_row, const float* a, float* u,
             ptrdiff_t u_row) {
  Rows<F32Panel, kDownRows, kRanks / kLanes, kSplits>(rows, depth, x, x_row, a, u, u_row, false);
}

// Calls `some(first, rows, panel, y, y_row)` for the rows from `first` on, panel by panel; where
// the last is not whole, row by row on a copy of its outputs.
template <typename Element, typename Some>
void Panels(int rows, int rank, int outputs, const Element* b, float* y, ptrdiff_t y_row,
            Some&& some) {
  int o = 0;
  for (; o + kOutputs <= outputs; o += kOutputs, b += ptrdiff_t(rank) * kOutputs)
    some(0, rows, b, y + o, y_row);
  if (o == outputs) return;
  const size_t bytes = size_t(outputs - o) * sizeof(float);
  for (int i = 0; i < rows; ++i) {
    float whole[kOutputs] = {};
    std::memcpy(whole, y + i * y_row + o, bytes);
    some(i, 1, b, whole, 0);
    std::memcpy(y + i * y_row + o, whole, bytes);
  }
}

template <template <int> class Panel>
void Up(int rows, int rank, int outputs, const float* u, ptrdiff_t u_row,
        const typename Panel<1>::Element* b, float* y, ptrdiff_t y_row) {
  Panels(rows, rank, outputs, b, y, y_row,
         [&](int first, int some, const auto* panel, float* to, ptrdiff_t to_row) {
           Rows<Panel, kUpRows, kOutputs / kLanes, 1>(some, rank, u + first * u_row, u_row, panel,
                                                      to, to_row, true);
         });
}

#if defined(DRAMATIS_BF16)
// Two floats as a pair, the first in the lower half; rounded to the nearest, ties to even.
inline void ToBf16(int n, const float* x, uint16_t* out) {
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256bh some = _mm512_cvtneps_pbh(_mm512_loadu_ps(x + i));
    std::memcpy(out + i, &some, sizeof some);
  }
  if (i == n) return;
  const __m512 rest = _mm512_maskz_loadu_ps(__mmask16((1u << (n - i)) - 1), x + i);
  const __m256bh some = _mm512_cvtneps_pbh(rest);
  std::memcpy(out + i, &some, size_t(n - i) * 2);
}

inline __m512bh Pair(const uint16_t* x) { return (__m512bh)_mm512_set1_epi32(Load<int32_t>(x)); }

constexpr int kChunk = 256;  // of a row, rounded at a time

template <int R>
void DownTile(int depth, const float* x, ptrdiff_t x_row, const uint16_t* a, float* u,
              ptrdiff_t u_row) {
  __m512 sum[kSplits][R];
  for (auto& part : sum)
    for (__m512& row : part) row = _mm512_setzero_ps();
  alignas(64) uint16_t some[R][kChunk];
  for (int from = 0; from < depth; from += kChunk) {
    const int n = depth - from < kChunk ? depth - from : kChunk;
    const int padded = (n + 2 * kSplits - 1) / (2 * kSplits) * 2 * kSplits;
    for (int i = 0; i < R; ++i) {
      ToBf16(n, x + i * x_row + from, some[i]);
      for (int j = n; j < padded; ++j) some[i][j] = 0;
    }
    const uint16_t* panel = a + ptrdiff_t(from) * kRanks;
    int pair = 0;
    const int pairs = (n + 1) / 2;
    for (; pair + kSplits <= pairs; pair += kSplits)
      for (int s = 0; s < kSplits; ++s) {
        const __m512bh column = (__m512bh)_mm512_loadu_si512(panel + (pair + s) * 2 * kRanks);
        for (int i = 0; i < R; ++i)
          sum[s][i] = _mm512_dpbf16_ps(sum[s][i], column, Pair(some[i] + 2 * (pair + s)));
      }
    for (int s = 0; s + 1 < kSplits; ++s) {
      if (pair + s >= pairs) break;
      const __m512bh column = (__m512bh)_mm512_loadu_si512(panel + (pair + s) * 2 * kRanks);
      for (int i = 0; i < R; ++i)
        sum[s][i] = _mm512_dpbf16_ps(sum[s][i], column, Pair(some[i] + 2 * (pair + s)));
    }
  }
  for (int i = 0; i < R; ++i) {
    __m512 total = sum[0][i];
    for (int s = 1; s < kSplits; ++s) total = _mm512_add_ps(total, sum[s][i]);
    _mm512_storeu_ps(u + i * u_row, total);
  }
}

template <int R>
void DownRows(int rows, int depth, const float* x, ptrdiff_t x_row, const uint16_t* a, float* u,
              ptrdiff_t u_row) {
  int i = 0;
  for (; i + R <= rows; i += R) DownTile<R>(depth, x + i * x_row, x_row, a, u + i * u_row, u_row);
  if constexpr (R > 1) {
    if (i < rows) DownRows<R - 1>(rows - i, depth, x + i * x_row, x_row, a, u + i * u_row, u_row);
  }
}

void DownBf16(int rows, int depth, const float* x, ptrdiff_t x_row, const uint16_t* a, float* u,
              ptrdiff_t u_row) {
  DownRows<kDownRows>(rows, depth, x, x_row, a, u, u_row);
}

template <int R>
void UpTile(int rank, const uint16_t* u, ptrdiff_t u_row, const uint16_t* b, float* y,
            ptrdiff_t y_row) {
  __m512 sum[R][2];
  for (auto& row : sum) row[0] = row[1] = _mm512_setzero_ps();
  for (int r = 0; r < rank; r += 2) {
    const __m512bh first = (__m512bh)_mm512_loadu_si512(b + r * kOutputs);
    const __m512bh second = (__m512bh)_mm512_loadu_si512(b + r * kOutputs + 32);
    for (int i = 0; i < R; ++i) {
      const __m512bh pair = Pair(u + i * u_row + r);
      sum[i][0] = _mm512_dpbf16_ps(sum[i][0], first, pair);
      sum[i][1] = _mm512_dpbf16_ps(sum[i][1], second, pair);
    }
  }
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < 2; ++v) {
      float* at = y + i * y_row + v * 16;
      _mm512_storeu_ps(at, _mm512_add_ps(_mm512_loadu_ps(at), sum[i][v]));
    }
}

template <int R>
void UpRows(int rows, int rank, const uint16_t* u, ptrdiff_t u_row, const uint16_t* b, float* y,
            ptrdiff_t y_row) {
  int i = 0;
  for (; i + R <= rows; i += R) UpTile<R>(rank, u + i * u_row, u_row, b, y + i * y_row, y_row);
  if constexpr (R > 1) {
    if (i < rows) UpRows<R - 1>(rows - i, rank, u + i * u_row, u_row, b, y + i * y_row, y_row);
  }
}

void UpBf16(int rows, int rank, int outputs, const float* u, ptrdiff_t u_row, const uint16_t* b,
            float* y, ptrdiff_t y_row) {
  for (int first = 0; first < rows; first += kUpRows) {
    const int some = rows - first < kUpRows ? rows - first : kUpRows;
    alignas(64) uint16_t pairs[kUpRows][kMaxRank];
    for (int i = 0; i < some; ++i) ToBf16(rank, u + (first + i) * u_row, pairs[i]);
    Panels(some, rank, outputs, b, y + first * y_row, y_row,
           [&](int from, int n, const uint16_t* panel, float* to, ptrdiff_t to_row) {
             UpRows<kUpRows>(n, rank, pairs[from], kMaxRank, panel, to, to_row);
           });
  }
}
#else
void DownBf16(int rows, int depth, const float* x, ptrdiff_t x_row, const uint16_t* a, float* u,
              ptrdiff_t u_row) {
  Rows<Bf16Panel, kDownRows, kRanks / kLanes, kSplits>(rows, depth, x, x_row, a, u, u_row, false);
}
void UpBf16(int rows, int rank, int outputs, const float* u, ptrdiff_t u_row, const uint16_t* b,
            float* y, ptrdiff_t y_row) {
  Up<Bf16Panel>(rows, rank, outputs, u, u_row, b, y, y_row);
}
#endif

// A half's exponent and digits, moved to where a float has them, are the number times 2^-112: so
// without a table or a branch, for those that are finite.
inline float Widened(uint16_t half) {
  const uint32_t magnitude = (half & 0x7fffu) << 13, sign = (half & 0x8000u) << 16;
  return Bits<float>(Bits<uint32_t>(Bits<float>(magnitude) * 0x1p112f) | sign);
}

void Widen(size_t n, const uint16_t* halves, float* out) {
  size_t i = 0;
#if defined(__AVX512F__)
  for (; i + 16 <= n; i += 16)
    _mm512_storeu_ps(out + i, _mm512_maskz_cvtph_ps(0xffff, Load<__m256i>(halves + i)));
#elif defined(__F16C__)
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(out + i, _mm256_cvtph_ps(Load<__m128i>(halves + i)));
#endif
  for (; i < n; ++i) out[i] = Widened(halves[i]);
}

void Round(size_t n, const float* x, float scale, uint16_t* out) {
  for (size_t i = 0; i < n; ++i) {
    const uint32_t bits = Bits<uint32_t>(scale * x[i]);
    out[i] = uint16_t((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
  }
}

constexpr Kernels Set(const char* name) {
  return {name, Widen, Round, DownF32, DownBf16, Up<F32Panel>, UpBf16};
}

}  // namespace
}  // namespace dramatis::bank
