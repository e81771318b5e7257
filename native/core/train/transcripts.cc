#include "core/train/transcripts.h"

namespace dramatis::train {

std::vector<Text> TranscriptsOf(const TrainBatch& batch) {
  std::vector<Text> texts;
  for (int32_t t = 0; t < batch.transcript; ++t) {
    if (batch.first[size_t(t)] == t) texts.emplace_back();
    texts.back().push_back(batch.tokens[size_t(t)]);
  }
  return texts;
}

TrainBatch ToRead(const std::vector<Text>& texts) {
  TrainBatch batch;
  for (const Text& text : texts) {
    const auto first = int32_t(batch.tokens.size());
    batch.tokens.insert(batch.tokens.end(), text.begin(), text.end());
    for (int32_t i = 0; i < int32_t(text.size()); ++i) batch.positions.push_back(i);
    batch.first.resize(batch.tokens.size(), first);
    batch.context.resize(batch.tokens.size());
  }
  return batch;
}

void Transcripts::Add(const Text& text, int layer, const std::vector<float>& keys,
                      const std::vector<float>& values, size_t from) {
  auto [found, is_new] = read_.try_emplace(text, layers_);
  if (is_new) {
    bytes_ += BytesOf(text);
    if (bytes_ > most_bytes_) passing_.push_back(text);
  }
  Layer& to = found->second[size_t(layer)];
  const auto begin = ptrdiff_t(from * width_), end = begin + ptrdiff_t(text.size() * width_);
  to.keys.assign(keys.begin() + begin, keys.begin() + end);
  to.values.assign(values.begin() + begin, values.begin() + end);
}

void Transcripts::Trim() {
  for (const Text& text : passing_) {
    read_.erase(text);
    bytes_ -= BytesOf(text);
  }
  passing_.clear();
}

}  // namespace dramatis::train
