#pragma once

// Compiled with AVX-512 alone: how 16 rows of each quantised type become bytes side by side.
#include <immintrin.h>

#include <cstddef>

#include "core/forward/kernels.h"
#include "core/forward/load.h"

namespace dramatis::forward::avx512vnni {

// 32 numbers of 16 rows: w[j] holds, for each row, the numbers 4j … 4j + 3, unsigned.
struct Unpacked {
  __m512i w[8];
  __m512 scale;  // of the numbers, or of the first 16
  __m512 other;  // the least value, or the scale of the last 16
};

// What the second number of a block is for.
enum class Other { kNone, kLeast, kScale };

// Where each of 16 rows begins, in bytes from the first.
inline __m512i RowOffsets(size_t row) {
  return _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                            _mm512_set1_epi32(int(row)));
}

// 16 bytes of each row, from four rows to a register: out[d] has the d-th word of every row.
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
inline __m512 UpperHalves(__m512i words) { return Halves(_mm512_srli_epi32(words, 16)); }

inline __m512i And(__m512i words, int byte) {
  return _mm512_and_si512(words, _mm512_set1_epi8(char(byte)));
}

inline void Nibbles(const char* at, size_t row, Unpacked& out) {
  __m512i words[4];
  Transpose(at, row, words);
  for (int d = 0; d < 4; ++d) {
    out.w[d] = And(words[d], 15);
    out.w[4 + d] = And(_mm512_srli_epi16(words[d], 4), 15);
  }
}

// What the types of GGUF are: bytes and numbers of a block, what is taken off each unsigned number,
// what else there is to 32 numbers, and how 16 rows of a block are unpacked: `emit` is given each
// 32 numbers of them with their place in the block.
struct Q41 {
  static constexpr int kBytes = 20, kNumbers = 32, kOffset = 0;
  static constexpr Other kOther = Other::kLeast;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i rows, Emit emit) {
    Unpacked out;
    Nibbles(at + 4, row, out);
    const __m512i words = Words(at, rows);
    out.scale = Halves(words);
    out.other = UpperHalves(words);
    emit(0, out);
  }
};

struct Q40 {
  static constexpr int kBytes = 18, kNumbers = 32, kOffset = 8;
  static constexpr Other kOther = Other::kNone;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i rows, Emit emit) {
    Unpacked out;
    Nibbles(at + 2, row, out);
    out.scale = Halves(Words(at, rows));
    emit(0, out);
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
  static constexpr int kBytes = 22, kNumbers = 32, kOffset = 16;
  static constexpr Other kOther = Other::kNone;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i rows, Emit emit) {
    Unpacked out;
    Nibbles(at + 6, row, out);
    AddFifthBits(Words(at + 2, rows), out);
    out.scale = Halves(Words(at, rows));
    emit(0, out);
  }
};

struct Q51 {
  static constexpr int kBytes = 24, kNumbers = 32, kOffset = 0;
  static constexpr Other kOther = Other::kLeast;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i rows, Emit emit) {
    Unpacked out;
    Nibbles(at + 8, row, out);
    AddFifthBits(Words(at + 4, rows), out);
    const __m512i words = Words(at, rows);
    out.scale = Halves(words);
    out.other = UpperHalves(words);
    emit(0, out);
  }
};

struct Q80 {
  static constexpr int kBytes = 34, kNumbers = 32, kOffset = 128;
  static constexpr Other kOther = Other::kNone;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i rows, Emit emit) {
    Unpacked out;
    Transpose(at + 2, row, out.w);
    Transpose(at + 18, row, out.w + 4);
    for (__m512i& w : out.w) w = _mm512_xor_si512(w, _mm512_set1_epi8(char(0x80)));
    out.scale = Halves(Words(at, rows));
    emit(0, out);
  }
};

