#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/grammar/char_classes.h"
#include "core/grammar/intern_table.h"
#include "core/grammar/rule_automaton.h"
#include "core/grammar/syntax.h"

namespace dramatis::grammar {

// Lexicons, bans and word classes as one deterministic automaton over the text, made as it is
// walked. What a word, a border and an apostrophe are is said in src/steer/grammar/grammar.md.
//
// A state is where in a word the text is, how far entries have been said (nodes of a trie over all
// entries), and the states of the classes' patterns. Not thread safe.
class Words {
 public:
  using State = uint32_t;
  static constexpr State kBanned = 0;  // a banned phrase was said; stays so
  static constexpr State kStart = 1;   // nothing was said yet

  struct Move {
    State to;
    LogWeight gain;  // what was earned, and the change of what is on account
  };

  // `program` holds the patterns of the classes.
  Words(const Syntax& syntax, const Program& program, const CharClasses& classes);

  // The sets of characters that it tells apart.
  static std::vector<CharSet> Sets(const Syntax& syntax);

  Move Next(State from, uint32_t char_class) {
    const Move move = moves_[size_t(from) * classes_.count() + char_class];
    return move.to != kNone ? move : Compute(from, char_class);
  }
  // What ending here weighs; nothing if it completes a banned phrase.
  std::optional<LogWeight> EndGain(State state) const { return states_[state].end; }
  // Whether a banned phrase has been begun.
  bool IsHeld(State state) const { return states_[state].held; }

  size_t bytes() const;
  // Forgets everything but `kept`, whose numbers it changes.
  void Compact(const std::vector<State*>& kept);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  enum class Kind { kLetter, kApostrophe, kBlank, kOther };
  enum Place : uint32_t { kBorder, kInWord, kAfterApostrophe };  // of the text's end

  // Of the trie. Keys: a small letter for both cases, a capital, "'" for both apostrophes, " " for
  // any blanks.
  struct Node {
    std::map<uint32_t, uint32_t> children;
    bool ends = false, banned = false;  // an entry
    bool after_letter = false;          // its last character: the entry waits for a border
    bool after_blank = false;
    bool leads_to_ban = false;
    double weight = 0;          // nats
    double hope = 0, mass = 0;  // Σ q e^weight and Σ q over the entries from here on
  };

  // What a state's number stands for.
  struct Content {
    uint32_t place = kBorder;
    std::vector<uint32_t> active;                     // nodes of the trie, ascending
    std::vector<uint32_t> waiting;                    // nodes that ended before the apostrophe
    std::vector<uint32_t> patterns, patterns_before;  // states; the latter before the apostrophe
  };
  struct StateInfo {
    uint32_t from = 0, count = 0;  // in contents_
    LogWeight account = 0;
    std::optional<LogWeight> end;
    bool held = false;
  };

  void AddEntry(const Entry& entry);
  void Weigh(uint32_t node);
  Move Compute(State from, uint32_t char_class);
  void Advance(uint32_t node, uint32_t c, Kind kind, std::vector<uint32_t>& found) const;
  // Sums what `nodes` and accepting `patterns` earn at a border; false if one is banned.
  bool Earn(const std::vector<uint32_t>& nodes, const std::vector<uint32_t>& patterns,
            double& nats) const;
  State Intern(const Content& content);
  Content ContentOf(State state) const;
  double AccountOf(const Content& content) const;

  static Kind KindOf(uint32_t c);

  const CharClasses& classes_;
  RuleAutomaton patterns_;
  std::vector<uint32_t> pattern_starts_;
  std::vector<double> pattern_weights_;
  std::vector<Node> nodes_;
  std::vector<StateInfo> states_;
  std::vector<uint32_t> contents_;
  InternTable table_;
  std::vector<Move> moves_;
};

}  // namespace dramatis::grammar
