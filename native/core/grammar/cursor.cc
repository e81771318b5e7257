#include "core/grammar/cursor.h"

#include <algorithm>
#include <utility>

namespace dramatis::grammar {

Cursor::Cursor(std::shared_ptr<Grammar> grammar) : grammar_(std::move(grammar)) {
  totals_.push_back(grammar_->Begin(path_));
  entered_.push_back(0);
}

Cursor::Cursor(const Cursor& other)
    : grammar_(other.grammar_), totals_(other.totals_), entered_(other.entered_) {
  grammar_->Fork(other.path_, path_);
}

Cursor::~Cursor() { grammar_->End(path_); }

bool Cursor::Accept(int32_t token) {
  const auto said = grammar_->Say(path_, token);
  if (!said) return false;
  entered_.push_back(said->entered ? uint32_t(length()) : entered_.back());
  totals_.push_back(totals_.back() + said->gain);
  return true;
}

void Cursor::Rewind(size_t length) {
  length = std::min(length, this->length());
  grammar_->Rewind(path_, length);
  totals_.resize(length + 1);
  entered_.resize(length + 1);
}

std::optional<double> Cursor::FinishedWeight() {
  const auto mask = Next();
  if (!mask->can_end) return std::nullopt;
  return ToNats(totals_.back() + mask->end_gain);
}

}  // namespace dramatis::grammar
