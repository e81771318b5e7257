// The draw of a token, against llama.cpp's samplers over all candidates and against sorting.
#include "core/sampler.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "core/compute.h"
#include "core/contrast.h"
#include "core/likeliest.h"
#include "test/expect.h"
#include "test/tiny_model.h"

using namespace dramatis;

namespace {

std::shared_ptr<Model> OpenTiny() {
  static const test::TinyModel file;
  LoadProgress progress;
  return Model::Open(file.path(), 0, progress);
}

std::vector<float> Row(size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> logit(0, 3);
  std::vector<float> row(n);
  for (float& value : row) value = logit(random);
  return row;
}

// As Sampler did before it was fast: every token is a candidate, every sampler sees all of them.
class Slow {
 public:
  Slow(const llama_vocab* vocab, const Sampling& s) : chain_(Chain()) {
    static const char* breakers[] = {"\n", ":", "\"", "*"};
    const auto add = [&](llama_sampler* one) { llama_sampler_chain_add(chain_, one); };
    const int n = llama_vocab_n_tokens(vocab);
    add(llama_sampler_init_penalties(n, s.repeat_last, s.repeat_penalty, 0, 0));
    add(llama_sampler_init_dry(vocab, s.dry_multiplier, s.dry_base, s.dry_allowed, s.dry_last,
                               breakers, std::size(breakers)));
    if (s.temperature <= 0) {
      add(llama_sampler_init_greedy());
      return;
    }
    if (s.top_n_sigma > 0) add(llama_sampler_init_top_n_sigma(s.top_n_sigma));
    if (s.top_k > 0) add(llama_sampler_init_top_k(s.top_k));
    if (s.top_p < 1) add(llama_sampler_init_top_p(s.top_p, 1));
    if (s.min_p > 0) add(llama_sampler_init_min_p(s.min_p, 1));
    add(llama_sampler_init_temp(s.temperature));
    add(llama_sampler_init_dist(s.seed));
  }
  ~Slow() { llama_sampler_free(chain_); }
  Slow(const Slow&) = delete;
  Slow& operator=(const Slow&) = delete;

  llama_token Sample(const std::vector<float>& row) {
    std::vector<llama_token_data> all;
    for (size_t i = 0; i < row.size(); ++i) all.push_back({llama_token(i), row[i], 0});
    llama_token_data_array array{all.data(), all.size(), -1, false};
    llama_sampler_apply(chain_, &array);
    const llama_token token = array.data[array.selected].id;
    llama_sampler_accept(chain_, token);
    return token;
  }

