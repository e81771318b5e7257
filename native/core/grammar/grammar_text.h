#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace dramatis::grammar {

inline bool IsDigit(char c) { return '0' <= c && c <= '9'; }
inline bool IsNameCharacter(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '-' || IsDigit(c);
}

// The text of a grammar, read from front to end: blanks, names, numbers and characters. What is
// read amiss throws GRAMMAR_INVALID with its place. The text must outlive it.
class GrammarText {
 public:
  explicit GrammarText(const std::string& text) : text_(text) {}

  const std::string& text() const { return text_; }
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool Take(char c) {
    if (Peek() != c || AtEnd()) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void Fail(size_t at, const std::string& message) const;

  void SkipSpace(bool over_lines);
  void EndLine();
  std::string Name(const std::string& what);
  // A decimal number without exponent. `sign`: it may have one.
  double Number(const std::string& what, bool sign);
  double Nats();
  uint32_t Count(const std::string& what);
  // A character of a literal or set, escapes read. `more`: further characters that may be escaped.
  uint32_t Character(const std::string& more = "");

 protected:
  size_t at_ = 0;  // the next byte to read

 private:
  uint32_t Hex(int digits);
  uint32_t CodePoint();

  const std::string& text_;
};

}  // namespace dramatis::grammar
