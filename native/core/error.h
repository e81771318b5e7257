#pragma once

#include <stdexcept>
#include <string>

namespace dramatis {

// What core throws. `code` is one of the codes in src/errors.ts, which hold the remedies.
class Error : public std::runtime_error {
 public:
  Error(const char* code, const std::string& message) : std::runtime_error(message), code(code) {}
  const char* const code;
};

}  // namespace dramatis
