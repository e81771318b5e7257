#include "core/session.h"

#include <algorithm>
#include <cmath>

#include "core/batch.h"
#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"

namespace dramatis {
namespace {

// ln softmax(logits)[token], summed in double: 49k floats lose three digits otherwise.
float LogProbability(const float* logits, int n, llama_token token) {
  const float most = *std::max_element(logits, logits + n);
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += std::exp(logits[i] - most);
  return float(double(logits[token]) - most - std::log(sum));
}

}  // namespace

Session::Session(std::shared_ptr<Model> model, int context_tokens) : model_(std::move(model)) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = uint32_t(context_tokens);
  params.n_batch = kMaxSlice;
  params.n_ubatch = kMaxSlice;
  params.n_seq_max = 1;
  params.n_outputs_max = kMaxScoreSlice;
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

void Session::Decode(const std::vector<llama_token>& tokens, Logits wanted) {
  pending_.reset();
  RequireRoom(tokens.size());
  Batch batch;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool last = i + 1 == tokens.size();
    const bool output = wanted == Logits::kAll || (wanted == Logits::kLast && last);
    batch.Add(tokens[i], length_ + int(i), 0, output);
  }
  logits_.clear();
  batch.Run(context_.get());
  length_ += int(tokens.size());
  if (wanted == Logits::kNone) return;
  const float* last = llama_get_logits_ith(context_.get(), -1);
  logits_.assign(last, last + llama_vocab_n_tokens(model_->vocab()));
}

void Session::Feed(const std::vector<llama_token>& tokens, bool last) {
  Decode(tokens, last ? Logits::kLast : Logits::kNone);
}

std::vector<float> Session::FeedScored(const std::vector<llama_token>& tokens) {
  RequireLogits();
  const int n = llama_vocab_n_tokens(model_->vocab());
  std::vector<float> scores{LogProbability(logits_.data(), n, tokens[0])};
  Decode(tokens, Logits::kAll);
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    scores.push_back(
        LogProbability(llama_get_logits_ith(context_.get(), int(i)), n, tokens[i + 1]));
  }
  return scores;
}

std::vector<std::vector<float>> Session::Score(
    const std::vector<std::vector<llama_token>>& continuations) {
  RequireLogits();
  pending_.reset();
  const int n = llama_vocab_n_tokens(model_->vocab());
  std::vector<std::vector<float>> scores;
  Batch batch;
  for (size_t c = 0; c < continuations.size(); ++c) {
    const auto& tokens = continuations[c];
    scores.push_back({LogProbability(logits_.data(), n, tokens[0])});
    for (size_t i = 0; i + 1 < tokens.size(); ++i) {
      batch.Add(tokens[i], length_ + int(i), llama_seq_id(c) + 1, /*wants_logits=*/true);
    }
  }
  if (batch.size() == 0) return scores;
  RequireRoom(size_t(batch.size()));
  llama_memory_t memory = llama_get_memory(context_.get());
  const auto forget = [&] {
    for (size_t c = 0; c < continuations.size(); ++c)
      llama_memory_seq_rm(memory, llama_seq_id(c) + 1, -1, -1);
  };
  for (size_t c = 0; c < continuations.size(); ++c) {
    if (continuations[c].size() > 1) llama_memory_seq_cp(memory, 0, llama_seq_id(c) + 1, -1, -1);
  }
  try {
    batch.Run(context_.get());
  } catch (...) {
    forget();
    throw;
  }
  int row = 0;
  for (size_t c = 0; c < continuations.size(); ++c) {
    for (size_t i = 1; i < continuations[c].size(); ++i) {
      scores[c].push_back(
          LogProbability(llama_get_logits_ith(context_.get(), row++), n, continuations[c][i]));
    }
  }
  forget();
  return scores;
}

llama_token Session::Next() {
  if (pending_) {
    if (length_ >= window_) return kWindowFull;
    Decode({*pending_}, Logits::kLast);
  }
  RequireLogits();
  if (!sampler_) throw Error("NATIVE_FAILED", "no sampler was set");
  const llama_token token = sampler_->Sample(logits_.data());
  if (llama_vocab_is_eog(model_->vocab(), token)) return kEnd;
  pending_ = token;
  return token;
}

void Session::SetAdapter(std::shared_ptr<Adapter> adapter, float scale) {
  llama_adapter_lora* raw = adapter ? adapter->get() : nullptr;
  llama_set_adapters_lora(context_.get(), &raw, adapter ? 1 : 0, &scale);
  adapter_ = std::move(adapter);
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
