#include "core/session.h"

#include <algorithm>

#include "core/batch.h"
#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"
#include "core/log_sum_exp.h"

namespace dramatis {
Session::Session(std::shared_ptr<Model> model, int context_tokens, int step_tokens, int score_rows)
    : model_(std::move(model)), step_tokens_(step_tokens), score_rows_(score_rows) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = uint32_t(context_tokens);
  params.n_batch = uint32_t(step_tokens);
  params.n_ubatch = uint32_t(step_tokens);
  params.n_seq_max = 1;
  params.n_outputs_max = uint32_t(score_rows);
  params.kv_unified = true;  // continuations share the cells of their prefix
  params.swa_full = true;    // a sliding-window cache that forgets could not be rewound
  params.no_perf = true;
  TakeLoggedError();
  {
    std::lock_guard<std::mutex> lock(Compute::Get().mutex());
    context_.reset(llama_init_from_model(model_->get(), params));
  }
  if (!context_) {
    throw Error("MEMORY_SHORT", "a window of " + std::to_string(context_tokens) +
                                    " tokens could not be made: " + TakeLoggedError());
  }
  window_ = std::min(context_tokens, int(llama_n_ctx(context_.get())));
}

int Session::Rewind(int length) {
  pending_.reset();
  if (length >= length_) return length_;
  logits_.clear();
  llama_memory_t memory = llama_get_memory(context_.get());
  if (length > 0 && llama_memory_seq_rm(memory, 0, length, -1)) return length_ = length;
  llama_memory_clear(memory, /*data=*/false);
  return length_ = 0;
}

void Session::RequireRoom(size_t tokens) const {
  if (size_t(length_) + tokens <= size_t(window_)) return;
  throw Error("WINDOW_EXCEEDED", std::to_string(size_t(length_) + tokens) +
                                     " tokens do not fit a window of " + std::to_string(window_));
}

void Session::RequireLogits() const {
  if (logits_.empty())
    throw Error("NATIVE_FAILED", "nothing was fed since the timeline last changed");
}

void Session::Decode(const std::vector<llama_token>& tokens, bool last) {
  pending_.reset();
  RequireRoom(tokens.size());
  Batch batch;
  for (size_t i = 0; i < tokens.size(); ++i) {
    batch.Add(tokens[i], length_ + int(i), {0}, last && i + 1 == tokens.size());
  }
  logits_.clear();
  batch.Run(context_.get());
  length_ += int(tokens.size());
  if (!last) return;
  const float* row = llama_get_logits_ith(context_.get(), -1);
  logits_.assign(row, row + llama_vocab_n_tokens(model_->vocab()));
}

void Session::Feed(const std::vector<llama_token>& tokens, bool last) { Decode(tokens, last); }

float Session::LogProbability(const float* logits, llama_token token) const {
  return float(double(logits[token]) - LogSumExp(logits, llama_vocab_n_tokens(model_->vocab())));
}

