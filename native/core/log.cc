#include "core/log.h"

#include "llama.h"

namespace dramatis {
namespace {

thread_local std::string first_error;

void Keep(ggml_log_level level, const char* text, void*) {
  if (level != GGML_LOG_LEVEL_ERROR) return;
  // The first says what went wrong, those after it who gave up because of it.
  if (!first_error.empty()) return;
  first_error = text;
  while (!first_error.empty() && first_error.back() == '\n') first_error.pop_back();
}

}  // namespace

void CatchLog() { llama_log_set(Keep, nullptr); }

std::string TakeLoggedError() {
  std::string error;
  error.swap(first_error);
  return error;
}

}  // namespace dramatis
