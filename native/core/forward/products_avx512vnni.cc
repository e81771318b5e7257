// Compiled with AVX-512 and its VNNI unit (Ice Lake, Zen 4 and later).
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "core/aligned_vector.h"
#include "core/forward/avx512vnni.h"
#include "core/forward/load.h"
#include "core/forward/unpack_avx512vnni.h"

namespace dramatis::forward::avx512vnni {
namespace {

// Adds 32 numbers of 16 rows times C columns. Measured: where blocks are unpacked as they come,
// columns that take turns are faster by a sixth, and slower by as much where they are read.
template <typename Type, int C, bool kTurns>
inline void AddBlock(const Unpacked& block, const char* const (&bytes)[C],
                     const char* const (&parts)[C], int b, __m512 (&sums)[C]) {
  constexpr bool kTwo = Type::kOther == Other::kScale;  // halves with a scale each
  const auto part = [&](int c) { return Load<Part>(parts[c] + size_t(b) * sizeof(Part)); };
  const auto start = [&](int c, int half) {
    if constexpr (Type::kOffset == 0) return _mm512_setzero_si512();
    const Part of = part(c);
    const int32_t sum = !kTwo ? of.bytes : half == 0 ? of.first : of.bytes - of.first;
    return _mm512_set1_epi32(-Type::kOffset * sum);
  };
  const auto add = [&](__m512i& dot, int c, int j) {
    const auto four = Load<int32_t>(bytes[c] + b * kBlock + 4 * j);
    dot = _mm512_dpbusd_epi32(dot, block.w[j], _mm512_set1_epi32(four));
  };
  const auto finish = [&](const __m512i* dots, int c) {
    const Part of = part(c);
    const __m512 x = _mm512_set1_ps(of.scale);
    sums[c] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[0]), _mm512_mul_ps(block.scale, x), sums[c]);
    if constexpr (kTwo)
      sums[c] =
          _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[1]), _mm512_mul_ps(block.other, x), sums[c]);
    if constexpr (Type::kOther == Other::kLeast)
      sums[c] = _mm512_fmadd_ps(block.other, _mm512_set1_ps(of.sum), sums[c]);
  };
  if constexpr (kTurns) {
    __m512i dots[C][2];
    for (int c = 0; c < C; ++c)
      for (int half = 0; half < 1 + kTwo; ++half) dots[c][half] = start(c, half);
    for (int j = 0; j < 8; ++j)
      for (int c = 0; c < C; ++c) add(dots[c][kTwo ? j / 4 : 0], c, j);
    for (int c = 0; c < C; ++c) finish(dots[c], c);
  } else {
    for (int c = 0; c < C; ++c) {
      __m512i dots[2];
      for (int half = 0; half < 1 + kTwo; ++half) dots[half] = start(c, half);
      for (int j = 0; j < 8; ++j) add(dots[kTwo ? j / 4 : 0], c, j);
      finish(dots, c);
    }
  }
}

struct Group {  // of 16 rows or, at the end of a matrix, fewer
  const char* w;
  size_t w_row;
  int count;
};

// 16 rows times C columns. `unpacked`: the rows' numbers, or null to unpack each block as it comes.
template <typename Type, int C>
void Tile(const Group& group, const Unpacked* unpacked, int depth, const char* x, float* y,
          size_t y_column) {
  const size_t x_column = QuantisedBytes(depth);
  const char *bytes[C], *parts[C];
  __m512 sums[C];
  for (int c = 0; c < C; ++c) {
    bytes[c] = x + size_t(c) * x_column;
    parts[c] = bytes[c] + depth;
    sums[c] = _mm512_setzero_ps();
  }
  if (unpacked != nullptr) {
    for (int b = 0; b < depth / kBlock; ++b)
      AddBlock<Type, C, false>(unpacked[b], bytes, parts, b, sums);
  } else {
    const __m512i rows = RowOffsets(group.w_row);
    // What comes next lies behind this group, which is as long as 16 rows.
    const char* next = group.w + kRows * group.w_row;
    for (int i = 0; i < depth / Type::kNumbers; ++i) {
      for (int line = 0; line < kRows * Type::kBytes; line += 64)
        _mm_prefetch(next + i * kRows * Type::kBytes + line, _MM_HINT_T0);
      Type::Unpack(
          group.w + i * Type::kBytes, group.w_row, rows, [&](int b, const Unpacked& block) {
            AddBlock<Type, C, true>(block, bytes, parts, i * (Type::kNumbers / kBlock) + b, sums);
          });
    }
  }
  const __mmask16 some = __mmask16((1u << group.count) - 1);
  for (int c = 0; c < C; ++c) _mm512_mask_storeu_ps(y + size_t(c) * y_column, some, sums[c]);
}

// Columns in full tiles, then those left over, one instance per count.
template <typename Type, int C>
void Tiles(const Group& group, const Unpacked* unpacked, int depth, const char* x, int columns,
           float* y, size_t y_column) {
  int c = 0;
  for (; c + C <= columns; c += C)
    Tile<Type, C>(group, unpacked, depth, x + size_t(c) * QuantisedBytes(depth),
                  y + size_t(c) * y_column, y_column);
  if constexpr (C > 1) {
    if (c < columns)
      Tiles<Type, C - 1>(group, unpacked, depth, x + size_t(c) * QuantisedBytes(depth), columns - c,
                         y + size_t(c) * y_column, y_column);
  }
}

