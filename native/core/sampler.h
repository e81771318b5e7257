#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/model.h"

namespace dramatis {

struct Sampling {
  float temperature = 0;  // 0 = greedy
  int top_k = 0;          // 0 = all
  float top_p = 1;
  float min_p = 0;
  float repeat_penalty = 1;
  int repeat_last = 0;
  float dry_multiplier = 0;
  float dry_base = 1.75f;
  int dry_allowed = 2;
  int dry_last = 0;
  uint32_t seed = 0;
  std::string grammar;  // GBNF with the rule "root"; empty = none
};

// Picks a token from logits. Owns a chain of llama.cpp's samplers and the candidate array they work
// on.
//
// Order: bias, penalties, DRY, grammar, top-k, top-p, min-p, temperature, draw. The grammar is
// asked about the drawn token first and only filters all candidates when it refuses (it costs more
// than the model's own step).
class Sampler {
 public:
  // Throws GRAMMAR_INVALID.
  Sampler(std::shared_ptr<Model> model, const Sampling& sampling);

  // Replaces the bias: ids[i] gets values[i] added to its logit (-INFINITY bans it).
  void SetBias(std::vector<llama_logit_bias> bias);
  // Tokens already said, for the penalties; the grammar does not see them.
  void Remember(const std::vector<llama_token>& tokens);
  // `logits`: one per token of the vocabulary; left as they are.
  llama_token Sample(const float* logits);

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const noexcept;
  };
  using Ptr = std::unique_ptr<llama_sampler, Free>;

  void Fill(const float* logits);
  llama_token Draw(llama_token_data_array& candidates);
  bool Allows(llama_token token);

  std::shared_ptr<Model> model_;
  std::vector<llama_logit_bias> bias_;
  std::vector<llama_token_data> candidates_;
  Ptr penalties_;
  Ptr filters_;
  Ptr grammar_;
};

}  // namespace dramatis
