// Compiled with AVX-512 and its VNNI unit (Ice Lake, Zen 4 and later).
#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/aligned_vector.h"
#include "core/forward/avx512vnni.h"
#include "core/forward/load.h"

namespace dramatis::forward::avx512vnni {
namespace {

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

// A block of cells that some token sees.
struct Cells {
  int first, count;
};

// Blocks of cells, and which cells of them each of some tokens in a row sees.
struct Seen {
  int first_token = 0, n_tokens = 0;
  std::vector<Cells> cells;      // only blocks that one of the tokens sees
  std::vector<__mmask32> which;  // blocks × tokens

  void Clear(int first, int count) {
    first_token = first, n_tokens = count;
    cells.clear();
    which.clear();
  }
  bool Sees(size_t block, int token) const {
    return which[block * size_t(n_tokens) + size_t(token - first_token)] != 0;
  }
};

// Queries of one head of the cache, which are computed together, and what they need.
class Queries {
 public:
  // Queries [first, last) of head `kv`, counted by token, then by the heads that share its keys.
  //
  // What is made of a block of keys is shared by all that are computed together, also by those that
  // do not see it. Tokens of one timeline see nearly the same blocks; those of others see blocks of
  // their own, and are computed apart.
  void Attend(const Attention& a, int kv, int first, int last) {
    group_ = a.heads / a.kv_heads;
    See(a, first / group_, (last - 1) / group_ + 1);
    for (int at = first; at < last;) {
      const int end = std::min(last, EndTogether(at / group_) * group_);
      AttendTogether(a, kv, at, end);
      at = end;
    }
  }

 private:
  void AttendTogether(const Attention& a, int kv, int first, int last) {
    count_ = last - first;
    Place(a, kv, first);
    Pick(tokens_[0], tokens_[count_ - 1] + 1);
    stride_ = seen_.cells.size() * kKeys;
    scores_.resize(std::max<size_t>(1, stride_ * size_t(count_)));
    keys_.resize(size_t(a.k_width) * kKeys);
    Score(a, kv);
    for (int i = 0; i < count_; ++i) Weigh(i);
    for (int from = 0; from < a.v_width; from += 64) Values(a, kv, from);
  }

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

  // Which blocks of cells any of the tokens [first, last) sees, and of each token which cells of
  // those.
  void See(const Attention& a, int first_token, int last_token) {
    all_.Clear(first_token, last_token - first_token);
    for (int first = 0; first < a.cells; first += kKeys) {
      const int count = std::min(kKeys, a.cells - first);
      const __mmask32 there = count == kKeys ? ~__mmask32(0) : (__mmask32(1) << count) - 1;
      const size_t at = all_.which.size();
      __mmask32 any = 0;
      for (int t = first_token; t < last_token; ++t) {
        const char* mask = a.mask + size_t(t) * a.mask_token + size_t(first) * 2;
        const __mmask32 seen = _mm512_mask_cmpneq_epi16_mask(
            there, _mm512_maskz_loadu_epi16(there, mask), _mm512_set1_epi16(short(kHidden)));
        all_.which.push_back(seen);
        any |= seen;
      }
      if (any != 0) {
        all_.cells.push_back({first, count});
      } else {
        all_.which.resize(at);
      }
    }
  }

  // How many tokens from `first` on are computed together: each joins those before it unless that
  // costs more than to compute it apart.
  int EndTogether(int first) {
    const int last = all_.first_token + all_.n_tokens;
    if (last - first <= 1) return last;
    const size_t blocks = all_.cells.size();
    some_sees_.resize(blocks);
    size_t together = 0;
    for (size_t b = 0; b < blocks; ++b) together += some_sees_[b] = all_.Sees(b, first);
    int token = first + 1;
    for (; token < last; ++token) {
      size_t own = 0, both = 0;
      for (size_t b = 0; b < blocks; ++b) {
        const bool sees = all_.Sees(b, token);
        own += sees;
        both += sees || some_sees_[b];
      }
      const auto before = size_t((token - first) * group_), with = before + size_t(group_);
      const size_t apart = together * (kPrepare + before) + own * (kPrepare + size_t(group_));
      if (both * (kPrepare + with) > apart) break;
      together = both;
      for (size_t b = 0; b < blocks; ++b) some_sees_[b] |= all_.Sees(b, token);
    }
    return token;
  }

