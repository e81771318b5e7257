// Products and attention of a step, against the same written out in double precision and, as nodes
// of a graph, against ggml's own.
#include "core/forward/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <vector>

#include "core/compute.h"
#include "core/forward/choice.h"
#include "core/forward/layout.h"
#include "core/forward/measure.h"
#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "llama-kernels.h"
#include "test/expect.h"

using namespace dramatis;
using namespace dramatis::forward;

namespace {

const Kernels* kernels = nullptr;

std::vector<float> Some(size_t n, unsigned seed, float size = 2) {
  std::vector<float> values(n);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = (float(seed >> 8) / float(1u << 24) - 0.5f) * size;
  }
  return values;
}

std::vector<ggml_fp16_t> Halves(const std::vector<float>& from) {
  std::vector<ggml_fp16_t> halves(from.size());
  ggml_fp32_to_fp16_row(from.data(), halves.data(), int64_t(from.size()));
  return halves;
}

const std::vector<ggml_type> kTypes = {GGML_TYPE_Q4_0, GGML_TYPE_Q4_1, GGML_TYPE_Q5_0,
                                       GGML_TYPE_Q5_1, GGML_TYPE_Q8_0, GGML_TYPE_Q4_K,
                                       GGML_TYPE_Q6_K};

// `depth` in whole blocks of a type.
int Whole(ggml_type type, int depth) {
  const int block = int(ggml_blck_size(type));
  return (depth + block - 1) / block * block;
}

struct Matrix {
  Matrix(ggml_type of, int n_rows, int n_depth)
      : type(of), rows(n_rows), depth(n_depth), bytes(ggml_row_size(of, depth) * size_t(rows)) {
    const auto values = Some(size_t(rows) * size_t(depth), unsigned(rows + depth));
    ggml_quantize_chunk(type, values.data(), bytes.data(), 0, rows, depth, nullptr);
  }
  std::vector<float> Row(int row) const {
    std::vector<float> values(static_cast<size_t>(depth));
    ggml_get_type_traits(type)->to_float(bytes.data() + size_t(row) * row_bytes(), values.data(),
                                         depth);
    return values;
  }
  size_t row_bytes() const { return ggml_row_size(type, depth); }

  ggml_type type;
  int rows, depth;
  std::vector<char> bytes;
};

std::vector<char> Quantised(const std::vector<float>& x, int depth) {
  const size_t columns = x.size() / size_t(depth);
  std::vector<char> all(QuantisedBytes(depth) * columns);
  for (size_t c = 0; c < columns; ++c)
    kernels->quantise(x.data() + c * size_t(depth), depth, 0, depth / kBlock,
                      all.data() + c * QuantisedBytes(depth));
  return all;
}

std::vector<float> Products(const Matrix& w, const char* x, int columns) {
  std::vector<float> y(size_t(w.rows) * size_t(columns), NAN);
  Product product;
  product.type = w.type;
  product.w = w.bytes.data(), product.w_row = w.row_bytes();
  product.rows = w.rows, product.depth = w.depth;
  product.x = x;
  product.y = y.data(), product.y_column = size_t(w.rows);
  product.columns = columns;
  // In two parts, as two threads would.
  const int middle = std::min(w.rows, (w.rows / kRows + 1) / 2 * kRows);
  kernels->multiply(product, 0, middle);
  kernels->multiply(product, middle, w.rows);
  return y;
}

void inputs_are_rounded_to_the_nearest_byte() {
  for (const int depth : {32, 96}) {
    auto x = Some(size_t(depth), 5);
    std::fill(x.begin(), x.begin() + 32, 0.0f);
    const auto bytes = Quantised(x, depth);
    auto in_parts = bytes;
    std::fill(in_parts.begin(), in_parts.end(), char(7));
    for (int b = 0; b < depth / kBlock; ++b)
      kernels->quantise(x.data(), depth, b, b + 1, in_parts.data());
    EXPECT(bytes == in_parts);
    for (int b = 0; b < depth / kBlock; ++b) {
      Part part;
      std::memcpy(&part, bytes.data() + depth + size_t(b) * sizeof part, sizeof part);
      int sum = 0, first = 0;
      for (int j = b * kBlock; j < (b + 1) * kBlock; ++j) {
        sum += bytes[size_t(j)];
        if (j < b * kBlock + kBlock / 2) first += bytes[size_t(j)];
        EXPECT(std::fabs(x[size_t(j)] - part.scale * float(bytes[size_t(j)])) <=
               part.scale * 0.5001f);
      }
      EXPECT(part.bytes == sum);
      EXPECT(part.first == first);
      EXPECT(part.sum == part.scale * float(sum));
    }
  }
}

