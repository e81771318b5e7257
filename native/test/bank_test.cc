// The adapter bank: what it adds is what llama.cpp's own adapters add, whoever shares the step.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/bank/adapter_bank.h"
#include "core/bank/factors.h"
#include "core/compute.h"
#include "core/hidden_sums.h"
#include "core/session.h"
#include "test/code_of.h"
#include "test/expect.h"
#include "test/tiny_adapter.h"
#include "test/tiny_model.h"

using namespace dramatis;
using test::CodeOf;

namespace {

using Adapters = std::vector<std::pair<std::shared_ptr<Adapter>, float>>;

// `form` and `precision` as in BankOptions.
std::shared_ptr<Model> OpenTiny(const std::string& architecture = "llama",
                                const std::string& form = "fused",
                                const std::string& precision = "f32", int slots = 4,
                                int rank = 16) {
  const test::TinyModel file(architecture);
  LoadProgress progress;
  auto model = Model::Open(file.path(), 0, progress);
  bank::BankOptions options;
  options.slots = slots;
  options.rank = rank;
  options.form = form;
  options.precision = precision;
  model->SetBank(options);
  return model;
}

std::vector<llama_token> Some(int n, int seed = 1) {
  std::vector<llama_token> tokens;
  for (int i = 0; i < n; ++i)
    tokens.push_back(3 + (i * 31 + seed * 17) % (test::TinyModel::kVocabulary - 3));
  return tokens;
}

void Apply(Session& session, const Adapters& adapters, int from = 0) {
  while (!session.ApplyAdapters({{from, adapters}})) {
  }
}

std::unique_ptr<Sampler> Drawing(const std::shared_ptr<Model>& model, uint32_t seed) {
  Sampling sampling;
  sampling.temperature = 0.9f;
  sampling.seed = seed;
  auto sampler = std::make_unique<Sampler>(model, sampling);
  sampler->SetBias({{2, -INFINITY}});  // never ends of itself
  return sampler;
}

// Log-probabilities of all tokens after the timeline, in two steps' worth of branches.
std::vector<float> Distribution(Session& session) {
  TokenTree tree;
  for (int token = 0; token < test::TinyModel::kVocabulary; ++token) {
    tree.tokens.push_back(token);
    tree.parents.push_back(-1);
    tree.scored.push_back(1);
  }
  return session.ScoreTree(tree);
}

// The largest difference over the range of values.
double Difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT(a.size() == b.size());
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::fabs(double(a[i]) - b[i]));
  const auto [low, high] = std::minmax_element(b.begin(), b.end());
  return most / (double(*high) - *low);
}

// y += gain · B A x in double.
void the_kernels_of_all_cpus_add_what_the_definition_says() {
  for (const char* name : {"avx512bf16", "avx512", "avx2", "plain"}) {
    const bank::Kernels* kernels = bank::KernelsNamed(name);
    if (kernels == nullptr) continue;
    for (const auto precision : {bank::Precision::kF32, bank::Precision::kBf16})
      for (const auto& [in, out, rank, rows] : std::vector<std::array<int, 4>>{{64, 96, 16, 1},
                                                                               {33, 40, 5, 3},
                                                                               {7, 8, 1, 25},
                                                                               {300, 70, 33, 31},
                                                                               {600, 64, 8, 12}}) {
        unsigned random = 3;
        const auto fill = [&](size_t n) {
          std::vector<float> values(n);
          for (float& value : values) {
            random = random * 1664525u + 1013904223u;
            value = float(random >> 8) / float(1u << 23) - 1;
          }
          return values;
        };
        const auto a = fill(size_t(rank) * in), b = fill(size_t(out) * rank),
                   x = fill(size_t(rows) * in), before = fill(size_t(rows) * out),
                   gains = fill(size_t(rows));
        const bank::Factors factors(precision, in, out, rank, a.data(), b.data(), 0.5f);
        auto y = before;
        // In two cuts, as two threads do it.
        const int cut = std::min(out, bank::kOutputs);
        factors.Add(*kernels, rows, x.data(), in, gains.data(), 1, y.data(), out, 0, cut);
        if (cut < out)
          factors.Add(*kernels, rows, x.data(), in, gains.data(), 1, y.data(), out, cut, out - cut);
        const double near = precision == bank::Precision::kF32 ? 1e-5 : 2e-2;
        for (int i = 0; i < rows; ++i) {
          auto alone = std::vector<float>(before.begin() + i * out, before.begin() + (i + 1) * out);
          factors.Add(*kernels, 1, x.data() + i * in, in, gains.data() + i, 1, alone.data(), out, 0,
                      out);
          for (int o = 0; o < out; ++o) {
            double sum = 0, size = 0;
            for (int r = 0; r < rank; ++r) {
              double u = 0;
              for (int j = 0; j < in; ++j) u += double(a[r * in + j]) * x[i * in + j];
              sum += u * b[o * rank + r] * 0.5 * gains[i];
              size += std::fabs(u) + std::sqrt(double(in));
            }
            EXPECT(std::fabs(y[i * out + o] - (before[i * out + o] + sum)) <= near * (1 + size));
            EXPECT(y[i * out + o] == alone[o]);  // who shares the step changes no bit
          }
        }
      }
  }
}

