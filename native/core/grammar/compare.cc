#include "core/grammar/compare.h"

#include <chrono>
#include <cmath>
#include <random>

#include "core/error.h"
#include "core/grammar/apply.h"
#include "core/log.h"

namespace dramatis::grammar {
namespace {

using Clock = std::chrono::steady_clock;

double Microseconds(Clock::time_point from) {
  return std::chrono::duration<double, std::micro>(Clock::now() - from).count();
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

}  // namespace

Comparison Compare(const Model& model, std::shared_ptr<const Vocabulary> vocabulary,
                   const std::string& text, const std::vector<std::vector<llama_token>>& replies) {
  const llama_vocab* vocab = model.vocab();
  const size_t n = size_t(llama_vocab_n_tokens(vocab));
  Comparison result;
  auto start = Clock::now();
  auto grammar = std::make_shared<Grammar>(vocabulary, text, nullptr);
  result.ours_compile_us = Microseconds(start);
  start = Clock::now();
  Stock(vocab, text);
  result.stock_compile_us = Microseconds(start);

  std::vector<float> logits(n);
  std::vector<llama_token_data> candidates(n);
  for (const auto& reply : replies) {
    Cursor cursor(grammar);
    auto stock = Stock(vocab, text);
    for (size_t at = 0;; ++at) {
      std::fill(logits.begin(), logits.end(), 0.0f);
      start = Clock::now();
      if (at > 0) cursor.Accept(reply[at - 1]);
      const auto mask = cursor.Next();
      Apply(*mask, vocabulary->ends(), 1, logits.data());
      result.ours_us.push_back(Microseconds(start));

      for (size_t id = 0; id < n; ++id) candidates[id] = {llama_token(id), 0, 0};
      llama_token_data_array all{candidates.data(), n, -1, false};
      start = Clock::now();
      if (at > 0) llama_sampler_accept(stock.get(), reply[at - 1]);
      llama_sampler_apply(stock.get(), &all);
      result.stock_us.push_back(Microseconds(start));

      ++result.states;
      const bool mid_character = cursor.InsideCharacter();
      for (size_t id = 0; id < n; ++id) {
        const bool ours = logits[id] != -INFINITY, theirs = candidates[id].logit != -INFINITY;
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
      if (at == reply.size() || !mask->Allows(reply[at])) break;
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
