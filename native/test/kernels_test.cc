// Every set of training kernels that this CPU runs, against the same written out in double
// precision.
#include "core/train/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "core/flush_subnormals.h"
#include "core/train/packed_matrix.h"
#include "core/train/tile_products.h"
#include "test/expect.h"

using namespace dramatis::train;

namespace {

std::vector<float> Some(size_t n, unsigned seed, float size = 2) {
  std::vector<float> values(n);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = (float(seed >> 8) / float(1u << 24) - 0.5f) * size;
  }
  return values;
}

void Each(const std::function<void(const Kernels&)>& test) {
  for (const char* name : {"plain", "avx2", "avx512", "avx512bf16", "amx"})
    if (const Kernels* kernels = KernelsNamed(name)) test(*kernels);
}

bool Near(double a, double b, double most) { return std::fabs(a - b) <= most * (1 + std::fabs(b)); }

void panels_are_products() {
  Each([](const Kernels& kernels) {
    for (const int rows : {1, 2, 11, 12, 13, 29}) {
      for (const int width : {kPanel, kPanel / 2, 5}) {
        for (const bool add : {false, true}) {
          constexpr int kDepth = 19;
          const auto x = Some(size_t(rows) * kDepth, 1), p = Some(kDepth * 40, 2);
          auto c = Some(size_t(rows) * 50, 3);
          const auto before = c;
          kernels.panel(rows, kDepth, x.data(), kDepth, 1, p.data(), 40, c.data(), 50, width, add);
          for (int i = 0; i < rows; ++i) {
            for (int l = 0; l < 50; ++l) {
              double sum = add || l >= width ? before[size_t(i * 50 + l)] : 0;
              for (int j = 0; l < width && j < kDepth; ++j)
                sum += double(x[size_t(i * kDepth + j)]) * p[size_t(j * 40 + l)];
              EXPECT(Near(c[size_t(i * 50 + l)], sum, 1e-5));
            }
          }
        }
      }
    }
  });
}

// What AMX does, in plain code: pairs of BF16 are multiplied and added up in floats. A processor
// without it tests by this that blocks, edges and packed matrices fit the tiles.
struct EmulatedTiles {
  static void Configure(int first, int second) {
    const TileConfiguration configuration(first, second);
    for (int t = 0; t < 8; ++t) rows[t] = configuration.rows[t];
  }
  static void Release() { std::fill(rows, rows + 8, 0); }
  template <int T>
  static void Zero() {
    std::memset(tiles[T], 0, sizeof tiles[T]);
  }
  template <int T>
  static void Load(const void* from, ptrdiff_t bytes) {
    Zero<T>();
    for (int r = 0; r < rows[T]; ++r)
      std::memcpy(tiles[T][r], static_cast<const char*>(from) + r * bytes, 64);
  }
  template <int T>
  static void Store(void* to, ptrdiff_t bytes) {
    for (int r = 0; r < rows[T]; ++r)
      std::memcpy(static_cast<char*>(to) + r * bytes, tiles[T][r], 64);
  }
  template <int C, int A, int B>
  static void Multiply() {
    for (int r = 0; r < rows[C]; ++r) {
      for (int l = 0; l < 16; ++l) {
        float sum;
        std::memcpy(&sum, &tiles[C][r][l], sizeof sum);
        for (int k = 0; k < 16; ++k) {
          sum += High(tiles[A][r][k] << 16) * High(tiles[B][k][l] << 16);
          sum += High(tiles[A][r][k]) * High(tiles[B][k][l]);
        }
        std::memcpy(&tiles[C][r][l], &sum, sizeof sum);
      }
    }
  }
  static float High(uint32_t word) {
    word &= 0xffff0000u;
    float value;
    std::memcpy(&value, &word, sizeof value);
    return value;
  }
  static inline int rows[8] = {};
  static inline uint32_t tiles[8][16][16] = {};
};

using PanelBf16 = decltype(Kernels::panel_bf16);

// Rows times a packed matrix in BF16, or with `bf16` null in what the matrix has, rows as they are.
std::vector<float> Product(const Kernels& kernels, PanelBf16 bf16, const PackedMatrix& packed,
                           const std::vector<float>& x, int rows, bool add) {
  const int in = packed.in(), out = packed.out();
  const size_t padded = 2 * size_t(packed.pairs());
  std::vector<uint16_t> half(size_t(rows) * padded);
  for (size_t i = 0; i < size_t(rows); ++i)
    kernels.to_bf16(in, &x[i * size_t(in)], &half[i * padded]);
  std::vector<float> c(size_t(rows * out), add ? 1.0f : NAN);
  for (int p = 0; p < packed.panels(); ++p) {
    const int width = std::min(kPanel, out - p * kPanel);
    float* to = &c[size_t(p * kPanel)];
    if (packed.type() == PackedMatrix::Type::kF32) {
      kernels.panel(rows, in, x.data(), in, 1, packed.f32(p), kPanel, to, out, width, add);
    } else if (bf16 != nullptr) {
      bf16(rows, packed.pairs(), half.data(), ptrdiff_t(padded), packed.bf16(p), to, out, width,
           add);
    } else {
      kernels.panel_widened(rows, in, x.data(), in, packed.bf16(p), to, out, width, add);
    }
  }
  return c;
}

