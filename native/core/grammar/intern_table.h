#pragma once

#include <cstdint>
#include <vector>

namespace dramatis::grammar {

inline uint64_t HashMix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

// Finds numbers of things kept elsewhere by their content: an open hash table of numbers only.
class InternTable {
 public:
  // The number for which `equals` holds among those with this hash, or what `make` gives, kept.
  template <typename Equals, typename Make>
  uint32_t Find(uint64_t hash, Equals equals, Make make) {
    if ((used_ + 1) * 2 > slots_.size()) Grow();
    const uint32_t tag = uint32_t(hash >> 32);
    size_t i = size_t(hash) & (slots_.size() - 1);
    while (slots_[i].id != kNone) {
      if (slots_[i].tag == tag && equals(slots_[i].id)) return slots_[i].id;
      i = (i + 1) & (slots_.size() - 1);
    }
    const uint32_t id = make();
    slots_[i] = {id, tag, hash};
    ++used_;
    return id;
  }

  void Clear() {
    slots_.clear();
    used_ = 0;
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Slot {
    uint32_t id = kNone, tag = 0;
    uint64_t hash = 0;
  };

  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.id == kNone) continue;
      size_t i = size_t(slot.hash) & (slots_.size() - 1);
      while (slots_[i].id != kNone) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = slot;
    }
  }

  std::vector<Slot> slots_;
  size_t used_ = 0;
};

}  // namespace dramatis::grammar