void products_are_sums_of_products() {
  for (const ggml_type type : kTypes) {
    EXPECT(kernels->takes(type));
    for (const int rows : {1, 16, 37, 80}) {
      for (const int wanted : {32, 96, 576}) {
        const int depth = Whole(type, wanted);
        const Matrix w(type, rows, depth);
        for (const int columns : {1, 2, 3, 8, 9, 21}) {
          const auto x = Quantised(Some(size_t(columns) * size_t(depth), 3), depth);
          const auto y = Products(w, x.data(), columns);
          for (int r = 0; r < rows; ++r) {
            const auto row = w.Row(r);
            for (int c = 0; c < columns; ++c) {
              const char* column = x.data() + size_t(c) * QuantisedBytes(depth);
              double sum = 0, size = 0;
              for (int j = 0; j < depth; ++j) {
                Part part;
                std::memcpy(&part, column + depth + size_t(j / kBlock) * sizeof part, sizeof part);
                const double term = double(row[size_t(j)]) * part.scale * column[j];
                sum += term, size += std::fabs(term);
              }
              EXPECT(std::fabs(y[size_t(c) * size_t(rows) + size_t(r)] - sum) <= 1e-6 * (1 + size));
            }
          }
        }
      }
    }
  }
}

void a_column_is_the_same_alone_and_among_others() {
  for (const ggml_type type : kTypes) {
    constexpr int kHeight = 53, kMany = 19;
    const int depth = Whole(type, 160);
    const Matrix w(type, kHeight, depth);
    const auto x = Quantised(Some(size_t(depth) * kMany, 11), depth);
    const auto all = Products(w, x.data(), kMany);
    for (int c = 0; c < kMany; ++c) {
      const auto alone = Products(w, x.data() + size_t(c) * QuantisedBytes(depth), 1);
      EXPECT(std::memcmp(alone.data(), all.data() + size_t(c) * kHeight,
                         alone.size() * sizeof(float)) == 0);
    }
  }
}

// A cache and queries, and what attention should give.
struct Case {
  int tokens, heads, kv_heads, cells, k_width, v_width;
  std::vector<float> q;
  std::vector<ggml_fp16_t> k, v;
  std::vector<std::vector<bool>> sees;  // tokens × cells

  Case(int n_tokens, int n_heads, int n_kv_heads, int n_cells, int k_wide, int v_wide)
      : tokens(n_tokens),
        heads(n_heads),
        kv_heads(n_kv_heads),
        cells(n_cells),
        k_width(k_wide),
        v_width(v_wide),
        q(Some(size_t(tokens * heads * k_width), 1, 8)),
        k(Halves(Some(size_t(cells * kv_heads * k_width), 2))),
        v(Halves(Some(size_t(cells * kv_heads * v_width), 3))) {
    unsigned seed = 9;
    for (int t = 0; t < tokens; ++t) {
      sees.emplace_back(size_t(cells));
      for (int c = 0; c < cells; ++c) {
        seed = seed * 1664525u + 1013904223u;
        // Some at random, all of a middle part hidden, and a token that sees nothing.
        sees.back()[size_t(c)] =
            (seed >> 30) != 0 && (c < cells / 3 || c > cells / 2) && t != tokens / 2 + 1;
      }
    }
  }

