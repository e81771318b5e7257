#include "core/forward/measure.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <functional>
#include <limits>
#include <map>

#include "core/compute.h"
#include "core/forward/graph_kernels.h"
#include "core/forward/kernels.h"
#include "core/forward/layout.h"
#include "ggml-alloc.h"
#include "ggml-cpp.h"

namespace dramatis::forward {
namespace {

constexpr int kColumns[] = {1, 4, 16};    // a token; a stage of four; a slice of a prompt
constexpr int kRounds = 4;                // at least, and more while they are short
constexpr double kEnough = 0.02;          // seconds
constexpr size_t kMatrixBytes = 8 << 20;  // more than a core keeps near, as the weights of a model
constexpr int kCells = 512;

// Of this thread, where the system tells: another program on its core does not count then.
double Now() {
#if defined(CLOCK_THREAD_CPUTIME_ID)
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
#else
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
#endif
}

// A graph of one node, and what it computes in.
class Computation {
 public:
  using Build = std::function<ggml_tensor*(ggml_context*)>;

  Computation(ggml_backend_t backend, const Build& build)
      : backend_(backend),
        context_(ggml_init({16 * ggml_tensor_overhead() + ggml_graph_overhead(), nullptr, true})),
        allocator_(ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend))) {
    ggml_tensor* node = build(context_.get());
    if (node == nullptr) return;
    graph_ = ggml_new_graph(context_.get());
    ggml_build_forward_expand(graph_, node);
    if (!ggml_gallocr_alloc_graph(allocator_.get(), graph_)) graph_ = nullptr;
  }

  bool is_possible() const { return graph_ != nullptr; }

  double Seconds() {
    const double start = Now();
    ggml_backend_graph_compute(backend_, graph_);
    return Now() - start;
  }

 private:
  ggml_backend_t backend_;
  ggml_context_ptr context_;
  ggml_gallocr_ptr allocator_;
  ggml_cgraph* graph_ = nullptr;
};

// In turn, so that a neighbour slows both down alike. The first of each round warms nothing up for
// the other: what they read is larger than a near cache.
Times Compare(int columns, Computation& ours, Computation& theirs) {
  constexpr double kLong = std::numeric_limits<double>::infinity();
  Times times{columns, kLong, kLong};
  double spent = 0;
  for (int round = 0; round < kRounds || (spent < kEnough && round < 4 * kRounds); ++round) {
    const double mine = ours.Seconds(), other = theirs.Seconds();
    times.ours = std::min(times.ours, mine);
    times.theirs = std::min(times.theirs, other);
    spent += mine + other;
  }
  return times;
}

// Tensors that hold numbers. The numbers do not matter, but for their being ordinary ones.
class Given {
 public:
  ggml_tensor* Matrix(ggml_type type, int64_t depth, int64_t rows,
                      ggml_backend_buffer_type_t layout) {
    ggml_tensor* w = Made(layout, [&](ggml_context* context) {
      return ggml_new_tensor_2d(context, type, depth, rows);
    });
    // Quantising takes longer than all products here: one row stands for all.
    const std::vector<float> numbers = Numbers(depth);
    std::vector<char> bytes(ggml_nbytes(w));
    const size_t row = ggml_row_size(type, depth);
    ggml_quantize_chunk(type, numbers.data(), bytes.data(), 0, 1, depth, nullptr);
    for (int64_t r = 1; r < rows; ++r)
      std::memcpy(bytes.data() + size_t(r) * row, bytes.data(), row);
    ggml_backend_tensor_set(w, bytes.data(), 0, bytes.size());
    return w;
  }

  ggml_tensor* Floats(int64_t a, int64_t b, int64_t c = 1) {
    ggml_tensor* x = Made(Host(), [&](ggml_context* context) {
      return ggml_new_tensor_3d(context, GGML_TYPE_F32, a, b, c);
    });
    const std::vector<float> numbers = Numbers(ggml_nelements(x));
    ggml_backend_tensor_set(x, numbers.data(), 0, ggml_nbytes(x));
    return x;
  }

