// Included by one source file per instruction set, compiled with that set's flags; DRAMATIS_LANES
// is how many floats a register holds, DRAMATIS_ROWS how many rows of a tile fit the registers.
// Everything has internal linkage: the linker must not take one file's code for another's.
#include <cmath>
#include <cstring>

#include "core/fast_exp.h"
#include "core/train/kernels.h"

#if defined(DRAMATIS_BF16)
#include <immintrin.h>
#endif

namespace dramatis::train {
namespace {

constexpr int kLanes = DRAMATIS_LANES;
constexpr int kVectors = kPanel / kLanes;
constexpr int kRows = DRAMATIS_ROWS;

#if defined(__GNUC__)
typedef float Vector __attribute__((vector_size(4 * DRAMATIS_LANES)));
#else
struct Vector {
  float lane[kLanes];
};
inline Vector operator*(Vector a, float b) {
  for (float& lane : a.lane) lane *= b;
  return a;
}
inline Vector& operator+=(Vector& a, const Vector& b) {
  for (int i = 0; i < kLanes; ++i) a.lane[i] += b.lane[i];
  return a;
}
#endif

inline Vector Load(const float* p) {
  Vector v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void Store(float* p, const Vector& v) { std::memcpy(p, &v, sizeof v); }

// R rows by N registers of sums.
template <int R, int N>
void Tile(int depth, const float* x, ptrdiff_t x_row, ptrdiff_t x_step, const float* p,
          ptrdiff_t p_row, float* c, ptrdiff_t c_row, bool add) {
  Vector sum[R][N];
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < N; ++v) sum[i][v] = add ? Load(c + i * c_row + v * kLanes) : Vector{};
  for (int j = 0; j < depth; ++j) {
    Vector column[N];
    for (int v = 0; v < N; ++v) column[v] = Load(p + j * p_row + v * kLanes);
    for (int i = 0; i < R; ++i) {
      const float value = x[i * x_row + j * x_step];
      for (int v = 0; v < N; ++v) sum[i][v] += column[v] * value;
    }
  }
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < N; ++v) Store(c + i * c_row + v * kLanes, sum[i][v]);
}

// Rows left over after full tiles, one instance per count.
template <int R, int N>
void Rest(int rows, int depth, const float* x, ptrdiff_t x_row, ptrdiff_t x_step, const float* p,
          ptrdiff_t p_row, float* c, ptrdiff_t c_row, bool add) {
  if (rows == R) return Tile<R, N>(depth, x, x_row, x_step, p, p_row, c, c_row, add);
  if constexpr (R > 1) Rest<R - 1, N>(rows, depth, x, x_row, x_step, p, p_row, c, c_row, add);
}

template <int N>
void Rows(int rows, int depth, const float* x, ptrdiff_t x_row, ptrdiff_t x_step, const float* p,
          ptrdiff_t p_row, float* c, ptrdiff_t c_row, bool add) {
  int i = 0;
  for (; i + kRows <= rows; i += kRows)
    Tile<kRows, N>(depth, x + i * x_row, x_row, x_step, p, p_row, c + i * c_row, c_row, add);
  if (i < rows)
    Rest<kRows, N>(rows - i, depth, x + i * x_row, x_row, x_step, p, p_row, c + i * c_row, c_row,
                   add);
}

void PanelEdge(int rows, int depth, const float* x, ptrdiff_t x_row, ptrdiff_t x_step,
               const float* p, ptrdiff_t p_row, float* c, ptrdiff_t c_row, int width, bool add) {
  for (int i = 0; i < rows; ++i) {
    float sum[kPanel] = {};
    if (add) std::memcpy(sum, c + i * c_row, size_t(width) * sizeof(float));
    for (int j = 0; j < depth; ++j) {
      const float value = x[i * x_row + j * x_step];
      for (int l = 0; l < width; ++l) sum[l] += value * p[j * p_row + l];
    }
    std::memcpy(c + i * c_row, sum, size_t(width) * sizeof(float));
  }
}

void Panel(int rows, int depth, const float* x, ptrdiff_t x_row, ptrdiff_t x_step, const float* p,
           ptrdiff_t p_row, float* c, ptrdiff_t c_row, int width, bool add) {
  if (width == kPanel)
    return Rows<kVectors>(rows, depth, x, x_row, x_step, p, p_row, c, c_row, add);
  if (width == kPanel / 2)
    return Rows<kVectors / 2>(rows, depth, x, x_row, x_step, p, p_row, c, c_row, add);
  PanelEdge(rows, depth, x, x_row, x_step, p, p_row, c, c_row, width, add);
}

// Depth of a panel that is widened at a time: it stays in the first cache beside the rows that it
// is multiplied with. 32 kB of the 48 that Intel's have from Ice Lake on, 16 of 32 elsewhere.
constexpr int kWidenedDepth = kLanes == 16 ? 256 : 128;

void Widen(int pairs, const uint16_t* p, float* out) {
  for (int j = 0; j < pairs; ++j, p += 2 * kPanel, out += 2 * kPanel) {
    for (int l = 0; l < kPanel; ++l) {
      uint32_t pair;
      std::memcpy(&pair, p + 2 * l, sizeof pair);
      const uint32_t first = pair << 16, second = pair & 0xffff0000u;
      std::memcpy(out + l, &first, sizeof first);
      std::memcpy(out + kPanel + l, &second, sizeof second);
    }
  }
}

// Asks for what is read next, to stand in the second cache by then.
inline void Prefetch([[maybe_unused]] const void* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at, 0, 2);
#endif
}

