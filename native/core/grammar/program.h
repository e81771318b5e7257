#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "core/grammar/log_weight.h"
#include "core/grammar/syntax.h"

namespace dramatis::grammar {

// The nodes a grammar is made into: a graph for each rule, walked by RuleAutomaton.
struct Node {
  enum class Kind : uint8_t {
    kAccept,  // the text may end here
    kReturn,  // end of a rule: on with the node on the stack
    kChars,   // one character of sets[argument], then `next`
    kToken,   // the token `argument` (or any other), then `next`
    kSplit,   // any of edges[argument, argument + count)
    kCall,    // the rule whose first node is `argument`, then `next`
    kEnter,   // counters[argument]: begins to count, at 0
    kCount,   // counters[argument]: a repetition has ended, the count is on the stack
  };
  Kind kind;
  bool negated = false;     // kToken
  uint16_t attributes = 0;  // kCall: index into Program::attributes of the rule called, 0: none
  uint32_t next = 0;
  uint32_t argument = 0;
  uint32_t count = 0;
};

struct Edge {
  LogWeight weight;
  uint32_t node;
};

// A counted repetition. Up to `least` every count is told apart, above it only where there is a
// most.
struct Counter {
  uint32_t least, most;
  uint32_t body, exit;  // nodes
  // Soft length, empty without: what it costs to stop after n copies, and to go on from n to n + 1.
  // Pushed: up to the aim going on is free, beyond it stopping is.
  std::vector<LogWeight> stop, go_on;
};

struct Program {
  static constexpr uint32_t kAccept = 0, kReturn = 1;  // nodes

  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<Counter> counters;
  std::vector<CharSet> sets;
  std::vector<Attributes> attributes;  // the first is none
  std::vector<uint32_t> classes;       // first node of each %class's pattern
  uint32_t start = 0;
  bool weighted = false;  // whether any path weighs other than 1
  bool has_tokens = false;
};

// Tokens named in a grammar by their text: the one token written so, or -1.
using TokenLookup = std::function<int32_t(const std::string&)>;

// Throws GRAMMAR_INVALID: left recursion; a token that is none. Without `lookup` tokens named by
// text stay unresolved (-1).
Program BuildProgram(const Syntax& syntax, const TokenLookup& lookup);

}  // namespace dramatis::grammar
