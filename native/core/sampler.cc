#include "core/sampler.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace dramatis {
namespace {

// Where DRY lets a repetition end: sentence and line ends, and the speaker label's colon.
const char* const kBreakers[] = {"\n", ":", "\"", "*"};

}  // namespace

void Sampler::Free::operator()(llama_sampler* sampler) const noexcept {
  llama_sampler_free(sampler);
}

Sampler::Sampler(std::shared_ptr<Model> model, const Sampling& s)
    : model_(std::move(model)), sampling_(s), strength_(s.strength) {
  const llama_vocab* vocab = model_->vocab();
  const int n_vocab = llama_vocab_n_tokens(vocab);
  candidates_.reserve(size_t(n_vocab));

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
  draw_.reset(llama_sampler_init_dist(s.seed));
  if (s.grammar) cursor_ = std::make_unique<grammar::Cursor>(s.grammar);
}

llama_sampler* Sampler::FiltersFor(float temperature, float min_p) {
  for (const Filters& made : filters_) {
    if (made.temperature == temperature && made.min_p == min_p) return made.chain.get();
  }
  Ptr chain(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  auto add = [&](llama_sampler* sampler) { llama_sampler_chain_add(chain.get(), sampler); };
  if (temperature <= 0) {
    add(llama_sampler_init_greedy());
  } else {
    if (sampling_.top_k > 0) add(llama_sampler_init_top_k(sampling_.top_k));
    if (sampling_.top_p < 1) add(llama_sampler_init_top_p(sampling_.top_p, 1));
    if (min_p > 0) add(llama_sampler_init_min_p(min_p, 1));
    add(llama_sampler_init_temp(temperature));
  }
  filters_.push_back({temperature, min_p, std::move(chain)});
  return filters_.back().chain.get();
}

void Sampler::SetBias(std::vector<llama_logit_bias> bias) { bias_ = std::move(bias); }

void Sampler::Remember(const std::vector<llama_token>& tokens) {
  for (llama_token token : tokens) llama_sampler_accept(penalties_.get(), token);
  said_.insert(said_.end(), tokens.begin(), tokens.end());
}

void Sampler::Fill(const float* logits) {
  candidates_.resize(size_t(llama_vocab_n_tokens(model_->vocab())));
  for (size_t id = 0; id < candidates_.size(); ++id)
    candidates_[id] = {llama_token(id), logits[id], 0};
  for (const auto& bias : bias_) candidates_[size_t(bias.token)].logit += bias.bias;
}

// Candidates are what may be said, and what only a ban forbids: that is refused when it is drawn.
void Sampler::FillAllowed(const float* logits, const grammar::Mask& mask) {
  open_ = mask.allowed;
  gains_ = mask.weighed;
  const auto open = [&](llama_token token, grammar::LogWeight gain) {
    open_[size_t(token) / 64] |= uint64_t(1) << (token % 64);
    gains_.push_back({token, gain});
  };
  for (const auto& banned : mask.banned) open(banned.token, banned.gain);
  if (mask.can_end || mask.end_banned)
    for (llama_token end : cursor_->grammar().vocabulary().ends()) open(end, mask.end_gain);
  for (const Forbidden& forbidden : forbidden_) {
    if (forbidden.length == cursor_->length())
      open_[size_t(forbidden.token) / 64] &= ~(uint64_t(1) << (forbidden.token % 64));
  }
  if (gains_.size() > mask.weighed.size()) {
    std::sort(gains_.begin(), gains_.end(),
              [](const auto& a, const auto& b) { return a.token < b.token; });
  }

  candidates_.clear();
  const float unit = strength_ * float(grammar::kLogWeightUnit);
  auto gain = gains_.begin();
  for (size_t word = 0; word < open_.size(); ++word) {
    for (uint64_t bits = open_[word]; bits != 0; bits &= bits - 1) {
      const llama_token token = llama_token(word * 64 + size_t(__builtin_ctzll(bits)));
      while (gain != gains_.end() && gain->token < token) ++gain;
      const bool weighs = gain != gains_.end() && gain->token == token;
      candidates_.push_back({token, logits[token] + (weighs ? unit * float(gain->gain) : 0.0f), 0});
    }
  }
  for (const auto& bias : bias_) {
    const auto found = std::lower_bound(candidates_.begin(), candidates_.end(), bias.token,
                                        [](const auto& c, llama_token id) { return c.id < id; });
    if (found != candidates_.end() && found->id == bias.token) found->logit += bias.bias;
  }
}

llama_token Sampler::Draw(float temperature, float min_p) {
  llama_token_data_array all{candidates_.data(), candidates_.size(), -1, false};
  llama_sampler_apply(penalties_.get(), &all);
  llama_sampler_apply(FiltersFor(temperature, min_p), &all);
  if (temperature > 0) llama_sampler_apply(draw_.get(), &all);
  return all.data[all.selected].id;
}

void Sampler::Accept(llama_token token) {
  llama_sampler_accept(penalties_.get(), token);
  said_.push_back(token);
}

Sampler::Drawn Sampler::Sample(const float* logits) {
  if (cursor_) return SampleGrammar(logits);
  Fill(logits);
  const llama_token token = Draw(sampling_.temperature, sampling_.min_p);
  Accept(token);
  return {token, 0};
}

Sampler::Drawn Sampler::SampleGrammar(const float* logits) {
  const auto mask = cursor_->Next();
  const grammar::Attributes* attributes = cursor_->attributes();
  float temperature = sampling_.temperature, min_p = sampling_.min_p;
  leaving_.clear();
  if (attributes != nullptr) {
    if (attributes->temperature >= 0) temperature = attributes->temperature;
    if (attributes->min_p >= 0) min_p = attributes->min_p;
    if (attributes->max_tokens >= 0 && cursor_->TokensInside() >= attributes->max_tokens)
      cursor_->Leaving(leaving_);
  }
  for (;;) {
    FillAllowed(logits, *mask);
    if (!leaving_.empty() ||
        (mask->can_end && attributes != nullptr && attributes->max_tokens >= 0 &&
         cursor_->TokensInside() >= attributes->max_tokens)) {
      candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(),
                                       [&](const auto& c) {
                                         return !cursor_->grammar().vocabulary().IsEnd(c.id) &&
                                                !std::binary_search(leaving_.begin(),
                                                                    leaving_.end(), c.id);
                                       }),
                        candidates_.end());
    }
    if (candidates_.empty()) {
      if (cursor_->length() > 0 && taken_back_ < kMostTakenBack)
        return TakeBack(std::max<size_t>(1, size_t(Held())));
      throw Error("GRAMMAR_INVALID",
                  "the grammar leaves nothing to say after " + std::to_string(cursor_->length()) +
                      " tokens: what the rules ask for is banned, or no token is part of it");
    }
    const llama_token token = Draw(temperature, min_p);
    const bool end = cursor_->grammar().vocabulary().IsEnd(token);
    if (end ? mask->can_end : cursor_->Accept(token)) {
      Accept(token);
      return {token, 0};
    }
    // It completes a banned phrase.
    const size_t held = size_t(Held());
    if (held > 0 && taken_back_ < kMostTakenBack) return TakeBack(held);
    forbidden_.push_back({cursor_->length(), token});
  }
}

Sampler::Drawn Sampler::TakeBack(size_t count) {
  ++taken_back_;
  const size_t length = cursor_->length() - count;
  forbidden_.erase(std::remove_if(forbidden_.begin(), forbidden_.end(),
                                  [&](const Forbidden& f) { return f.length > length; }),
                   forbidden_.end());
  forbidden_.push_back({length, said_[said_.size() - count]});
  cursor_->Rewind(length);
  said_.resize(said_.size() - count);
  llama_sampler_reset(penalties_.get());
  for (llama_token token : said_) llama_sampler_accept(penalties_.get(), token);
  return {-1, int(count)};
}

int Sampler::Held() const { return cursor_ ? int(cursor_->length() - cursor_->HeldFrom()) : 0; }

}  // namespace dramatis
