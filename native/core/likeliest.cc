#include "core/likeliest.h"

#include <algorithm>
#include <cmath>

namespace dramatis {
namespace {

constexpr float kNever = -INFINITY;
constexpr size_t kBlock = 64;  // tokens of a word of bits

bool IsLikelier(const llama_token_data& a, const llama_token_data& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

// Plain, so that the compiler makes it wide.
float LargestOfBlock(const float* row) {
  float lanes[16];
  std::copy(row, row + 16, lanes);
  for (size_t i = 16; i < kBlock; i += 16)
    for (size_t j = 0; j < 16; ++j) lanes[j] = row[i + j] > lanes[j] ? row[i + j] : lanes[j];
  float largest = lanes[0];
  for (size_t j = 1; j < 16; ++j) largest = lanes[j] > largest ? lanes[j] : largest;
  return largest;
}

// Calls `take` with each open token whose logit is more than `above()`, or as much.
template <typename Above, typename Take>
void EachAbove(const float* row, size_t tokens, const std::vector<uint64_t>* open, Above above,
               Take take) {
  for (size_t from = 0; from < tokens; from += kBlock) {
    const size_t count = std::min(kBlock, tokens - from);
    const uint64_t bits = open == nullptr ? ~uint64_t(0) : (*open)[from / kBlock];
    if (bits == 0) continue;
    if (count == kBlock && LargestOfBlock(row + from) < above()) continue;
    for (size_t i = 0; i < count; ++i)
      if ((bits >> i & 1) != 0 && row[from + i] >= above()) take(from + i);
  }
}

}  // namespace

void Likeliest(const float* row, size_t tokens, const std::vector<uint64_t>* open, size_t most,
               float least, std::vector<llama_token_data>& found) {
  found.clear();
  const auto add = [&](size_t token) { found.push_back({llama_token(token), row[token], 0}); };
  if (most == 0) {
    EachAbove(
        row, tokens, open, [&] { return least; }, add);
  } else {
    // A heap with the least likely of those found on top.
    float bar = least;
    EachAbove(
        row, tokens, open, [&] { return bar; },
        [&](size_t token) {
          if (found.size() == most) {
            if (row[token] == bar) return;  // an equal one with a smaller number is there
            std::pop_heap(found.begin(), found.end(), IsLikelier);
            found.pop_back();
          }
          add(token);
          std::push_heap(found.begin(), found.end(), IsLikelier);
          if (found.size() == most) bar = found.front().logit;
        });
    std::sort_heap(found.begin(), found.end(), IsLikelier);
  }
  const auto is_never = [](const llama_token_data& one) { return one.logit == kNever; };
  if (!std::all_of(found.begin(), found.end(), is_never))
    found.erase(std::remove_if(found.begin(), found.end(), is_never), found.end());
}

float LargestOf(const float* row, size_t tokens, const std::vector<uint64_t>* open) {
  float largest = kNever;
  EachAbove(
      row, tokens, open, [&] { return largest; }, [&](size_t token) { largest = row[token]; });
  return largest;
}

float DeviationOf(const float* row, size_t tokens) {
  double sum = 0, squares = 0;
  size_t count = 0;
  // Around some value of the row, or the squares would swallow the difference.
  const float shift = tokens > 0 && row[0] != kNever ? row[0] : 0;
  for (size_t i = 0; i < tokens; ++i) {
    if (row[i] == kNever) continue;
    const double value = double(row[i]) - shift;
    sum += value;
    squares += value * value;
    ++count;
  }
  if (count == 0) return 0;
  const double mean = sum / double(count);
  return float(std::sqrt(std::max(0.0, squares / double(count) - mean * mean)));
}

}  // namespace dramatis
