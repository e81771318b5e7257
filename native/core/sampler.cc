#include "core/sampler.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/likeliest.h"

namespace dramatis {

void Sampler::Free::operator()(llama_sampler* sampler) const noexcept {
  llama_sampler_free(sampler);
}

Sampler::Sampler(std::shared_ptr<Model> model, const Sampling& s)
    : model_(std::move(model)), sampling_(s), grammars_(s.grammars), strength_(s.strength) {
  const llama_vocab* vocab = model_->vocab();
  const int n_vocab = llama_vocab_n_tokens(vocab);
  row_.resize(size_t(n_vocab));
  seen_.resize(size_t(n_vocab));

  penalties_.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  if (s.repeat_penalty != 1 && s.repeat_last > 0) {
    llama_sampler_chain_add(penalties_.get(), llama_sampler_init_penalties(n_vocab, s.repeat_last,
                                                                           s.repeat_penalty, 0, 0));
  }
  if (s.dry_multiplier > 0 && s.dry_last > 0) {
    llama_sampler_chain_add(penalties_.get(), model_->MakeDry({s.dry_multiplier, s.dry_base,
                                                               s.dry_allowed, s.dry_last}));
  }
  draw_.reset(llama_sampler_init_dist(s.seed));
}

llama_sampler* Sampler::FiltersFor(float temperature, float min_p) {
  for (const Filters& made : filters_) {
    if (made.temperature == temperature && made.min_p == min_p) return made.chain.get();
  }
  Ptr chain(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  auto add = [&](llama_sampler* sampler) { llama_sampler_chain_add(chain.get(), sampler); };
  if (sampling_.top_p < 1) add(llama_sampler_init_top_p(sampling_.top_p, 1));
  if (min_p > 0) add(llama_sampler_init_min_p(min_p, 1));
  add(llama_sampler_init_temp(temperature));
  filters_.push_back({temperature, min_p, std::move(chain)});
  return filters_.back().chain.get();
}

void Sampler::SetBias(std::vector<Bias> bias) { bias_ = std::move(bias); }

void Sampler::Remember(const std::vector<llama_token>& tokens) {
  for (llama_token token : tokens) llama_sampler_accept(penalties_.get(), token);
  said_.insert(said_.end(), tokens.begin(), tokens.end());
}

void Sampler::Penalize() {
  const size_t last = size_t(std::max(sampling_.repeat_penalty != 1 ? sampling_.repeat_last : 0,
                                      sampling_.dry_multiplier > 0 ? sampling_.dry_last : 0));
  ++draws_;
  candidates_.clear();
  for (size_t i = said_.size() - std::min(said_.size(), last); i < said_.size(); ++i) {
    const llama_token token = said_[i];
    if (seen_[size_t(token)] == draws_) continue;
    seen_[size_t(token)] = draws_;
    candidates_.push_back({token, row_[size_t(token)], 0});
  }
  if (candidates_.empty()) return;
  llama_token_data_array few{candidates_.data(), candidates_.size(), -1, false};
  llama_sampler_apply(penalties_.get(), &few);
  for (size_t i = 0; i < few.size; ++i) row_[size_t(few.data[i].id)] = few.data[i].logit;
}

llama_token Sampler::Draw(const std::vector<uint64_t>* open, float temperature, float min_p) {
  const bool is_greedy = temperature <= 0;
  float least = -INFINITY;
  if (!is_greedy && sampling_.top_n_sigma > 0)
    least = LargestOf(row_.data(), row_.size(), open) - sampling_.top_n_sigma * deviation_;
  Likeliest(row_.data(), row_.size(), open, is_greedy ? 1 : size_t(sampling_.top_k), least,
            candidates_);
  if (candidates_.empty()) return -1;
  if (is_greedy) return candidates_[0].id;
  llama_token_data_array all{candidates_.data(), candidates_.size(), -1, sampling_.top_k > 0};
  llama_sampler_apply(FiltersFor(temperature, min_p), &all);
  llama_sampler_apply(draw_.get(), &all);
  return all.data[all.selected].id;
}

void Sampler::Accept(llama_token token) {
  llama_sampler_accept(penalties_.get(), token);
  said_.push_back(token);
}

Sampler::Drawn Sampler::Sample(const float* logits) {
  std::copy(logits, logits + row_.size(), row_.begin());
  // Of what the model itself finds likely: of the few that a grammar leaves it would tell nothing.
  if (sampling_.top_n_sigma > 0) deviation_ = DeviationOf(logits, row_.size());
  if (!grammars_.empty()) return SampleGrammars();
  for (const auto& bias : bias_) row_[size_t(bias.token)] += bias.bias;
  Penalize();
  const llama_token token = Draw(nullptr, sampling_.temperature, sampling_.min_p);
  if (token < 0) throw Error("NATIVE_FAILED", "the model's logits are not numbers");
  Accept(token);
  return {token, 0};
}

// What only a ban forbids is drawn like any other, and refused then.
Sampler::Drawn Sampler::SampleGrammars() {
  grammars_.Look();
  const grammar::Attributes* attributes = grammars_.attributes();
  float temperature = sampling_.temperature, min_p = sampling_.min_p;
  if (attributes != nullptr && attributes->temperature >= 0) temperature = attributes->temperature;
  if (attributes != nullptr && attributes->min_p >= 0) min_p = attributes->min_p;
  grammars_.AddGains(strength_ * float(grammar::kLogWeightUnit), row_.data());
  for (const auto& bias : bias_) row_[size_t(bias.token)] += bias.bias;
  Penalize();

  open_ = grammars_.open();
  const auto bit = [](llama_token token) { return uint64_t(1) << (token % 64); };
  if (grammars_.IsOver()) {
    grammars_.Leaving(leaving_);
    if (!leaving_.empty() || grammars_.can_end()) {
      std::vector<uint64_t> leave(open_.size());
      for (llama_token token : leaving_) leave[size_t(token) / 64] |= bit(token);
      for (llama_token end : grammars_.vocabulary().ends()) leave[size_t(end) / 64] |= bit(end);
      for (size_t word = 0; word < open_.size(); ++word) open_[word] &= leave[word];
    }
  }
  for (const Forbidden& forbidden : forbidden_)
    if (forbidden.length == grammars_.length())
      open_[size_t(forbidden.token) / 64] &= ~bit(forbidden.token);
  for (;;) {
    const llama_token token = Draw(&open_, temperature, min_p);
    if (token < 0) {
      if (grammars_.length() > 0 && taken_back_ < kMostTakenBack)
        return TakeBack(std::max<size_t>(1, size_t(Held())));
      throw Error("GRAMMAR_INVALID",
                  "the grammar leaves nothing to say after " + std::to_string(grammars_.length()) +
                      " tokens: what the rules ask for is banned, or no token is part of it");
    }
    const bool end = grammars_.vocabulary().IsEnd(token);
    if (end ? grammars_.can_end() : grammars_.Accept(token)) {
      Accept(token);
      return {token, 0};
    }
    // It completes a banned phrase.
    const size_t held = size_t(Held());
    if (held > 0 && taken_back_ < kMostTakenBack) return TakeBack(held);
    forbidden_.push_back({grammars_.length(), token});
    open_[size_t(token) / 64] &= ~bit(token);
  }
}

Sampler::Drawn Sampler::TakeBack(size_t count) {
  ++taken_back_;
  const size_t length = grammars_.length() - count;
  forbidden_.erase(std::remove_if(forbidden_.begin(), forbidden_.end(),
                                  [&](const Forbidden& f) { return f.length > length; }),
                   forbidden_.end());
  forbidden_.push_back({length, said_[said_.size() - count]});
  grammars_.Rewind(length);
  said_.resize(said_.size() - count);
  llama_sampler_reset(penalties_.get());
  for (llama_token token : said_) llama_sampler_accept(penalties_.get(), token);
  return {-1, int(count)};
}

int Sampler::Held() const {
  return grammars_.empty() ? 0 : int(grammars_.length() - grammars_.HeldFrom());
}

}  // namespace dramatis