// All halves that are finite, and floats on both sides of what BF16 rounds to.
void numbers_of_files_are_read_exactly() {
  std::vector<uint16_t> halves;
  for (uint32_t bits = 0; bits < 1u << 16; ++bits)
    if ((bits & 0x7c00u) != 0x7c00u) halves.push_back(uint16_t(bits));
  std::vector<float> x;
  for (int i = -200; i <= 200; ++i) x.push_back(float(i) * (1 + float(i) / 512.0f));
  for (const char* name : {"avx512bf16", "avx512", "avx2", "plain"}) {
    const bank::Kernels* kernels = bank::KernelsNamed(name);
    if (kernels == nullptr) continue;
    std::vector<float> wide(halves.size());
    kernels->widen(halves.size(), halves.data(), wide.data());
    for (size_t i = 0; i < halves.size(); ++i)
      EXPECT(wide[i] == ggml_fp16_to_fp32(ggml_fp16_t(halves[i])) &&
             std::signbit(wide[i]) == (halves[i] >= 0x8000u));
    std::vector<uint16_t> rounded(x.size());
    kernels->round(x.size(), x.data(), 0.75f, rounded.data());
    for (size_t i = 0; i < x.size(); ++i)
      EXPECT(rounded[i] == ggml_fp32_to_bf16(0.75f * x[i]).bits);
  }
}

Session Exact(const std::shared_ptr<Model>& model) {
  Context::Options options{128, 64};
  options.is_exact = true;
  return Session(std::make_shared<Context>(model, options), 128);
}

// What the bank adds is what llama.cpp adds, and not nothing.
void ExpectAsStock(Session& bank, Session& stock, Session& bare) {
  for (Session* session : {&bare, &bank, &stock}) {
    session->Rewind(0);
    session->Feed(Some(37));
    session->Feed(Some(1, 4));
  }
  const auto expected = Distribution(stock);
  EXPECT(Difference(Distribution(bank), expected) <= 1e-5);
  EXPECT(Difference(Distribution(bare), expected) > 1e-3);
}

void a_bank_adds_what_llama_cpp_adds() {
  for (const char* architecture : {"llama", "qwen2", "qwen3", "gemma3"})
    for (const char* form : {"fused", "stacked"}) {
      auto model = OpenTiny(architecture, form);
      auto all = test::TinyAdapter{5, 8}.Open(model);
      test::TinyAdapter some{6, 3};
      some.takes = [](const std::string& name) {
        return name.find("attn_v") != name.npos || name.find("blk.1.ffn_down") != name.npos;
      };
      const auto part = some.Open(model);
      Session bare = Exact(model), bank = Exact(model), stock = Exact(model);
      for (const Adapters& active :
           {Adapters{{all, 1.f}}, Adapters{{part, 0.7f}}, Adapters{{all, 0.4f}, {part, -1.5f}}}) {
        Apply(bank, active);
        stock.ApplyStock(active);
        ExpectAsStock(bank, stock, bare);
      }
    }
}

