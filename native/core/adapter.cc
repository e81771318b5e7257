#include "core/adapter.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/log.h"
#include "ggml-cpp.h"
#include "llama-adapter.h"
#include "llama-model.h"

namespace dramatis {

namespace {

// Whether any of the numbers has all bits of its exponent set: an infinity, or none at all.
template <typename Word>
bool AnyNotFinite(const void* raw, size_t bytes, Word exponent) {
  const auto* words = static_cast<const Word*>(raw);
  bool any = false;
  for (size_t i = 0; i < bytes / sizeof(Word); ++i) any |= (words[i] & exponent) == exponent;
  return any;
}

// A single NaN would poison every logit of a session.
bool IsFinite(const ggml_tensor* tensor) {
  const size_t bytes = ggml_nbytes(tensor);
  std::vector<uint8_t> copy;
  const void* raw = tensor->data;
  if (!ggml_backend_buffer_is_host(tensor->buffer)) {
    copy.resize(bytes);
    ggml_backend_tensor_get(tensor, copy.data(), 0, bytes);
    raw = copy.data();
  }
  switch (tensor->type) {
    case GGML_TYPE_F32:
      return !AnyNotFinite<uint32_t>(raw, bytes, 0x7f800000u);
    case GGML_TYPE_F16:
      return !AnyNotFinite<uint16_t>(raw, bytes, 0x7c00u);
    case GGML_TYPE_BF16:
      return !AnyNotFinite<uint16_t>(raw, bytes, 0x7f80u);
    default:
      return false;  // src/engine/check-adapter.ts lets no other through
  }
}

}  // namespace

void Adapter::Free::operator()(llama_adapter_lora* adapter) const noexcept {
  llama_adapter_lora_free(adapter);
}

Adapter::Adapter(std::shared_ptr<Model> model, const std::string& path) : model_(std::move(model)) {
  TakeLoggedError();
  adapter_.reset(llama_adapter_lora_init(model_->get(), path.c_str()));
  if (!adapter_)
    throw Error("ADAPTER_MISMATCH", path + " does not fit the model: " + TakeLoggedError());
  for (const auto& [name, pair] : adapter_->ab_map)
    for (const ggml_tensor* tensor : {pair.a, pair.b})
      if (!IsFinite(tensor)) {
        throw Error("ADAPTER_MISMATCH",
                    path + ": \"" + tensor->name + "\" holds a number that is not finite");
      }
}

namespace {

// Where a matrix' factors must lie for its product to be computed beside it. CPU matrices may be
// repacked, factors never are.
ggml_backend_buffer_type_t BufferTypeFor(const ggml_tensor* matrix) {
  ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(matrix->buffer);
  ggml_backend_dev_t device = ggml_backend_buft_get_device(type);
  const bool is_cpu =
      device == nullptr || ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU;
  if (!is_cpu) return type;
  return ggml_backend_dev_buffer_type(ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU));
}

void SetHalf(ggml_tensor* tensor, const std::vector<float>& values) {
  std::vector<ggml_fp16_t> half(values.size());
  ggml_fp32_to_fp16_row(values.data(), half.data(), int64_t(values.size()));
  ggml_backend_tensor_set(tensor, half.data(), 0, half.size() * sizeof(ggml_fp16_t));
}

}  // namespace

Adapter::Adapter(std::shared_ptr<Model> model, const std::vector<train::Lora>& loras, float scale)
    : model_(std::move(model)), adapter_(new llama_adapter_lora(model_->get())) {
  // llama.cpp frees an adapter as one that its model knows.
  model_->get()->loras.insert(adapter_.get());
  if (!loras.empty()) adapter_->alpha = scale * float(loras[0].rank);
  std::map<ggml_backend_buffer_type_t, ggml_context*> contexts;
  std::vector<llama_adapter_lora_weight> weights;
  for (const train::Lora& lora : loras) {
    const ggml_tensor* matrix = model_->get()->get_tensor(lora.name.c_str());
    if (matrix == nullptr || matrix->ne[0] != lora.in || matrix->ne[1] != lora.out)
      throw Error("ADAPTER_MISMATCH", "what was trained does not fit " + lora.name);
    ggml_context*& context = contexts[BufferTypeFor(matrix)];
    if (context == nullptr) {
      context = ggml_init({2 * loras.size() * ggml_tensor_overhead(), nullptr, /*no_alloc=*/true});
      adapter_->ctxs.emplace_back(context);
    }
    ggml_tensor* a = ggml_new_tensor_2d(context, GGML_TYPE_F16, lora.in, lora.rank);
    ggml_tensor* b = ggml_new_tensor_2d(context, GGML_TYPE_F16, lora.rank, lora.out);
    weights.emplace_back(adapter_->ab_map[lora.name] = llama_adapter_lora_weight(a, b));
  }
  for (const auto& [type, context] : contexts) {
    ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors_from_buft(context, type));
    if (!buffer) throw Error("MEMORY_SHORT", "there is not enough memory for an adapter");
    adapter_->bufs.push_back(std::move(buffer));
  }
  for (size_t i = 0; i < loras.size(); ++i) {
    SetHalf(weights[i].a, loras[i].a);
    SetHalf(weights[i].b, loras[i].Out());
  }
}

Adapter::Adapter(std::shared_ptr<Model> model, std::vector<Direction> directions)
    : Adapter(std::move(model), std::vector<train::Lora>{}, 1) {
  const size_t width = size_t(llama_model_n_embd(model_->get()));
  std::vector<bool> seen(size_t(llama_model_n_layer(model_->get())));
  for (const auto& [layer, values] : directions) {
    const std::string name = "the direction of layer " + std::to_string(layer);
    if (layer < 0 || size_t(layer) >= seen.size() || seen[size_t(layer)])
      throw Error("ADAPTER_MISMATCH", name + " is given twice, or the model has no such layer");
    seen[size_t(layer)] = true;
    if (values.size() != width) {
      throw Error("ADAPTER_MISMATCH", name + " has " + std::to_string(values.size()) +
                                          " numbers; the model is " + std::to_string(width) +
                                          " wide");
    }
    if (!std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); }))
      throw Error("ADAPTER_MISMATCH", name + " holds a number that is not finite");
  }
  directions_ = std::move(directions);
}

}  // namespace dramatis
