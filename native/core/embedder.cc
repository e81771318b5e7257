#include "core/embedder.h"

#include <cmath>

#include "core/batch.h"
#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"

namespace dramatis {

Embedder::Embedder(std::shared_ptr<Model> model) : model_(std::move(model)) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = kMaxTokens;
  params.n_batch = kMaxTokens;
  params.n_ubatch = kMaxTokens;  // attention is not causal: a text must be evaluated whole
  params.n_seq_max = kMaxTexts;
  params.kv_unified = true;
  params.embeddings = true;
  params.no_perf = true;
  TakeLoggedError();
  {
    std::lock_guard<std::mutex> lock(Compute::Get().mutex());
    context_.reset(llama_init_from_model(model_->get(), params));
  }
  if (!context_)
    throw Error("MEMORY_SHORT", "no context for embeddings could be made: " + TakeLoggedError());
  if (llama_pooling_type(context_.get()) == LLAMA_POOLING_TYPE_NONE) {
    throw Error("MODEL_UNREADABLE", "the model gives no sentence embeddings: it names no pooling");
  }
  width_ = llama_model_n_embd_out(model_->get());
}

std::vector<std::vector<float>> Embedder::Embed(
    const std::vector<std::vector<llama_token>>& texts) {
  Batch batch;
  for (size_t t = 0; t < texts.size(); ++t) {
    for (size_t i = 0; i < texts[t].size(); ++i) {
      batch.Add(texts[t][i], llama_pos(i), {llama_seq_id(t)}, /*output=*/true);
    }
  }
  if (llama_memory_t memory = llama_get_memory(context_.get())) llama_memory_clear(memory, false);
  batch.Run(*model_, context_.get(), batch.kind());
  std::vector<std::vector<float>> rows;
  for (size_t t = 0; t < texts.size(); ++t) {
    const float* raw = llama_get_embeddings_seq(context_.get(), llama_seq_id(t));
    if (raw == nullptr) throw Error("NATIVE_FAILED", "the model gave no embedding for a text");
    double square = 0;
    for (int i = 0; i < width_; ++i) square += double(raw[i]) * raw[i];
    const float scale = square > 0 ? float(1 / std::sqrt(square)) : 0;
    std::vector<float> row(raw, raw + width_);
    for (float& value : row) value *= scale;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace dramatis
