#include "core/grammar/compare.h"

#include <time.h>

#include <chrono>
#include <cmath>
#include <random>

#include "core/error.h"
#include "core/grammar/product.h"
#include "core/log.h"

namespace dramatis::grammar {
namespace {

// Time of this thread on its processor, in microseconds: others may use the machine meanwhile.
double Now() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) * 1e-3;
#else
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
#endif
}

struct FreeSampler {
  void operator()(llama_sampler* sampler) const noexcept { llama_sampler_free(sampler); }
};

std::unique_ptr<llama_sampler, FreeSampler> Stock(const llama_vocab* vocab,
                                                  const std::string& text) {
  TakeLoggedError();
  std::unique_ptr<llama_sampler, FreeSampler> sampler(
      llama_sampler_init_grammar(vocab, text.c_str(), "root"));
  if (!sampler)
    throw Error("GRAMMAR_INVALID", "llama.cpp refuses the grammar: " + TakeLoggedError());
  return sampler;
}

// What a token costs as a sampler pays it, in microseconds: the one before it said, what may follow
// worked out and what weighs put on the logits.
double Step(Product& product, const std::vector<llama_token>& reply, size_t at,
            std::vector<float>& logits) {
  const double start = Now();
  if (at > 0) product.Accept(reply[at - 1]);
  product.Look();
  product.AddGains(float(kLogWeightUnit), logits.data());
  return Now() - start;
}

bool Allows(const Product& product, llama_token token) {
  return product.open()[size_t(token) / 64] >> (token % 64) & 1;
}

}  // namespace

std::vector<double> Measure(const Model& model, const std::string& text,
                            const std::vector<std::vector<llama_token>>& replies) {
  const auto grammar = model.CompileGrammar(text);
  std::vector<float> logits(size_t(grammar->vocabulary().tokens()));
  std::vector<double> us;
  for (const auto& reply : replies) {
    Product product({grammar});
    for (size_t at = 0;; ++at) {
      us.push_back(Step(product, reply, at, logits));
      if (at == reply.size() || !Allows(product, reply[at])) break;
    }
  }
  return us;
}

Comparison Compare(const Model& model, const std::string& text,
                   const std::vector<std::vector<llama_token>>& replies) {
  const auto vocabulary = model.Vocabulary();
  const llama_vocab* vocab = model.vocab();
  const size_t n = size_t(llama_vocab_n_tokens(vocab));
  Comparison result;
  double start = Now();
  const auto grammar = model.CompileGrammar(text);
  result.ours_compile_us = Now() - start;
  start = Now();
  Stock(vocab, text);
  result.stock_compile_us = Now() - start;

  std::vector<float> logits(n);
  std::vector<llama_token_data> candidates(n);
  for (const auto& reply : replies) {
    Product product({grammar});
    Cursor cursor(grammar);  // tells where a character is half said
    auto stock = Stock(vocab, text);
    for (size_t at = 0;; ++at) {
      result.ours_us.push_back(Step(product, reply, at, logits));
      if (at > 0) cursor.Accept(reply[at - 1]);

      for (size_t id = 0; id < n; ++id) candidates[id] = {llama_token(id), 0, 0};
      llama_token_data_array all{candidates.data(), n, -1, false};
      start = Now();
      if (at > 0) llama_sampler_accept(stock.get(), reply[at - 1]);
      llama_sampler_apply(stock.get(), &all);
      result.stock_us.push_back(Now() - start);

      ++result.states;
      const bool mid_character = cursor.InsideCharacter();
      for (size_t id = 0; id < n; ++id) {
        const bool ours = Allows(product, llama_token(id)),
                   theirs = candidates[id].logit != -INFINITY;
        if (ours == theirs) continue;
        const bool end = vocabulary->IsEnd(llama_token(id));
        if (theirs && (end ? mid_character : vocabulary->Piece(llama_token(id)).empty())) continue;
        ++(ours ? result.only_ours : result.only_stock);
        if (result.first_difference.empty()) {
          result.first_difference = "token " + std::to_string(id) + " \"" +
                                    model.Piece(llama_token(id)) + "\" after " +
                                    std::to_string(at) + " tokens is allowed by " +
                                    (ours ? "ours" : "llama.cpp") + " only";
        }
      }
      if (at == reply.size() || !Allows(product, reply[at])) break;
    }
  }
  return result;
}

std::vector<llama_token> RandomReply(std::shared_ptr<Grammar> grammar, uint32_t seed, int most) {
  std::mt19937 random(seed);
  std::vector<llama_token> reply;
  const int n = grammar->vocabulary().tokens();
  Cursor cursor(grammar);
  while (int(reply.size()) < most) {
    const auto mask = cursor.Next();
    if (mask->count == 0 || (mask->can_end && random() % 8 == 0)) break;
    // The k-th allowed one.
    uint32_t k = uint32_t(random() % mask->count);
    llama_token token = 0;
    for (; token < n; ++token)
      if (mask->Allows(token) && k-- == 0) break;
    if (!cursor.Accept(token)) break;
    reply.push_back(token);
  }
  return reply;
}

}  // namespace dramatis::grammar
