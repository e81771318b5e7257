#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/grammar/char_set.h"

namespace dramatis::grammar {

// Characters that no set of a grammar tells apart, as one number: the alphabet of its automata.
class CharClasses {
 public:
  explicit CharClasses(const std::vector<CharSet>& sets);

  uint32_t count() const { return uint32_t(representatives_.size()); }
  uint32_t Of(uint32_t c) const { return c < 128 ? ascii_[c] : Search(c); }
  uint32_t OfAscii(uint8_t c) const { return ascii_[c]; }
  bool HasNonAscii(uint32_t id) const { return non_ascii_[id]; }
  // A character of the class.
  uint32_t Representative(uint32_t id) const { return representatives_[id]; }

 private:
  uint32_t Search(uint32_t c) const {
    return ids_[size_t(std::upper_bound(begins_.begin(), begins_.end(), c) - begins_.begin()) - 1];
  }

  std::array<uint32_t, 128> ascii_{};
  std::vector<uint32_t> begins_, ids_;
  std::vector<uint32_t> representatives_;
  std::vector<bool> non_ascii_;
};

}  // namespace dramatis::grammar
