#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/grammar/grammar.h"
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
  std::shared_ptr<grammar::Grammar> grammar;  // what the reply must be; null = anything
  float strength = 1;                         // of the grammar's weights: λ
};

// Picks a token from logits. Owns a chain of llama.cpp's samplers and the candidate array they work
// on.
//
// Order: grammar, bias, penalties, DRY, top-k, top-p, min-p, temperature, draw. Under a grammar
// only what may follow becomes a candidate, so a strict grammar makes the draw cheaper than none.
//
// A banned phrase is drawn like any other and only then refused: at its first token by drawing
// again, later by taking the reply back to where it began, where its first token is then forbidden.
class Sampler {
 public:
  // Times that one reply is taken back; after that a banned phrase's last token is just not drawn.
  static constexpr int kMostTakenBack = 64;

  struct Drawn {
    llama_token token;  // -1 if tokens are to be taken back
    int take_back;      // how many of the last tokens
  };

  Sampler(std::shared_ptr<Model> model, const Sampling& sampling);

  // Replaces the bias: ids[i] gets values[i] added to its logit (-INFINITY bans it).
  void SetBias(std::vector<llama_logit_bias> bias);
  // λ from the next token on.
  void SetStrength(float strength) { strength_ = strength; }
  // Tokens already said, for the penalties; the grammar does not see them.
  void Remember(const std::vector<llama_token>& tokens);
  // `logits`: one per token of the vocabulary; left as they are. Throws GRAMMAR_INVALID where the
  // grammar leaves nothing to say.
  Drawn Sample(const float* logits);
  // How many of the last tokens may yet be taken back.
  int Held() const;

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const noexcept;
  };
  using Ptr = std::unique_ptr<llama_sampler, Free>;
  // Top-k, top-p, min-p and temperature; by the grammar's rule they may differ.
  struct Filters {
    float temperature, min_p;
    Ptr chain;
  };

  void Fill(const float* logits);
  void FillAllowed(const float* logits, const grammar::Mask& mask);
  llama_sampler* FiltersFor(float temperature, float min_p);
  llama_token Draw(float temperature, float min_p);
  Drawn SampleGrammar(const float* logits);
  Drawn TakeBack(size_t count);
  void Accept(llama_token token);

  const std::shared_ptr<Model> model_;
  const Sampling sampling_;
  std::vector<llama_logit_bias> bias_;
  std::vector<llama_token_data> candidates_;
  Ptr penalties_;
  std::vector<Filters> filters_;
  Ptr draw_;

  std::unique_ptr<grammar::Cursor> cursor_;
  float strength_;
  std::vector<llama_token> said_;  // remembered, and since
  // Tokens not to be drawn when the reply has this length.
  struct Forbidden {
    size_t length;
    llama_token token;
  };
  std::vector<Forbidden> forbidden_;
  int taken_back_ = 0;
  std::vector<uint64_t> open_;                 // what FillAllowed makes candidates of
  std::vector<grammar::Mask::Weighed> gains_;  // ascending
  std::vector<llama_token> leaving_;
};

}  // namespace dramatis
