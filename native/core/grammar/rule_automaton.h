#pragma once

#include <memory>
#include <vector>

#include "core/grammar/char_classes.h"
#include "core/grammar/intern_table.h"
#include "core/grammar/program.h"

namespace dramatis::grammar {

// A grammar's rules as a deterministic automaton over character classes, made as it is walked.
//
// A state is the set of all ways that what was said can be read so far: each a node that waits for
// a character and a stack of the rules it is in. Stacks are linked lists that share their tails and
// exist once each, so that a state is known by its ways and equal states are one number. Each way
// has the log-weight by which it lags behind the heaviest.
//
// Not thread safe: whoever owns it holds a lock.
class RuleAutomaton {
 public:
  using State = uint32_t;
  static constexpr State kDead = 0;
  static constexpr uint32_t kMostWays = 100000;

  struct Move {
    State to;
    LogWeight gain;  // by how much the heaviest way's weight changes
  };

  RuleAutomaton(const Program& program, const CharClasses& classes);

  // The state before `node` of the program with an empty stack.
  Move Start(uint32_t node);

  // Throws GRAMMAR_INVALID beyond kMostWays.
  Move Next(State from, uint32_t char_class) {
    const uint32_t block = states_[from].moves;
    if (block != kNone) {
      const Move move = moves_[block + char_class];
      if (move.to != kNone) return move;
    }
    return Compute(from, char_class);
  }
  Move NextToken(State from, int32_t token);
  // Both at once, each with what was gained on the way to it.
  Move Union(Move a, Move b);

  // Whether the text may end here, and what ending weighs.
  bool CanEnd(State state) const { return states_[state].can_end; }
  LogWeight EndGain(State state) const { return states_[state].end_gain; }
  // Whether a character begun with `value`, `remaining` bytes to come, may go on from here.
  bool MayContain(State state, uint32_t value, int remaining) const;

  struct TokenRule {
    int32_t token;
    bool negated;
  };
  // Tokens that are asked for by number here.
  void TokenRules(State state, std::vector<TokenRule>& found) const;
  bool HasChars(State state) const { return states_[state].has_chars; }

  // The attributes of the rule the heaviest way is in, 0 for none, and which time it was entered.
  uint16_t AttributesOf(State state) const { return states_[state].attributes; }
  uint32_t EntranceOf(State state) const { return states_[state].entrance; }

  // Ways followed since it was made: what all work is proportional to.
  uint64_t work() const { return work_; }
  size_t bytes() const;
  size_t states() const { return states_.size(); }

  // Forgets everything but `kept`, whose numbers it changes.
  void Compact(std::vector<State*> kept);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  // A stack frame: what to go on with (and a count), and the frames below. 0 is the empty stack.
  struct Cell {
    uint32_t node, count, below;
    uint32_t entrance;    // the nearest cell from here down that has attributes
    uint16_t attributes;  // its attributes
  };
  struct Way {
    uint32_t node, cell;
    LogWeight weight;
  };
  struct StateInfo {
    uint32_t from = 0, count = 0;  // in ways_
    uint32_t moves = kNone;        // in moves_
    uint32_t entrance = 0;
    LogWeight end_gain = 0;
    uint16_t attributes = 0;
    bool can_end = false, has_chars = false;
  };

  Move Compute(State from, uint32_t char_class);
  uint32_t Push(uint32_t node, uint32_t count, uint32_t below, uint16_t attributes);
  // Adds a way to those being made, unless it is there and as heavy.
  void Reach(uint32_t node, uint32_t cell, LogWeight weight);
  void Follow(const Way& way);
  // The state of what was reached.
  Move Finish();
  State Intern(const std::vector<Way>& ways);

  const Program& program_;
  const CharClasses& classes_;
  std::vector<Cell> cells_;
  InternTable cell_table_;
  std::vector<StateInfo> states_;
  std::vector<Way> ways_;
  InternTable state_table_;
  std::vector<Move> moves_;

  // What Reach works on: the ways reached, each once, a hash table over them, and those to follow.
  struct Reached {
    Way way;
    bool waits;  // for a character, a token or the end
  };
  std::vector<Reached> reached_;
  std::vector<uint32_t> reached_slots_;
  std::vector<uint32_t> todo_;
  uint32_t steps_ = 0;
  uint64_t work_ = 0;
  std::vector<Way> result_;
};

}  // namespace dramatis::grammar
