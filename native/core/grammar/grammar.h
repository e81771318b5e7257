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

class Cursor;

// A grammar made ready for one vocabulary. Its states are numbers; what can follow one is worked
// out when first asked for and kept, up to a limit of memory.
//
// May be used from several threads, one at a time: a lock is held for each call. Numbers of states
// stay valid for the cursors that hold them (see Cursor); the memory limit may change them.
class Grammar {
 public:
  using State = uint32_t;
  static constexpr State kDead = 0;

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

 private:
  friend class Cursor;

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
  std::vector<Cursor*> cursors_;
};

// Where one reply is in a grammar: a number for each token said, so that going back is free. The
// grammar knows its cursors; a cursor is used by one thread at a time.
class Cursor {
 public:
  explicit Cursor(std::shared_ptr<Grammar> grammar);
  ~Cursor();
  // Another reply that begins as this one did.
  Cursor(const Cursor& other);
  Cursor& operator=(const Cursor&) = delete;

  Grammar& grammar() const { return *grammar_; }
  size_t length() const { return states_.size() - 1; }
  // Whether the last token left a character half said.
  bool InsideCharacter();

  // What may follow.
  std::shared_ptr<const Mask> Next();
  // Says `token`; false if it may not follow, and nothing changes.
  bool Accept(int32_t token);
  void Rewind(size_t length);

  // λ-free log-weight of the text so far with what is promised, in nats; of the finished text where
  // it may end here, else nothing.
  double Potential() const { return ToNats(totals_.back()); }
  std::optional<double> FinishedWeight();

  // Of the rule that the reply is in; null without.
  const Attributes* attributes();
  // Tokens said since that rule was entered.
  int TokensInside();
  // Allowed tokens that leave the rule, ascending.
  void Leaving(std::vector<int32_t>& tokens);
  // The reply's length before the banned phrase began that may have begun, or its length.
  size_t HeldFrom();

 private:
  friend class Grammar;

  const std::shared_ptr<Grammar> grammar_;
  std::vector<Grammar::State> states_;  // before the first token, after it, …
  std::vector<int64_t> totals_;         // log-weight so far, of the same
  std::vector<uint32_t> entered_;       // the length at which the rule with attributes was entered
};

}  // namespace dramatis::grammar
