#include "core/grammar/char_classes.h"

#include <unordered_map>

#include "core/grammar/intern_table.h"

namespace dramatis::grammar {

CharClasses::CharClasses(const std::vector<CharSet>& sets) {
  // Walking up the code points, each range turns its set on and off again. Two stretches where the
  // same sets are on are one class; the sets that are on are told by the sum of their random keys.
  struct Turn {
    uint32_t at;
    uint64_t by;
  };
  std::vector<Turn> turns{{0, 0}};
  uint64_t key = 1;
  for (const CharSet& set : sets) {
    key = HashMix(key, 0xD6E8FEB86659FD93u);
    std::vector<CharRange> ranges = set.ranges;
    std::sort(ranges.begin(), ranges.end(), [](auto a, auto b) { return a.low < b.low; });
    uint32_t from = 0;  // ranges may overlap: a set is on once
    for (CharRange r : ranges) {
      r.low = std::max(r.low, from);
      r.high = std::min(r.high, kMostCodePoint);
      if (r.low > r.high) continue;
      turns.push_back({r.low, key});
      turns.push_back({r.high + 1, ~key + 1});
      from = r.high + 1;
    }
  }
  std::sort(turns.begin(), turns.end(), [](auto& a, auto& b) { return a.at < b.at; });
  std::unordered_map<uint64_t, uint32_t> classes;
  uint64_t on = 0;
  for (size_t i = 0; i < turns.size() && turns[i].at <= kMostCodePoint;) {
    const uint32_t from = turns[i].at;
    while (i < turns.size() && turns[i].at == from) on += turns[i++].by;
    const auto [found, is_new] = classes.emplace(on, count());
    if (is_new) {
      representatives_.push_back(from);
      non_ascii_.push_back(false);
    }
    begins_.push_back(from);
    ids_.push_back(found->second);
    if (i == turns.size() || turns[i].at > 128) non_ascii_[found->second] = true;
  }
  for (uint32_t c = 0; c < 128; ++c) ascii_[c] = Search(c);
}

}  // namespace dramatis::grammar
