#pragma once

#include <string>

#include "core/error.h"

namespace dramatis::test {

// The code of the error that a call ends with, or "none".
template <typename Call>
std::string CodeOf(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

}  // namespace dramatis::test
