#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/bank/active_adapters.h"
#include "core/model.h"

namespace dramatis {

// One KV cache, which several timelines may share: a beginning that they have in common is there
// once.
//
// Used by one engine thread, one step at a time; only `Close` may be called from others.
class Context {
 public:
  static constexpr int kMaxTimelines = 128;
  // Timelines beyond those of sessions, for the branches of a tree: they last for one step.
  static constexpr llama_seq_id kFirstBranch = kMaxTimelines;
  static constexpr int kMaxBranches = 128;

  struct Options {
    int tokens = 0;         // that the cache holds, of all timelines together
    int step_tokens = 256;  // the most that one step evaluates
    int score_rows =
        64;  // tokens of a step whose logits are wanted; each takes 4 bytes per vocabulary entry
    int timelines = 1;
    // Attention in full precision, slower: for oracles, whom the rounding of a key must not decide.
    bool is_exact = false;
  };

  // Throws MEMORY_SHORT.
  Context(std::shared_ptr<Model> model, const Options& options);

  // A timeline that nobody has, empty. Throws MEMORY_SHORT if there is none.
  llama_seq_id Open();
  // From any thread: it is forgotten before the next one is opened or evaluated.
  void Close(llama_seq_id timeline);
  // Frees what was closed. Whoever is about to evaluate calls this first.
  void Sweep();

  // What is evaluated on a timeline from now on; the first LoRA and the first control vector make
  // the graphs anew, with the model's bank in them.
  void SetAdapters(llama_seq_id timeline, const bank::Spans& spans);

  llama_context* get() const { return context_.get(); }
  llama_memory_t memory() const { return llama_get_memory(context_.get()); }
  const std::shared_ptr<Model>& model() const { return model_; }
  const Options& options() const { return options_; }
  int open() const { return int(open_); }

  // Forgets a timeline's tokens from `length` on; the length left, 0 where the model cannot go back
  // part of the way.
  int Rewind(llama_seq_id timeline, int length);

  size_t bytes_per_token() const { return bytes_per_token_; }
  int reserves() const;  // how often llama.cpp has made its scheduler anew
  int reused() const;    // steps that ran on the graph of the step before

 private:
  struct Free {
    void operator()(llama_context* context) const noexcept { llama_free(context); }
  };

  std::shared_ptr<Model> model_;                  // declared first, so destroyed after context_
  std::unique_ptr<bank::ActiveAdapters> active_;  // the context refers to it
  std::unique_ptr<llama_context, Free> context_;
  Options options_;
  std::vector<bool> taken_;
  std::mutex closing_;
  std::vector<llama_seq_id> closed_;
  int open_ = 0;
  size_t bytes_per_token_ = 0;
};

}  // namespace dramatis