// Against sums in double precision of what was packed: `digits` is by how much a weight, and a
// number of x, may have been rounded.
void ExpectProduct(const Kernels& kernels, PanelBf16 bf16, PackedMatrix::Type type, int rows,
                   int out, int in, double digits) {
  const auto w = Some(size_t(out * in), 1), x = Some(size_t(rows * in), 2);
  PackedMatrix by_row(type, out, in), by_column(type, out, in);
  for (int i = 0; i < out; ++i) by_row.SetRow(i, &w[size_t(i * in)]);
  for (int j = 0; j < in; ++j) {
    std::vector<float> column;
    for (int i = 0; i < out; ++i) column.push_back(w[size_t(i * in + j)]);
    by_column.SetColumn(j, column.data());
  }
  for (const bool add : {false, true}) {
    const auto c = Product(kernels, bf16, by_row, x, rows, add);
    EXPECT(Product(kernels, bf16, by_column, x, rows, add) == c);
    for (int i = 0; i < rows; ++i) {
      for (int o = 0; o < out; ++o) {
        double sum = add, size = 0;
        for (int j = 0; j < in; ++j) {
          const double part = double(x[size_t(i * in + j)]) * w[size_t(o * in + j)];
          sum += part;
          size += std::fabs(part);
        }
        EXPECT(std::fabs(c[size_t(i * out + o)] - sum) <= digits * size + 1e-5);
      }
    }
  }
}

constexpr double kHalfDigits = 1.0 / 256;  // of BF16, to the nearest

void packed_products_are_products_of_what_was_packed() {
  Each([](const Kernels& kernels) {
    for (const int rows : {1, 17, 32, 61}) {
      for (const auto& [out, in] : {std::pair(45, 21), std::pair(32, 64), std::pair(70, 150)}) {
        using Type = PackedMatrix::Type;
        ExpectProduct(kernels, nullptr, Type::kF32, rows, out, in, 1e-6);
        ExpectProduct(kernels, nullptr, Type::kBf16, rows, out, in, kHalfDigits);
        if (kernels.panel_bf16 != nullptr)
          ExpectProduct(kernels, kernels.panel_bf16, Type::kBf16, rows, out, in, 2.1 * kHalfDigits);
        ExpectProduct(kernels, TileProducts<EmulatedTiles>::Panel, Type::kBf16, rows, out, in,
                      2.1 * kHalfDigits);
      }
    }
  });
}

// Weights that BF16 holds are not rounded any further, nor is what they are multiplied with.
void widened_products_have_all_digits() {
  Each([](const Kernels& kernels) {
    constexpr int kRows = 13, kIn = 300;
    PackedMatrix half(PackedMatrix::Type::kBf16, kPanel, kIn),
        whole(PackedMatrix::Type::kF32, kPanel, kIn);
    std::vector<float> row(kIn);
    for (int i = 0; i < kPanel; ++i) {
      half.SetRow(i, Some(kIn, unsigned(i)).data());
      half.Row(i, row.data());
      whole.SetRow(i, row.data());
    }
    const auto x = Some(kRows * kIn, 7);
    const auto a = Product(kernels, nullptr, half, x, kRows, false);
    const auto b = Product(kernels, nullptr, whole, x, kRows, false);
    for (size_t i = 0; i < a.size(); ++i) EXPECT(Near(a[i], b[i], 1e-6));
  });
}

void the_fastest_set_is_one_that_runs_and_stays() {
  EXPECT(KernelsNamed(BestKernels().name) == &BestKernels());
  EXPECT(&BestKernels() == &BestKernels());
}

void subnormal_numbers_are_flushed_in_a_scope() {
#if defined(__x86_64__) || defined(__aarch64__)
  volatile float small = 1e-38f, part = 0.25f;
  EXPECT(small * part > 0);
  {
    const dramatis::FlushSubnormals flush;
    EXPECT(small * part == 0);
  }
  EXPECT(small * part > 0);
#endif
}

