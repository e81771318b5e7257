#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_map>

#include "core/error.h"
#include "core/grammar/syntax.h"

namespace dramatis::grammar {
namespace {

constexpr size_t kMostBytes = size_t(4) << 20;
constexpr int kMostNesting = 200;
constexpr int kMostTimesOver = 8;       // x*+? and so on: repetitions of a repetition
constexpr size_t kMostWordBytes = 400;  // of an entry of a lexicon
// As llama.cpp: more is refused for the least, and taken as any number for the most.
constexpr uint32_t kMostRepetitions = 2000;
constexpr double kLeastWeight = 1e-6, kMostWeight = 1e6, kMostNats = 100;

bool IsDigit(char c) { return '0' <= c && c <= '9'; }
bool IsNameCharacter(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '-' || IsDigit(c);
}
bool IsContinuation(char c) { return (uint8_t(c) & 0xC0) == 0x80; }

// Recursive descent, a function for each thing of the language; `at_` is the next byte to read.
class Parser {
 public:
  explicit Parser(const std::string& text) { syntax_.text = text; }

  Syntax Run() {
    if (text().size() > kMostBytes) Fail(0, "the grammar is larger than 4 MB; make it smaller");
    const size_t nul = text().find('\0');
    if (nul != std::string::npos) Fail(nul, "there is a zero byte; remove it");
    SkipSpace(true);
    while (!AtEnd()) Peek() == '%' ? Directive() : ParseRule();
    Finish();
    return std::move(syntax_);
  }

 private:
  using Kind = Expression::Kind;

