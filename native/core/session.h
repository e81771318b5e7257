#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/adapter.h"
#include "core/model.h"
#include "core/sampler.h"

namespace dramatis {

// One mutable inference timeline: a KV cache and how many tokens are in it.
//
// Not thread safe, and never needs to be: the binding lets at most one call run at a time. Every
// call is one bounded step, so a caller stops by not calling again; there is no stop flag and no
// thread of our own.
class Session {
 public:
  static constexpr int kMaxSlice = 256;           // tokens: the most one Feed takes
  static constexpr int kMaxScoreSlice = 64;       // tokens: each keeps a row of logits, 200 kB
  static constexpr int kMaxBranches = 64;         // continuations scored at once
  static constexpr llama_token kEnd = -1;         // Next: the model ended its turn
  static constexpr llama_token kWindowFull = -2;  // Next: no room for another token

  // `context_tokens`: the window. Throws MEMORY_SHORT.
  Session(std::shared_ptr<Model> model, int context_tokens);

  std::shared_ptr<Model> model() const { return model_; }
  int length() const { return length_; }
  int window() const { return window_; }

  // Forgets the tokens from `length` on. Returns the length left, which is 0 where the model cannot
  // go back part of the way (recurrent models).
  int Rewind(int length);

  // 1..kMaxSlice tokens after those in the cache. Drops a token that Next chose but did not yet
  // evaluate. `last`: what follows is drawn or scored; without it no logits are computed.
  void Feed(const std::vector<llama_token>& tokens, bool last = true);

  // Feeds 1..kMaxScoreSlice tokens and returns each one's log-probability in nats given all before
  // it. The timeline must not be empty.
  std::vector<float> FeedScored(const std::vector<llama_token>& tokens);

  // Log-probabilities in nats of the tokens of several continuations of the timeline as it stands,
  // evaluated in one batch that shares its cache; the timeline is left as it was. At most
  // kMaxScoreSlice tokens in all.
  std::vector<std::vector<float>> Score(const std::vector<std::vector<llama_token>>& continuations);

  // Evaluates the token chosen last, if any, and chooses the next. kEnd and kWindowFull choose
  // nothing.
  llama_token Next();

  void SetSampler(std::unique_ptr<Sampler> sampler) { sampler_ = std::move(sampler); }
  Sampler* sampler() const { return sampler_.get(); }

  // Acts on what is evaluated from now on; the caller keeps no cache made under another adapter (it
  // rewinds).
  void SetAdapter(std::shared_ptr<Adapter> adapter, float scale);

  // The cache as bytes, and back. `Restore` takes only what `Save` gave for the same model, adapter
  // and window: the caller verifies a checksum first.
  std::vector<uint8_t> Save();
  void Restore(const std::vector<uint8_t>& state, int length);

 private:
  struct Free {
    void operator()(llama_context* context) const noexcept { llama_free(context); }
  };

  enum class Logits { kNone, kLast, kAll };
  void Decode(const std::vector<llama_token>& tokens, Logits wanted);
  void RequireRoom(size_t tokens) const;
  void RequireLogits() const;

  std::shared_ptr<Model> model_;  // declared first, so destroyed after context_
  std::shared_ptr<Adapter> adapter_;
  std::unique_ptr<llama_context, Free> context_;
  std::unique_ptr<Sampler> sampler_;
  std::optional<llama_token> pending_;  // chosen by Next, not yet evaluated
  std::vector<float> logits_;           // of the timeline's last token; empty if not known
  int length_ = 0;
  int window_ = 0;
};

}  // namespace dramatis