// While a part of the panel is multiplied, the next one, of this panel or of the one behind it,
// comes from memory: some lines of it with each tile of rows.
void PanelWidened(int rows, int depth, const float* x, ptrdiff_t x_row, const uint16_t* p, float* c,
                  ptrdiff_t c_row, int width, bool add) {
  constexpr int kLine = 64 / sizeof(uint16_t);
  alignas(64) float widened[kWidenedDepth * kPanel];
  for (int from = 0; from < depth; from += kWidenedDepth) {
    const int some = depth - from < kWidenedDepth ? depth - from : kWidenedDepth;
    const uint16_t* part = p + ptrdiff_t(from) * kPanel;
    Widen((some + 1) / 2, part, widened);
    const uint16_t* next = part + ptrdiff_t(some) * kPanel;
    const int lines = kWidenedDepth * kPanel / kLine;
    const int tiles = (rows + kRows - 1) / kRows, each = (lines + tiles - 1) / tiles;
    for (int i = 0; i < rows; i += kRows) {
      for (int l = 0; l < each && l < lines; ++l, next += kLine) Prefetch(next);
      Panel(rows - i < kRows ? rows - i : kRows, some, x + i * x_row + from, x_row, 1, widened,
            kPanel, c + i * c_row, c_row, width, add || from > 0);
    }
  }
}

