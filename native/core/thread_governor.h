#pragma once

#include <array>
#include <vector>

namespace dramatis {

// Chooses how many threads the next step runs on, from how long earlier steps took.
//
// ggml's threads spin at every barrier, so a thread without a core of its own does not make a step
// a little slower but ten to two hundred times slower. Which cores are free cannot be asked of the
// system in a way that holds in containers, so it is measured: a step on one thread fewer (or more)
// costs little and tells. Estimates are kept per kind of step and per size: a prompt's time per
// token says nothing about a generated token's, nor that of 200 tokens about one of two, as the
// weights are read once for all of a step.
//
// Knows no clock: the caller passes the time, so tests run it on a simulated one. Not thread safe.
class ThreadGovernor {
 public:
  enum Kind { kPrompt, kToken, kTogether, kForward, kBackward, kKinds };

  static constexpr double kGain = 0.93;   // another count must be this much faster to be taken
  static constexpr double kStall = 1.6;   // times the usual step: look whether fewer is better
  static constexpr double kGiveUp = 4.0;  // times the usual step: give it up
  static constexpr double kGiveUpProbe =
      1.3;  // times a step of the count in use: so is a look upwards
  static constexpr double kFirstBackoff = 1.0;  // seconds until the first look upwards
  static constexpr double kLastBackoff = 16.0;  // seconds between looks in the long run
  static constexpr int kSettled = 24;           // steps on a count until it counts as settled

  // `most`: the usable cores, at least 1. With `adapt` off every step runs on `most`.
  explicit ThreadGovernor(int most, bool adapt = true);

  // Threads for a step of `kind` that starts at `now` (seconds, any origin). `work`: its tokens; 1
  // for all steps of a kind whose times per token may be compared whatever their size.
  int Choose(Kind kind, int work, double now);

  // Seconds after which the step just chosen is better given up and run again on fewer threads;
  // infinite if nothing is known about its kind and size yet.
  double Limit(Kind kind, int work) const;

  // What the step chosen last took, finished or given up. `work`: its tokens. `now`: when it ended.
  void Report(Kind kind, int work, double seconds, double now);

  int current() const { return levels_[level_]; }

 private:
  struct Estimate {
    double seconds = 0;  // per token; 0 = not known
    double stale = 0;    // when it was last measured
  };

  // Sizes that are judged apart: 1, 2, 3, 4, then half octaves. Within one the time per token
  // differs by less than what counts as a stall, even where a step takes as long whatever its size.
  static constexpr int kSizes = 32;
  static int SizeOf(int work);
  // Of steps of the size in flight.
  Estimate& At(Kind kind, int level) { return estimates_[kind][size_][level]; }
  const Estimate& At(Kind kind, int level) const { return estimates_[kind][size_][level]; }

  void Learn(Kind kind, int level, double per_token, double now);
  void MoveTo(int level);
  void ScheduleLookUp(double now, double per_token);
  void JudgeProbe(Kind kind, double per_token, double now);
  void JudgeStep(Kind kind, double per_token, double usual, double now);

  const bool adapt_;
  std::vector<int> levels_;  // thread counts, ascending
  int level_;                // index of the count in use
  int running_;        // index the step in flight runs on: level_, or a neighbour being probed
  int size_ = 0;       // size of the step in flight
  int look_down_ = 0;  // how many levels below to look next; 0 = not
  bool looked_below_ = false;  // since the count in use was taken
  int stalls_ = 0;             // in a row
  bool rose_ = false;          // the last change was upwards
  int steps_at_level_ = 0;
  double backoff_ = kFirstBackoff;
  double look_up_at_ = 0;
  std::array<std::array<std::vector<Estimate>, kSizes>, kKinds> estimates_;
};

}  // namespace dramatis
