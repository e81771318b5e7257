#include "core/adapter.h"

#include "core/error.h"
#include "core/log.h"

namespace dramatis {

void Adapter::Free::operator()(llama_adapter_lora* adapter) const noexcept {
  llama_adapter_lora_free(adapter);
}

Adapter::Adapter(std::shared_ptr<Model> model, const std::string& path) : model_(std::move(model)) {
  TakeLoggedError();
  adapter_.reset(llama_adapter_lora_init(model_->get(), path.c_str()));
  if (!adapter_)
    throw Error("ADAPTER_MISMATCH", path + " does not fit the model: " + TakeLoggedError());
}

}  // namespace dramatis