// 256 numbers: a scale and a least value for all, one of six bits for each 32, then the numbers;
// each 64 lie in 32 bytes, the first 32 in the lower nibbles.
struct Q4K {
  static constexpr int kBytes = 144, kNumbers = 256, kOffset = 0;
  static constexpr Other kOther = Other::kLeast;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i, Emit emit) {
    __m512i head[4];  // the two halves; scales; least values; the rest of the last four of each
    Transpose(at, row, head);
    const __m512 scale = Halves(head[0]);
    const __m512 least = _mm512_sub_ps(_mm512_setzero_ps(), UpperHalves(head[0]));
    const auto upper = [](__m512i words) { return And(_mm512_srli_epi32(words, 2), 0x30); };
    const __m512i scales[2] = {And(head[1], 63), _mm512_or_si512(And(head[3], 15), upper(head[1]))};
    const __m512i leasts[2] = {
        And(head[2], 63), _mm512_or_si512(And(_mm512_srli_epi32(head[3], 4), 15), upper(head[2]))};
    // Byte b % 4 of each word.
    const auto of = [](const __m512i words[2], int b) {
      const __m512i byte = _mm512_srli_epi32(words[b / 4], unsigned(b % 4 * 8));
      return _mm512_cvtepi32_ps(_mm512_and_si512(byte, _mm512_set1_epi32(255)));
    };
    for (int pair = 0; pair < 4; ++pair) {
      __m512i words[8];
      Transpose(at + 16 + pair * 32, row, words);
      Transpose(at + 32 + pair * 32, row, words + 4);
      for (int half = 0; half < 2; ++half) {
        const int b = 2 * pair + half;
        Unpacked out;
        for (int j = 0; j < 8; ++j)
          out.w[j] = And(half == 0 ? words[j] : _mm512_srli_epi16(words[j], 4), 15);
        out.scale = _mm512_mul_ps(scale, of(scales, b));
        out.other = _mm512_mul_ps(least, of(leasts, b));
        emit(b, out);
      }
    }
  }
};

// 256 numbers: four bits of each, two more, a scale for each 16, one for all. Each 128 lie in 64
// bytes of nibbles and 32 of pairs of bits: of 32 numbers the lower nibbles, of the next the lower
// ones of the second half, then the upper ones.
struct Q6K {
  static constexpr int kBytes = 210, kNumbers = 256, kOffset = 32;
  static constexpr Other kOther = Other::kScale;
  template <typename Emit>
  static inline void Unpack(const char* at, size_t row, __m512i rows, Emit emit) {
    __m512i scales[4];
    Transpose(at + 192, row, scales);
    // The last two bytes of a block: nothing is read behind it.
    const __m512 all = UpperHalves(Words(at + 206, rows));
    const auto scale = [&](int i) {  // of the i-th 16 numbers
      const __m512i last = _mm512_slli_epi32(scales[i / 4], unsigned(24 - i % 4 * 8));
      return _mm512_mul_ps(all, _mm512_cvtepi32_ps(_mm512_srai_epi32(last, 24)));
    };
    for (int half = 0; half < 2; ++half) {
      __m512i nibbles[16], bits[8];
      for (int i = 0; i < 4; ++i) Transpose(at + half * 64 + i * 16, row, nibbles + 4 * i);
      for (int i = 0; i < 2; ++i) Transpose(at + 128 + half * 32 + i * 16, row, bits + 4 * i);
      for (int quarter = 0; quarter < 4; ++quarter) {
        Unpacked out;
        for (int j = 0; j < 8; ++j) {
          const __m512i from = nibbles[quarter % 2 * 8 + j];
          const __m512i low = And(quarter < 2 ? from : _mm512_srli_epi16(from, 4), 15);
          const __m512i two = quarter == 0   ? _mm512_slli_epi16(bits[j], 4)
                              : quarter == 1 ? _mm512_slli_epi16(bits[j], 2)
                              : quarter == 2 ? bits[j]
                                             : _mm512_srli_epi16(bits[j], 2);
          out.w[j] = _mm512_or_si512(low, And(two, 0x30));
        }
        const int b = half * 4 + quarter;
        out.scale = scale(2 * b);
        out.other = scale(2 * b + 1);
        emit(b, out);
      }
    }
  }
};

}  // namespace dramatis::forward::avx512vnni