 private:
  static llama_sampler* Chain() {
    return llama_sampler_chain_init(llama_sampler_chain_default_params());
  }
  llama_sampler* const chain_;
};

void a_token_is_the_one_that_llama_cpp_s_samplers_draw_from_all() {
  auto model = OpenTiny();
  const size_t n = size_t(llama_vocab_n_tokens(model->vocab()));
  for (const float temperature : {0.0f, 0.8f, 1.5f}) {
    for (const int top_k : {0, 1, 5, 40}) {
      for (const float top_p : {1.0f, 0.9f}) {
        for (const float penalty : {1.0f, 1.3f}) {
          Sampling s;
          s.temperature = temperature;
          s.top_k = top_k;
          s.top_p = top_p;
          s.min_p = 0.05f;
          s.repeat_penalty = penalty;
          s.repeat_last = 16;
          s.dry_multiplier = 0.8f;
          s.dry_allowed = 1;
          s.dry_last = 32;
          s.seed = 7;
          Sampler fast(model, s);
          Slow slow(model->vocab(), s);
          for (unsigned i = 0; i < 40; ++i) {
            auto row = Row(n, i % 5);  // the same again and again: something to penalize
            EXPECT(fast.Sample(row.data()).token == slow.Sample(row));
          }
        }
      }
    }
  }
}

void top_n_sigma_draws_as_llama_cpp_s_does_where_nothing_is_penalized() {
  auto model = OpenTiny();
  const size_t n = size_t(llama_vocab_n_tokens(model->vocab()));
  for (const float sigma : {0.5f, 1.0f, 2.0f}) {
    for (const float temperature : {0.8f, 3.0f}) {
      Sampling s;
      s.temperature = temperature;
      s.top_n_sigma = sigma;
      s.repeat_last = s.dry_last = 0;
      s.seed = 3;
      Sampler fast(model, s);
      Slow slow(model->vocab(), s);
      for (unsigned i = 0; i < 60; ++i) {
        const auto row = Row(n, i);
        const llama_token token = fast.Sample(row.data()).token;
        EXPECT(token == slow.Sample(row));
        // And plainly: mean and deviation by two passes, in double.
        double mean = 0, squares = 0;
        for (float logit : row) mean += logit / double(n);
        for (float logit : row) squares += (logit - mean) * (logit - mean) / double(n);
        const float most = *std::max_element(row.begin(), row.end());
        EXPECT(row[size_t(token)] >= most - sigma * std::sqrt(squares) - 1e-3);
      }
    }
  }
}

void the_likeliest_are_those_that_sorting_finds() {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const size_t n = 1 + random() % 300;
    auto row = Row(n, unsigned(round));
    for (float& value : row) {
      if (random() % 4 == 0) value = std::round(value);  // equals
      if (random() % 9 == 0) value = -INFINITY;
    }
    std::vector<uint64_t> bits((n + 63) / 64);
    for (uint64_t& word : bits) word = random() % 3 == 0 ? ~uint64_t(0) : random();
    const bool masked = random() % 2 == 0;
    const size_t most = random() % 3 == 0 ? 0 : 1 + random() % 50;
    const float least = random() % 2 == 0 ? -INFINITY : 0.5f;

    std::vector<int> wanted;
    for (int i = 0; i < int(n); ++i) {
      const bool is_open = !masked || (bits[size_t(i) / 64] >> (i % 64) & 1) != 0;
      if (is_open && row[size_t(i)] >= least) wanted.push_back(i);
    }
    const auto never = [&](int i) { return row[size_t(i)] == -INFINITY; };
    if (!std::all_of(wanted.begin(), wanted.end(), never))
      wanted.erase(std::remove_if(wanted.begin(), wanted.end(), never), wanted.end());
    if (most > 0) {
      std::stable_sort(wanted.begin(), wanted.end(),
                       [&](int a, int b) { return row[size_t(a)] > row[size_t(b)]; });
      wanted.resize(std::min(wanted.size(), most));
    }
    std::vector<llama_token_data> found;
    Likeliest(row.data(), n, masked ? &bits : nullptr, most, least, found);
    EXPECT(found.size() == wanted.size());
    for (size_t i = 0; i < found.size(); ++i) EXPECT(found[i].id == wanted[i]);
  }
}

void contrast_is_the_mixture_of_log_probabilities() {
  const auto own = Row(500, 1), base = Row(500, 2);
  const auto log_probabilities = [](const std::vector<float>& row) {
    double sum = 0;
    for (float logit : row) sum += std::exp(double(logit));
    std::vector<double> found;
    for (float logit : row) found.push_back(logit - std::log(sum));
    return found;
  };
  const auto p = log_probabilities(own), q = log_probabilities(base);
  for (const float alpha : {0.0f, 0.5f, 1.0f, 1.7f, 4.0f}) {
    std::vector<float> mixed;
    Contrast(own, base, alpha, mixed);
    for (size_t i = 1; i < own.size(); ++i) {
      const auto slow = [&](size_t t) {
        if (alpha <= 1) return q[t] + alpha * (p[t] - q[t]);
        return p[t] + (alpha - 1) * std::clamp(p[t] - q[t], -5.0, 5.0);
      };
      EXPECT(std::fabs((mixed[i] - mixed[0]) - (slow(i) - slow(0))) < 1e-4);
    }
  }
}

}  // namespace

int main() {
  Compute::Get().Load("", {});
  RUN(a_token_is_the_one_that_llama_cpp_s_samplers_draw_from_all);
  RUN(top_n_sigma_draws_as_llama_cpp_s_does_where_nothing_is_penalized);
  RUN(the_likeliest_are_those_that_sorting_finds);
  RUN(contrast_is_the_mixture_of_log_probabilities);
}
