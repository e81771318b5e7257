#include "core/thread_governor.h"

#include <algorithm>
#include <limits>

namespace dramatis {
namespace {

// 1, 2, 3, 4, 6, 8, 12, 16 … and the two just below the top: fine where one busy neighbour matters,
// coarse elsewhere.
std::vector<int> Levels(int most) {
  std::vector<int> levels;
  for (int n = 1; n < most; n = n < 4 ? n + 1 : n + n / 3) levels.push_back(n);
  for (int n : {most - 1, most}) {
    if (n >= 1) levels.push_back(n);
  }
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  return levels;
}

// Estimates older than this many seconds are not compared with: the neighbours have changed.
constexpr double kFresh = 4.0;

// Steps until the first look up after going down.
constexpr double kSoon = 3;

// Up to this ratio two times per token count as the same.
constexpr double kSame = 1.03;

}  // namespace

ThreadGovernor::ThreadGovernor(int most, bool adapt)
    : adapt_(adapt),
      levels_(Levels(std::max(1, most))),
      level_(int(levels_.size()) - 1),
      running_(level_) {
  for (auto& kind : estimates_) {
    for (auto& size : kind) size.resize(levels_.size());
  }
}

int ThreadGovernor::SizeOf(int work) {
  if (work <= 2) return std::max(0, work - 1);
  int octave = 0;
  while ((work - 1) >> (octave + 1) > 0) ++octave;
  return std::min(kSizes - 1, 2 * octave + (((work - 1) >> (octave - 1)) & 1));
}

int ThreadGovernor::Choose(Kind kind, int work, double now) {
  running_ = level_;
  size_ = SizeOf(work);
  if (!adapt_) return levels_[running_];
  const bool can_sink = level_ > 0;
  const bool can_rise = level_ + 1 < int(levels_.size());
  // The second step of a kind and size is a look down: without it a machine that was busy from the
  // start has nothing to compare with.
  const bool unknown_below = can_sink && !looked_below_ && At(kind, level_).seconds > 0 &&
                             At(kind, level_ - 1).seconds == 0;
  if (can_sink && (look_down_ > 0 || unknown_below)) {
    running_ = std::max(0, level_ - std::max(1, look_down_));
    looked_below_ = true;
  } else if (can_rise && steps_at_level_ > 0 && now >= look_up_at_) {
    running_ = level_ + 1;
  }
  look_down_ = 0;
  return levels_[running_];
}

double ThreadGovernor::Limit(Kind kind, int work) const {
  const bool up = running_ > level_;
  const double usual = At(kind, up ? level_ : running_).seconds;
  // On the lowest count there is nothing to fall back on.
  if (!adapt_ || usual == 0 || running_ == 0) return std::numeric_limits<double>::infinity();
  return (up ? kGiveUpProbe : kGiveUp) * usual * work;
}

void ThreadGovernor::Report(Kind kind, int work, double seconds, double now) {
  if (!adapt_ || work <= 0) return;
  const double per_token = seconds / work;
  const double usual = At(kind, running_).seconds;
  if (running_ != level_) {
    JudgeProbe(kind, per_token, now);
  } else {
    JudgeStep(kind, per_token, usual, now);
  }
}

void ThreadGovernor::JudgeProbe(Kind kind, double per_token, double now) {
  Learn(kind, running_, per_token, now);
  const Estimate& here = At(kind, level_);
  const bool comparable = here.seconds > 0;
  const bool up = running_ > level_;
  if (comparable && per_token < kGain * here.seconds) {
    if (!up) ScheduleLookUp(now, per_token);
    rose_ = up;
    MoveTo(running_);
    return;
  }
  // Fewer threads that are no slower mean that both counts are too many: look further down.
  if (!up && comparable && running_ > 0 && per_token < kSame * here.seconds) {
    look_down_ = level_ - running_ + 1;
  }
  if (up) {
    backoff_ = std::min(2 * backoff_, kLastBackoff);
    look_up_at_ = now + backoff_;
  }
  ++steps_at_level_;
}

// After going down. One slow step may have been an accident, so the first look up comes soon; but a
// rise that had to be taken back means that a neighbour lets a single step through and not the
// next.
void ThreadGovernor::ScheduleLookUp(double now, double per_token) {
  if (rose_ && steps_at_level_ < kSettled) {
    backoff_ = std::min(2 * backoff_, kLastBackoff);
    look_up_at_ = now + backoff_;
  } else {
    look_up_at_ = now + kSoon * per_token;
  }
}

void ThreadGovernor::JudgeStep(Kind kind, double per_token, double usual, double now) {
  ++steps_at_level_;
  if (steps_at_level_ == kSettled && level_ + 1 == int(levels_.size())) backoff_ = kFirstBackoff;
  const bool stalled = usual > 0 && per_token > kStall * usual;
  stalls_ = stalled ? stalls_ + 1 : 0;
  if (stalled && level_ > 0) {
    // A single hiccup is let pass; one that was given up, or two in a row, are not. The look down
    // is compared with this slow step, not with better days.
    if (stalls_ < 2 && per_token < 0.9 * kGiveUp * usual) return;
    stalls_ = 0;
    look_down_ = 1;
    At(kind, level_) = {per_token, now};
    return;
  }
  Learn(kind, level_, per_token, now);
}

void ThreadGovernor::Learn(Kind kind, int level, double per_token, double now) {
  Estimate& estimate = At(kind, level);
  const bool fresh = estimate.seconds > 0 && now - estimate.stale < kFresh;
  estimate.seconds = fresh ? 0.7 * estimate.seconds + 0.3 * per_token : per_token;
  estimate.stale = now;
}

void ThreadGovernor::MoveTo(int level) {
  level_ = level;
  steps_at_level_ = 0;
  looked_below_ = false;
}

}  // namespace dramatis