  std::vector<float> Attend(int threads) const {
    std::vector<float> out(size_t(tokens * heads * v_width), NAN);
    std::vector<ggml_fp16_t> mask(size_t(tokens * cells));
    for (int t = 0; t < tokens; ++t)
      for (int c = 0; c < cells; ++c)
        mask[size_t(t * cells + c)] = ggml_fp32_to_fp16(
            sees[size_t(t)][size_t(c)] ? 0 : -std::numeric_limits<float>::infinity());
    Attention a;
    a.q = reinterpret_cast<const char*>(q.data());
    a.k = reinterpret_cast<const char*>(k.data());
    a.v = reinterpret_cast<const char*>(v.data());
    a.mask = reinterpret_cast<const char*>(mask.data());
    a.q_token = size_t(heads * k_width) * 4, a.q_head = size_t(k_width) * 4;
    a.k_cell = size_t(kv_heads * k_width) * 2, a.k_head = size_t(k_width) * 2;
    a.v_cell = size_t(kv_heads * v_width) * 2, a.v_head = size_t(v_width) * 2;
    a.mask_token = size_t(cells) * 2;
    a.out = out.data();
    a.tokens = tokens, a.heads = heads, a.kv_heads = kv_heads, a.cells = cells;
    a.k_width = k_width, a.v_width = v_width;
    a.scale = 0.3f;
    for (int thread = 0; thread < threads; ++thread) kernels->attend(a, thread, threads);
    return out;
  }

  double Expected(int token, int head, int at) const {
    const int kv = head / (heads / kv_heads);
    std::vector<double> scores(static_cast<size_t>(cells), -INFINITY);
    double highest = -INFINITY, sum = 0, value = 0;
    for (int c = 0; c < cells; ++c) {
      if (!sees[size_t(token)][size_t(c)]) continue;
      double score = 0;
      for (int d = 0; d < k_width; ++d)
        score += double(q[size_t((token * heads + head) * k_width + d)]) *
                 double(ggml_fp16_to_fp32(k[size_t((c * kv_heads + kv) * k_width + d)]));
      scores[size_t(c)] = 0.3f * score;
      highest = std::max(highest, scores[size_t(c)]);
    }
    for (int c = 0; c < cells; ++c) {
      const double weight = std::isinf(highest) ? 0 : std::exp(scores[size_t(c)] - highest);
      sum += weight;
      value += weight * double(ggml_fp16_to_fp32(v[size_t((c * kv_heads + kv) * v_width + at)]));
    }
    return sum > 0 ? value / sum : 0;
  }
};

void attention_is_a_mean_weighted_by_exponentials() {
  const Case cases[] = {{1, 3, 1, 40, 8, 8},   {1, 9, 3, 300, 64, 64}, {5, 4, 2, 33, 16, 24},
                        {4, 4, 1, 96, 80, 96}, {37, 6, 2, 70, 64, 48}, {3, 2, 1, 65, 128, 256}};
  for (const Case& one : cases) {
    const auto out = one.Attend(1);
    for (int t = 0; t < one.tokens; ++t)
      for (int h = 0; h < one.heads; ++h)
        for (int d = 0; d < one.v_width; ++d)
          EXPECT(std::fabs(out[size_t((t * one.heads + h) * one.v_width + d)] -
                           one.Expected(t, h, d)) < 2e-5);
  }
}

void attention_is_the_same_on_any_number_of_threads() {
  for (const Case& one : {Case(1, 9, 3, 300, 64, 64), Case(40, 6, 2, 70, 16, 16)})
    for (const int threads : {2, 3, 16}) EXPECT(one.Attend(1) == one.Attend(threads));
}

void attention_of_a_token_is_the_same_alone_and_among_others() {
  const Case all(40, 6, 2, 70, 64, 16);
  const auto together = all.Attend(1);
  for (const int token : {0, 1, 17, 39}) {
    Case alone = all;
    const size_t wide = size_t(all.heads * all.k_width), high = size_t(all.heads * all.v_width);
    alone.tokens = 1;
    alone.q.assign(all.q.begin() + ptrdiff_t(size_t(token) * wide),
                   all.q.begin() + ptrdiff_t(size_t(token + 1) * wide));
    alone.sees = {all.sees[size_t(token)]};
    const auto out = alone.Attend(1);
    EXPECT(std::equal(out.begin(), out.end(), together.begin() + ptrdiff_t(size_t(token) * high)));
  }
}

