#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/grammar/char_classes.h"
#include "core/grammar/uniform.h"
#include "core/grammar/utf8_reader.h"
#include "core/grammar/vocabulary.h"
#include "core/grammar/words.h"

namespace dramatis::grammar {

// What a state of the words does to each token of a vocabulary: what it earns, and whether a banned
// phrase is said. That does not depend on what the rules allow, so it is found once for a state and
// holds for all places of the rules.
//
// Found once too is what tokens earn after their first byte: most bytes lead to one of two states,
// of being within some word and of being at a word's border, whatever was said before. Not thread
// safe.
class WordEffects {
 public:
  // Tokens from `from` to before `to` in the vocabulary's order.
  struct Run {
    uint32_t from, to;
    int64_t gain;
    bool banned;
  };

  WordEffects(const Vocabulary& vocabulary, const CharClasses& classes,
              const UniformFinder& uniforms, Words& words)
      : vocabulary_(vocabulary), classes_(classes), words_(words), uniform_(vocabulary, uniforms) {}

  // Calls `take` with runs of tokens that earn something or are banned, in order, none twice.
  // `reader`: of the characters before, where one was said in part.
  template <typename Take>
  void Each(Words::State words, const Utf8Reader& reader, Take take) {
    if (reader.remaining > 0) {
      part_said_.clear();
      Walk(0, {0, words, 0, reader}, part_said_);
      for (const Run& run : part_said_) take(run);
      return;
    }
    for (const Part& part : PartsOf(words)) {
      uint32_t at = part.from;
      const auto same = [&](uint32_t to) {
        if (part.gain != 0 && at < to) take(Run{at, to, part.gain, false});
      };
      for (const Run& run : *part.runs) {
        same(run.from);
        take(Run{run.from, run.to, part.gain + run.gain, run.banned});
        at = run.to;
      }
      same(part.to);
    }
  }

  size_t bytes() const { return bytes_; }
  // To be called when the words forget their states.
  void Clear();

 private:
  using Runs = std::vector<Run>;
  // The tokens that begin with one byte.
  struct Part {
    uint32_t from, to;
    int64_t gain;      // of all of them, for that byte
    const Runs* runs;  // what they earn besides
  };
  struct Frame {
    uint32_t end;  // first node behind the subtree
    Words::State words;
    int64_t gain;
    Utf8Reader reader;
  };

  const std::vector<Part>& PartsOf(Words::State words);
  const Runs& RunsBelow(uint32_t node, Words::State words, const Utf8Reader& reader);
  // Adds the runs of the tokens below `node`, which `frame` has read.
  void Walk(uint32_t node, Frame frame, Runs& runs);
  // Whether all tokens below `node` earn nothing more.
  bool IsSameBelow(uint32_t node, const Frame& frame);

  const Vocabulary& vocabulary_;
  const CharClasses& classes_;
  Words& words_;
  // By state; by node and state. What they hold stays where it is.
  std::unordered_map<Words::State, std::vector<Part>> parts_;
  std::unordered_map<uint64_t, Runs> runs_;
  UniformStates uniform_;
  std::vector<Frame> stack_;
  Runs part_said_;
  size_t bytes_ = 0;
};

}  // namespace dramatis::grammar
