#include "core/context.h"

#include <algorithm>

#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"
#include "llama-context.h"

namespace dramatis {

Context::Context(std::shared_ptr<Model> model, const Options& options)
    : model_(std::move(model)), options_(options), taken_(size_t(options.timelines)) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = uint32_t(options.tokens);
  params.n_batch = uint32_t(options.step_tokens);
  params.n_ubatch = uint32_t(options.step_tokens);
  params.n_seq_max =
      uint32_t(options.timelines);  // branches may be more: a unified cache takes any
  params.n_outputs_max = uint32_t(options.score_rows);
  params.kv_unified = true;  // timelines share the cells of what they have in common
  params.swa_full = true;    // a sliding-window cache that forgets could not be rewound
  params.no_perf = true;
  if (options.is_exact) {
    params.type_k = params.type_v = GGML_TYPE_F32;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  }
  TakeLoggedError();
  {
    std::lock_guard<std::mutex> lock(Compute::Get().mutex());
    context_ = model_->servers().Computing(
        [&] { return decltype(context_)(llama_init_from_model(model_->get(), params)); });
  }
  if (!context_) {
    throw Error("MEMORY_SHORT", "a window of " + std::to_string(options.tokens) +
                                    " tokens could not be made: " + TakeLoggedError());
  }
  options_.tokens = std::min(options.tokens, int(llama_n_ctx(context_.get())));
  size_t bytes = 0;
  for (const auto& [type, size] : llama_get_memory(context_.get())->memory_breakdown())
    bytes += size;
  bytes_per_token_ = bytes / llama_n_ctx(context_.get());
}

llama_seq_id Context::Open() {
  Sweep();
  for (size_t i = 0; i < taken_.size(); ++i) {
    if (taken_[i]) continue;
    taken_[i] = true;
    ++open_;
    return llama_seq_id(i);
  }
  throw Error("MEMORY_SHORT", "all " + std::to_string(taken_.size()) +
                                  " sessions that this cache was made for are open");
}

void Context::Close(llama_seq_id timeline) {
  std::lock_guard<std::mutex> lock(closing_);
  closed_.push_back(timeline);
}

void Context::Sweep() {
  std::lock_guard<std::mutex> lock(closing_);
  for (llama_seq_id timeline : closed_) {
    llama_memory_seq_rm(memory(), timeline, -1, -1);
    if (active_) active_->Clear(timeline);
    taken_[size_t(timeline)] = false;
    --open_;
  }
  closed_.clear();
}

int Context::Rewind(llama_seq_id timeline, int length) {
  Sweep();
  if (length > 0 && llama_memory_seq_rm(memory(), timeline, length, -1)) return length;
  // Alone, everything is forgotten: what follows is then as in a new cache, to the bit.
  if (open_ == 1) {
    llama_memory_clear(memory(), /*data=*/false);
  } else {
    llama_memory_seq_rm(memory(), timeline, -1, -1);
  }
  return 0;
}

void Context::SetAdapters(llama_seq_id timeline, const bank::Spans& spans) {
  bank::Uses all = active_ ? active_->uses() : bank::Uses{};
  if (all.Add(bank::UsesOf(spans))) {
    // The old one is told of until the new one is set.
    auto more = active_ ? std::make_unique<bank::ActiveAdapters>(*active_, all)
                        : std::make_unique<bank::ActiveAdapters>(model_->bank(), all);
    context_->set_bank(more.get());
    active_ = std::move(more);
  }
  if (active_) active_->Set(timeline, spans);
}

int Context::reserves() const { return context_->n_reserved; }

int Context::reused() const { return context_->perf_get_data().n_reused; }

}  // namespace dramatis