// Token t sees what its timeline has before it, as if each had been read and gone on with at once:
// all share the first `shared` cells, and the others lie by timeline, `own` of each.
Case OfTimelines(const std::vector<int>& timeline_of, int shared, int own) {
  const int timelines = 1 + *std::max_element(timeline_of.begin(), timeline_of.end());
  Case made(int(timeline_of.size()), 9, 3, shared + timelines * own, 64, 64);
  std::vector<int> seen(size_t(timelines), own / 2);
  for (size_t t = 0; t < timeline_of.size(); ++t) {
    const auto timeline = size_t(timeline_of[t]);
    auto& sees = made.sees[t];
    std::fill(sees.begin(), sees.end(), false);
    std::fill_n(sees.begin(), shared, true);
    std::fill_n(sees.begin() + shared + ptrdiff_t(timeline) * own, ++seen[timeline], true);
  }
  return made;
}

void attention_of_a_timeline_is_the_same_alone_and_beside_others() {
  const Case cases[] = {OfTimelines({0, 1, 2, 3}, 0, 200), OfTimelines({0, 1, 2}, 300, 20),
                        OfTimelines({1, 1, 1, 0, 2, 2, 1}, 70, 90),
                        OfTimelines(std::vector<int>(50, 0), 0, 110)};
  for (const Case& all : cases) {
    const auto together = all.Attend(1);
    EXPECT(together == all.Attend(2));
    const size_t wide = size_t(all.heads * all.k_width), high = size_t(all.heads * all.v_width);
    for (int token = 0; token < all.tokens; ++token) {
      Case alone = all;
      alone.tokens = 1;
      alone.q.assign(all.q.begin() + ptrdiff_t(size_t(token) * wide),
                     all.q.begin() + ptrdiff_t(size_t(token + 1) * wide));
      alone.sees = {all.sees[size_t(token)]};
      const auto out = alone.Attend(1);
      EXPECT(
          std::equal(out.begin(), out.end(), together.begin() + ptrdiff_t(size_t(token) * high)));
      EXPECT(std::fabs(out[0] - all.Expected(token, 0, 0)) < 2e-5);
    }
  }
}

// As when another timeline's tokens lie between.
void attention_does_not_depend_on_which_cells_the_keys_lie_in() {
  const Case dense(3, 4, 2, 50, 16, 16);
  Case spread = dense;
  spread.cells = 161;
  spread.k.assign(size_t(spread.cells * 2 * 16), ggml_fp32_to_fp16(3));
  spread.v.assign(size_t(spread.cells * 2 * 16), ggml_fp32_to_fp16(5));
  for (auto& row : spread.sees) row.assign(size_t(spread.cells), false);
  for (int c = 0; c < dense.cells; ++c) {
    const int to = c * 3 + (c > 20 ? 11 : 0);
    std::copy_n(dense.k.begin() + c * 32, 32, spread.k.begin() + to * 32);
    std::copy_n(dense.v.begin() + c * 32, 32, spread.v.begin() + to * 32);
    for (size_t t = 0; t < 3; ++t) spread.sees[t][size_t(to)] = dense.sees[t][size_t(c)];
  }
  EXPECT(dense.Attend(1) == spread.Attend(1));
}

// What `node` of a context whose tensors hold numbers gives on so many threads.
std::vector<float> Computed(ggml_context* context, ggml_tensor* node, int threads) {
  ggml_cgraph* graph = ggml_new_graph(context);
  ggml_build_forward_expand(graph, node);
  ggml_backend_ptr backend = Compute::Get().CpuBackend();
  ggml_gallocr_ptr allocator(ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend.get())));
  EXPECT(ggml_gallocr_alloc_graph(allocator.get(), graph));
  Compute::Get().SetThreads(threads, false);
  Compute::Get().Run(backend.get(), graph, ThreadGovernor::kForward, 0);
  std::vector<float> out(static_cast<size_t>(ggml_nelements(node)));
  ggml_backend_tensor_get(node, out.data(), 0, out.size() * sizeof(float));
  return out;
}

