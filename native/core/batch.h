#pragma once

#include <functional>
#include <vector>

#include "core/thread_governor.h"
#include "llama.h"

namespace dramatis {

class Model;

// A llama_batch over vectors of our own: no allocation by llama.cpp, nothing to free.
class Batch {
 public:
  // `output`: whether this token's logits (or its share of the embedding) are wanted.
  // `sequences`: the timelines it belongs to, at least one.
  void Add(llama_token token, llama_pos position, const std::vector<llama_seq_id>& sequences,
           bool output);
  int size() const { return int(tokens_.size()); }

  // Evaluates the batch as one step, timed by the governor as its `kind`. `undo`: called when a
  // step is given up and before it is run again. llama.cpp itself takes a token back from the first
  // of its sequences only. Throws WINDOW_EXCEEDED, NATIVE_FAILED, RPC_LOST.
  void Run(
      const Model& model, llama_context* context, ThreadGovernor::Kind kind,
      const std::function<void()>& undo = [] {});
  // As a part of a prompt, or a token.
  ThreadGovernor::Kind kind() const {
    return size() == 1 ? ThreadGovernor::kToken : ThreadGovernor::kPrompt;
  }

 private:
  llama_batch View();

  std::vector<llama_token> tokens_;
  std::vector<llama_pos> positions_;
  std::vector<llama_seq_id> sequences_;  // of all tokens, one after another
  std::vector<int8_t> outputs_;
  std::vector<int32_t> counts_;  // how many of sequences_ are each token's
  std::vector<llama_seq_id*> pointers_;
};

}  // namespace dramatis
