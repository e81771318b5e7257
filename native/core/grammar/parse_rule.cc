#include <algorithm>
#include <cmath>

#include "core/grammar/parser.h"

namespace dramatis::grammar {
namespace {

constexpr int kMostTimesOver = 8;  // x*+? and so on: repetitions of a repetition
// As llama.cpp: more is refused for the least, and taken as any number for the most.
constexpr uint32_t kMostRepetitions = 2000;
constexpr double kLeastWeight = 1e-6, kMostWeight = 1e6;

}  // namespace

void Parser::ParseRule() {
  Rule rule;
  rule.at = uint32_t(at_);
  const std::string name = Name("a rule's name or a line that begins with \"%\"");
  rule.name = NameId(name);
  SkipSpace(false);
  if (Peek() == '[') ParseAttributes(rule.attributes);
  if (Peek() != ':' || Peek(1) != ':' || Peek(2) != '=') {
    Fail(at_, "expected \"::=\" after the name of a rule, which is letters, digits and \"-\"");
  }
  at_ += 3;
  SkipSpace(true);
  rule.body = Alternatives(false);
  EndLine();
  int32_t& there = syntax_.rule_of_name[rule.name];
  if (there >= 0) {
    syntax_.rules[size_t(there)] = rule;
  } else {
    there = int32_t(syntax_.rules.size());
    syntax_.rules.push_back(rule);
  }
}

void Parser::ParseAttributes(Attributes& attributes) {
  const size_t from = at_++;
  do {
    SkipSpace(false);
    const size_t at = at_;
    const std::string name = Name("an attribute: temp, minp or max");
    SkipSpace(false);
    if (!Take('=')) Fail(at_, "expected \"=\" after the attribute");
    SkipSpace(false);
    const size_t value_at = at_;
    const double value = Number("a number", false);
    if (name == "temp") {
      if (value > 100) Fail(value_at, "the temperature is beyond 100; make it smaller");
      attributes.temperature = float(value);
    } else if (name == "minp") {
      if (value >= 1) Fail(value_at, "min-p is from 0 to less than 1");
      attributes.min_p = float(value);
    } else if (name == "max") {
      if (value != std::floor(value) || value < 1 || value > 1e6)
        Fail(value_at, "the most is a whole number of tokens from 1");
      attributes.max_tokens = int(value);
    } else {
      Fail(at, "unknown attribute \"" + name + "\"; there are temp, minp and max");
    }
    SkipSpace(false);
  } while (Take(','));
  if (!Take(']')) Fail(from, "the attributes are not closed; add \"]\"");
  SkipSpace(false);
}

uint32_t Parser::Alternatives(bool nested) {
  const size_t from = at_;
  std::vector<uint32_t> parts;
  std::vector<double> weights;
  do {
    if (!parts.empty()) SkipSpace(true);
    weights.push_back(Weight(nested));
    parts.push_back(Sequence(nested));
  } while (Take('|'));
  if (parts.size() == 1 && weights[0] == 1) return parts[0];
  const uint32_t choice = New(Kind::kChoice, from);
  At(choice).parts = std::move(parts);
  At(choice).weights = std::move(weights);
  return choice;
}

double Parser::Weight(bool nested) {
  if (Peek() != '/') return 1;
  const size_t from = at_++;
  SkipSpace(false);
  const double weight = Number("a weight", false);
  SkipSpace(false);
  if (!Take('/')) Fail(from, "the weight is not closed; add \"/\"");
  if (weight != 0 && (weight < kLeastWeight || weight > kMostWeight))
    Fail(from, "a weight is 0, or from 0.000001 to 1000000");
  SkipSpace(nested);
  return weight;
}

uint32_t Parser::Sequence(bool nested) {
  const size_t from = at_;
  std::vector<uint32_t> parts;
  while (!AtEnd()) {
    const size_t at = at_;
    const char c = Peek();
    if (c == '"') {
      parts.push_back(Literal());
    } else if (c == '[') {
      parts.push_back(Set(""));
    } else if (c == '.') {
      ++at_;
      parts.push_back(New(Kind::kSet, at));
      At(parts.back()).set = CharSet::Any();
    } else if (c == '<' || c == '!') {
      parts.push_back(Token());
    } else if (IsNameCharacter(c)) {
      const uint32_t name = NameId(Name("a name"));
      parts.push_back(New(Kind::kRule, at));
      At(parts.back()).name = name;
    } else if (c == '(') {
      ++at_;
      if (++nesting_ > kMostNesting)
        Fail(at, "groups are nested deeper than 200; name some of them as rules");
      SkipSpace(true);
      parts.push_back(Alternatives(true));
      if (!Take(')')) {
        Fail(AtEnd() ? at : at_, AtEnd() ? "the group is not closed; add \")\""
                                         : "expected \")\", \"|\" or more of the group");
      }
      --nesting_;
    } else if (c == '*' || c == '+' || c == '?' || c == '{') {
      if (parts.empty())
        Fail(at, std::string("nothing to repeat; put what is repeated before \"") + c + "\"");
      parts.back() = Repeat(parts.back(), nested);
    } else {
      break;
    }
    SkipSpace(nested);
  }
  if (parts.size() == 1) return parts[0];
  const uint32_t sequence = New(Kind::kSequence, from);
  At(sequence).parts = std::move(parts);
  return sequence;
}

uint32_t Parser::Literal() {
  const size_t from = at_++;
  std::vector<uint32_t> code_points;
  while (!Take('"')) {
    if (AtEnd()) Fail(from, "the text is not closed; add '\"'");
    code_points.push_back(Character());
  }
  const uint32_t literal = New(Kind::kText, from);
  At(literal).code_points = std::move(code_points);
  return literal;
}

uint32_t Parser::Set(const std::string& more) {
  const size_t from = at_++;
  CharSet set;
  set.negated = Take('^');
  while (!Take(']')) {
    if (AtEnd()) Fail(from, "the set is not closed; add \"]\"");
    if (!more.empty() && Peek() == '\\' && (Peek(1) == 'd' || Peek(1) == 'w')) {
      at_ += 2;
      AddShorthand(set, text()[at_ - 1]);
      continue;
    }
    const uint32_t low = Character(more);
    uint32_t high = low;
    if (Peek() == '-' && Peek(1) != ']') {
      ++at_;
      if (AtEnd()) Fail(from, "the set is not closed; add \"]\"");
      high = Character(more);
    }
    set.ranges.push_back({low, high});
  }
  // As in llama.cpp, a set that lists nothing is nothing, not a character.
  if (set.ranges.empty()) return New(Kind::kSequence, from);
  const uint32_t expression = New(Kind::kSet, from);
  At(expression).set = std::move(set);
  return expression;
}

void Parser::AddShorthand(CharSet& set, char which) {
  set.ranges.push_back({'0', '9'});
  if (which == 'd') return;
  set.ranges.insert(set.ranges.end(), {{'a', 'z'},
                                       {'A', 'Z'},
                                       {'_', '_'},
                                       {0xC0, 0xD6},
                                       {0xD8, 0xF6},
                                       {0xF8, 0x1FFF},
                                       {0x2070, kMostCodePoint}});
}

uint32_t Parser::Token() {
  const size_t from = at_;
  const bool negated = Take('!');
  if (!Take('<')) Fail(at_, "expected \"<\" after \"!\": a token, such as !<[123]>");
  const size_t name_from = at_ - 1;
  const uint32_t expression = New(Kind::kToken, from);
  At(expression).negated = negated;
  if (Take('[')) {
    At(expression).token = int32_t(std::min<uint32_t>(Count("the number of a token"), INT32_MAX));
    if (!Take(']') || !Take('>')) Fail(at_, "the token is not closed; write <[123]>");
    return expression;
  }
  while (!AtEnd() && Peek() != '>') ++at_;
  if (!Take('>')) Fail(from, "the token is not closed; add \">\"");
  At(expression).token_text = text().substr(name_from, at_ - name_from);
  return expression;
}

uint32_t Parser::Repeat(uint32_t part, bool nested) {
  const size_t from = at_;
  int times = 1;
  for (uint32_t inner = part; At(inner).kind == Kind::kRepeat; inner = At(inner).parts[0]) ++times;
  if (times > kMostTimesOver) Fail(from, "repeated more than 8 times over; leave some out");
  const uint32_t repeat = New(Kind::kRepeat, from);
  uint32_t least = 0, most = kUnbounded;
  const char c = text()[at_++];
  if (c == '+') least = 1;
  if (c == '?') most = 1;
  if (c == '{') {
    SkipSpace(nested);
    least = Count("the number of repetitions, such as {3} or {3,9}");
    SkipSpace(nested);
    if (Take(',')) {
      SkipSpace(nested);
      if (IsDigit(Peek())) most = Count("the most repetitions");
      SkipSpace(nested);
    } else {
      most = least;
    }
    if (!Take('}')) Fail(at_, "expected \",\" or \"}\" in the number of repetitions");
    if (least > kMostRepetitions)
      Fail(from, "more than 2000 repetitions are asked for; ask for fewer");
    if (most < least) Fail(from, "the most is less than the least; turn them round");
    if (most > kMostRepetitions) most = kUnbounded;
    const size_t before_space = at_;
    SkipSpace(nested);
    if (Peek() == '~') {
      Soft(repeat, least, most, nested);
    } else {
      at_ = before_space;
    }
  }
  At(repeat).least = least;
  At(repeat).most = most;
  At(repeat).parts = {part};
  return repeat;
}

void Parser::Soft(uint32_t repeat, uint32_t least, uint32_t most, bool nested) {
  const size_t from = at_++;
  if (most == kUnbounded)
    Fail(from, "a soft length needs a most; write {" + std::to_string(least) + ",40}");
  SkipSpace(nested);
  const double aim = Number("the length aimed at", false);
  double spread = std::max(1.0, aim / 3);
  const size_t spread_at = at_;
  if (text().compare(at_, 2, "+-") == 0 || text().compare(at_, 2, "\xC2\xB1") == 0) {
    at_ += 2;
    spread = Number("the spread", false);
    if (spread < 0.1) Fail(spread_at, "the spread is at least 0.1");
  }
  Expression& expression = At(repeat);
  expression.soft = true;
  expression.aim = aim;
  expression.spread = spread;
}

}  // namespace dramatis::grammar
