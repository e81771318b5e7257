#include "core/train/device_weights.h"

#include "core/error.h"
#include "ggml-alloc.h"

namespace dramatis::train {

DeviceWeights::DeviceWeights(const TrainModel& model, ggml_backend_t backend) {
  const int layers = model.architecture().layers;
  // Two forms of each matrix, up to three biases and six norms a layer, and the output's three.
  const size_t most = size_t(layers) * (2 * kMatrices + 9) + 3;
  context_.reset(ggml_init({most * ggml_tensor_overhead(), nullptr, /*no_alloc=*/true}));
  if (!context_) throw Error("MEMORY_SHORT", "there is not enough memory for the weights' names");
  for (int l = 0; l < layers; ++l) {
    const TrainModel::Layer& layer = model.layer(l);
    for (const PackedMatrix& matrix : layer.weight) Add(matrix);
    for (const PackedMatrix& matrix : layer.transposed) Add(matrix);
    for (const auto& bias : layer.bias) Add(bias);
    for (const auto* norm :
         {&layer.attention_norm, &layer.feed_forward_norm, &layer.post_attention_norm,
          &layer.post_feed_forward_norm, &layer.query_norm, &layer.key_norm})
      Add(*norm);
  }
  Add(model.head());
  Add(model.head_transposed());
  Add(model.output_norm());
  buffer_.reset(ggml_backend_alloc_ctx_tensors(context_.get(), backend));
  if (!buffer_) throw Error("MEMORY_SHORT", "the device has not enough memory for the weights");
  for (const PackedMatrix* matrix : matrices_) {
    ggml_tensor* tensor = Of(*matrix);
    std::vector<float> row(static_cast<size_t>(matrix->in()));
    std::vector<ggml_bf16_t> rounded(row.size());
    for (int i = 0; i < matrix->out(); ++i) {
      matrix->Row(i, row.data());
      const void* data = row.data();
      if (tensor->type == GGML_TYPE_BF16) {
        ggml_fp32_to_bf16_row(row.data(), rounded.data(), int64_t(row.size()));
        data = rounded.data();
      }
      ggml_backend_tensor_set(tensor, data, size_t(i) * tensor->nb[1], tensor->nb[1]);
    }
  }
  for (const auto* vector : vectors_) {
    ggml_backend_tensor_set(Of(vector->data()), vector->data(), 0, vector->size() * sizeof(float));
  }
}

void DeviceWeights::Add(const PackedMatrix& matrix) {
  if (matrix.out() == 0) return;  // no gradient passes here
  const bool is_f32 = matrix.type() == PackedMatrix::Type::kF32;
  tensors_[&matrix] = ggml_new_tensor_2d(context_.get(), is_f32 ? GGML_TYPE_F32 : GGML_TYPE_BF16,
                                         matrix.in(), matrix.out());
  matrices_.push_back(&matrix);
}

void DeviceWeights::Add(const std::vector<float>& vector) {
  if (vector.empty()) return;
  tensors_[vector.data()] =
      ggml_new_tensor_1d(context_.get(), GGML_TYPE_F32, int64_t(vector.size()));
  vectors_.push_back(&vector);
}

}  // namespace dramatis::train
