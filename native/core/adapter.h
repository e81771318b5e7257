#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model.h"
#include "core/train/lora.h"

namespace dramatis {

// One LoRA adapter of a model. The caller has validated the file against the base (src/gguf): here
// only what llama.cpp itself finds is reported. Keeps its model alive.
class Adapter {
 public:
  // Throws ADAPTER_MISMATCH.
  Adapter(std::shared_ptr<Model> model, const std::string& path);
  // What a trainer holds at this moment, rounded to half precision as files have it: takes
  // milliseconds, no file. Throws ADAPTER_MISMATCH.
  Adapter(std::shared_ptr<Model> model, const std::vector<train::Lora>& loras, float scale);

  llama_adapter_lora* get() const { return adapter_.get(); }

 private:
  struct Free {
    void operator()(llama_adapter_lora* adapter) const noexcept;
  };
  std::shared_ptr<Model> model_;  // declared first, so destroyed after adapter_
  std::unique_ptr<llama_adapter_lora, Free> adapter_;
};

}  // namespace dramatis
