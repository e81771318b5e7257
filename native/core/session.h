#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/adapter.h"
#include "core/context.h"
#include "core/model.h"
#include "core/sampler.h"

namespace dramatis {

// Tokens that may follow a timeline, as a tree: a beginning that several texts share is there once.
struct TokenTree {
  std::vector<llama_token> tokens;
  std::vector<int> parents;     // index of an earlier token, or -1: the end of the timeline
  std::vector<uint8_t> scored;  // whose log-probability is wanted
  int keep = -1;                // this token and those above it stay on the timeline
};

// One mutable inference timeline: tokens in a KV cache, which it may share with others.
//
// Not thread safe, and never needs to be: the binding lets at most one call run at a time. Every
// call is one bounded step, so a caller stops by not calling again; there is no stop flag and no
// thread of our own.
class Session {
 public:
  static constexpr int kMaxBranches = Context::kMaxBranches;  // ends that a tree may have
  static constexpr llama_token kEnd = -1;                     // Next: the model ended its turn
  static constexpr llama_token kWindowFull = -2;              // Next: no room for another token
  static constexpr llama_token kNotResident = -3;             // what is to act is not resident yet
  // Next: the last n tokens led into a banned phrase and are to be taken back (the caller feeds
  // what is left again, at least its last token); it gives kTakenBack + 1 - n.
  static constexpr llama_token kTakenBack = -4;

  // A cache of its own. `context_tokens`: the window. `step_tokens`: the most one step evaluates.
  // `score_rows`: tokens of a tree that others are scored after; each takes a row of logits, 200 kB
  // for a vocabulary of 49,000. Throws MEMORY_SHORT.
  Session(std::shared_ptr<Model> model, int context_tokens, int step_tokens = 256,
          int score_rows = 64);
  // An empty timeline in a cache that others may use too; `window`: the tokens it may hold of it.
  // Throws MEMORY_SHORT.
  Session(std::shared_ptr<Context> context, int window);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // A timeline with the same tokens, sharing their memory. The same adapters act on it. Throws
  // MEMORY_SHORT.
  std::shared_ptr<Session> Fork() const;

  const std::shared_ptr<Context>& context() const { return context_; }
  std::shared_ptr<Model> model() const { return context_->model(); }
  int length() const { return length_; }
  int window() const { return window_; }
  int step_tokens() const { return context_->options().step_tokens; }

  // Forgets the tokens from `length` on. Returns the length left, which is 0 where the model cannot
  // go back part of the way (recurrent models).
  int Rewind(int length);

  // 1..step_tokens tokens after those in the cache. Drops a token that Next chose but did not yet
  // evaluate. `last`: what follows is drawn or scored; without it no logits are computed.
  void Feed(const std::vector<llama_token>& tokens, bool last = true);

  // Log-probabilities in nats of a tree's scored tokens, each given the timeline and those above
  // it, in one step; 0 for the others. What is not kept leaves the timeline as it was. Tokens that
  // nothing is scored after and that are not kept are not evaluated: of the others there are at
  // most step_tokens, with kMaxBranches ends and score_rows that something is scored after.
  std::vector<float> ScoreTree(const TokenTree& tree);

  // Logits after the timeline's last token, that Next chooses from; evaluates the token chosen
  // last, if any. Empty if there is no room for it. What is chosen next can so depend on other
  // timelines.
  std::vector<float> Logits();

  // Evaluates the token chosen last, if any, and chooses the next. kEnd, kWindowFull and kTakenBack
  // choose nothing.
  llama_token Next();
  // The same for several timelines of one cache, in one step. What each gets is what it would get
  // alone.
  //
  // With a base each is drawn from base + alpha · (its own − base), see Contrast: the base reads
  // what is drawn, as a further row of the same step. Once its window is full it says nothing more.
  struct Voice {
    Session* session;
    Session* base = nullptr;  // of no other voice, and none itself
    float alpha = 1;
  };
  static std::vector<llama_token> NextOfEach(const std::vector<Voice>& voices);

  void SetSampler(std::unique_ptr<Sampler> sampler) { sampler_ = std::move(sampler); }
  Sampler* sampler() const { return sampler_.get(); }

  // What acts on what is evaluated from now on, by its position: adapters, each times its number,
  // added up. The caller keeps no cache that was made otherwise (it rewinds). Throws
  // ADAPTER_MISMATCH, MEMORY_SHORT.
  struct Span {
    int from = 0;
    std::vector<std::pair<std::shared_ptr<Adapter>, float>> adapters;
  };
  bool ApplyAdapters(const std::vector<Span>& spans);
  // llama.cpp's own way, on all timelines of the cache; to compare with.
  void ApplyStock(std::vector<std::pair<std::shared_ptr<Adapter>, float>> adapters);

  // The cache as bytes, and back. `Restore` takes only what `Save` gave for the same model, adapter
  // and window: the caller verifies a checksum first.
  std::vector<uint8_t> Save();
  void Restore(const std::vector<uint8_t>& state, int length);

 private:
  void Decode(const std::vector<llama_token>& tokens, bool last);
  void TakeLogits(int row);
  llama_token Draw(const Session* base, float alpha);
  float LogProbability(const float* logits, llama_token token) const;
  void RequireRoom(size_t tokens) const;
  void RequireLogits() const;

  const std::shared_ptr<Context> context_;
  const llama_seq_id timeline_;
  bank::Spans spans_;
  bank::Spans coming_;  // its adapters are being loaded
  std::vector<std::pair<std::shared_ptr<Adapter>, float>> stock_;
  std::unique_ptr<Sampler> sampler_;
  std::optional<llama_token> pending_;  // chosen by Next, not yet evaluated
  std::vector<float> mixed_;            // what is drawn from where there is a base
  std::vector<float> logits_;           // of the timeline's last token; empty if not known
  int length_ = 0;
  const int window_;
};

}  // namespace dramatis