// After every layer that llama.cpp's own can follow: it leaves out the first.
std::vector<Adapter::Direction> SomeDirections(const std::shared_ptr<Model>& model, int seed) {
  std::vector<Adapter::Direction> directions;
  const int width = llama_model_n_embd(model->get());
  for (int layer = 1; layer < llama_model_n_layer(model->get()); ++layer) {
    std::vector<float> values;
    for (int i = 0; i < width; ++i)
      values.push_back(std::sin(float(seed * 100 + layer * 7 + i * 3)) * 0.3f);
    directions.push_back({layer, values});
  }
  return directions;
}

// llama.cpp's own control vector: `gain` times these, on all of a context.
void ApplyStockControl(Session& session, const std::vector<Adapter::Direction>& directions,
                       float gain) {
  const int width = llama_model_n_embd(session.model()->get());
  const int layers = llama_model_n_layer(session.model()->get());
  std::vector<float> data(size_t(width) * size_t(layers));
  for (const auto& [layer, values] : directions)
    for (int i = 0; i < width; ++i)
      data[size_t(layer - 1) * size_t(width) + size_t(i)] = gain * values[size_t(i)];
  EXPECT(llama_set_adapter_cvec(session.context()->get(), data.data(), data.size(), width, 1,
                                layers) == 0);
}

void a_direction_adds_what_llama_cpps_control_vector_adds() {
  for (const char* architecture : {"llama", "qwen2", "qwen3", "gemma3"})
    for (const char* form : {"fused", "stacked"}) {
      auto model = OpenTiny(architecture, form);
      const auto directions = SomeDirections(model, 3);
      auto control = std::make_shared<Adapter>(model, directions);
      auto lora = test::TinyAdapter{5, 8}.Open(model);
      Session bare = Exact(model), bank = Exact(model), stock = Exact(model);
      for (const Adapters& active :
           {Adapters{{control, 0.7f}}, Adapters{{lora, 0.6f}, {control, -1.3f}}}) {
        Apply(bank, active);
        stock.ApplyStock(active.size() > 1 ? Adapters{active[0]} : Adapters{});
        ApplyStockControl(stock, directions, active.back().second);
        ExpectAsStock(bank, stock, bare);
      }
    }
}

void each_timeline_has_its_own_control_vector_and_strength() {
  for (const char* form : {"fused", "stacked"}) {
    auto model = OpenTiny("llama", form);
    auto one = std::make_shared<Adapter>(model, SomeDirections(model, 1));
    auto other = std::make_shared<Adapter>(model, SomeDirections(model, 2));
    auto together = std::make_shared<Context>(model, Context::Options{512, 64, 64, 3});
    const std::vector<Adapters> active{{{one, 1}}, {{other, 0.4f}}, {}};
    std::vector<std::unique_ptr<Session>> shared, alone;
    for (const Adapters& each : active) {
      for (auto* sessions : {&shared, &alone}) {
        const auto context = sessions == &shared
                                 ? together
                                 : std::make_shared<Context>(model, Context::Options{128, 64, 64});
        auto session = std::make_unique<Session>(context, 128);
        session->SetSampler(Drawing(model, 7));
        session->Feed(Some(20));
        Apply(*session, each, 20);  // on what is said, and not on what was read
        sessions->push_back(std::move(session));
      }
    }
    std::vector<Session::Voice> voices;
    for (auto& session : shared) voices.push_back({session.get()});
    for (int step = 0; step < 12; ++step) {
      const auto tokens = Session::NextOfEach(voices);
      for (size_t i = 0; i < alone.size(); ++i) EXPECT(alone[i]->Next() == tokens[i]);
    }
    const int reserves = together->reserves();
    Apply(*shared[0], {{one, 3}}, 20);
    shared[0]->Next();
    EXPECT(together->reserves() == reserves);
  }
}