constexpr int kColumns = 8;                   // of a tile
constexpr size_t kUnpackedBytes = 160 << 10;  // what is unpacked at a time stays in a core's cache

// A group that ends before its 16th row is copied, its last row as often as it takes: nothing is
// read beyond the matrix.
Group GroupAt(const Product& p, int row, AlignedVector<char>& copy) {
  Group group{p.w + size_t(row) * p.w_row, p.w_row, std::min(kRows, p.rows - row)};
  if (group.count == kRows) return group;
  copy.resize(kRows * p.w_row);
  for (int i = 0; i < kRows; ++i)
    std::memcpy(copy.data() + size_t(i) * p.w_row,
                group.w + size_t(std::min(i, group.count - 1)) * p.w_row, p.w_row);
  group.w = copy.data();
  return group;
}

template <typename Type>
void UnpackGroup(const Group& group, int depth, Unpacked* out) {
  const __m512i rows = RowOffsets(group.w_row);
  for (int i = 0; i < depth / Type::kNumbers; ++i, out += Type::kNumbers / kBlock)
    Type::Unpack(group.w + i * Type::kBytes, group.w_row, rows,
                 [&](int b, const Unpacked& block) { out[b] = block; });
}

template <typename Type>
void MultiplyType(const Product& p, int first, int last) {
  static thread_local AlignedVector<char> copy;
  if (p.columns <= kColumns) {
    for (int row = first; row < last; row += kRows)
      Tiles<Type, kColumns>(GroupAt(p, row, copy), nullptr, p.depth, p.x, p.columns, p.y + row,
                            p.y_column);
    return;
  }
  static thread_local AlignedVector<Unpacked> unpacked;
  const size_t blocks = size_t(p.depth / kBlock);
  const int most = std::max(1, int(kUnpackedBytes / (blocks * sizeof(Unpacked))));
  unpacked.resize(size_t(most) * blocks);
  for (int row = first; row < last; row += most * kRows) {
    const int groups = std::min(most, (last - row + kRows - 1) / kRows);
    for (int g = 0; g < groups; ++g)
      UnpackGroup<Type>(GroupAt(p, row + g * kRows, copy), p.depth,
                        unpacked.data() + size_t(g) * blocks);
    // A tile of columns is read once for all groups.
    for (int c = 0; c < p.columns; c += kColumns) {
      for (int g = 0; g < groups; ++g) {
        const int at = row + g * kRows;
        const Group group{nullptr, 0, std::min(kRows, p.rows - at)};
        Tiles<Type, kColumns>(group, unpacked.data() + size_t(g) * blocks, p.depth,
                              p.x + size_t(c) * QuantisedBytes(p.depth),
                              std::min(kColumns, p.columns - c), p.y + size_t(c) * p.y_column + at,
                              p.y_column);
      }
    }
  }
}

using MultiplyOfType = void (*)(const Product& product, int first, int last);

MultiplyOfType Of(ggml_type type) {
  switch (type) {
    case GGML_TYPE_Q4_0:
      return MultiplyType<Q40>;
    case GGML_TYPE_Q4_1:
      return MultiplyType<Q41>;
    case GGML_TYPE_Q5_0:
      return MultiplyType<Q50>;
    case GGML_TYPE_Q5_1:
      return MultiplyType<Q51>;
    case GGML_TYPE_Q8_0:
      return MultiplyType<Q80>;
    case GGML_TYPE_Q4_K:
      return MultiplyType<Q4K>;
    case GGML_TYPE_Q6_K:
      return MultiplyType<Q6K>;
    default:
      return nullptr;
  }
}

}  // namespace

void Quantise(const float* x, int64_t depth, int first, int last, char* out) {
  for (int b = first; b < last; ++b) {
    const __m512 low = _mm512_loadu_ps(x + b * kBlock), high = _mm512_loadu_ps(x + b * kBlock + 16);
    const float most = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(low), _mm512_abs_ps(high)));
    const __m512 inverse = _mm512_set1_ps(most == 0 ? 0 : 127.0f / most);
    const __m512i low_bytes = _mm512_cvtps_epi32(_mm512_mul_ps(low, inverse));
    const __m512i high_bytes = _mm512_cvtps_epi32(_mm512_mul_ps(high, inverse));
    const __m128i bytes[2] = {_mm512_cvtepi32_epi8(low_bytes), _mm512_cvtepi32_epi8(high_bytes)};
    std::memcpy(out + b * kBlock, bytes, sizeof bytes);
    Part part;
    part.scale = most / 127.0f;
    part.bytes = _mm512_reduce_add_epi32(_mm512_add_epi32(low_bytes, high_bytes));
    part.first = _mm512_reduce_add_epi32(low_bytes);
    part.sum = part.scale * float(part.bytes);
    std::memcpy(out + depth + b * sizeof part, &part, sizeof part);
  }
}

bool Takes(ggml_type type) { return Of(type) != nullptr; }

void Multiply(const Product& product, int first, int last) {
  Of(product.type)(product, first, last);
}

}  // namespace dramatis::forward::avx512vnni
