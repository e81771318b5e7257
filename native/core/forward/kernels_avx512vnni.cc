// Compiled with AVX-512 and its VNNI unit (Ice Lake, Zen 4 and later).
#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/aligned_vector.h"
#include "core/forward/kernels.h"

namespace dramatis::forward {
namespace {

template <typename T>
inline T Load(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// ---- Products

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
    part.sum = part.scale * float(part.bytes);
    std::memcpy(out + depth + b * sizeof part, &part, sizeof part);
  }
}

// A block of 16 rows: w[j] holds, for each row, the numbers 4j … 4j + 3, unsigned.
struct Unpacked {
  __m512i w[8];
  __m512 scale, least;
};

// Four bytes of each row, from as many times four rows in a register: out[d] has the d-th word of
// every row.
inline void Transpose(const char* at, size_t row, __m512i out[4]) {
  __m512i in[4];
  for (int i = 0; i < 4; ++i) {
    const char* from = at + size_t(i) * row;
    __m512i rows = _mm512_castsi128_si512(Load<__m128i>(from));
    rows = _mm512_inserti32x4(rows, Load<__m128i>(from + 4 * row), 1);
    rows = _mm512_inserti32x4(rows, Load<__m128i>(from + 8 * row), 2);
    in[i] = _mm512_inserti32x4(rows, Load<__m128i>(from + 12 * row), 3);
  }
  const __m512i a = _mm512_unpacklo_epi32(in[0], in[1]), b = _mm512_unpackhi_epi32(in[0], in[1]);
  const __m512i c = _mm512_unpacklo_epi32(in[2], in[3]), d = _mm512_unpackhi_epi32(in[2], in[3]);
  out[0] = _mm512_unpacklo_epi64(a, c);
  out[1] = _mm512_unpackhi_epi64(a, c);
  out[2] = _mm512_unpacklo_epi64(b, d);
  out[3] = _mm512_unpackhi_epi64(b, d);
}

inline __m512i Words(const char* at, __m512i rows) { return _mm512_i32gather_epi32(rows, at, 1); }

// The lower half of each word, as a float.
inline __m512 Halves(__m512i words) { return _mm512_cvtph_ps(_mm512_cvtepi32_epi16(words)); }

inline void Nibbles(const char* at, size_t row, Unpacked& out) {
  const __m512i low = _mm512_set1_epi8(15);
  __m512i words[4];
  Transpose(at, row, words);
  for (int d = 0; d < 4; ++d) {
    out.w[d] = _mm512_and_si512(words[d], low);
    out.w[4 + d] = _mm512_and_si512(_mm512_srli_epi16(words[d], 4), low);
  }
}

// What the types of GGUF are: bytes of a block, what is taken off each unsigned number, whether a
// block has a least value, and how 16 rows of one are unpacked.
struct Q41 {
  static constexpr int kBytes = 20, kOffset = 0;
  static constexpr bool kLeast = true;
  static inline void Unpack(const char* at, size_t row, __m512i rows, Unpacked& out) {
    Nibbles(at + 4, row, out);
    const __m512i words = Words(at, rows);
    out.scale = Halves(words);
    out.least = Halves(_mm512_srli_epi32(words, 16));
  }
};

struct Q40 {
  static constexpr int kBytes = 18, kOffset = 8;
  static constexpr bool kLeast = false;
  static inline void Unpack(const char* at, size_t row, __m512i rows, Unpacked& out) {
    Nibbles(at + 2, row, out);
    out.scale = Halves(Words(at, rows));
  }
};

// The fifth bits: bit j of a row's word belongs to its number j.
inline void AddFifthBits(__m512i words, Unpacked& out) {
  const __m512i bit = _mm512_set1_epi8(16);
  for (int j = 0; j < 8; ++j) {
    // Byte j / 2 of each row's word, four times over.
    const __m512i pick = _mm512_add_epi8(
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12)),
        _mm512_set1_epi8(char(j / 2)));
    const __m512i which = _mm512_set1_epi32(j % 2 == 0 ? 0x08040201 : int(0x80402010));
    const __mmask64 set = _mm512_test_epi8_mask(_mm512_shuffle_epi8(words, pick), which);
    out.w[j] = _mm512_or_si512(out.w[j], _mm512_maskz_mov_epi8(set, bit));
  }
}

