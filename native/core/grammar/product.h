#pragma once

#include <memory>
#include <vector>

#include "core/grammar/cursor.h"

namespace dramatis::grammar {

// Several grammars that one reply must match: what one forbids is forbidden, what they weigh adds
// up (as log-weights: W is the product). Each keeps its own states, masks and cursor, so that
// turning one off leaves what is known of the others.
//
// Nothing is allocated per token once the masks are there. Used by one thread at a time.
class Product {
 public:
  explicit Product(const std::vector<std::shared_ptr<Grammar>>& grammars);

  bool empty() const { return cursors_.empty(); }
  size_t length() const { return cursors_[0]->length(); }
  const Vocabulary& vocabulary() const { return cursors_[0]->grammar().vocabulary(); }

  // Works out what may follow; what is below speaks of that until the next call that changes
  // anything.
  void Look();
  // Bits of the tokens that all allow, or that only banned phrases forbid; those that end a reply
  // among them.
  const std::vector<uint64_t>& open() const { return open_; }
  bool can_end() const { return can_end_; }
  // Adds what each token earns, `unit` to a LogWeight, to a row of logits.
  void AddGains(float unit, float* row) const;
  // Where a rule with attributes is open: its own. Null without; of several grammars the first has
  // it.
  const Attributes* attributes() const { return attributes_; }
  // Whether the rule with attributes has had all its tokens, and the tokens that leave it.
  bool IsOver() const;
  void Leaving(std::vector<int32_t>& tokens) { attributed_->Leaving(tokens); }

  // Says a token; false if a banned phrase forbids it, and nothing changes.
  bool Accept(int32_t token);
  void Rewind(size_t length);
  // The reply's length before the first banned phrase began that may have begun, or its length.
  size_t HeldFrom() const;

  // Seconds that each has taken to work out what may follow.
  const std::vector<double>& seconds() const { return seconds_; }

 private:
  std::vector<std::unique_ptr<Cursor>> cursors_;
  std::vector<std::shared_ptr<const Mask>> masks_;
  std::vector<uint64_t> open_, own_;
  bool can_end_ = false;
  const Attributes* attributes_ = nullptr;
  Cursor* attributed_ = nullptr;
  std::vector<double> seconds_;
};

}  // namespace dramatis::grammar
