#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/grammar/grammar.h"

namespace dramatis::grammar {

// Where one reply is in a grammar: a state for each token said, so that going back is free. Used by
// one thread at a time.
class Cursor {
 public:
  explicit Cursor(std::shared_ptr<Grammar> grammar);
  ~Cursor();
  // Another reply that begins as this one did.
  Cursor(const Cursor& other);
  Cursor& operator=(const Cursor&) = delete;

  Grammar& grammar() const { return *grammar_; }
  size_t length() const { return path_.size() - 1; }
  // Whether the last token left a character half said.
  bool InsideCharacter() { return grammar_->IsInsideCharacter(path_); }

  // What may follow.
  std::shared_ptr<const Mask> Next() { return grammar_->Next(path_); }
  // Says `token`; false if it may not follow, and nothing changes.
  bool Accept(int32_t token);
  void Rewind(size_t length);

  // λ-free log-weight of the text so far with what is promised, in nats; of the finished text where
  // it may end here, else nothing.
  double Potential() const { return ToNats(totals_.back()); }
  std::optional<double> FinishedWeight();

  // Of the rule that the reply is in; null without.
  const Attributes* attributes() { return grammar_->AttributesAt(path_); }
  // Tokens said since that rule was entered.
  int TokensInside() const { return int(length() - entered_.back()); }
  // Allowed tokens that leave the rule, ascending.
  void Leaving(std::vector<int32_t>& tokens) { grammar_->Leaving(path_, tokens); }
  // The reply's length before the banned phrase began that may have begun, or its length.
  size_t HeldFrom() { return grammar_->HeldFrom(path_); }

 private:
  const std::shared_ptr<Grammar> grammar_;
  Grammar::Path path_;
  std::vector<int64_t> totals_;    // log-weight so far, after each token
  std::vector<uint32_t> entered_;  // the length at which the rule with attributes was entered
};

}  // namespace dramatis::grammar