struct Q50 {
  static constexpr int kBytes = 22, kOffset = 16;
  static constexpr bool kLeast = false;
  static inline void Unpack(const char* at, size_t row, __m512i rows, Unpacked& out) {
    Nibbles(at + 6, row, out);
    AddFifthBits(Words(at + 2, rows), out);
    out.scale = Halves(Words(at, rows));
  }
};

struct Q51 {
  static constexpr int kBytes = 24, kOffset = 0;
  static constexpr bool kLeast = true;
  static inline void Unpack(const char* at, size_t row, __m512i rows, Unpacked& out) {
    Nibbles(at + 8, row, out);
    AddFifthBits(Words(at + 4, rows), out);
    const __m512i words = Words(at, rows);
    out.scale = Halves(words);
    out.least = Halves(_mm512_srli_epi32(words, 16));
  }
};

struct Q80 {
  static constexpr int kBytes = 34, kOffset = 128;
  static constexpr bool kLeast = false;
  static inline void Unpack(const char* at, size_t row, __m512i rows, Unpacked& out) {
    Transpose(at + 2, row, out.w);
    Transpose(at + 18, row, out.w + 4);
    for (__m512i& w : out.w) w = _mm512_xor_si512(w, _mm512_set1_epi8(char(0x80)));
    out.scale = Halves(Words(at, rows));
  }
};

// Adds a block of 16 rows times C columns. Measured: where blocks are unpacked as they come,
// columns that take turns are faster by a sixth, and slower by as much where they are read.
template <typename Type, int C, bool kTurns>
inline void AddBlock(const Unpacked& block, const char* const (&bytes)[C],
                     const char* const (&parts)[C], int b, __m512 (&sums)[C]) {
  const auto start = [&](int c) {
    if constexpr (Type::kOffset == 0) return _mm512_setzero_si512();
    const auto part = Load<Part>(parts[c] + size_t(b) * sizeof(Part));
    return _mm512_set1_epi32(-Type::kOffset * part.bytes);
  };
  const auto add = [&](__m512i& dot, int c, int j) {
    const auto four = Load<int32_t>(bytes[c] + b * kBlock + 4 * j);
    dot = _mm512_dpbusd_epi32(dot, block.w[j], _mm512_set1_epi32(four));
  };
  const auto finish = [&](__m512i dot, int c) {
    const auto part = Load<Part>(parts[c] + size_t(b) * sizeof(Part));
    const __m512 scale = _mm512_mul_ps(block.scale, _mm512_set1_ps(part.scale));
    sums[c] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot), scale, sums[c]);
    if constexpr (Type::kLeast)
      sums[c] = _mm512_fmadd_ps(block.least, _mm512_set1_ps(part.sum), sums[c]);
  };
  if constexpr (kTurns) {
    __m512i dots[C];
    for (int c = 0; c < C; ++c) dots[c] = start(c);
    for (int j = 0; j < 8; ++j)
      for (int c = 0; c < C; ++c) add(dots[c], c, j);
    for (int c = 0; c < C; ++c) finish(dots[c], c);
  } else {
    for (int c = 0; c < C; ++c) {
      __m512i dot = start(c);
      for (int j = 0; j < 8; ++j) add(dot, c, j);
      finish(dot, c);
    }
  }
}

struct Group {  // of 16 rows or, at the end of a matrix, fewer
  const char* w;
  size_t w_row;
  int count;
};

