#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/grammar/product.h"
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
  // Drops what lies more than so many standard deviations of the logits below the largest; 0 =
  // none. Unlike min-p it keeps the same tokens at any temperature. Tang et al., "Top-nσ: Not all
  // logits are you need", 2024 (arXiv 2411.07641).
  float top_n_sigma = 0;
  uint32_t seed = 0;
  // What the reply must be, all of them at once; none = anything.
  std::vector<std::shared_ptr<grammar::Grammar>> grammars;
  float strength = 1;  // of the grammars' weights: λ
};

// Picks a token from logits. Owns what the samplers remember and the arrays they work on.
//
// Order: grammars, bias, penalties, DRY, top-n-sigma, top-k, top-p, min-p, temperature, draw. What
// a sampler changes of few tokens is changed of those alone, and only what passes top-k becomes a
// candidate of llama.cpp's samplers: they take 12 bytes a token and a hash a token for penalties,
// 0.5 ms for 49,000. The draw is the same.
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
  using Bias = llama_logit_bias;
  void SetBias(std::vector<Bias> bias);
  // λ from the next token on.
  void SetStrength(float strength) { strength_ = strength; }
  // Tokens already said, for the penalties; the grammar does not see them.
  void Remember(const std::vector<llama_token>& tokens);
  // `logits`: one per token of the vocabulary; left as they are. Throws GRAMMAR_INVALID where the
  // grammar leaves nothing to say.
  Drawn Sample(const float* logits);
  // How many of the last tokens may yet be taken back.
  int Held() const;
  // Seconds that each grammar has taken so far.
  const std::vector<double>& grammar_seconds() const { return grammars_.seconds(); }

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

  llama_sampler* FiltersFor(float temperature, float min_p);
  // From `row_`: `open` tells what may be drawn, null for all. -1 if nothing may.
  llama_token Draw(const std::vector<uint64_t>* open, float temperature, float min_p);
  // Penalties and DRY, of the tokens that they remember.
  void Penalize();
  Drawn SampleGrammars();
  Drawn TakeBack(size_t count);
  void Accept(llama_token token);

  const std::shared_ptr<Model> model_;
  const Sampling sampling_;
  std::vector<llama_logit_bias> bias_;
  Ptr penalties_;
  std::vector<Filters> filters_;
  Ptr draw_;

  grammar::Product grammars_;
  float strength_;
  std::vector<llama_token> said_;  // remembered, and since
  // Tokens not to be drawn when the reply has this length.
  struct Forbidden {
    size_t length;
    llama_token token;
  };
  std::vector<Forbidden> forbidden_;
  int taken_back_ = 0;

  // Of the token being drawn.
  std::vector<float> row_;  // logits with all that is pushed
  float deviation_ = 0;     // of the model's own
  std::vector<uint64_t> open_;
  std::vector<llama_token> leaving_;
  std::vector<llama_token_data> candidates_;
  std::vector<uint32_t> seen_;  // of each token, the draw that it was last met in
  uint32_t draws_ = 0;
};

}  // namespace dramatis
