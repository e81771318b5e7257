// Every set of training kernels that this CPU runs, against the same written out in double
// precision.
#include "core/train/kernels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "core/train/packed_matrix.h"
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
  for (const char* name : {"plain", "avx2", "avx512", "avx512bf16"})
    if (const Kernels* kernels = KernelsNamed(name)) test(*kernels);
}

bool Near(double a, double b, double most) { return std::fabs(a - b) <= most * (1 + std::fabs(b)); }

void panels_are_products() {
  Each([](const Kernels& kernels) {
    for (const int rows : {1, 2, 11, 12, 13, 29}) {
      for (const int width : {kPanel, 5}) {
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

void packed_products_are_products_of_what_was_packed() {
  Each([](const Kernels& kernels) {
    constexpr int kOut = 45, kIn = 21, kRows = 17;
    const auto w = Some(kOut * kIn, 1), x = Some(kRows * kIn, 2);
    for (const auto type : {PackedMatrix::Type::kF32, PackedMatrix::Type::kBf16}) {
      const bool bf16 = type == PackedMatrix::Type::kBf16;
      if (bf16 && kernels.panel_bf16 == nullptr) continue;
      PackedMatrix by_row(type, kOut, kIn), by_column(type, kIn, kOut);
      for (int i = 0; i < kOut; ++i) {
        by_row.SetRow(i, &w[size_t(i * kIn)]);
        by_column.SetColumn(i, &w[size_t(i * kIn)]);
      }
      for (const PackedMatrix* packed : {&by_row, &by_column}) {
        const bool turned = packed == &by_column;
        const int out = packed->out(), in = packed->in();
        const auto from = turned ? Some(kRows * kOut, 3) : x;
        std::vector<uint16_t> half(size_t(kRows) * 2 * packed->pairs());
        if (bf16) {
          for (int i = 0; i < kRows; ++i)
            kernels.to_bf16(in, &from[size_t(i * in)], &half[size_t(i) * 2 * packed->pairs()]);
        }
        std::vector<float> c(size_t(kRows * out));
        for (int p = 0; p < packed->panels(); ++p) {
          const int width = std::min(kPanel, out - p * kPanel);
          if (bf16) {
            kernels.panel_bf16(kRows, packed->pairs(), half.data(), 2 * packed->pairs(),
                               packed->bf16(p), &c[size_t(p * kPanel)], out, width, false);
          } else {
            kernels.panel(kRows, in, from.data(), in, 1, packed->f32(p), kPanel,
                          &c[size_t(p * kPanel)], out, width, false);
          }
        }
        for (int i = 0; i < kRows; ++i) {
          for (int o = 0; o < out; ++o) {
            double sum = 0;
            for (int j = 0; j < in; ++j) {
              const float weight = turned ? w[size_t(j * kIn + o)] : w[size_t(o * kIn + j)];
              sum += double(from[size_t(i * in + j)]) * weight;
            }
            EXPECT(std::fabs(c[size_t(i * out + o)] - sum) <= (bf16 ? 0.1 : 1e-4));
          }
        }
      }
    }
  });
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
  RUN(gates_go_back_along_their_slopes);
  RUN(norms_go_back_along_their_slopes);
  RUN(reductions_are_sums);
  RUN(half_precision_is_rounded_to_the_nearest);
  RUN(steps_are_those_of_adamw);
}