  // Of all blocks those that one of the tokens [first, last) sees.
  void Pick(int first, int last) {
    seen_.Clear(first, last - first);
    for (size_t b = 0; b < all_.cells.size(); ++b) {
      const auto from = all_.which.begin() + long(b) * all_.n_tokens + (first - all_.first_token);
      const auto to = from + (last - first);
      if (std::all_of(from, to, [](__mmask32 which) { return which == 0; })) continue;
      seen_.cells.push_back(all_.cells[b]);
      seen_.which.insert(seen_.which.end(), from, to);
    }
  }

  void Score(const Attention& a, int kv) {
    for (size_t b = 0; b < seen_.cells.size(); ++b) {
      const char* cells[kKeys];
      for (int i = 0; i < kKeys; ++i) {
        cells[i] = a.k + size_t(kv) * a.k_head +
                   size_t(seen_.cells[b].first + std::min(i, seen_.cells[b].count - 1)) * a.k_cell;
      }
      if (b + 1 < seen_.cells.size()) {
        const char* next =
            a.k + size_t(kv) * a.k_head + size_t(seen_.cells[b + 1].first) * a.k_cell;
        for (int i = 0; i < seen_.cells[b + 1].count; ++i)
          Fetch(next + size_t(i) * a.k_cell, a.k_width);
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
    const __mmask32* seen = seen_.which.data() + (tokens_[i] - seen_.first_token);
    const __m512 lowest = _mm512_set1_ps(-INFINITY);
    __m512 highest = lowest;
    for (size_t b = 0; b < seen_.cells.size(); ++b) {
      const __mmask32 which = seen[b * size_t(seen_.n_tokens)];
      const float* at = scores + b * kKeys;
      highest = _mm512_mask_max_ps(highest, __mmask16(which), highest, _mm512_loadu_ps(at));
      highest =
          _mm512_mask_max_ps(highest, __mmask16(which >> 16), highest, _mm512_loadu_ps(at + 16));
    }
    const __m512 most = _mm512_set1_ps(_mm512_reduce_max_ps(highest));
    const __m512 one = _mm512_set1_ps(kOne);
    __m512i sum = _mm512_setzero_si512();
    for (size_t b = 0; b < seen_.cells.size(); ++b) {
      const __mmask32 which = seen[b * size_t(seen_.n_tokens)];
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
    for (size_t b = 0; b < seen_.cells.size(); ++b) {
      const char* at = values + size_t(seen_.cells[b].first) * a.v_cell;
      const float* weights = scores_.data() + size_t(first) * stride_ + b * kKeys;
      for (int cell = 0; cell < seen_.cells[b].count; ++cell, at += a.v_cell, ++weights) {
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
  static constexpr size_t kPrepare = 4;            // what a block of keys costs, in queries
  static constexpr float kOne = 1099511627776.0f;  // 2^40: 2^23 weights of 1 fit in 64 bits

  int count_ = 0, group_ = 1;
  size_t stride_ = 0;  // of scores_, from a query to the next
  int tokens_[kQueries] = {};
  float* out_[kQueries] = {};
  float inverse_[kQueries] = {};  // of the sum of weights
  AlignedVector<float> q_;        // queries × k_width, scaled
  AlignedVector<float> scores_;   // queries × cells that are seen
  AlignedVector<uint16_t> keys_;  // k_width × kKeys: a block of keys, transposed
  Seen all_;                      // of the tokens of a call
  Seen seen_;                     // of those that are computed together
  std::vector<char> some_sees_;   // for each block of `all_`
};

}  // namespace

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

}  // namespace dramatis::forward::avx512vnni