// 16 rows times C columns. `unpacked`: the rows' blocks, or null to unpack each as it comes.
template <typename Type, int C>
void Tile(const Group& group, const Unpacked* unpacked, int depth, const char* x, float* y,
          size_t y_column) {
  const int blocks = depth / kBlock;
  const size_t x_column = QuantisedBytes(depth);
  const char *bytes[C], *parts[C];
  __m512 sums[C];
  for (int c = 0; c < C; ++c) {
    bytes[c] = x + size_t(c) * x_column;
    parts[c] = bytes[c] + depth;
    sums[c] = _mm512_setzero_ps();
  }
  if (unpacked != nullptr) {
    for (int b = 0; b < blocks; ++b) AddBlock<Type, C, false>(unpacked[b], bytes, parts, b, sums);
  } else {
    const __m512i rows =
        _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                           _mm512_set1_epi32(int(group.w_row)));
    // What comes next lies behind this group, which is as long as 16 rows.
    const char* next = group.w + kRows * group.w_row;
    for (int b = 0; b < blocks; ++b) {
      for (int line = 0; line < kRows * Type::kBytes; line += 64)
        _mm_prefetch(next + b * kRows * Type::kBytes + line, _MM_HINT_T0);
      Unpacked block;
      Type::Unpack(group.w + b * Type::kBytes, group.w_row, rows, block);
      AddBlock<Type, C, true>(block, bytes, parts, b, sums);
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
void MultiplyType(const Product& p, int first, int last) {
  static thread_local AlignedVector<char> copy;
  if (p.columns <= kColumns) {
    for (int row = first; row < last; row += kRows)
      Tiles<Type, kColumns>(GroupAt(p, row, copy), nullptr, p.depth, p.x, p.columns, p.y + row,
                            p.y_column);
    return;
  }
  static thread_local AlignedVector<Unpacked> unpacked;
  const int blocks = p.depth / kBlock;
  const int most = std::max(1, int(kUnpackedBytes / (size_t(blocks) * sizeof(Unpacked))));
  unpacked.resize(size_t(most) * size_t(blocks));
  const __m512i rows =
      _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                         _mm512_set1_epi32(int(p.w_row)));
  for (int row = first; row < last; row += most * kRows) {
    const int groups = std::min(most, (last - row + kRows - 1) / kRows);
    for (int g = 0; g < groups; ++g) {
      const Group group = GroupAt(p, row + g * kRows, copy);
      for (int b = 0; b < blocks; ++b)
        Type::Unpack(group.w + b * Type::kBytes, group.w_row, rows,
                     unpacked[size_t(g) * size_t(blocks) + size_t(b)]);
    }
    // A tile of columns is read once for all groups.
    for (int c = 0; c < p.columns; c += kColumns) {
      for (int g = 0; g < groups; ++g) {
        const int at = row + g * kRows;
        const Group group{nullptr, 0, std::min(kRows, p.rows - at)};
        Tiles<Type, kColumns>(group, unpacked.data() + size_t(g) * size_t(blocks), p.depth,
                              p.x + size_t(c) * QuantisedBytes(p.depth),
                              std::min(kColumns, p.columns - c), p.y + size_t(c) * p.y_column + at,
                              p.y_column);
      }
    }
  }
}

bool Takes(ggml_type type) {
  return type == GGML_TYPE_Q4_0 || type == GGML_TYPE_Q4_1 || type == GGML_TYPE_Q5_0 ||
         type == GGML_TYPE_Q5_1 || type == GGML_TYPE_Q8_0;
}

void Multiply(const Product& product, int first, int last) {
  switch (product.type) {
    case GGML_TYPE_Q4_0:
      return MultiplyType<Q40>(product, first, last);
    case GGML_TYPE_Q4_1:
      return MultiplyType<Q41>(product, first, last);
    case GGML_TYPE_Q5_0:
      return MultiplyType<Q50>(product, first, last);
    case GGML_TYPE_Q5_1:
      return MultiplyType<Q51>(product, first, last);
    default:
      return MultiplyType<Q80>(product, first, last);
  }
}

// ---- Attention

constexpr int kKeys = 32;             // cells that are taken at a time
constexpr int kQueries = 96;          // queries that share what is made of the keys
constexpr uint16_t kHidden = 0xfc00;  // minus infinity as a half

// e^x for x in [-60, 0], and 0 below: what is less than that times the largest weight adds nothing.
inline __m512 Exp(__m512 x) {
  const __mmask16 counts = _mm512_cmp_ps_mask(x, _mm512_set1_ps(-60.0f), _CMP_GE_OQ);
  const __m512 t = _mm512_mul_ps(x, _mm512_set1_ps(1.44269504f));
  const __m512 whole = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 f = _mm512_sub_ps(t, whole);
  __m512 power = _mm512_set1_ps(1.5403530e-4f);
  for (const float next :
       {1.3333558e-3f, 9.6181291e-3f, 5.5504109e-2f, 2.4022651e-1f, 6.9314718e-1f, 1.0f})
    power = _mm512_fmadd_ps(power, f, _mm512_set1_ps(next));
  return _mm512_maskz_scalef_ps(counts, power, whole);
}

// 8 words of 16 bits of 32 cells: out[d] has word d of every cell, in their order.
inline void TransposeHalves(const char* const* cells, size_t at, __m512i out[8]) {
  __m512i in[8];
  for (int i = 0; i < 8; ++i) {
    __m512i some = _mm512_castsi128_si512(Load<__m128i>(cells[i] + at));
    some = _mm512_inserti32x4(some, Load<__m128i>(cells[8 + i] + at), 1);
    some = _mm512_inserti32x4(some, Load<__m128i>(cells[16 + i] + at), 2);
    in[i] = _mm512_inserti32x4(some, Load<__m128i>(cells[24 + i] + at), 3);
  }
  __m512i a[8], b[8];
  for (int i = 0; i < 4; ++i) {
    a[2 * i] = _mm512_unpacklo_epi16(in[2 * i], in[2 * i + 1]);
    a[2 * i + 1] = _mm512_unpackhi_epi16(in[2 * i], in[2 * i + 1]);
  }
  for (int i = 0; i < 2; ++i) {
    for (int half = 0; half < 2; ++half) {
      b[4 * i + 2 * half] = _mm512_unpacklo_epi32(a[4 * i + half], a[4 * i + 2 + half]);
      b[4 * i + 2 * half + 1] = _mm512_unpackhi_epi32(a[4 * i + half], a[4 * i + 2 + half]);
    }
  }
  for (int i = 0; i < 4; ++i) {
    out[2 * i] = _mm512_unpacklo_epi64(b[i], b[4 + i]);
    out[2 * i + 1] = _mm512_unpackhi_epi64(b[i], b[4 + i]);
  }
}

// A block of cells that some query of a tile sees.
struct Cells {
  int first, count;
};

// Queries of one head of the cache, which are computed together, and what they need.
class Queries {
 public:
  // Queries [first, last) of head `kv`, counted by token, then by the heads that share its keys.
  void Attend(const Attention& a, int kv, int first, int last) {
    count_ = last - first;
    group_ = a.heads / a.kv_heads;
    Place(a, kv, first);
    See(a);
    stride_ = cells_.size() * kKeys;
    scores_.resize(std::max<size_t>(1, stride_ * size_t(count_)));
    keys_.resize(size_t(a.k_width) * kKeys);
    Score(a, kv);
    for (int i = 0; i < count_; ++i) Weigh(i);
    for (int from = 0; from < a.v_width; from += 64) Values(a, kv, from);
  }

 private:
  void Place(const Attention& a, int kv, int first) {
    q_.resize(size_t(count_) * size_t(a.k_width));
    for (int i = 0; i < count_; ++i) {
      tokens_[i] = (first + i) / group_;
      const int head = kv * group_ + (first + i) % group_;
      const char* from = a.q + size_t(tokens_[i]) * a.q_token + size_t(head) * a.q_head;
      for (int d = 0; d < a.k_width; ++d)
        q_[size_t(i) * size_t(a.k_width) + size_t(d)] = a.scale * Load<float>(from + 4 * d);
      out_[i] = a.out + (size_t(tokens_[i]) * size_t(a.heads) + size_t(head)) * size_t(a.v_width);
    }
  }

  // Which blocks of cells any of the queries sees, and of each token which cells of those.
  void See(const Attention& a) {
    cells_.clear();
    seen_.clear();
    first_token_ = tokens_[0];
    n_tokens_ = tokens_[count_ - 1] - first_token_ + 1;
    for (int first = 0; first < a.cells; first += kKeys) {
      const int count = std::min(kKeys, a.cells - first);
      const __mmask32 there = count == kKeys ? ~__mmask32(0) : (__mmask32(1) << count) - 1;
      const size_t at = seen_.size();
      __mmask32 any = 0;
      for (int t = 0; t < n_tokens_; ++t) {
        const char* mask = a.mask + size_t(first_token_ + t) * a.mask_token + size_t(first) * 2;
        const __mmask32 seen = _mm512_mask_cmpneq_epi16_mask(
            there, _mm512_maskz_loadu_epi16(there, mask), _mm512_set1_epi16(short(kHidden)));
        seen_.push_back(seen);
        any |= seen;
      }
      if (any != 0) {
        cells_.push_back({first, count});
      } else {
        seen_.resize(at);
      }
    }
  }

  void Score(const Attention& a, int kv) {
    for (size_t b = 0; b < cells_.size(); ++b) {
      const char* cells[kKeys];
      for (int i = 0; i < kKeys; ++i) {
        cells[i] = a.k + size_t(kv) * a.k_head +
                   size_t(cells_[b].first + std::min(i, cells_[b].count - 1)) * a.k_cell;
      }
      if (b + 1 < cells_.size()) {
        const char* next = a.k + size_t(kv) * a.k_head + size_t(cells_[b + 1].first) * a.k_cell;
        for (int i = 0; i < cells_[b + 1].count; ++i) Fetch(next + size_t(i) * a.k_cell, a.k_width);
      }
      for (int d = 0; d < a.k_width; d += 8) {
        __m512i words[8];
        TransposeHalves(cells, size_t(d) * 2, words);
        std::memcpy(keys_.data() + size_t(d) * kKeys, words, sizeof words);
      }
      ScoreSome<8>(0, a.k_width, b);
    }
  }

  // The caches of a server are far away, and a cell's numbers for one head too few to be guessed.
  static void Fetch(const char* halves, int width) {
    for (int at = 0; at < width * 2; at += 64) _mm_prefetch(halves + at, _MM_HINT_T0);
  }

  // N queries at a time, then those left over.
  template <int N>
  void ScoreSome(int i, int width, size_t block) {
    for (; i + N <= count_; i += N) ScoreTile<N>(i, width, block);
    if constexpr (N > 1) {
      if (i < count_) ScoreSome<N - 1>(i, width, block);
    }
  }

  template <int N>
  void ScoreTile(int first, int width, size_t block) {
    __m512 sums[N][2];
    for (auto& sum : sums) sum[0] = sum[1] = _mm512_setzero_ps();
    const float* q = q_.data() + size_t(first) * size_t(width);
    for (int d = 0; d < width; ++d) {
      const uint16_t* keys = keys_.data() + size_t(d) * kKeys;
      const __m512 low = _mm512_cvtph_ps(Load<__m256i>(keys));
      const __m512 high = _mm512_cvtph_ps(Load<__m256i>(keys + 16));
      for (int i = 0; i < N; ++i) {
        const __m512 value = _mm512_set1_ps(q[i * width + d]);
        sums[i][0] = _mm512_fmadd_ps(low, value, sums[i][0]);
        sums[i][1] = _mm512_fmadd_ps(high, value, sums[i][1]);
      }
    }
    for (int i = 0; i < N; ++i) {
      float* to = scores_.data() + size_t(first + i) * stride_ + block * kKeys;
      _mm512_storeu_ps(to, sums[i][0]);
      _mm512_storeu_ps(to + 16, sums[i][1]);
    }
  }

  // Scores become weights: e^(score - the highest), 0 for what is hidden. Their sum is that of
  // whole numbers, so that it does not depend on where in the cache they lie.
  void Weigh(int i) {
    float* scores = scores_.data() + size_t(i) * stride_;
    const __mmask32* seen = seen_.data() + (tokens_[i] - first_token_);
    const __m512 lowest = _mm512_set1_ps(-INFINITY);
    __m512 highest = lowest;
    for (size_t b = 0; b < cells_.size(); ++b) {
      const __mmask32 which = seen[b * size_t(n_tokens_)];
      const float* at = scores + b * kKeys;
      highest = _mm512_mask_max_ps(highest, __mmask16(which), highest, _mm512_loadu_ps(at));
      highest =
          _mm512_mask_max_ps(highest, __mmask16(which >> 16), highest, _mm512_loadu_ps(at + 16));
    }
    const __m512 most = _mm512_set1_ps(_mm512_reduce_max_ps(highest));
    const __m512 one = _mm512_set1_ps(kOne);
    __m512i sum = _mm512_setzero_si512();
    for (size_t b = 0; b < cells_.size(); ++b) {
      const __mmask32 which = seen[b * size_t(n_tokens_)];
      for (int half = 0; half < 2; ++half) {
        float* at = scores + b * kKeys + half * 16;
        const __m512 score = _mm512_sub_ps(_mm512_loadu_ps(at), most);
        const __m512 weight = _mm512_maskz_mov_ps(__mmask16(which >> (16 * half)), Exp(score));
        _mm512_storeu_ps(at, weight);
        const __m512 large = _mm512_mul_ps(weight, one);
        sum = _mm512_add_epi64(sum, _mm512_cvtps_epi64(_mm512_castps512_ps256(large)));
        sum = _mm512_add_epi64(sum, _mm512_cvtps_epi64(_mm512_extractf32x8_ps(large, 1)));
      }
    }
    const auto total = double(_mm512_reduce_add_epi64(sum));
    inverse_[i] = total > 0 ? float(double(kOne) / total) : 0;
  }

  // The outputs [from, from + 64), or as many as there are.
  void Values(const Attention& a, int kv, int from) {
    const int width = std::min(64, a.v_width - from);
    switch ((width + 15) / 16) {
      case 1:
        return ValueSome<8, 1>(a, kv, from, width, 0);
      case 2:
        return ValueSome<8, 2>(a, kv, from, width, 0);
      case 3:
        return ValueSome<6, 3>(a, kv, from, width, 0);
      default:
        return ValueSome<6, 4>(a, kv, from, width, 0);
    }
  }

  template <int N, int V>
  void ValueSome(const Attention& a, int kv, int from, int width, int i) {
    for (; i + N <= count_; i += N) ValueTile<N, V>(a, kv, from, width, i);
    if constexpr (N > 1) {
      if (i < count_) ValueSome<N - 1, V>(a, kv, from, width, i);
    }
  }

  template <int N, int V>
  void ValueTile(const Attention& a, int kv, int from, int width, int first) {
    const __mmask16 last = __mmask16((1u << (width - (V - 1) * 16)) - 1);
    __m512 sums[N][V];
    for (auto& sum : sums)
      for (__m512& part : sum) part = _mm512_setzero_ps();
    const char* values = a.v + size_t(kv) * a.v_head + size_t(from) * 2;
    for (size_t b = 0; b < cells_.size(); ++b) {
      const char* at = values + size_t(cells_[b].first) * a.v_cell;
      const float* weights = scores_.data() + size_t(first) * stride_ + b * kKeys;
      for (int cell = 0; cell < cells_[b].count; ++cell, at += a.v_cell, ++weights) {
        if (first == 0) Fetch(at + kAhead * a.v_cell, width);
        __m512 value[V];
        for (int v = 0; v + 1 < V; ++v) value[v] = _mm512_cvtph_ps(Load<__m256i>(at + v * 32));
        value[V - 1] = _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(last, at + (V - 1) * 32));
        for (int i = 0; i < N; ++i) {
          const __m512 weight = _mm512_set1_ps(weights[size_t(i) * stride_]);
          for (int v = 0; v < V; ++v) sums[i][v] = _mm512_fmadd_ps(value[v], weight, sums[i][v]);
        }
      }
    }
    for (int i = 0; i < N; ++i) {
      const __m512 inverse = _mm512_set1_ps(inverse_[first + i]);
      float* to = out_[first + i] + from;
      for (int v = 0; v + 1 < V; ++v)
        _mm512_storeu_ps(to + v * 16, _mm512_mul_ps(sums[i][v], inverse));
      _mm512_mask_storeu_ps(to + (V - 1) * 16, last, _mm512_mul_ps(sums[i][V - 1], inverse));
    }
  }

  static constexpr size_t kAhead = 24;             // cells
  static constexpr float kOne = 1099511627776.0f;  // 2^40: 2^23 weights of 1 fit in 64 bits

  int count_ = 0, group_ = 1, first_token_ = 0, n_tokens_ = 0;
  size_t stride_ = 0;  // of scores_, from a query to the next
  int tokens_[kQueries] = {};
  float* out_[kQueries] = {};
  float inverse_[kQueries] = {};  // of the sum of weights
  AlignedVector<float> q_;        // queries × k_width, scaled
  AlignedVector<float> scores_;   // queries × cells that are seen
  AlignedVector<uint16_t> keys_;  // k_width × kKeys: a block of keys, transposed
  std::vector<Cells> cells_;
  std::vector<__mmask32> seen_;  // blocks of cells × tokens
};

// Queries are dealt to the threads in runs, so that those with more before them go round.
void Attend(const Attention& a, int thread, int threads) {
  static thread_local Queries queries;
  const int of_head = a.tokens * (a.heads / a.kv_heads), all = a.kv_heads * of_head;
  const int run = std::min(kQueries, (all + threads - 1) / threads);
  for (int first = thread * run; first < all; first += threads * run) {
    const int last = std::min(all, first + run);
    for (int at = first; at < last;) {
      const int kv = at / of_head, end = std::min(last, (kv + 1) * of_head);
      queries.Attend(a, kv, at - kv * of_head, end - kv * of_head);
      at = end;
    }
  }
}

}  // namespace

extern const Kernels kAvx512Vnni;
const Kernels kAvx512Vnni = {"avx512vnni", Quantise, Takes, Multiply, Attend};

}  // namespace dramatis::forward
