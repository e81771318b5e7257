#include "core/sampler.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/log.h"

namespace dramatis {
namespace {

// Where DRY lets a repetition end: sentence and line ends, and the speaker label's colon.
const char* const kBreakers[] = {"\n", ":", "\"", "*"};

}  // namespace

void Sampler::Free::operator()(llama_sampler* sampler) const noexcept {
  llama_sampler_free(sampler);
}

Sampler::Sampler(std::shared_ptr<Model> model, const Sampling& s) : model_(std::move(model)) {
  const llama_vocab* vocab = model_->vocab();
  const int n_vocab = llama_vocab_n_tokens(vocab);
  candidates_.resize(size_t(n_vocab));

  penalties_.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  if (s.repeat_penalty != 1 && s.repeat_last > 0) {
    llama_sampler_chain_add(penalties_.get(), llama_sampler_init_penalties(n_vocab, s.repeat_last,
                                                                           s.repeat_penalty, 0, 0));
  }
  if (s.dry_multiplier > 0 && s.dry_last > 0) {
    llama_sampler_chain_add(
        penalties_.get(),
        llama_sampler_init_dry(vocab, s.dry_multiplier, s.dry_base, s.dry_allowed, s.dry_last,
                               const_cast<const char**>(kBreakers), std::size(kBreakers)));
  }

  filters_.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  auto add = [this](llama_sampler* sampler) { llama_sampler_chain_add(filters_.get(), sampler); };
  if (s.temperature <= 0) {
    add(llama_sampler_init_greedy());
  } else {
    if (s.top_k > 0) add(llama_sampler_init_top_k(s.top_k));
    if (s.top_p < 1) add(llama_sampler_init_top_p(s.top_p, 1));
    if (s.min_p > 0) add(llama_sampler_init_min_p(s.min_p, 1));
    add(llama_sampler_init_temp(s.temperature));
    add(llama_sampler_init_dist(s.seed));
  }

  if (!s.grammar.empty()) {
    TakeLoggedError();
    grammar_.reset(llama_sampler_init_grammar(vocab, s.grammar.c_str(), "root"));
    if (!grammar_)
      throw Error("GRAMMAR_INVALID", "the grammar cannot be read: " + TakeLoggedError());
  }
}

void Sampler::SetBias(std::vector<llama_logit_bias> bias) { bias_ = std::move(bias); }

void Sampler::Remember(const std::vector<llama_token>& tokens) {
  for (llama_token token : tokens) llama_sampler_accept(penalties_.get(), token);
}

void Sampler::Fill(const float* logits) {
  for (size_t id = 0; id < candidates_.size(); ++id)
    candidates_[id] = {llama_token(id), logits[id], 0};
  for (const auto& bias : bias_) candidates_[size_t(bias.token)].logit += bias.bias;
}

llama_token Sampler::Draw(llama_token_data_array& candidates) {
  llama_sampler_apply(filters_.get(), &candidates);
  return candidates.data[candidates.selected].id;
}

bool Sampler::Allows(llama_token token) {
  llama_token_data one{token, 1, 0};
  llama_token_data_array single{&one, 1, -1, false};
  llama_sampler_apply(grammar_.get(), &single);
  return single.data[0].logit != -INFINITY;
}

llama_token Sampler::Sample(const float* logits) {
  Fill(logits);
  llama_token_data_array all{candidates_.data(), candidates_.size(), -1, false};
  llama_sampler_apply(penalties_.get(), &all);
  llama_token token = Draw(all);
  if (grammar_ && !Allows(token)) {
    Fill(logits);
    all = {candidates_.data(), candidates_.size(), -1, false};
    llama_sampler_apply(penalties_.get(), &all);
    llama_sampler_apply(grammar_.get(), &all);
    token = Draw(all);
  }
  llama_sampler_accept(penalties_.get(), token);
  llama_sampler_accept(filters_.get(), token);
  if (grammar_) llama_sampler_accept(grammar_.get(), token);
  return token;
}

}  // namespace dramatis
