#include "core/forward/choice.h"

#include <atomic>
#include <cstdint>

namespace dramatis::forward {
namespace {

static_assert(GGML_TYPE_COUNT <= 64, "a bit for each type");
std::atomic<uint64_t> products_chosen{~uint64_t(0)};
std::atomic<bool> attention_chosen{true};

}  // namespace

void Choose(const std::vector<int>& products, bool attention) {
  uint64_t chosen = 0;
  for (const int type : products) chosen |= uint64_t(1) << type;
  products_chosen = chosen;
  attention_chosen = attention;
}

bool IsChosen(ggml_type product) { return (products_chosen >> product & 1) != 0; }

bool IsAttentionChosen() { return attention_chosen; }

}  // namespace dramatis::forward
