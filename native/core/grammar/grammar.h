#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/grammar/rule_automaton.h"
#include "core/grammar/uniform.h"
#include "core/grammar/utf8_reader.h"
#include "core/grammar/vocabulary.h"
#include "core/grammar/word_effects.h"
#include "core/grammar/words.h"

namespace dramatis::grammar {

// What may follow a state: a bit for each token, and what weighs.
struct Mask {
  struct Weighed {
    int32_t token;
    LogWeight gain;
  };
  std::vector<uint64_t> allowed;  // bit i % 64 of word i / 64; tokens that end a reply have none
  uint32_t tokens = 0;            // of the vocabulary
  uint32_t count = 0;             // bits set
  std::vector<Weighed> weighed;   // allowed tokens whose gain is not 0, in any order
  std::vector<Weighed> banned;    // tokens that only a banned phrase forbids
  bool can_end = false;           // whether the reply may end
  bool end_banned = false;        // only a banned phrase forbids it
  LogWeight end_gain = 0;

  bool Allows(int32_t token) const { return allowed[size_t(token) / 64] >> (token % 64) & 1; }
};

// A grammar made ready for one vocabulary. Its states are numbers; what can follow one is worked
// out when first asked for and kept, up to a limit of memory.
//
// May be used from several threads, one at a time: a lock is held for each call. The memory limit
// may number states anew, in every path that was begun and has not ended.
class Grammar {
 public:
  using State = uint32_t;
  // The states of one reply: before its first token, after it, …
  using Path = std::vector<State>;
  // What a token did to a path.
  struct Said {
    int64_t gain;
    bool entered;  // another rule with attributes, or none after one
  };

  // Throws GRAMMAR_INVALID.
  Grammar(std::shared_ptr<const Vocabulary> vocabulary, const std::string& text,
          const TokenLookup& lookup);
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  const Vocabulary& vocabulary() const { return *vocabulary_; }
  // Whether replies must be held back while a banned phrase may come of them.
  bool has_bans() const { return has_bans_; }

  // States and masks held at most before they are made anew, in bytes.
  void SetLimits(size_t state_bytes, size_t mask_bytes);

  // Makes an empty path one of a reply that says nothing yet; gives its log-weight. A path stays
  // where it is in memory until its end.
  LogWeight Begin(Path& path);
  // Makes an empty path one that goes on as `other` does.
  void Fork(const Path& other, Path& path);
  void End(const Path& path);
  // Says `token` at the end of a path; nothing if it may not follow, and the path stays as it was.
  std::optional<Said> Say(Path& path, int32_t token);
  void Rewind(Path& path, size_t length);

  // What may follow.
  std::shared_ptr<const Mask> Next(const Path& path);
  // Whether the last token left a character half said.
  bool IsInsideCharacter(const Path& path);
  // Of the rule that the path is in; null without.
  const Attributes* AttributesAt(const Path& path);
  // Allowed tokens that leave that rule, ascending.
  void Leaving(const Path& path, std::vector<int32_t>& tokens);
  // The length before the banned phrase began that may have begun, or the path's own.
  size_t HeldFrom(const Path& path);

 private:
  static constexpr State kDead = 0;

  struct Position {
    RuleAutomaton::State rules;
    Words::State words;
    uint32_t value;     // of a character said in part
    uint8_t remaining;  // its bytes to come
  };
  struct Step {
    State to;
    int64_t gain;
    bool banned;  // kept from going there by a banned phrase alone
  };
  struct Kept {
    Mask mask;
    uint64_t used = 0;  // when, by clock_
  };
  // Where a walk over the vocabulary is.
  struct Frame {
    uint32_t end;  // first node behind the subtree
    RuleAutomaton::State rules;
    int64_t gain;
    Utf8Reader reader;
  };

  State Intern(const Position& position);
  Step Accept(State from, int32_t token);
  std::shared_ptr<const Mask> MaskOf(State state);
  void Compute(State state, Mask& mask);
  // What the rules allow.
  void WalkRules(const Position& position, Mask& mask);
  // What the words make of that.
  void WeighWords(const Position& position, Mask& mask);
  void AllowTokens(const Position& position, State state, Mask& mask);
  // Reads a byte; false if nothing can follow.
  bool Read(Frame& frame, uint8_t byte);
  // Whether all tokens below `node` are allowed after `frame`, without gain.
  bool AllowsBelow(uint32_t node, const Frame& frame);
  void Emit(uint32_t from, uint32_t to, const Frame& frame, Mask& mask);
  // The rule with attributes that a state is in, by number.
  uint32_t EntranceOf(State state) const;
  void Shrink();

  const std::shared_ptr<const Vocabulary> vocabulary_;
  const Syntax syntax_;
  const Program program_;
  const CharClasses classes_;
  const bool has_words_, has_bans_;
  const UniformFinder uniforms_;
  std::mutex mutex_;
  RuleAutomaton rules_;
  Words words_;
  UniformStates uniform_rules_;
  WordEffects effects_;
  std::vector<Position> positions_;
  InternTable position_table_;
  std::vector<std::shared_ptr<Kept>> masks_;  // of states, by number
  std::vector<State> masked_;                 // states that have one
  size_t mask_bytes_ = 0, most_mask_bytes_ = size_t(64) << 20,
         most_state_bytes_ = size_t(128) << 20;
  size_t next_shrink_bytes_ = 0;
  uint64_t clock_ = 0;
  std::vector<Frame> stack_;
  std::vector<int64_t> gains_;  // by token, 0 between calls
  std::vector<RuleAutomaton::TokenRule> token_rules_;
  State start_ = kDead;
  LogWeight start_gain_ = 0;
  std::vector<Path*> paths_;
};

}  // namespace dramatis::grammar
