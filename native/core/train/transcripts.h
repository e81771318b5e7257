#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/train/batch.h"

namespace dramatis::train {

// A text as tokens, from position 0.
using Text = std::vector<int32_t>;

// The texts that a batch's transcript consists of, in order.
std::vector<Text> TranscriptsOf(const TrainBatch& batch);
// The texts side by side, with nothing to be learned.
TrainBatch ToRead(const std::vector<Text>& texts);

// Keys and values of texts as the model alone reads them. They are the same in every epoch,
// whatever is learned: so they are kept, in full precision: half of it moved losses on small models
// by up to 0.008 nats a token.
//
// Those that come when there is room no more are forgotten when the pass that wanted them is over.
// Who came first stays: of texts that come round and round, dropping the oldest would keep none.
class Transcripts {
 public:
  static constexpr size_t kMostBytes = size_t(1) << 30;

  // `width`: numbers of a key, and of a value, of all heads together.
  Transcripts(int layers, int width, size_t most_bytes = kMostBytes)
      : layers_(size_t(layers)), width_(size_t(width)), most_bytes_(most_bytes) {}

  bool Has(const Text& text) const { return read_.count(text) > 0; }
  // keys, values: width numbers a token, of each layer in turn; `from`: index of the text's first
  // token there.
  void Add(const Text& text, int layer, const std::vector<float>& keys,
           const std::vector<float>& values, size_t from);
  // `width` numbers a token.
  struct Layer {
    std::vector<float> keys, values;
  };
  // The text must be here.
  const Layer& Read(const Text& text, int layer) const { return read_.at(text)[size_t(layer)]; }
  // Forgets what there was no room for.
  void Trim();
  size_t bytes() const { return bytes_; }

 private:
  size_t BytesOf(const Text& text) const {
    return 2 * sizeof(float) * layers_ * width_ * text.size();
  }

  const size_t layers_, width_, most_bytes_;
  size_t bytes_ = 0;  // of all
  std::map<Text, std::vector<Layer>> read_;
  std::vector<Text> passing_;
};

}  // namespace dramatis::train
