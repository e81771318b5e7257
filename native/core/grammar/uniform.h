#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/grammar/char_classes.h"
#include "core/grammar/vocabulary.h"

namespace dramatis::grammar {

// Of a state of an automaton, the buckets of bytes all of whose characters lead to one other
// without gain, and that one.
struct Uniform {
  uint64_t buckets = 0;
  uint32_t to = 0;
  uint32_t asked = 0;  // nodes of the vocabulary's trie that hung on knowing it
  bool known = false;
};

// Smaller subtrees are walked: asking about them costs as much.
constexpr uint32_t kLeastSubtree = 8;
// A state is worth finding out about, which costs a move for each class of characters, once this
// many nodes hung on it.
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

// What is known of the states of one automaton. Of its states 0 is the one that nothing leads out
// of. Not thread safe.
class UniformStates {
 public:
  UniformStates(const Vocabulary& vocabulary, const UniformFinder& finder)
      : vocabulary_(vocabulary), finder_(finder) {}

  // Whether all tokens below a node of the vocabulary lead on from `state`, between whole
  // characters, alike and without gain; false also while finding out is not worth it. `next`: where
  // a class of characters leads from a state.
  template <typename Next>
  bool AreSameBelow(uint32_t node, uint32_t state, Next next) {
    const uint64_t below = vocabulary_.Below(node);
    if (below >> Vocabulary::kBroken & 1) return false;
    Uniform& first = At(state);
    if (!first.known) {
      first.asked += vocabulary_.nodes()[node].size;
      if (first.asked < kWorthAsking) return false;
    }
    for (uint16_t left = vocabulary_.Height(node); left > 0; --left) {
      Uniform& uniform = At(state);
      if (!uniform.known) {
        finder_.Find(uniform, [&](uint32_t id) { return next(state, id); });
        if (uniform.to == 0) uniform.buckets = 0;
      }
      if ((below & ~uniform.buckets) != 0) return false;
      if (uniform.to == state) return true;
      state = uniform.to;
    }
    return true;
  }

  void Clear() { states_.clear(); }

 private:
  Uniform& At(uint32_t state) {
    if (states_.size() <= state) states_.resize(size_t(state) + 64);
    return states_[state];
  }

  const Vocabulary& vocabulary_;
  const UniformFinder& finder_;
  std::vector<Uniform> states_;
};

}  // namespace dramatis::grammar