  // `size`: of the numbers, 0 for none.
  ggml_tensor* Halves(int64_t a, int64_t b, int64_t c, float size) {
    ggml_tensor* x = Made(Host(), [&](ggml_context* context) {
      return ggml_new_tensor_3d(context, GGML_TYPE_F16, a, b, c);
    });
    std::vector<float> numbers = Numbers(ggml_nelements(x));
    for (float& number : numbers) number *= size;
    std::vector<ggml_fp16_t> halves(numbers.size());
    ggml_fp32_to_fp16_row(numbers.data(), halves.data(), int64_t(halves.size()));
    ggml_backend_tensor_set(x, halves.data(), 0, ggml_nbytes(x));
    return x;
  }

  static ggml_backend_buffer_type_t Host() {
    return ggml_backend_dev_buffer_type(ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU));
  }

 private:
  static std::vector<float> Numbers(int64_t n) {
    std::vector<float> numbers(static_cast<size_t>(n));
    unsigned seed = 1;
    for (float& number : numbers) {
      seed = seed * 1664525u + 1013904223u;
      number = float(seed >> 8) / float(1u << 24) - 0.5f;
    }
    return numbers;
  }

  ggml_tensor* Made(ggml_backend_buffer_type_t layout, const Computation::Build& make) {
    contexts_.emplace_back(ggml_init({2 * ggml_tensor_overhead(), nullptr, true}));
    ggml_tensor* tensor = make(contexts_.back().get());
    buffers_.emplace_back(ggml_backend_alloc_ctx_tensors_from_buft(contexts_.back().get(), layout));
    return tensor;
  }

  std::vector<ggml_context_ptr> contexts_;
  std::vector<ggml_backend_buffer_ptr> buffers_;
};

}  // namespace

std::vector<Times> MeasureProduct(int number, int64_t depth, int64_t rows) {
  const Kernels* kernels = BestKernels();
  const auto type = ggml_type(number);
  if (kernels == nullptr || !kernels->takes(type) || depth % ggml_blck_size(type) != 0) return {};
  const int64_t most = int64_t(kMatrixBytes / ggml_row_size(type, depth)) / kRows * kRows;
  rows = std::max<int64_t>(kRows, std::min(rows / kRows * kRows, most));
  const std::lock_guard<std::mutex> lock(Compute::Get().mutex());
  const ggml_backend_ptr backend = Compute::Get().BackendOfOneThread();
  Given given;
  ggml_tensor* as_in_file = given.Matrix(type, depth, rows, Given::Host());
  ggml_tensor* laid_out = given.Matrix(type, depth, rows, LayoutOf(type, depth, rows));
  std::vector<Times> all;
  for (const int columns : kColumns) {
    ggml_tensor* x = given.Floats(depth, columns);
    Computation ours(backend.get(), [&](ggml_context* context) {
      std::map<const ggml_tensor*, ggml_tensor*> prepared;
      return BuildProduct(context, as_in_file, x, prepared);
    });
    Computation theirs(backend.get(),
                       [&](ggml_context* context) { return ggml_mul_mat(context, laid_out, x); });
    if (!ours.is_possible() || !theirs.is_possible()) return {};
    all.push_back(Compare(columns, ours, theirs));
  }
  return all;
}

std::vector<Times> MeasureAttention(int heads, int kv_heads, int width) {
  if (BestKernels() == nullptr) return {};
  const std::lock_guard<std::mutex> lock(Compute::Get().mutex());
  const ggml_backend_ptr backend = Compute::Get().BackendOfOneThread();
  Given given;
  ggml_tensor *k = given.Halves(width, kv_heads, kCells, 1),
              *v = given.Halves(width, kv_heads, kCells, 1);
  std::vector<Times> all;
  for (const int columns : kColumns) {
    ggml_tensor *q = given.Floats(width, heads, columns),
                *mask = given.Halves(kCells, columns, 1, 0);
    const auto permuted = [](ggml_context* context, ggml_tensor* of) {
      return ggml_permute(context, of, 0, 2, 1, 3);
    };
    Computation ours(backend.get(), [&](ggml_context* context) {
      return BuildAttention(context, permuted(context, q), permuted(context, k),
                            permuted(context, v), mask, 0.125f);
    });
    Computation theirs(backend.get(), [&](ggml_context* context) {
      return ggml_flash_attn_ext(context, permuted(context, q), permuted(context, k),
                                 permuted(context, v), mask, 0.125f, 0, 0);
    });
    if (!ours.is_possible() || !theirs.is_possible()) return {};
    all.push_back(Compare(columns, ours, theirs));
  }
  return all;
}

}  // namespace dramatis::forward
