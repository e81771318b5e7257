#pragma once

#include <unordered_map>
#include <vector>

#include "core/train/train_model.h"
#include "ggml-cpp.h"

namespace dramatis::train {

// The frozen weights of a model as tensors in a back-end's memory, for graphs of PortableOps:
// copied once, and left alone by the graphs' own planning.
class DeviceWeights {
 public:
  // `model` must be loaded whole. Throws MEMORY_SHORT.
  DeviceWeights(const TrainModel& model, ggml_backend_t backend);

  // in × out, with a row for each output.
  ggml_tensor* Of(const PackedMatrix& matrix) const { return tensors_.at(&matrix); }
  // A norm or a bias, by where its numbers lie.
  ggml_tensor* Of(const float* vector) const { return tensors_.at(vector); }

 private:
  void Add(const PackedMatrix& matrix);
  void Add(const std::vector<float>& vector);

  ggml_context_ptr context_;
  ggml_backend_buffer_ptr buffer_;
  std::vector<const PackedMatrix*> matrices_;
  std::vector<const std::vector<float>*> vectors_;
  std::unordered_map<const void*, ggml_tensor*> tensors_;
};

}  // namespace dramatis::train