void a_control_vector_that_does_not_fit_is_refused() {
  auto model = OpenTiny();
  auto directions = SomeDirections(model, 1);
  directions[0].values.pop_back();
  EXPECT(CodeOf([&] { Adapter(model, directions); }) == "ADAPTER_MISMATCH");
  directions = SomeDirections(model, 1);
  directions[0].layer = 99;
  EXPECT(CodeOf([&] { Adapter(model, directions); }) == "ADAPTER_MISMATCH");
  directions = SomeDirections(model, 1);
  directions[0].values[3] = NAN;
  EXPECT(CodeOf([&] { Adapter(model, directions); }) == "ADAPTER_MISMATCH");
}

void hidden_states_of_texts_are_summed_as_if_each_were_read_alone() {
  auto model = OpenTiny();
  const auto a = Some(9, 1), b = Some(14, 2);
  const auto both = HiddenSums(model, {a, b}, 2);
  const auto first = HiddenSums(model, {a}, 2), second = HiddenSums(model, {b}, 2);
  const size_t width = size_t(llama_model_n_embd(model->get()));
  EXPECT(both.size() == width * size_t(llama_model_n_layer(model->get()) - 1));
  double most = 0, largest = 0;
  for (size_t i = 0; i < both.size(); ++i) {
    most = std::max(most, std::fabs(both[i] - first[i] - second[i]));
    largest = std::max(largest, std::fabs(both[i]));
  }
  EXPECT(largest > 0);
  EXPECT(most <= 1e-4 * largest);
  // A text's state does not depend on what comes after it.
  const auto shorter = HiddenSums(model, {{a.begin(), a.end() - 1}}, 2);
  const auto last = HiddenSums(model, {a}, int(a.size()) - 1);
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT(std::fabs(first[i] - shorter[i] - last[i]) <= 1e-4 * largest);
}

void half_precision_is_near_full_precision() {
  for (const auto& [form, precision] :
       std::vector<std::pair<std::string, std::string>>{{"fused", "bf16"}, {"stacked", "f16"}}) {
    auto full = OpenTiny(), half = OpenTiny("llama", form, precision);
    Session a(full, 128), b(half, 128);
    Apply(a, {{test::TinyAdapter{5, 8}.Open(full), 1}});
    Apply(b, {{test::TinyAdapter{5, 8}.Open(half), 1}});
    a.Feed(Some(40));
    b.Feed(Some(40));
    EXPECT(Difference(Distribution(b), Distribution(a)) <= 2e-2);
  }
}

void switching_makes_no_scheduler_and_no_graph() {
  // A step that a neighbour stalls would be run again, and be counted again.
  Compute::Get().SetThreads(1, /*adapt=*/false);
  for (const char* form : {"fused", "stacked"}) {
    auto model = OpenTiny("llama", form);
    std::vector<std::shared_ptr<Adapter>> adapters;
    for (int i = 0; i < 4; ++i) adapters.push_back(test::TinyAdapter{i + 1}.Open(model));
    Session session(model, 128);
    session.SetSampler(Drawing(model, 1));
    Apply(session, {{adapters[0], 1}});
    session.Feed(Some(20));
    for (int i = 0; i < 3; ++i) session.Next();
    const int reserves = session.context()->reserves(), reused = session.context()->reused();
    for (int i = 0; i < 40; ++i) {
      Apply(session, {{adapters[i % 4], 0.5f + float(i % 3)}});
      session.Next();
    }
    EXPECT(session.context()->reserves() == reserves);
    EXPECT(session.context()->reused() - reused == 40);
  }
  Compute::Get().SetThreads(2, /*adapt=*/true);
}

