#include "core/log.h"

#include "llama.h"

namespace dramatis {
namespace {

thread_local std::string last_error;

void Keep(ggml_log_level level, const char* text, void*) {
  if (level != GGML_LOG_LEVEL_ERROR) return;
  last_error = text;
  while (!last_error.empty() && last_error.back() == '\n') last_error.pop_back();
}

}  // namespace

void CatchLog() { llama_log_set(Keep, nullptr); }

std::string TakeLoggedError() {
  std::string error;
  error.swap(last_error);
  return error;
}

}  // namespace dramatis
