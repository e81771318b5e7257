#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/train/architecture.h"
#include "core/train/gguf_file.h"
#include "core/train/lora.h"
#include "core/train/packed_matrix.h"

namespace dramatis::train {

// A change of one matrix that is part of what is frozen: W + scale · B A. a: rank × in, b: out ×
// rank.
struct FixedLora {
  std::string name;  // of the matrix
  int rank = 0;
  float scale = 1;
  std::vector<float> a, b;
};

// The frozen weights of a model, as the exact numbers that chat computes with, each matrix twice:
// for the way there and for the way back. Made layer by layer, because it takes seconds.
class TrainModel {
 public:
  struct Layer {
    PackedMatrix weight[kMatrices];      // out × in
    PackedMatrix transposed[kMatrices];  // in × out; only where gradients pass
    std::vector<float> bias[3];          // of query, key, value; may be empty
    std::vector<float> attention_norm, feed_forward_norm;
    std::vector<float> post_attention_norm, post_feed_forward_norm;  // may be empty
    std::vector<float> query_norm, key_norm;                         // may be empty
  };

  // `first_trained`: nothing below this layer needs a way back. Throws MODEL_UNREADABLE.
  // `fixed`: adapters that what is trained comes on top of.
  TrainModel(const std::string& path, PackedMatrix::Type type, int first_trained,
             std::vector<FixedLora> fixed = {});

  // Makes the next layer, or the output at the end; false when there is nothing left to do.
  bool LoadMore();
  double loaded() const { return double(next_) / double(architecture_.layers + 1); }

  const Architecture& architecture() const { return architecture_; }
  const Layer& layer(int i) const { return layers_[size_t(i)]; }
  const PackedMatrix& head() const { return head_; }
  const PackedMatrix& head_transposed() const { return head_transposed_; }
  const std::vector<float>& output_norm() const { return output_norm_; }

  // The embedding of a token, scaled as the model wants it.
  void Embedding(int token, float* out) const;
  // Numbers that go in and come out of a matrix.
  int In(Matrix matrix) const;
  int Out(Matrix matrix) const;

 private:
  void LoadLayer(int i);
  void LoadHead();
  void Pack(const std::string& name, const GgufFile::Tensor& tensor, PackedMatrix& weight,
            PackedMatrix* transposed) const;
  std::vector<float> Vector(const std::string& name, int size, bool optional = false) const;

  GgufFile file_;
  Architecture architecture_;
  PackedMatrix::Type type_;
  int first_trained_;
  std::vector<FixedLora> fixed_;
  int next_ = 0;
  std::vector<Layer> layers_;
  PackedMatrix head_, head_transposed_;
  std::vector<float> output_norm_;
};

}  // namespace dramatis::train
