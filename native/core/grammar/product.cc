#include "core/grammar/product.h"

#include <algorithm>
#include <chrono>

namespace dramatis::grammar {
namespace {

void Open(std::vector<uint64_t>& bits, int32_t token) {
  bits[size_t(token) / 64] |= uint64_t(1) << (token % 64);
}

}  // namespace

Product::Product(const std::vector<std::shared_ptr<Grammar>>& grammars)
    : masks_(grammars.size()), seconds_(grammars.size()) {
  for (const auto& grammar : grammars) cursors_.push_back(std::make_unique<Cursor>(grammar));
}

void Product::Look() {
  using Clock = std::chrono::steady_clock;
  can_end_ = true;
  bool may_end = true;  // but for bans
  attributes_ = nullptr;
  for (size_t i = 0; i < cursors_.size(); ++i) {
    const auto start = Clock::now();
    masks_[i] = cursors_[i]->Next();
    const Mask& mask = *masks_[i];
    std::vector<uint64_t>& bits = i == 0 ? open_ : own_;
    bits = mask.allowed;
    for (const Mask::Weighed& banned : mask.banned) Open(bits, banned.token);
    if (i > 0)
      for (size_t word = 0; word < open_.size(); ++word) open_[word] &= own_[word];
    can_end_ &= mask.can_end;
    may_end &= mask.can_end || mask.end_banned;
    if (attributes_ == nullptr) {
      attributes_ = cursors_[i]->attributes();
      attributed_ = cursors_[i].get();
    }
    seconds_[i] += std::chrono::duration<double>(Clock::now() - start).count();
  }
  if (may_end)
    for (int32_t end : vocabulary().ends()) Open(open_, end);
}

void Product::AddGains(float unit, float* row) const {
  for (const auto& mask : masks_) {
    for (const Mask::Weighed& weighed : mask->weighed)
      row[weighed.token] += unit * float(weighed.gain);
    for (const Mask::Weighed& banned : mask->banned) row[banned.token] += unit * float(banned.gain);
    if (mask->end_gain != 0)
      for (int32_t end : vocabulary().ends()) row[end] += unit * float(mask->end_gain);
  }
}

bool Product::IsOver() const {
  return attributes_ != nullptr && attributes_->max_tokens >= 0 &&
         attributed_->TokensInside() >= attributes_->max_tokens;
}

bool Product::Accept(int32_t token) {
  for (size_t i = 0; i < cursors_.size(); ++i) {
    if (cursors_[i]->Accept(token)) continue;
    for (size_t before = 0; before < i; ++before)
      cursors_[before]->Rewind(cursors_[before]->length() - 1);
    return false;
  }
  return true;
}

void Product::Rewind(size_t length) {
  for (const auto& cursor : cursors_) cursor->Rewind(length);
}

size_t Product::HeldFrom() const {
  size_t from = length();
  for (const auto& cursor : cursors_) from = std::min(from, cursor->HeldFrom());
  return from;
}

}  // namespace dramatis::grammar
