#pragma once

#include <memory>
#include <vector>

#include "core/model.h"

namespace dramatis {

// Sentence vectors: pooled by the model's own rule (mean for MiniLM), of L2 norm 1.
class Embedder {
 public:
  static constexpr int kMaxTokens = 512;  // in one step, all texts together
  static constexpr int kMaxTexts = 64;

  explicit Embedder(std::shared_ptr<Model> model);

  std::shared_ptr<Model> model() const { return model_; }
  int width() const { return width_; }
  // One row of `width()` floats a text. Special tokens ([CLS] …) are the caller's business.
  std::vector<std::vector<float>> Embed(const std::vector<std::vector<llama_token>>& texts);

 private:
  struct Free {
    void operator()(llama_context* context) const noexcept { llama_free(context); }
  };
  std::shared_ptr<Model> model_;  // declared first, so destroyed after context_
  std::unique_ptr<llama_context, Free> context_;
  int width_;
};

}  // namespace dramatis