// What four timelines of one cache say, a token each in a step, and what each says in a cache of
// its own.
void who_else_is_in_the_cache_changes_no_token() {
  for (const char* form : {"fused", "stacked"}) {
    auto model = OpenTiny("llama", form);
    std::vector<std::shared_ptr<Adapter>> adapters{nullptr};
    for (int i = 1; i < 4; ++i) adapters.push_back(test::TinyAdapter{i}.Open(model));
    auto context = std::make_shared<Context>(model, Context::Options{1024, 256, 64, 4});
    std::vector<std::shared_ptr<Session>> shared, alone;
    std::vector<Session::Voice> together;
    for (int i = 0; i < 4; ++i) {
      shared.push_back(std::make_shared<Session>(context, 256));
      alone.push_back(std::make_shared<Session>(model, 256));
      for (auto* session : {shared[size_t(i)].get(), alone[size_t(i)].get()}) {
        if (adapters[size_t(i)]) Apply(*session, {{adapters[size_t(i)], 1}});
        session->SetSampler(Drawing(model, uint32_t(i)));
      }
      together.push_back({shared[size_t(i)].get()});
    }
    for (int turn = 0; turn < 3; ++turn) {
      for (int i = 0; i < 4; ++i)
        for (auto* session : {shared[size_t(i)].get(), alone[size_t(i)].get()}) {
          if (turn == 2 && i % 2 == 1) session->Rewind(15);  // leaves gaps that others fill
          session->Feed(Some(20 + 3 * i, i + turn));
        }
      for (int step = 0; step < 12; ++step) {
        const auto said = Session::NextOfEach(together);
        for (size_t i = 0; i < 4; ++i) EXPECT(said[i] == alone[i]->Next());
      }
    }
  }
}

void a_fork_goes_on_where_it_began_and_shares_what_came_before() {
  auto model = OpenTiny();
  const auto adapter = test::TinyAdapter{3}.Open(model);
  auto context = std::make_shared<Context>(model, Context::Options{256, 256, 64, 3});
  auto told = std::make_shared<Session>(context, 256);
  told->Feed(Some(100));
  // Three times the transcript would not fit.
  std::vector<std::shared_ptr<Session>> forks{told->Fork(), told->Fork()};
  for (auto& fork : forks) {
    Apply(*fork, {{adapter, 1}}, 100);
    fork->Feed(Some(10, 5));
  }
  Session alone(model, 256);
  Apply(alone, {{adapter, 1}}, 100);
  alone.Feed(Some(100));
  alone.Feed(Some(10, 5));
  EXPECT(Difference(Distribution(*forks[0]), Distribution(alone)) <= 1e-5);
  EXPECT(Difference(Distribution(*forks[1]), Distribution(alone)) <= 1e-5);
  told->Feed(Some(10, 5));
  Session bare(model, 256);
  bare.Feed(Some(100));
  bare.Feed(Some(10, 5));
  EXPECT(Difference(Distribution(*told), Distribution(bare)) <= 1e-5);
  EXPECT(Difference(Distribution(*told), Distribution(*forks[0])) > 1e-3);
}

void a_position_says_what_acts_however_the_tokens_come() {
  auto model = OpenTiny();
  const auto one = test::TinyAdapter{1}.Open(model), other = test::TinyAdapter{2}.Open(model);
  const std::vector<Session::Span> spans{{0, {{one, 1}}}, {7, {}}, {19, {{one, 0.5f}, {other, 1}}}};
  Session whole(model, 128), sliced(model, 128), changed(model, 128);
  const auto tokens = Some(30);
  whole.ApplyAdapters(spans);
  whole.Feed(tokens);
  sliced.ApplyAdapters(spans);
  for (int at = 0; at < 30; at += 4)
    sliced.Feed({tokens.begin() + at, tokens.begin() + std::min(30, at + 4)});
  for (size_t i = 0; i < spans.size(); ++i) {
    Apply(changed, spans[i].adapters);
    const int end = i + 1 < spans.size() ? spans[i + 1].from : 30;
    changed.Feed({tokens.begin() + spans[i].from, tokens.begin() + end});
  }
  EXPECT(Difference(Distribution(sliced), Distribution(whole)) <= 1e-5);
  EXPECT(Difference(Distribution(changed), Distribution(whole)) <= 1e-5);
}

void the_one_used_longest_ago_makes_room_and_one_in_use_does_not() {
  auto model = OpenTiny("llama", "fused", "f32", /*slots=*/2);
  std::vector<std::shared_ptr<Adapter>> adapters;
  for (int i = 0; i < 3; ++i) adapters.push_back(test::TinyAdapter{i + 1}.Open(model));
  Session a(model, 64), b(model, 64), c(model, 64);
  Apply(a, {{adapters[0], 1}});
  Apply(b, {{adapters[1], 1}});
  EXPECT(CodeOf([&] { Apply(c, {{adapters[2], 1}}); }) == "MEMORY_SHORT");
  EXPECT(model->bank()->loads() == 2);
  Apply(b, {});
  Apply(c, {{adapters[2], 1}});  // where the second was
  Apply(b, {{adapters[0], 1}});  // resident still
  EXPECT(model->bank()->loads() == 3);
  Apply(a, {});
  Apply(b, {});
  Apply(a, {{adapters[1], 1}});
  a.Feed(Some(20));
  Session fresh(OpenTiny(), 64);
  Apply(fresh, {{test::TinyAdapter{2}.Open(fresh.model()), 1}});
  fresh.Feed(Some(20));
  EXPECT(Difference(Distribution(a), Distribution(fresh)) == 0);
}

