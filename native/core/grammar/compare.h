#pragma once

#include <string>
#include <vector>

#include "core/grammar/grammar.h"
#include "core/model.h"

namespace dramatis::grammar {

// Our masks beside those of llama.cpp's own grammar sampler, on the same states.
struct Comparison {
  double ours_compile_us = 0, stock_compile_us = 0;
  // For each state: the token before it said, and its mask made and put on the logits.
  std::vector<double> ours_us, stock_us;
  int states = 0;
  // Tokens, over all states, that only one of the two allows; what the two differ in on purpose
  // (see src/steer/grammar/grammar.md) is not counted.
  int only_ours = 0, only_stock = 0;
  std::string first_difference;
};

// Follows `replies`, each a row of tokens that the grammar allows; a token that it does not allow
// ends the row. Throws GRAMMAR_INVALID, also for what only llama.cpp refuses.
Comparison Compare(const Model& model, const std::string& text,
                   const std::vector<std::vector<llama_token>>& replies);

// Ours alone, for grammars that llama.cpp does not read: microseconds for each state, as `ours_us`.
std::vector<double> Measure(const Model& model, const std::string& text,
                            const std::vector<std::vector<llama_token>>& replies);

// Tokens drawn evenly from those allowed, ended by chance where the grammar lets it or at `most`.
std::vector<llama_token> RandomReply(std::shared_ptr<Grammar> grammar, uint32_t seed, int most);

}  // namespace dramatis::grammar