std::vector<float> Session::ScoreTree(const TokenTree& tree) {
  pending_.reset();
  const int n = int(tree.tokens.size());
  // Children come after their parents, so one pass backwards tells what lies under each token.
  std::vector<uint8_t> evaluated(n), has_row(n);
  for (int i = tree.keep; i >= 0; i = tree.parents[i]) evaluated[i] = 1;
  if (tree.keep >= 0) has_row[tree.keep] = 1;
  for (int i = n - 1; i >= 0; --i) {
    const int parent = tree.parents[i];
    if (!evaluated[i] && !tree.scored[i]) continue;
    if (parent < 0) {
      if (tree.scored[i]) RequireLogits();
      continue;
    }
    evaluated[parent] = 1;
    if (tree.scored[i]) has_row[parent] = 1;
  }
  // Each end of what is evaluated is a timeline of its own; a token belongs to those of all ends
  // under it.
  std::vector<std::vector<llama_seq_id>> sequences(n);
  int ends = 0;
  for (int i = n - 1; i >= 0; --i) {
    if (!evaluated[i]) continue;
    if (sequences[i].empty()) sequences[i].push_back(++ends);
    if (tree.parents[i] < 0) continue;
    auto& above = sequences[tree.parents[i]];
    above.insert(above.end(), sequences[i].begin(), sequences[i].end());
  }
  Batch batch;
  int rows = 0;
  std::vector<int> depth(n), at(n);
  for (int i = 0; i < n; ++i) {
    depth[i] = tree.parents[i] < 0 ? 0 : depth[tree.parents[i]] + 1;
    if (!evaluated[i]) continue;
    at[i] = batch.size();
    rows += has_row[i];
    batch.Add(tree.tokens[i], length_ + depth[i], sequences[i], has_row[i]);
  }
  if (batch.size() > step_tokens_ || ends > kMaxBranches || rows > score_rows_) {
    throw Error("NATIVE_FAILED", "a tree of " + std::to_string(batch.size()) + " tokens, " +
                                     std::to_string(ends) + " ends and " + std::to_string(rows) +
                                     " rows is more than one step takes");
  }
  RequireRoom(size_t(batch.size()));
  llama_memory_t memory = llama_get_memory(context_.get());
  const auto forget = [&] {
    for (int end = 1; end <= ends; ++end) llama_memory_seq_rm(memory, end, -1, -1);
  };
  if (batch.size() > 0) {
    for (int end = 1; end <= ends; ++end) llama_memory_seq_cp(memory, 0, end, -1, -1);
    try {
      batch.Run(context_.get(), [&] {
        for (int end = 1; end <= ends; ++end) llama_memory_seq_rm(memory, end, length_, -1);
      });
    } catch (...) {
      forget();
      throw;
    }
  }
  std::vector<float> scores(n);
  for (int i = 0; i < n; ++i) {
    if (!tree.scored[i]) continue;
    const int parent = tree.parents[i];
    const float* row =
        parent < 0 ? logits_.data() : llama_get_logits_ith(context_.get(), at[parent]);
    scores[i] = LogProbability(row, tree.tokens[i]);
  }
  if (tree.keep >= 0) {
    const int length = length_ + depth[tree.keep] + 1;
    llama_memory_seq_cp(memory, sequences[tree.keep][0], 0, length_, length);
    length_ = length;
    const float* row = llama_get_logits_ith(context_.get(), at[tree.keep]);
    logits_.assign(row, row + llama_vocab_n_tokens(model_->vocab()));
  }
  forget();
  return scores;
}

llama_token Session::Next() {
  if (pending_) {
    if (length_ >= window_) return kWindowFull;
    Decode({*pending_}, true);
  }
  RequireLogits();
  if (!sampler_) throw Error("NATIVE_FAILED", "no sampler was set");
  const auto [token, take_back] = sampler_->Sample(logits_.data());
  if (take_back > 0) return kTakenBack + 1 - take_back;
  if (llama_vocab_is_eog(model_->vocab(), token)) return kEnd;
  pending_ = token;
  return token;
}

void Session::SetAdapters(std::vector<std::pair<std::shared_ptr<Adapter>, float>> adapters) {
  std::vector<llama_adapter_lora*> raw;
  std::vector<float> scales;
  for (const auto& [adapter, scale] : adapters)
    raw.push_back(adapter->get()), scales.push_back(scale);
  llama_set_adapters_lora(context_.get(), raw.data(), raw.size(), scales.data());
  adapters_ = std::move(adapters);
  logits_.clear();
}

std::vector<uint8_t> Session::Save() {
  std::vector<uint8_t> state(llama_state_seq_get_size(context_.get(), 0));
  state.resize(llama_state_seq_get_data(context_.get(), state.data(), state.size(), 0));
  return state;
}

void Session::Restore(const std::vector<uint8_t>& state, int length) {
  Rewind(0);
  if (llama_state_seq_set_data(context_.get(), state.data(), state.size(), 0) == 0) {
    llama_memory_clear(llama_get_memory(context_.get()), /*data=*/false);
    throw Error("STORE_DAMAGED", "a saved state does not fit this model and window");
  }
  length_ = length;
}

}  // namespace dramatis
