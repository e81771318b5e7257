#pragma once

#include <cstdint>
#include <vector>

namespace dramatis::train {

// Positions of a batch, from `begin` up to `end`.
struct Span {
  int32_t begin = 0;
  int32_t end = 0;
};

// A token to be learned, and what it counts for.
struct Target {
  int32_t row;    // the position that predicts it
  int32_t token;  // what it should be
  // > 0: times the negative log-likelihood. < 0: its size times -log(1 - p), which pushes the token
  // down and is bounded where the token is already unlikely (Welleck et al., "Neural Text
  // Generation with Unlikelihood Training", 2020).
  float weight;
  // A weight below 0 counts like one above: times the negative log-likelihood, which has no lower
  // bound, so whoever gives the weight sees to one.
  bool is_plain = false;

  bool is_bounded() const { return weight < 0 && !is_plain; }
};

// Texts side by side in one row of tokens. A token sees `context` and, of its own text, everything
// from `first` up to itself; so texts that are packed together do not see each other, and two ways
// to go on may share what comes before.
//
// The first `transcript` tokens are read by the model as it is, without what is trained, and
// nothing is learned through them: whole texts side by side, each from position 0, which the tokens
// after them may have as their context.
struct TrainBatch {
  std::vector<int32_t> tokens;
  std::vector<int32_t> positions;
  std::vector<int32_t> first;
  std::vector<Span> context;
  std::vector<Target> targets;  // rows differ from each other, and come after the transcript
  int32_t transcript = 0;
};

}  // namespace dramatis::train
