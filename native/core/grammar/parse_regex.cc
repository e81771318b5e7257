#include "core/grammar/parser.h"

namespace dramatis::grammar {

void Parser::Class() {
  const size_t from = at_;
  if (!Take('/')) Fail(at_, "expected a regular expression between slashes, such as /[A-Z]+/");
  const uint32_t pattern = RegexAlternatives();
  if (!Take('/')) Fail(AtEnd() ? from : at_, "the regular expression is not closed; add \"/\"");
  const std::string source = text().substr(from + 1, at_ - from - 2);
  SkipSpace(false);
  syntax_.classes.push_back({pattern, Nats(), source, uint32_t(from)});
}

uint32_t Parser::RegexAlternatives() {
  const size_t from = at_;
  std::vector<uint32_t> parts;
  do parts.push_back(RegexSequence());
  while (Take('|'));
  if (parts.size() == 1) return parts[0];
  const uint32_t choice = New(Kind::kChoice, from);
  At(choice).weights.assign(parts.size(), 1);
  At(choice).parts = std::move(parts);
  return choice;
}

uint32_t Parser::RegexSequence() {
  const size_t from = at_;
  static const std::string kEscapable = "/.*+?(){}|^$'";
  std::vector<uint32_t> parts;
  while (!AtEnd() && Peek() != '/' && Peek() != '|' && Peek() != ')' && Peek() != '\n') {
    const size_t at = at_;
    const char c = Peek();
    if (c == '[') {
      parts.push_back(Set(kEscapable));
    } else if (c == '(') {
      ++at_;
      if (++nesting_ > kMostNesting) Fail(at, "groups are nested deeper than 200");
      parts.push_back(RegexAlternatives());
      if (!Take(')')) Fail(at, "the group is not closed; add \")\"");
      --nesting_;
    } else if (c == '*' || c == '+' || c == '?' || c == '{') {
      if (parts.empty()) Fail(at, std::string("nothing to repeat before \"") + c + "\"");
      parts.back() = Repeat(parts.back(), false);
      if (At(parts.back()).soft) Fail(at, "a soft length has no place in a regular expression");
    } else if (c == '^' || c == '$' || c == ' ') {
      Fail(at, "the regular expression sees one whole word: remove \"^\", \"$\" and blanks");
    } else {
      CharSet set;
      if (c == '.') {
        ++at_;
        set = CharSet::Any();
      } else if (c == '\\' && (Peek(1) == 'd' || Peek(1) == 'w')) {
        AddShorthand(set, Peek(1));
        at_ += 2;
      } else {
        set = CharSet::One(Character(kEscapable));
      }
      parts.push_back(New(Kind::kSet, at));
      At(parts.back()).set = std::move(set);
    }
  }
  if (parts.size() == 1) return parts[0];
  const uint32_t sequence = New(Kind::kSequence, from);
  At(sequence).parts = std::move(parts);
  return sequence;
}

}  // namespace dramatis::grammar
