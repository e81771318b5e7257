#include <algorithm>

#include "core/grammar/parser.h"

namespace dramatis::grammar {
namespace {

constexpr size_t kMostWordBytes = 400;  // of an entry of a lexicon

void AppendUtf8(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += {char(0xC0 | (c >> 6)), char(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    out += {char(0xE0 | (c >> 12)), char(0x80 | ((c >> 6) & 0x3F)), char(0x80 | (c & 0x3F))};
  } else {
    out += {char(0xF0 | (c >> 18)), char(0x80 | ((c >> 12) & 0x3F)), char(0x80 | ((c >> 6) & 0x3F)),
            char(0x80 | (c & 0x3F))};
  }
}

}  // namespace

void Parser::Directive() {
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

void Parser::Entries(double weight, bool banned) {
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

std::string Parser::Word() {
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

}  // namespace dramatis::grammar
