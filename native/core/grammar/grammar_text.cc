#include "core/grammar/grammar_text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/error.h"
#include "core/grammar/syntax.h"

namespace dramatis::grammar {
namespace {

constexpr double kMostNats = 100;

bool IsContinuation(char c) { return (uint8_t(c) & 0xC0) == 0x80; }

}  // namespace

void GrammarText::Fail(size_t at, const std::string& message) const {
  Refuse(text_, uint32_t(at), message);
}

void GrammarText::SkipSpace(bool over_lines) {
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

void GrammarText::EndLine() {
  if (AtEnd()) return;
  if (Take('\r')) {
    Take('\n');
  } else if (!Take('\n')) {
    Fail(at_, "expected the end of the line; write a following rule on a line of its own");
  }
  SkipSpace(true);
}

std::string GrammarText::Name(const std::string& what) {
  const size_t from = at_;
  while (!AtEnd() && IsNameCharacter(Peek())) ++at_;
  if (at_ == from) Fail(from, "expected " + what + ": letters, digits and \"-\"");
  return text_.substr(from, at_ - from);
}

double GrammarText::Number(const std::string& what, bool sign) {
  const size_t from = at_;
  if (sign && (Peek() == '+' || Peek() == '-')) ++at_;
  const size_t digits = at_;
  while (IsDigit(Peek())) ++at_;
  if (Peek() == '.' && IsDigit(Peek(1))) {
    ++at_;
    while (IsDigit(Peek())) ++at_;
  }
  if (at_ == digits) Fail(from, "expected " + what + ", such as " + (sign ? "+1.2" : "5"));
  return std::strtod(text_.substr(from, at_ - from).c_str(), nullptr);
}

double GrammarText::Nats() {
  const size_t from = at_;
  const double nats = Number("a log-weight", true);
  if (std::abs(nats) > kMostNats) Fail(from, "the log-weight is beyond ±100; make it smaller");
  return nats;
}

uint32_t GrammarText::Count(const std::string& what) {
  const size_t from = at_;
  uint64_t count = 0;
  while (IsDigit(Peek())) {
    count = std::min<uint64_t>(count * 10 + uint64_t(Peek() - '0'), UINT32_MAX - 1);
    ++at_;
  }
  if (at_ == from) Fail(from, "expected " + what);
  return uint32_t(count);
}

uint32_t GrammarText::Hex(int digits) {
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

uint32_t GrammarText::CodePoint() {
  const uint8_t lead = uint8_t(text_[at_]);
  const int length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t value = length == 1 ? lead : lead & ((1u << (7 - length)) - 1);
  ++at_;
  for (int i = 1; i < length && !AtEnd() && IsContinuation(Peek()); ++i, ++at_)
    value = (value << 6) | (uint8_t(Peek()) & 0x3Fu);
  return value;
}

uint32_t GrammarText::Character(const std::string& more) {
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
