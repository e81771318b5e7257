#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/grammar/char_classes.h"
#include "core/grammar/vocabulary.h"

namespace dramatis::grammar {

// Of a state of an automaton, the buckets of bytes all of whose characters lead to one other without gain, and that one.
struct Uniform {
  uint64_t buckets = 0;
  uint32_t to = 0;
  uint32_t asked = 0;  // nodes of the vocabulary's trie that hung on knowing it
  bool known = false;
};

// Smaller subtrees are walked: asking about them costs as much.
constexpr uint32_t kLeastSubtree = 8;
// A state is worth finding out about, which costs a move for each class of characters, once this many nodes hung on it.
constexpr uint32_t kWorthAsking = 2000;

class UniformFinder {
 public:
  explicit UniformFinder(const CharClasses& classes)
      : e_(classes.OfAscii('e')), classes_of_bucket_(Vocabulary::kBuckets) {
    for (uint32_t c = 1; c < 128; ++c)
      classes_of_bucket_[size_t(Vocabulary::BucketOf(uint8_t(c)))].push_back(
          classes.OfAscii(uint8_t(c)));
    for (uint32_t id = 0; id < classes.count(); ++id)
      if (classes.HasNonAscii(id)) classes_of_bucket_[Vocabulary::kNonAscii].push_back(id);
    for (auto& ids : classes_of_bucket_) {
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    }
  }

  // `next`: where a class of characters leads, and its gain.
  template <typename Next>
  void Find(Uniform& uniform, Next next) const {
    uniform.known = true;
    const auto most = next(e_);
    if (most.gain != 0) return;
    uniform.to = most.to;
    for (int bucket = 0; bucket <= Vocabulary::kNonAscii; ++bucket) {
      const std::vector<uint32_t>& ids = classes_of_bucket_[size_t(bucket)];
      const bool same = !ids.empty() && std::all_of(ids.begin(), ids.end(), [&](uint32_t id) {
        const auto move = next(id);
        return move.to == most.to && move.gain == 0;
      });
      if (same) uniform.buckets |= uint64_t(1) << bucket;
    }
  }

 private:
  uint32_t e_;  // in most states what letters do most do is what e does
  std::vector<std::vector<uint32_t>> classes_of_bucket_;
};

}  // namespace dramatis::grammar
