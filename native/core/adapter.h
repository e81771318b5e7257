#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model.h"
#include "core/train/lora.h"

namespace dramatis {

// What acts on a model: a LoRA, or a control vector. The caller has validated a file against the
// base (src/gguf): here only what llama.cpp itself finds is reported. Keeps its model alive.
class Adapter {
 public:
  // Added to the residual stream after a layer, counted from 0: as many floats as the model is
  // wide.
  struct Direction {
    int layer;
    std::vector<float> values;
  };

  // Throws ADAPTER_MISMATCH.
  Adapter(std::shared_ptr<Model> model, const std::string& path);
  // What a trainer holds at this moment, rounded to half precision as files have it: takes
  // milliseconds, no file. Throws ADAPTER_MISMATCH.
  Adapter(std::shared_ptr<Model> model, const std::vector<train::Lora>& loras, float scale);

  // A control vector: at most one direction for a layer. Throws ADAPTER_MISMATCH.
  Adapter(std::shared_ptr<Model> model, std::vector<Direction> directions);

  // Without matrices for a control vector.
  llama_adapter_lora* get() const { return adapter_.get(); }

  // None for a LoRA.
  const std::vector<Direction>& directions() const { return directions_; }

 private:
  struct Free {
    void operator()(llama_adapter_lora* adapter) const noexcept;
  };
  std::shared_ptr<Model> model_;  // declared first, so destroyed after adapter_
  std::unique_ptr<llama_adapter_lora, Free> adapter_;
  std::vector<Direction> directions_;
};

}  // namespace dramatis
