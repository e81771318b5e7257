#include "core/grammar/grammar.h"

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace dramatis::grammar {
namespace {

// Ways that one walk over the vocabulary may follow: a second's work, a thousand times the usual.
constexpr uint64_t kMostWork = 10'000'000;

std::vector<CharSet> AllSets(const Syntax& syntax, const Program& program) {
  std::vector<CharSet> sets = program.sets;
  const std::vector<CharSet> words = Words::Sets(syntax);
  sets.insert(sets.end(), words.begin(), words.end());
  return sets;
}

}  // namespace

Grammar::Grammar(std::shared_ptr<const Vocabulary> vocabulary, const std::string& text,
                 const TokenLookup& lookup)
    : vocabulary_(std::move(vocabulary)),
      syntax_(Parse(text)),
      program_(BuildProgram(syntax_, lookup)),
      classes_(AllSets(syntax_, program_)),
      has_words_(!syntax_.entries.empty() || !syntax_.classes.empty()),
      has_bans_(std::any_of(syntax_.entries.begin(), syntax_.entries.end(),
                            [](const Entry& entry) { return entry.banned; })),
      uniforms_(classes_),
      rules_(program_, classes_),
      words_(syntax_, program_, classes_),
      uniform_rules_(*vocabulary_, uniforms_),
      effects_(*vocabulary_, classes_, uniforms_, words_) {
  positions_.push_back({});
  masks_.emplace_back();
  const auto start = rules_.Start(program_.start);
  start_gain_ = start.gain;
  start_ = Intern({start.to, Words::kStart, 0, 0});
}

void Grammar::SetLimits(size_t state_bytes, size_t mask_bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  most_state_bytes_ = state_bytes;
  most_mask_bytes_ = mask_bytes;
}

Grammar::State Grammar::Intern(const Position& p) {
  const uint64_t hash =
      HashMix(HashMix(HashMix(HashMix(7, p.rules), p.words), p.value), p.remaining);
  return position_table_.Find(
      hash,
      [&](uint32_t id) {
        const Position& q = positions_[id];
        return q.rules == p.rules && q.words == p.words && q.value == p.value &&
               q.remaining == p.remaining;
      },
      [&] {
        positions_.push_back(p);
        masks_.emplace_back();
        return uint32_t(positions_.size() - 1);
      });
}

bool Grammar::Read(Frame& f, uint8_t byte) {
  switch (f.reader.Take(byte)) {
    case Utf8Reader::Taken::kBroken:
      return false;
    case Utf8Reader::Taken::kPart:
      return true;
    case Utf8Reader::Taken::kWhole:
      break;
  }
  const RuleAutomaton::Move move = rules_.Next(f.rules, classes_.Of(f.reader.value));
  if (move.to == RuleAutomaton::kDead) return false;
  f.rules = move.to;
  f.gain += move.gain;
  return true;
}

Grammar::Step Grammar::Accept(State from, int32_t token) {
  const Position at = positions_[from];
  const std::string& piece = vocabulary_->Piece(token);
  Frame f{0, at.rules, 0, {at.value, at.remaining, at.remaining > 0}};
  Words::State words = at.words;
  bool read = !piece.empty();
  for (size_t i = 0; read && i < piece.size(); ++i) {
    read = Read(f, uint8_t(piece[i]));
    if (!read || !has_words_ || f.reader.remaining > 0) continue;
    const Words::Move word = words_.Next(words, classes_.Of(f.reader.value));
    words = word.to;
    f.gain += word.gain;
  }
  const uint8_t remaining = f.reader.remaining;
  if (read && remaining > 0) read = rules_.MayContain(f.rules, f.reader.value, remaining);
  if (program_.has_tokens && vocabulary_->BeginsWhole(token)) {
    // A token asked for by number is no text: the words stay where they are.
    const RuleAutomaton::Move move = rules_.NextToken(at.rules, token);
    if (move.to != RuleAutomaton::kDead) {
      const bool both = read && remaining == 0 && words == at.words;
      if (both) {
        const auto sum = rules_.Union(move, {f.rules, Clamped(f.gain)});
        return {Intern({sum.to, at.words, 0, 0}), sum.gain, false};
      }
      return {Intern({move.to, at.words, 0, 0}), move.gain, false};
    }
  }
  if (!read) return {kDead, 0, false};
  if (words == Words::kBanned && has_words_) return {kDead, 0, true};
  const uint32_t value = remaining > 0 ? f.reader.value : 0;
  return {Intern({f.rules, words, value, remaining}), f.gain, false};
}

std::shared_ptr<const Mask> Grammar::MaskOf(State state) {
  if (!masks_[state]) {
    auto kept = std::make_shared<Kept>();
    Compute(state, kept->mask);
    const Mask& mask = kept->mask;
    mask_bytes_ += mask.allowed.size() * 8 +
                   (mask.weighed.capacity() + mask.banned.capacity()) * sizeof(Mask::Weighed);
    if (mask_bytes_ > most_mask_bytes_) {
      // Half of them go, those not used for longest: seldom, and cheaply for each.
      std::sort(masked_.begin(), masked_.end(),
                [this](State a, State b) { return masks_[a]->used > masks_[b]->used; });
      for (size_t i = masked_.size() / 2; i < masked_.size(); ++i) masks_[masked_[i]].reset();
      masked_.resize(masked_.size() / 2);
      mask_bytes_ /= 2;
    }
    masks_[state] = std::move(kept);
    masked_.push_back(state);
  }
  masks_[state]->used = ++clock_;
  return {masks_[state], &masks_[state]->mask};
}

bool Grammar::AllowsBelow(uint32_t node, const Frame& frame) {
  if (frame.reader.remaining > 0) return false;
  return uniform_rules_.AreSameBelow(
      node, frame.rules,
      [this](RuleAutomaton::State from, uint32_t id) { return rules_.Next(from, id); });
}

void Grammar::Emit(uint32_t from, uint32_t to, const Frame& frame, Mask& mask) {
  const std::vector<int32_t>& order = vocabulary_->order();
  for (uint32_t i = from; i < to; ++i) {
    const int32_t token = order[i];
    mask.allowed[size_t(token) / 64] |= uint64_t(1) << (token % 64);
    if (frame.gain != 0) mask.weighed.push_back({token, Clamped(frame.gain)});
  }
  mask.count += to - from;
}

void Grammar::Compute(State state, Mask& mask) {
  const Position at = positions_[state];
  mask.tokens = uint32_t(vocabulary_->tokens());
  mask.allowed.assign(size_t(vocabulary_->tokens() + 63) / 64, 0);
  if (state == kDead) return;
  if (rules_.HasChars(at.rules)) {
    WalkRules(at, mask);
    if (has_words_) WeighWords(at, mask);
  }
  if (program_.has_tokens) AllowTokens(at, state, mask);
  if (at.remaining == 0 && rules_.CanEnd(at.rules)) {
    const auto end = has_words_ ? words_.EndGain(at.words) : std::optional<LogWeight>(0);
    mask.can_end = end.has_value();
    mask.end_banned = !end;
    mask.end_gain = rules_.EndGain(at.rules) + end.value_or(0);
  }
  mask.weighed.shrink_to_fit();
  mask.banned.shrink_to_fit();
}

void Grammar::WalkRules(const Position& at, Mask& mask) {
  const auto& nodes = vocabulary_->nodes();
  const uint32_t n = nodes[0].size;
  stack_.clear();
  stack_.push_back({n, at.rules, 0, {at.value, at.remaining, at.remaining > 0}});
  const uint64_t most_work = rules_.work() + kMostWork;
  for (uint32_t i = 1; i < n;) {
    if (rules_.work() > most_work) {
      throw Error("GRAMMAR_INVALID",
                  "the grammar is so ambiguous here that what may follow takes too long to find; "
                  "let it say each text in fewer ways");
    }
    while (i >= stack_.back().end) stack_.pop_back();
    Frame f = stack_.back();
    const Vocabulary::Node node = nodes[i];
    if (!Read(f, uint8_t(node.byte))) {
      i += node.size;
      continue;
    }
    const uint32_t first = node.first, own = nodes[i + 1].first;
    const Utf8Reader& reader = f.reader;
    if (own > first &&
        (reader.remaining == 0 || rules_.MayContain(f.rules, reader.value, reader.remaining)))
      Emit(first, own, f, mask);
    if (node.size >= kLeastSubtree && AllowsBelow(i, f)) {
      Emit(own, nodes[i + node.size].first, f, mask);
      i += node.size;
      continue;
    }
    if (node.size > 1) {
      f.end = i + node.size;
      stack_.push_back(f);
    }
    ++i;
  }
}

void Grammar::WeighWords(const Position& at, Mask& mask) {
  const std::vector<int32_t>& order = vocabulary_->order();
  std::vector<Mask::Weighed>& weighed = mask.weighed;
  const size_t by_rules = weighed.size();
  if (by_rules > 0) gains_.resize(size_t(mask.tokens));
  for (const Mask::Weighed& one : weighed) gains_[size_t(one.token)] = one.gain;
  const auto take = [&](const WordEffects::Run& run) {
    for (uint32_t i = run.from; i < run.to; ++i) {
      const int32_t token = order[i];
      if (!mask.Allows(token)) continue;
      int64_t* before = by_rules > 0 ? &gains_[size_t(token)] : nullptr;
      const int64_t gain = run.gain + (before == nullptr ? 0 : *before);
      if (run.banned) {
        mask.banned.push_back({token, Clamped(gain)});
        mask.allowed[size_t(token) / 64] &= ~(uint64_t(1) << (token % 64));
        --mask.count;
      } else if (before != nullptr && *before != 0) {
        *before = gain;
      } else if (gain != 0) {
        weighed.push_back({token, Clamped(gain)});
      }
    }
  };
  effects_.Each(at.words, {at.value, at.remaining, at.remaining > 0}, take);
  if (by_rules == 0) return;
  size_t kept = 0;
  for (size_t i = 0; i < by_rules; ++i) {
    const int32_t token = weighed[i].token;
    const int64_t gain = std::exchange(gains_[size_t(token)], 0);
    if (gain != 0 && mask.Allows(token)) weighed[kept++] = {token, Clamped(gain)};
  }
  weighed.erase(weighed.begin() + ptrdiff_t(kept), weighed.begin() + ptrdiff_t(by_rules));
}

void Grammar::AllowTokens(const Position& at, State state, Mask& mask) {
  rules_.TokenRules(at.rules, token_rules_);
  if (token_rules_.empty() || at.remaining > 0) return;
  const auto allow = [&](int32_t token, LogWeight gain) {
    const auto is_it = [&](const Mask::Weighed& w) { return w.token == token; };
    for (auto* list : {&mask.weighed, &mask.banned})
      list->erase(std::remove_if(list->begin(), list->end(), is_it), list->end());
    mask.count += !mask.Allows(token);
    mask.allowed[size_t(token) / 64] |= uint64_t(1) << (token % 64);
    if (gain != 0) mask.weighed.push_back({token, gain});
  };
  const std::vector<RuleAutomaton::TokenRule> found = token_rules_;
  const bool any_other =
      std::any_of(found.begin(), found.end(), [](const auto& rule) { return rule.negated; });
  if (any_other && !rules_.HasChars(at.rules)) {
    // All tokens but those named lead to the same place.
    int32_t other = 0;
    const auto is_named = [&](int32_t token) {
      return !vocabulary_->BeginsWhole(token) ||
             std::any_of(found.begin(), found.end(),
                         [&](const auto& rule) { return rule.token == token; });
    };
    while (other < vocabulary_->tokens() && (is_named(other) || vocabulary_->Piece(other).empty()))
      ++other;
    if (other < vocabulary_->tokens()) {
      const LogWeight gain = rules_.NextToken(at.rules, other).gain;
      for (int32_t token : vocabulary_->order()) {
        if (is_named(token)) continue;
        mask.allowed[size_t(token) / 64] |= uint64_t(1) << (token % 64);
        ++mask.count;
        if (gain != 0) mask.weighed.push_back({token, gain});
      }
    }
  } else if (any_other) {
    for (int32_t token : vocabulary_->order()) {
      const Step step = Accept(state, token);
      if (step.to != kDead) allow(token, Clamped(step.gain));
    }
  }
  for (const auto& rule : found) {
    if (rule.token < 0 || rule.token >= vocabulary_->tokens() || vocabulary_->IsEnd(rule.token))
      continue;
    const Step step = Accept(state, rule.token);
    if (step.to != kDead) allow(rule.token, Clamped(step.gain));
  }
}

void Grammar::Shrink() {
  const auto bytes = [this] { return rules_.bytes() + words_.bytes() + effects_.bytes(); };
  if (bytes() < std::max(most_state_bytes_, next_shrink_bytes_)) return;
  std::vector<Position> kept{positions_[start_]};
  for (const Path* path : paths_)
    for (const State state : *path) kept.push_back(positions_[state]);
  std::vector<RuleAutomaton::State*> rules;
  std::vector<Words::State*> words;
  for (Position& position : kept) {
    rules.push_back(&position.rules);
    words.push_back(&position.words);
  }
  rules_.Compact(rules);
  words_.Compact(words);
  // What paths hold may be more than the limit: not to be made anew at every token then.
  effects_.Clear();
  next_shrink_bytes_ = 2 * bytes();
  uniform_rules_.Clear();
  positions_.assign(1, {});
  position_table_.Clear();
  masks_.clear();
  masks_.emplace_back();
  masked_.clear();
  mask_bytes_ = 0;
  size_t next = 0;
  start_ = Intern(kept[next++]);
  for (Path* path : paths_)
    for (State& state : *path) state = Intern(kept[next++]);
}

LogWeight Grammar::Begin(Path& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  path.push_back(start_);
  paths_.push_back(&path);
  return start_gain_;
}

void Grammar::Fork(const Path& other, Path& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  path = other;
  paths_.push_back(&path);
}

void Grammar::End(const Path& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  paths_.erase(std::find(paths_.begin(), paths_.end(), &path));
}

std::optional<Grammar::Said> Grammar::Say(Path& path, int32_t token) {
  std::lock_guard<std::mutex> lock(mutex_);
  Shrink();
  const Step step = Accept(path.back(), token);
  if (step.to == kDead) return std::nullopt;
  const bool entered = EntranceOf(step.to) != EntranceOf(path.back());
  path.push_back(step.to);
  return Said{step.gain, entered};
}

void Grammar::Rewind(Path& path, size_t length) {
  std::lock_guard<std::mutex> lock(mutex_);
  path.resize(length + 1);
}

std::shared_ptr<const Mask> Grammar::Next(const Path& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  return MaskOf(path.back());
}

bool Grammar::IsInsideCharacter(const Path& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  return positions_[path.back()].remaining > 0;
}

const Attributes* Grammar::AttributesAt(const Path& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  const uint16_t found = rules_.AttributesOf(positions_[path.back()].rules);
  return found == 0 ? nullptr : &program_.attributes[found];
}

void Grammar::Leaving(const Path& path, std::vector<int32_t>& tokens) {
  tokens.clear();
  std::lock_guard<std::mutex> lock(mutex_);
  const auto mask = MaskOf(path.back());
  const uint32_t inside = EntranceOf(path.back());
  for (int32_t token = 0; token < vocabulary_->tokens(); ++token) {
    if (!mask->Allows(token)) continue;
    const Step step = Accept(path.back(), token);
    if (step.to != kDead && EntranceOf(step.to) != inside) tokens.push_back(token);
  }
}

size_t Grammar::HeldFrom(const Path& path) {
  if (!has_bans_) return path.size() - 1;
  std::lock_guard<std::mutex> lock(mutex_);
  size_t from = path.size();
  while (from > 1 && words_.IsHeld(positions_[path[from - 1]].words)) --from;
  return from - 1;
}

uint32_t Grammar::EntranceOf(State state) const {
  return rules_.EntranceOf(positions_[state].rules);
}

}  // namespace dramatis::grammar
