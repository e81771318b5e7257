#pragma once

#include <string>
#include <unordered_map>

#include "core/grammar/grammar_text.h"
#include "core/grammar/syntax.h"

namespace dramatis::grammar {

// Recursive descent, a function for each thing of the language. Rules, lines that begin with "%"
// and the regular expressions of %class each have a file of their own.
class Parser : private GrammarText {
 public:
  explicit Parser(const std::string& text) : GrammarText(text) { syntax_.text = text; }

  Syntax Run();

 private:
  using Kind = Expression::Kind;
  static constexpr int kMostNesting = 200;

  uint32_t NameId(const std::string& name);
  uint32_t New(Kind kind, size_t at);
  Expression& At(uint32_t id) { return syntax_.expressions[id]; }

  // parse_rule.cc
  void ParseRule();
  void ParseAttributes(Attributes& attributes);
  uint32_t Alternatives(bool nested);
  double Weight(bool nested);
  uint32_t Sequence(bool nested);
  uint32_t Literal();
  // `more`: characters that may be escaped in it besides GBNF's.
  uint32_t Set(const std::string& more);
  // \d or \w.
  static void AddShorthand(CharSet& set, char which);
  uint32_t Token();
  uint32_t Repeat(uint32_t part, bool nested);
  void Soft(uint32_t repeat, uint32_t least, uint32_t most, bool nested);

  // parse_directive.cc
  void Directive();
  void Entries(double weight, bool banned);
  std::string Word();

  // parse_regex.cc
  void Class();
  uint32_t RegexAlternatives();
  uint32_t RegexSequence();

  void Finish();
  // Word lines alone leave the text free: root ::= .*
  void FreeText();

  Syntax syntax_;
  int nesting_ = 0;
  std::unordered_map<std::string, uint32_t> name_ids_;
};

}  // namespace dramatis::grammar