double Silu(double x) { return x / (1 + std::exp(-x)); }
double Gelu(double x) {
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

void gates_go_back_along_their_slopes() {
  Each([](const Kernels& kernels) {
    constexpr int n = 201;
    const auto gate = Some(n, 1, 16), up = Some(n, 2), d = Some(n, 3);
    std::vector<float> d_gate(n), d_up(n);
    const auto expect = [&](double (*curve)(double)) {
      for (size_t i = 0; i < n; ++i) {
        constexpr double kStep = 1e-5;
        const double slope = (curve(gate[i] + kStep) - curve(gate[i] - kStep)) / (2 * kStep);
        EXPECT(Near(d_up[i], d[i] * curve(gate[i]), 1e-5));
        EXPECT(Near(d_gate[i], d[i] * up[i] * slope, 1e-5));
      }
    };
    kernels.silu_back(n, gate.data(), up.data(), d.data(), d_gate.data(), d_up.data());
    expect(Silu);
    kernels.gelu_back(n, gate.data(), up.data(), d.data(), d_gate.data(), d_up.data());
    expect(Gelu);
  });
}

void norms_go_back_along_their_slopes() {
  Each([](const Kernels& kernels) {
    constexpr int n = 77;
    constexpr double kEpsilon = 1e-5;
    const auto x = Some(n, 1), g = Some(n, 2), d = Some(n, 3);
    // Σ d · rms_norm(x) · g, as a function of x.
    const auto value = [&](size_t moved, double by) {
      double square = 0;
      for (size_t i = 0; i < n; ++i) {
        const double v = x[i] + (i == moved ? by : 0);
        square += v * v;
      }
      const double rstd = 1 / std::sqrt(square / n + kEpsilon);
      double sum = 0;
      for (size_t i = 0; i < n; ++i) sum += (x[i] + (i == moved ? by : 0)) * rstd * g[i] * d[i];
      return sum;
    };
    std::vector<float> dx(n, 1.0f);
    kernels.norm_back(n, x.data(), g.data(), d.data(), float(kEpsilon), dx.data(), true);
    for (size_t i = 0; i < n; ++i) {
      constexpr double kStep = 1e-5;
      EXPECT(Near(dx[i] - 1, (value(i, kStep) - value(i, -kStep)) / (2 * kStep), 1e-4));
    }
  });
}

void reductions_are_sums() {
  Each([](const Kernels& kernels) {
    for (const int n : {1, 63, 64, 200}) {
      const auto x = Some(size_t(n), 1, 30), y = Some(size_t(n), 2);
      double dot = 0, sum = 0;
      const float most = *std::max_element(x.begin(), x.end());
      for (size_t i = 0; i < size_t(n); ++i) {
        dot += double(x[i]) * y[i];
        sum += std::exp(double(x[i]) - most);
      }
      EXPECT(Near(kernels.dot(n, x.data(), y.data()), dot, 1e-5));
      EXPECT(kernels.most(n, x.data()) == most);
      auto powers = x;
      EXPECT(Near(kernels.exp_sum(n, powers.data(), most), sum, 1e-5));
      for (size_t i = 0; i < size_t(n); ++i)
        EXPECT(Near(powers[i], std::exp(double(x[i]) - most), 1e-5));
    }
  });
}

void half_precision_is_rounded_to_the_nearest() {
  Each([](const Kernels& kernels) {
    // 1 + 2^-8 lies between two: ties go to the even one.
    const std::vector<float> x{1.0f, 1.00390625f, 1.01171875f, -3.14159f, 0.0f, 1e-30f, 6e4f};
    std::vector<uint16_t> half(x.size());
    kernels.to_bf16(int(x.size()), x.data(), half.data());
    EXPECT(half[0] == 0x3f80);
    EXPECT(half[1] == 0x3f80);
    EXPECT(half[2] == 0x3f82);
    EXPECT(half[3] == 0xc049);
    EXPECT(half[4] == 0);
  });
}

void steps_are_those_of_adamw() {
  Each([](const Kernels& kernels) {
    constexpr int n = 37;
    auto x = Some(n, 1), m = Some(n, 2), v = Some(n, 3);
    for (float& value : v) value = std::fabs(value);
    const auto g = Some(n, 4);
    const auto x0 = x, m0 = m, v0 = v;
    const float k[7] = {0.01f, 0.9f, 0.99f, 1e-8f, 0.999f, 0.5f, 1.25f};
    kernels.adamw(n, x.data(), g.data(), m.data(), v.data(), k);
    for (size_t i = 0; i < n; ++i) {
      const double grad = g[i] * 0.5, mean = 0.9 * m0[i] + 0.1 * grad,
                   square = 0.99 * v0[i] + 0.01 * grad * grad;
      EXPECT(Near(x[i], x0[i] * 0.999 - 0.01 * mean / (std::sqrt(square) * 1.25 + 1e-8), 1e-5));
    }
  });
}

}  // namespace

int main() {
  RUN(panels_are_products);
  RUN(packed_products_are_products_of_what_was_packed);
  RUN(widened_products_have_all_digits);
  RUN(the_fastest_set_is_one_that_runs_and_stays);
  RUN(subnormal_numbers_are_flushed_in_a_scope);
  RUN(gates_go_back_along_their_slopes);
  RUN(norms_go_back_along_their_slopes);
  RUN(reductions_are_sums);
  RUN(half_precision_is_rounded_to_the_nearest);
  RUN(steps_are_those_of_adamw);
}