inline uint16_t ToBf16(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return uint16_t((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

#if !defined(DRAMATIS_BF16)
void ManyToBf16(int n, const float* x, uint16_t* out) {
  for (int i = 0; i < n; ++i) out[i] = ToBf16(x[i]);
}
#else
template <int R>
void TileBf16(int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p, float* c,
              ptrdiff_t c_row, bool add) {
  __m512 sum[R][2];
  for (int i = 0; i < R; ++i) {
    sum[i][0] = add ? _mm512_loadu_ps(c + i * c_row) : _mm512_setzero_ps();
    sum[i][1] = add ? _mm512_loadu_ps(c + i * c_row + 16) : _mm512_setzero_ps();
  }
  for (int j = 0; j < pairs; ++j) {
    const __m512i first = _mm512_loadu_si512(p + j * 2 * kPanel);
    const __m512i second = _mm512_loadu_si512(p + j * 2 * kPanel + 32);
    for (int i = 0; i < R; ++i) {
      int32_t pair;
      std::memcpy(&pair, x + i * x_row + 2 * j, sizeof pair);
      const __m512bh both = (__m512bh)_mm512_set1_epi32(pair);
      sum[i][0] = _mm512_dpbf16_ps(sum[i][0], (__m512bh)first, both);
      sum[i][1] = _mm512_dpbf16_ps(sum[i][1], (__m512bh)second, both);
    }
  }
  for (int i = 0; i < R; ++i) {
    _mm512_storeu_ps(c + i * c_row, sum[i][0]);
    _mm512_storeu_ps(c + i * c_row + 16, sum[i][1]);
  }
}

template <int R>
void RestBf16(int rows, int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p, float* c,
              ptrdiff_t c_row, bool add) {
  if (rows == R) return TileBf16<R>(pairs, x, x_row, p, c, c_row, add);
  if constexpr (R > 1) RestBf16<R - 1>(rows, pairs, x, x_row, p, c, c_row, add);
}

void PanelBf16(int rows, int pairs, const uint16_t* x, ptrdiff_t x_row, const uint16_t* p, float* c,
               ptrdiff_t c_row, int width, bool add) {
  if (width < kPanel) {
    float whole[kRows * kPanel];
    for (int i = 0; i < rows; i += kRows) {
      const int some = rows - i < kRows ? rows - i : kRows;
      RestBf16<kRows>(some, pairs, x + i * x_row, x_row, p, whole, kPanel, false);
      for (int r = 0; r < some; ++r)
        for (int l = 0; l < width; ++l) {
          float& out = c[(i + r) * c_row + l];
          out = add ? out + whole[r * kPanel + l] : whole[r * kPanel + l];
        }
    }
    return;
  }
  int i = 0;
  for (; i + kRows <= rows; i += kRows)
    TileBf16<kRows>(pairs, x + i * x_row, x_row, p, c + i * c_row, c_row, add);
  if (i < rows)
    RestBf16<kRows>(rows - i, pairs, x + i * x_row, x_row, p, c + i * c_row, c_row, add);
}

void FastToBf16(int n, const float* x, uint16_t* out) {
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256bh some = _mm512_cvtneps_pbh(_mm512_loadu_ps(x + i));
    std::memcpy(out + i, &some, sizeof some);
  }
  for (; i < n; ++i) out[i] = ToBf16(x[i]);
}
#endif

inline float Sigmoid(float x) { return 1.0f / (1.0f + FastExp(-x)); }

constexpr int kSums = 64;  // partial sums of a reduction

// Halves are added up until one is left, so that no addition waits for all before it.
float Total(float (&sums)[kSums]) {
  for (int half = kSums / 2; half > 0; half /= 2)
    for (int l = 0; l < half; ++l) sums[l] += sums[l + half];
  return sums[0];
}

float Dot(int n, const float* x, const float* y) {
  float sums[kSums] = {};
  int i = 0;
  for (; i + kSums <= n; i += kSums)
    for (int l = 0; l < kSums; ++l) sums[l] += x[i + l] * y[i + l];
  for (int l = 0; i + l < n; ++l) sums[l] += x[i + l] * y[i + l];
  return Total(sums);
}

float Most(int n, const float* x) {
  float lanes[kSums];
  for (float& lane : lanes) lane = -INFINITY;
  int i = 0;
  for (; i + kSums <= n; i += kSums)
    for (int l = 0; l < kSums; ++l) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
  for (int l = 0; i + l < n; ++l) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
  for (int half = kSums / 2; half > 0; half /= 2)
    for (int l = 0; l < half; ++l)
      lanes[l] = lanes[l + half] > lanes[l] ? lanes[l + half] : lanes[l];
  return lanes[0];
}

float ExpSum(int n, float* x, float most) {
  float sums[kSums] = {};
  int i = 0;
  for (; i + kSums <= n; i += kSums)
    for (int l = 0; l < kSums; ++l) sums[l] += x[i + l] = FastExp(x[i + l] - most);
  for (int l = 0; i + l < n; ++l) sums[l] += x[i + l] = FastExp(x[i + l] - most);
  return Total(sums);
}

void SiluBack(int n, const float* __restrict gate, const float* __restrict up,
              const float* __restrict d, float* __restrict d_gate, float* __restrict d_up) {
  for (int i = 0; i < n; ++i) {
    const float s = Sigmoid(gate[i]);
    const float silu = gate[i] * s;
    d_up[i] = d[i] * silu;
    d_gate[i] = d[i] * up[i] * (s + silu * (1.0f - s));
  }
}

constexpr float kGeluCubic = 0.044715f;
constexpr float kGeluScale = 0.79788456080286535588f;  // sqrt(2/π)

// tanh(y) = 2·sigmoid(2y) - 1, so gelu(x) = x·sigmoid(2y).
void GeluBack(int n, const float* __restrict gate, const float* __restrict up,
              const float* __restrict d, float* __restrict d_gate, float* __restrict d_up) {
  for (int i = 0; i < n; ++i) {
    const float x = gate[i];
    const float y = kGeluScale * (x + kGeluCubic * x * x * x);
    const float s = Sigmoid(2.0f * y);
    const float slope = kGeluScale * (1.0f + 3.0f * kGeluCubic * x * x);
    d_up[i] = d[i] * x * s;
    d_gate[i] = d[i] * up[i] * (s + 2.0f * x * s * (1.0f - s) * slope);
  }
}

void AdamW(int n, float* __restrict x, const float* __restrict grad, float* __restrict m,
           float* __restrict v, const float (&k)[7]) {
  const float rate = k[0], beta1 = k[1], beta2 = k[2], epsilon = k[3], keep = k[4], scale = k[5],
              root = k[6];
  for (int i = 0; i < n; ++i) {
    const float g = grad[i] * scale;
    m[i] = beta1 * m[i] + (1.0f - beta1) * g;
    v[i] = beta2 * v[i] + (1.0f - beta2) * g * g;
    x[i] = x[i] * keep - rate * m[i] / (std::sqrt(v[i]) * root + epsilon);
  }
}

void NormBack(int n, const float* __restrict x, const float* __restrict g,
              const float* __restrict d, float epsilon, float* __restrict dx, bool add) {
  float squares[kSums] = {}, products[kSums] = {};
  int i = 0;
  const auto one = [&](int at, int l) {
    squares[l] += x[at] * x[at];
    products[l] += d[at] * g[at] * x[at];
  };
  for (; i + kSums <= n; i += kSums)
    for (int l = 0; l < kSums; ++l) one(i + l, l);
  for (int l = 0; i + l < n; ++l) one(i + l, l);
  const float square = Total(squares), product = Total(products);
  const float rstd = 1.0f / std::sqrt(square / float(n) + epsilon);
  const float pull = rstd * rstd * rstd * product / float(n);
  if (add) {
    for (int j = 0; j < n; ++j) dx[j] += rstd * d[j] * g[j] - pull * x[j];
  } else {
    for (int j = 0; j < n; ++j) dx[j] = rstd * d[j] * g[j] - pull * x[j];
  }
}

constexpr Kernels Set(const char* name) {
  return {
    name, Panel, PanelWidened,
#if defined(DRAMATIS_BF16)
        PanelBf16, FastToBf16,
#else
        nullptr, ManyToBf16,
#endif
        Dot, Most, ExpSum, SiluBack, GeluBack, AdamW, NormBack
  };
}

}  // namespace
}  // namespace dramatis::train
