#include "core/grammar/word_effects.h"

namespace dramatis::grammar {
namespace {

void Add(std::vector<WordEffects::Run>& runs, const WordEffects::Run& run) {
  if (run.from == run.to || (run.gain == 0 && !run.banned)) return;
  if (!runs.empty()) {
    WordEffects::Run& last = runs.back();
    if (last.to == run.from && last.gain == run.gain && last.banned == run.banned) {
      last.to = run.to;
      return;
    }
  }
  runs.push_back(run);
}

}  // namespace

void WordEffects::Clear() {
  parts_.clear();
  runs_.clear();
  uniform_.Clear();
  bytes_ = 0;
}

const std::vector<WordEffects::Part>& WordEffects::PartsOf(Words::State words) {
  const auto [found, is_new] = parts_.try_emplace(words);
  std::vector<Part>& parts = found->second;
  if (!is_new) return parts;
  const auto& nodes = vocabulary_.nodes();
  for (uint32_t i = 1; i < nodes[0].size; i += nodes[i].size) {
    Utf8Reader reader;
    Words::Move move{words, 0};
    const auto taken = reader.Take(uint8_t(nodes[i].byte));
    if (taken == Utf8Reader::Taken::kBroken) continue;
    if (taken == Utf8Reader::Taken::kWhole) move = words_.Next(words, classes_.Of(reader.value));
    const Runs& runs = RunsBelow(i, move.to, reader);
    if (move.gain == 0 && runs.empty()) continue;
    parts.push_back({nodes[i].first, nodes[i + nodes[i].size].first, move.gain, &runs});
  }
  bytes_ += 64 + parts.capacity() * sizeof(Part);
  return parts;
}

const WordEffects::Runs& WordEffects::RunsBelow(uint32_t node, Words::State words,
                                                const Utf8Reader& reader) {
  const auto [found, is_new] = runs_.try_emplace(uint64_t(node) << 32 | words);
  Runs& runs = found->second;
  if (!is_new) return runs;
  Walk(node, {0, words, 0, reader}, runs);
  runs.shrink_to_fit();
  bytes_ += 64 + runs.capacity() * sizeof(Run);
  return runs;
}

void WordEffects::Walk(uint32_t node, Frame frame, Runs& runs) {
  const auto& nodes = vocabulary_.nodes();
  const uint32_t end = node + nodes[node].size;
  if (frame.words == Words::kBanned)
    return Add(runs, {nodes[node].first, nodes[end].first, frame.gain, true});
  frame.end = end;
  stack_.assign(1, frame);
  for (uint32_t i = node + 1; i < end;) {
    while (i >= stack_.back().end) stack_.pop_back();
    Frame f = stack_.back();
    const uint32_t behind = i + nodes[i].size;
    const auto taken = f.reader.Take(uint8_t(nodes[i].byte));
    if (taken == Utf8Reader::Taken::kBroken) {
      i = behind;
      continue;
    }
    if (taken == Utf8Reader::Taken::kWhole) {
      const Words::Move move = words_.Next(f.words, classes_.Of(f.reader.value));
      f.words = move.to;
      f.gain += move.gain;
    }
    const bool banned = f.words == Words::kBanned;
    const uint32_t below = nodes[i + 1].first;
    if (banned || (nodes[i].size >= kLeastSubtree && IsSameBelow(i, f))) {
      Add(runs, {nodes[i].first, nodes[behind].first, f.gain, banned});
      i = behind;
      continue;
    }
    Add(runs, {nodes[i].first, below, f.gain, false});
    f.end = behind;
    if (nodes[i].size > 1) stack_.push_back(f);
    ++i;
  }
}

bool WordEffects::IsSameBelow(uint32_t node, const Frame& frame) {
  if (frame.reader.remaining > 0) return false;
  return uniform_.AreSameBelow(
      node, frame.words, [this](Words::State from, uint32_t id) { return words_.Next(from, id); });
}

}  // namespace dramatis::grammar
