#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/grammar/char_set.h"

namespace dramatis::grammar {

constexpr uint32_t kUnbounded = UINT32_MAX;

// A part of a rule, as written. Which fields count follows from `kind`.
struct Expression {
  enum class Kind : uint8_t {
    kText,      // code_points, one after the other
    kSet,       // set
    kRule,      // name: index into Syntax::names
    kToken,     // token, or any other with `negated`; -1 until `token_text` is looked up
    kSequence,  // parts
    kChoice,    // parts, each with its weight
    kRepeat,    // parts[0], least to most times
  };
  Kind kind;
  uint32_t at;  // byte of the text where it begins
  bool negated = false;
  bool soft = false;  // kRepeat: about `aim` times, give or take `spread`
  int32_t token = -1;
  uint32_t name = 0;
  uint32_t least = 0, most = 0;
  double aim = 0, spread = 0;
  CharSet set;
  std::string token_text;
  std::vector<uint32_t> code_points;
  std::vector<uint32_t> parts;  // indices into Syntax::expressions
  std::vector<double> weights;  // of a choice's parts: multiplicative, 0 or more
};

// What a rule asks of the sampler while a reply is inside it; negative: nothing.
struct Attributes {
  float temperature = -1;
  float min_p = -1;
  int max_tokens = -1;
  bool any() const { return temperature >= 0 || min_p >= 0 || max_tokens >= 0; }
};

struct Rule {
  uint32_t name;  // index into Syntax::names
  uint32_t at;
  uint32_t body;  // index into Syntax::expressions
  Attributes attributes;
};

// A word or phrase of %lexicon or %ban.
struct Entry {
  std::string text;  // UTF-8, not empty
  double weight;     // nats for each occurrence
  bool banned;
  uint32_t at;
};

// %class: words that match as a whole.
struct WordClass {
  uint32_t pattern;  // index into Syntax::expressions: characters only
  double weight;     // nats for each
  std::string source;
  uint32_t at;
};

// A grammar as written: what the parser gives.
struct Syntax {
  std::string text;
  std::vector<std::string> names;
  std::vector<Expression> expressions;
  std::vector<Rule> rules;            // each name once: of several with a name, the last
  std::vector<int32_t> rule_of_name;  // index into rules, or -1
  std::vector<Entry> entries;
  std::vector<WordClass> classes;
  std::vector<std::string> lexicons;  // names of the lexicons, in order
  uint32_t root = 0;                  // index into rules
};

// The language is described in src/steer/grammar/grammar.md. Throws GRAMMAR_INVALID with line,
// column and caret.
Syntax Parse(const std::string& text);

// Throws GRAMMAR_INVALID: `message`, which says what to do, and where: "line 2, column 14: … \n
// the line\n ^".
[[noreturn]] void Refuse(const std::string& text, uint32_t at, const std::string& message);

}  // namespace dramatis::grammar
