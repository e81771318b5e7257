#include "core/train/train_model.h"

#include <utility>

#include "core/error.h"

namespace dramatis::train {

TrainModel::TrainModel(const std::string& path, PackedMatrix::Type type, int first_trained,
                       std::vector<FixedLora> fixed)
    : file_(path),
      architecture_(Architecture::Of(file_)),
      type_(type),
      first_trained_(first_trained),
      fixed_(std::move(fixed)),
      layers_(size_t(architecture_.layers)) {}

int TrainModel::In(Matrix matrix) const {
  const Architecture& a = architecture_;
  if (matrix == kOutput) return a.heads * a.head;
  return matrix == kDown ? a.feed_forward : a.width;
}

int TrainModel::Out(Matrix matrix) const {
  const Architecture& a = architecture_;
  switch (matrix) {
    case kQuery:
      return a.heads * a.head;
    case kKey:
    case kValue:
      return a.kv_heads * a.head;
    case kGate:
    case kUp:
      return a.feed_forward;
    default:
      return a.width;
  }
}

bool TrainModel::LoadMore() {
  if (next_ > architecture_.layers) return false;
  if (next_ < architecture_.layers) LoadLayer(next_);
  if (next_ == architecture_.layers) LoadHead();
  ++next_;
  return next_ <= architecture_.layers;
}

std::vector<float> TrainModel::Vector(const std::string& name, int size, bool optional) const {
  if (optional && file_.Find(name) == nullptr) return {};
  const GgufFile::Tensor& tensor = file_.Get(name, size, 1);
  std::vector<float> values(static_cast<size_t>(size));
  GgufFile::Row(tensor, 0, values.data());
  return values;
}

void TrainModel::Pack(const std::string& name, const GgufFile::Tensor& tensor, PackedMatrix& weight,
                      PackedMatrix* transposed) const {
  const int in = int(tensor.columns), out = int(tensor.rows);
  for (const FixedLora& lora : fixed_) {
    if (lora.name == name &&
        (lora.a.size() != size_t(lora.rank) * in || lora.b.size() != size_t(lora.rank) * out))
      throw Error("ADAPTER_MISMATCH", "the adapter's " + name + " has another shape");
  }
  weight = PackedMatrix(type_, out, in);
  if (transposed != nullptr) *transposed = PackedMatrix(type_, in, out);
  std::vector<float> row(static_cast<size_t>(in));
  for (int i = 0; i < out; ++i) {
    GgufFile::Row(tensor, i, row.data());
    for (const FixedLora& lora : fixed_) {
      if (lora.name != name) continue;
      for (int r = 0; r < lora.rank; ++r) {
        const float factor = lora.scale * lora.b[size_t(i) * lora.rank + r];
        for (int j = 0; j < in; ++j) row[size_t(j)] += factor * lora.a[size_t(r) * in + j];
      }
    }
    weight.SetRow(i, row.data());
    if (transposed != nullptr) transposed->SetColumn(i, row.data());
  }
}

void TrainModel::LoadLayer(int i) {
  const Architecture& a = architecture_;
  Layer& layer = layers_[size_t(i)];
  const std::string block = "blk." + std::to_string(i) + ".";
  for (int m = 0; m < kMatrices; ++m) {
    const std::string name = block + kMatrixNames[m] + ".weight";
    const auto& tensor = file_.Get(name, In(Matrix(m)), Out(Matrix(m)));
    // The gradient stops at the first layer that is trained: its inputs need none.
    const bool passes =
        i > first_trained_ || (i == first_trained_ && m != kQuery && m != kKey && m != kValue);
    Pack(name, tensor, layer.weight[m], passes ? &layer.transposed[m] : nullptr);
  }
  if (a.biases) {
    for (int m = kQuery; m <= kValue; ++m)
      layer.bias[m] = Vector(block + kMatrixNames[m] + ".bias", Out(Matrix(m)));
  }
  layer.attention_norm = Vector(block + "attn_norm.weight", a.width);
  layer.feed_forward_norm = Vector(block + "ffn_norm.weight", a.width);
  if (a.post_norms) {
    layer.post_attention_norm = Vector(block + "post_attention_norm.weight", a.width);
    layer.post_feed_forward_norm = Vector(block + "post_ffw_norm.weight", a.width);
  }
  if (a.head_norms) {
    layer.query_norm = Vector(block + "attn_q_norm.weight", a.head);
    layer.key_norm = Vector(block + "attn_k_norm.weight", a.head);
  }
}

void TrainModel::LoadHead() {
  const Architecture& a = architecture_;
  const bool tied = file_.Find("output.weight") == nullptr;
  const auto& tensor =
      file_.Get(tied ? "token_embd.weight" : "output.weight", a.width, a.vocabulary);
  Pack("output.weight", tensor, head_, &head_transposed_);
  output_norm_ = Vector("output_norm.weight", a.width);
  file_.KeepOnly("token_embd.weight");  // all else is packed by now
}

void TrainModel::Embedding(int token, float* out) const {
  GgufFile::Row(file_.Get("token_embd.weight", architecture_.width, architecture_.vocabulary),
                token, out);
  for (int i = 0; i < architecture_.width; ++i) out[i] *= architecture_.embedding_scale;
}

}  // namespace dramatis::train