void nodes_give_what_ggmls_own_give() {
  constexpr int kHeight = 70;
  for (const ggml_type type : kTypes) {
    const int depth = Whole(type, 192);
    for (const int columns : {1, 4, 40}) {  // rounded by each thread, and in a node of its own
      ggml_context_ptr given(ggml_init({8 * ggml_tensor_overhead(), nullptr, true}));
      ggml_tensor* w = ggml_new_tensor_2d(given.get(), type, depth, kHeight);
      ggml_tensor* x = ggml_new_tensor_2d(given.get(), GGML_TYPE_F32, depth, columns);
      ggml_backend_ptr backend = Compute::Get().CpuBackend();
      ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors(given.get(), backend.get()));
      const Matrix matrix(type, kHeight, depth);
      const auto values = Some(size_t(depth) * size_t(columns), 21);
      ggml_backend_tensor_set(w, matrix.bytes.data(), 0, matrix.bytes.size());
      ggml_backend_tensor_set(x, values.data(), 0, values.size() * sizeof(float));

      ggml_context_ptr made(
          ggml_init({64 * ggml_tensor_overhead() + 4 * ggml_graph_overhead(), nullptr, true}));
      // Each in a graph of its own; two with the same input share what is made of it.
      const auto product = [&] {
        std::map<const ggml_tensor*, ggml_tensor*> prepared;
        ggml_tensor* one = llm_graph_kernels->build_product(made.get(), w, x, prepared);
        ggml_tensor* other = llm_graph_kernels->build_product(made.get(), w, x, prepared);
        EXPECT(one != nullptr && one->src[1] == other->src[1]);
        EXPECT(prepared.size() == (columns == 40 ? 1u : 0u));
        return one;
      };
      const auto ours = Computed(made.get(), product(), 1);
      EXPECT(ours == Computed(made.get(), product(), 2));
      const auto theirs = Computed(made.get(), ggml_mul_mat(made.get(), w, x), 1);
      // Of 256 numbers ggml rounds all by the largest, and we each 32 by theirs.
      const float bound = ggml_blck_size(type) == kBlock ? 2e-2f : 0.15f;
      for (size_t i = 0; i < ours.size(); ++i) EXPECT(std::fabs(ours[i] - theirs[i]) < bound);
    }
  }
}

void attention_as_a_node_gives_what_ggmls_own_gives() {
  constexpr int kTokens = 6, kHeads = 6, kKvHeads = 2, kCells = 64, kWidth = 32;
  ggml_context_ptr given(ggml_init({8 * ggml_tensor_overhead(), nullptr, true}));
  // As llama.cpp has them: of each token all heads, permuted.
  const auto tensor = [&](ggml_type type, int64_t heads, int64_t n) {
    return ggml_new_tensor_3d(given.get(), type, kWidth, heads, n);
  };
  ggml_tensor *q = tensor(GGML_TYPE_F32, kHeads, kTokens),
              *k = tensor(GGML_TYPE_F16, kKvHeads, kCells),
              *v = tensor(GGML_TYPE_F16, kKvHeads, kCells);
  ggml_tensor* mask = ggml_new_tensor_2d(given.get(), GGML_TYPE_F16, kCells, kTokens);
  ggml_backend_ptr backend = Compute::Get().CpuBackend();
  ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors(given.get(), backend.get()));
  const auto numbers = Some(size_t(ggml_nelements(q)), 1);
  const auto keys = Halves(Some(size_t(ggml_nelements(k)), 2)),
             values = Halves(Some(size_t(ggml_nelements(v)), 3));
  ggml_backend_tensor_set(q, numbers.data(), 0, ggml_nbytes(q));
  ggml_backend_tensor_set(k, keys.data(), 0, ggml_nbytes(k));
  ggml_backend_tensor_set(v, values.data(), 0, ggml_nbytes(v));
  std::vector<float> hidden(size_t(kCells * kTokens));
  for (int t = 0; t < kTokens; ++t)
    for (int c = 50 + t; c < kCells; ++c)
      hidden[size_t(t * kCells + c)] = -std::numeric_limits<float>::infinity();
  ggml_backend_tensor_set(mask, Halves(hidden).data(), 0, ggml_nbytes(mask));

  ggml_context_ptr made(
      ggml_init({64 * ggml_tensor_overhead() + 4 * ggml_graph_overhead(), nullptr, true}));
  const auto permuted = [&](ggml_tensor* of) { return ggml_permute(made.get(), of, 0, 2, 1, 3); };
  const auto node = [&] {
    return llm_graph_kernels->build_attention(made.get(), permuted(q), permuted(k), permuted(v),
                                              mask, 0.25f);
  };
  const auto ours = Computed(made.get(), node(), 1);
  EXPECT(ours == Computed(made.get(), node(), 2));
  const auto theirs = Computed(
      made.get(),
      ggml_flash_attn_ext(made.get(), permuted(q), permuted(k), permuted(v), mask, 0.25f, 0, 0), 1);
  EXPECT(ours.size() == theirs.size());
  for (size_t i = 0; i < ours.size(); ++i) EXPECT(std::fabs(ours[i] - theirs[i]) < 2e-3f);
}