void an_adapter_that_nobody_holds_leaves_its_place() {
  auto model = OpenTiny("llama", "fused", "f32", /*slots=*/1);
  for (int i = 0; i < 20; ++i) {
    Session session(model, 64);
    Apply(session, {{test::TinyAdapter{i}.Open(model), 1}});
    session.Feed(Some(3));
  }
  EXPECT(model->bank()->resident() == 0);
}

void a_rank_above_the_banks_is_refused() {
  for (const char* form : {"fused", "stacked"}) {
    auto model = OpenTiny("llama", form, "f32", 2, /*rank=*/8);
    Session session(model, 64);
    const auto wide = test::TinyAdapter{1, 9}.Open(model);
    EXPECT(CodeOf([&] { Apply(session, {{wide, 1}}); }) == "ADAPTER_MISMATCH");
    session.Feed(Some(3));
  }
}

void more_sessions_than_the_cache_was_made_for_are_refused() {
  auto model = OpenTiny();
  auto context = std::make_shared<Context>(model, Context::Options{128, 64, 64, 2});
  auto first = std::make_shared<Session>(context, 64);
  auto second = first->Fork();
  EXPECT(CodeOf([&] { first->Fork(); }) == "MEMORY_SHORT");
  second.reset();
  EXPECT(first->Fork()->length() == 0);
}

// The trap of a cache that is known by its tokens alone, which the reference server falls into
// (llama.cpp #26207).
void a_cache_that_another_adapter_made_says_something_else() {
  auto model = OpenTiny();
  const auto one = test::TinyAdapter{1}.Open(model), other = test::TinyAdapter{2}.Open(model);
  Session by_tokens(model, 128), cold(model, 128);
  Apply(by_tokens, {{one, 1}});
  by_tokens.Feed(Some(30));
  Apply(by_tokens, {{other, 1}});
  by_tokens.Feed(Some(1, 9));  // the 30 tokens are there already
  Apply(cold, {{other, 1}});
  cold.Feed(Some(30));
  cold.Feed(Some(1, 9));
  EXPECT(Difference(Distribution(by_tokens), Distribution(cold)) > 1e-3);
}

}  // namespace

int main() {
  Compute::Get().Load("", {});
  Compute::Get().SetThreads(2, /*adapt=*/true);
  RUN(the_kernels_of_all_cpus_add_what_the_definition_says);
  RUN(numbers_of_files_are_read_exactly);
  RUN(a_bank_adds_what_llama_cpp_adds);
  RUN(a_direction_adds_what_llama_cpps_control_vector_adds);
  RUN(each_timeline_has_its_own_control_vector_and_strength);
  RUN(a_control_vector_that_does_not_fit_is_refused);
  RUN(hidden_states_of_texts_are_summed_as_if_each_were_read_alone);
  RUN(half_precision_is_near_full_precision);
  RUN(switching_makes_no_scheduler_and_no_graph);
  RUN(who_else_is_in_the_cache_changes_no_token);
  RUN(a_fork_goes_on_where_it_began_and_shares_what_came_before);
  RUN(a_position_says_what_acts_however_the_tokens_come);
  RUN(the_one_used_longest_ago_makes_room_and_one_in_use_does_not);
  RUN(an_adapter_that_nobody_holds_leaves_its_place);
  RUN(a_rank_above_the_banks_is_refused);
  RUN(more_sessions_than_the_cache_was_made_for_are_refused);
  RUN(a_cache_that_another_adapter_made_says_something_else);
}