  const std::string& text() const { return syntax_.text; }
  bool AtEnd() const { return at_ >= text().size(); }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text().size() ? text()[at_ + ahead] : '\0';
  }
  bool Take(char c) {
    if (Peek() != c || AtEnd()) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void Fail(size_t at, const std::string& message) const {
    Refuse(text(), uint32_t(at), message);
  }

  void SkipSpace(bool over_lines) {
    while (!AtEnd()) {
      const char c = Peek();
      if (c == '#') {
        while (!AtEnd() && Peek() != '\r' && Peek() != '\n') ++at_;
      } else if (c == ' ' || c == '\t' || (over_lines && (c == '\r' || c == '\n'))) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void EndLine() {
    if (AtEnd()) return;
    if (Take('\r')) {
      Take('\n');
    } else if (!Take('\n')) {
      Fail(at_, "expected the end of the line; write a following rule on a line of its own");
    }
    SkipSpace(true);
  }

  std::string Name(const std::string& what) {
    const size_t from = at_;
    while (!AtEnd() && IsNameCharacter(Peek())) ++at_;
    if (at_ == from) Fail(from, "expected " + what + ": letters, digits and \"-\"");
    return text().substr(from, at_ - from);
  }

  uint32_t NameId(const std::string& name) {
    auto [found, isNew] = name_ids_.emplace(name, uint32_t(syntax_.names.size()));
    if (isNew) {
      syntax_.names.push_back(name);
      syntax_.rule_of_name.push_back(-1);
    }
    return found->second;
  }

  // A decimal number without exponent. `sign`: it may have one.
  double Number(const std::string& what, bool sign) {
    const size_t from = at_;
    if (sign && (Peek() == '+' || Peek() == '-')) ++at_;
    const size_t digits = at_;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.' && IsDigit(Peek(1))) {
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    if (at_ == digits) Fail(from, "expected " + what + ", such as " + (sign ? "+1.2" : "5"));
    return std::strtod(text().substr(from, at_ - from).c_str(), nullptr);
  }

  double Nats() {
    const size_t from = at_;
    const double nats = Number("a log-weight", true);
    if (std::abs(nats) > kMostNats) Fail(from, "the log-weight is beyond ±100; make it smaller");
    return nats;
  }

  uint32_t Count(const std::string& what) {
    const size_t from = at_;
    uint64_t count = 0;
    while (IsDigit(Peek())) {
      count = std::min<uint64_t>(count * 10 + uint64_t(Peek() - '0'), UINT32_MAX - 1);
      ++at_;
    }
    if (at_ == from) Fail(from, "expected " + what);
    return uint32_t(count);
  }

  uint32_t Hex(int digits) {
    uint32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = Peek();
      const int digit = IsDigit(c)             ? c - '0'
                        : 'a' <= c && c <= 'f' ? c - 'a' + 10
                        : 'A' <= c && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) Fail(at_, "expected " + std::to_string(digits) + " hexadecimal digits");
      value = value * 16 + uint32_t(digit);
      ++at_;
    }
    return value;
  }

  uint32_t CodePoint() {
    const uint8_t lead = uint8_t(text()[at_]);
    const int length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t value = length == 1 ? lead : lead & ((1u << (7 - length)) - 1);
    ++at_;
    for (int i = 1; i < length && !AtEnd() && IsContinuation(Peek()); ++i, ++at_)
      value = (value << 6) | (uint8_t(Peek()) & 0x3Fu);
    return value;
  }

  // A character of a literal or set, escapes read. `more`: further characters that may be escaped.
  uint32_t Character(const std::string& more = "") {
    if (Peek() != '\\') return CodePoint();
    const size_t from = at_++;
    const char c = Peek();
    if (!AtEnd()) ++at_;
    switch (c) {
      case 'x':
        return Hex(2);
      case 'u':
        return Hex(4);
      case 'U':
        return Hex(8);
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'n':
        return '\n';
      default:
        if (c != '\0' && (std::string("\\\"[]-") + more).find(c) != std::string::npos)
          return uint8_t(c);
        Fail(from, std::string("unknown escape \"\\") + c +
                       "\"; there are \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\xHH \\uHHHH \\UHHHHHHHH");
    }
  }

  uint32_t New(Kind kind, size_t at) {
    Expression expression;
    expression.kind = kind;
    expression.at = uint32_t(at);
    syntax_.expressions.push_back(std::move(expression));
    return uint32_t(syntax_.expressions.size() - 1);
  }
  Expression& At(uint32_t id) { return syntax_.expressions[id]; }

  // ── rules ──

  void ParseRule() {
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

  void ParseAttributes(Attributes& attributes) {
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

  uint32_t Alternatives(bool nested) {
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

  double Weight(bool nested) {
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

  uint32_t Sequence(bool nested) {
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

  uint32_t Literal() {
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

  // `more`: characters that may be escaped in it besides GBNF's.
  uint32_t Set(const std::string& more) {
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

  static void AddShorthand(CharSet& set, char which) {
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

  uint32_t Token() {
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

  uint32_t Repeat(uint32_t part, bool nested) {
    const size_t from = at_;
    int times = 1;
    for (uint32_t inner = part; At(inner).kind == Kind::kRepeat; inner = At(inner).parts[0])
      ++times;
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

  void Soft(uint32_t repeat, uint32_t least, uint32_t most, bool nested) {
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

  // ── lines that begin with % ──

  void Directive() {
    const size_t from = at_++;
    const std::string what = Name("lexicon, ban or class after \"%\"");
    SkipSpace(false);
    if (what == "lexicon") {
      const size_t name_at = at_;
      if (Peek() == '+' || Peek() == '-') Fail(at_, "expected the name of the lexicon");
      const std::string name = Name("the name of the lexicon");
      auto& names = syntax_.lexicons;
      if (std::find(names.begin(), names.end(), name) != names.end())
        Fail(name_at, "there are two lexicons \"" + name + "\"; rename one");
      names.push_back(name);
      SkipSpace(false);
      const double weight = Nats();
      SkipSpace(false);
      Entries(weight, false);
    } else if (what == "ban") {
      Entries(0, true);
    } else if (what == "class") {
      Class();
    } else {
      Fail(from, "unknown line \"%" + what + "\"; there are %lexicon, %ban and %class");
    }
    SkipSpace(false);
    EndLine();
  }

  void Entries(double weight, bool banned) {
    const size_t from = at_;
    if (!Take('{')) Fail(at_, "expected \"{\" and words");
    const size_t first = syntax_.entries.size();
    for (;;) {
      SkipSpace(true);
      if (Take('}')) return;
      if (AtEnd()) Fail(from, "the words are not closed; add \"}\"");
      const size_t at = at_;
      if ((Peek() == '+' || Peek() == '-') && (IsDigit(Peek(1)))) {
        if (banned) Fail(at, "banned words have no weight; remove it");
        if (syntax_.entries.size() == first) Fail(at, "the weight has no word before it");
        syntax_.entries.back().weight = Nats();
        continue;
      }
      syntax_.entries.push_back({Word(), weight, banned, uint32_t(at)});
      const std::string& word = syntax_.entries.back().text;
      if (word.find_first_not_of(" \t\r\n") == std::string::npos)
        Fail(at, "the phrase is empty; remove it");
      if (word.size() > kMostWordBytes) Fail(at, "the phrase is longer than 400 bytes; shorten it");
    }
  }

  std::string Word() {
    const size_t from = at_;
    if (Take('"')) {
      std::string word;
      while (!Take('"')) {
        if (AtEnd() || Peek() == '\n') Fail(from, "the text is not closed; add '\"'");
        AppendUtf8(word, Character());
      }
      return word;
    }
    while (!AtEnd() && std::string(" \t\r\n}\"#").find(Peek()) == std::string::npos) ++at_;
    return text().substr(from, at_ - from);
  }

  static void AppendUtf8(std::string& out, uint32_t c) {
    if (c < 0x80) {
      out += char(c);
    } else if (c < 0x800) {
      out += {char(0xC0 | (c >> 6)), char(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
      out += {char(0xE0 | (c >> 12)), char(0x80 | ((c >> 6) & 0x3F)), char(0x80 | (c & 0x3F))};
    } else {
      out += {char(0xF0 | (c >> 18)), char(0x80 | ((c >> 12) & 0x3F)),
              char(0x80 | ((c >> 6) & 0x3F)), char(0x80 | (c & 0x3F))};
    }
  }

  // ── regular expressions of %class ──

  void Class() {
    const size_t from = at_;
    if (!Take('/')) Fail(at_, "expected a regular expression between slashes, such as /[A-Z]+/");
    const uint32_t pattern = RegexAlternatives();
    if (!Take('/')) Fail(AtEnd() ? from : at_, "the regular expression is not closed; add \"/\"");
    const std::string source = text().substr(from + 1, at_ - from - 2);
    SkipSpace(false);
    syntax_.classes.push_back({pattern, Nats(), source, uint32_t(from)});
  }

  uint32_t RegexAlternatives() {
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

  uint32_t RegexSequence() {
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

  // ── the whole ──

  void Finish() {
    if (syntax_.rules.empty()) {
      if (syntax_.entries.empty() && syntax_.classes.empty())
        Fail(0, "the grammar is empty; write a rule, such as root ::= .*");
      FreeText();
    }
    for (const Expression& expression : syntax_.expressions) {
      if (expression.kind == Kind::kRule && syntax_.rule_of_name[expression.name] < 0) {
        Fail(expression.at, "the rule \"" + syntax_.names[expression.name] +
                                "\" is not defined; define it or correct the name");
      }
    }
    const auto root = name_ids_.find("root");
    if (root == name_ids_.end() || syntax_.rule_of_name[root->second] < 0)
      Fail(syntax_.rules[0].at, "there is no rule \"root\"; name the rule a reply starts with so");
    syntax_.root = uint32_t(syntax_.rule_of_name[root->second]);
  }

  // Word lines alone leave the text free: root ::= .*
  void FreeText() {
    const uint32_t any = New(Kind::kSet, 0);
    At(any).set = CharSet::Any();
    const uint32_t repeat = New(Kind::kRepeat, 0);
    At(repeat).most = kUnbounded;
    At(repeat).parts = {any};
    const uint32_t name = NameId("root");
    syntax_.rules.push_back({name, 0, repeat, {}});
    syntax_.rule_of_name[name] = 0;
  }

  Syntax syntax_;
  size_t at_ = 0;
  int nesting_ = 0;
  std::unordered_map<std::string, uint32_t> name_ids_;
};

}  // namespace

Syntax Parse(const std::string& text) { return Parser(text).Run(); }

void Refuse(const std::string& text, uint32_t at, const std::string& message) {
  const size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  size_t end = std::min(text.find('\n', at), text.size());
  if (end > begin && text[end - 1] == '\r' && end > at) --end;
  const size_t line = size_t(std::count(text.begin(), text.begin() + begin, '\n')) + 1;
  const auto characters = [&](size_t from, size_t to) {
    return size_t(std::count_if(text.begin() + from, text.begin() + to,
                                [](char c) { return !IsContinuation(c); }));
  };
  // Of a long line, what stands around the place.
  size_t from = begin, to = end;
  while (at - from > 60 || (from > begin && IsContinuation(text[from]))) ++from;
  while (to > at && (to - at > 40 || (to < end && IsContinuation(text[to])))) --to;
  std::string shown = text.substr(from, to - from);
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  throw Error("GRAMMAR_INVALID", "line " + std::to_string(line) + ", column " +
                                     std::to_string(characters(begin, at) + 1) + ": " + message +
                                     "\n  " + shown + "\n  " +
                                     std::string(characters(from, at), ' ') + "^");
}

}  // namespace dramatis::grammar