void graphs_use_what_is_chosen() {
  ggml_context_ptr given(ggml_init({8 * ggml_tensor_overhead(), nullptr, true}));
  ggml_tensor* w[] = {ggml_new_tensor_2d(given.get(), GGML_TYPE_Q4_K, 256, 16),
                      ggml_new_tensor_2d(given.get(), GGML_TYPE_Q6_K, 256, 16)};
  ggml_tensor* x = ggml_new_tensor_2d(given.get(), GGML_TYPE_F32, 256, 1);
  ggml_backend_ptr backend = Compute::Get().CpuBackend();
  ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors(given.get(), backend.get()));
  ggml_context_ptr made(ggml_init({64 * ggml_tensor_overhead(), nullptr, true}));
  const auto is_ours = [&](ggml_tensor* of) {
    std::map<const ggml_tensor*, ggml_tensor*> prepared;
    return llm_graph_kernels->build_product(made.get(), of, x, prepared) != nullptr;
  };
  EXPECT(is_ours(w[0]) && is_ours(w[1]) && IsAttentionChosen());
  Choose({GGML_TYPE_Q6_K}, false);
  EXPECT(!is_ours(w[0]) && is_ours(w[1]) && !IsAttentionChosen());
  // ggml lays Q4_K out anew on every processor that has our kernels.
  EXPECT(StaysAsInFile({GGML_TYPE_F32, GGML_TYPE_Q6_K}));
  EXPECT(!StaysAsInFile({GGML_TYPE_Q6_K, GGML_TYPE_Q4_K}));
  std::vector<int> all(kTypes.begin(), kTypes.end());
  Choose(all, true);
  EXPECT(StaysAsInFile({GGML_TYPE_Q6_K, GGML_TYPE_Q4_K}));
}

void what_is_measured_takes_time_on_either_side() {
  const auto are_times = [](const std::vector<Times>& all) {
    EXPECT(all.size() == 3);
    for (const Times& one : all) EXPECT(one.ours > 0 && one.ours < 60 && one.theirs > 0);
  };
  are_times(MeasureProduct(GGML_TYPE_Q4_K, 256, 100));
  are_times(MeasureProduct(GGML_TYPE_Q8_0, 64, 16));
  are_times(MeasureAttention(6, 2, 64));
  EXPECT(MeasureProduct(GGML_TYPE_F16, 64, 16).empty());
  EXPECT(MeasureProduct(GGML_TYPE_Q4_K, 96, 16).empty());
  EXPECT(MeasureAttention(6, 2, 60).empty());
}

}  // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  Compute::Get().Load("", {});
  kernels = BestKernels();
  EXPECT((kernels == nullptr) == (llm_graph_kernels == nullptr));
  if (kernels == nullptr) {
    std::printf("ok: this CPU has no kernels of ours, ggml's own are used\n");
    return 0;
  }
  RUN(inputs_are_rounded_to_the_nearest_byte);
  RUN(products_are_sums_of_products);
  RUN(a_column_is_the_same_alone_and_among_others);
  RUN(attention_is_a_mean_weighted_by_exponentials);
  RUN(attention_is_the_same_on_any_number_of_threads);
  RUN(attention_of_a_token_is_the_same_alone_and_among_others);
  RUN(attention_of_a_timeline_is_the_same_alone_and_beside_others);
  RUN(attention_does_not_depend_on_which_cells_the_keys_lie_in);
  RUN(nodes_give_what_ggmls_own_give);
  RUN(attention_as_a_node_gives_what_ggmls_own_gives);
  RUN(graphs_use_what_is_chosen);
  RUN(what_is_measured_takes_time_on_either_side);
}
