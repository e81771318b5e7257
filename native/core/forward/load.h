#pragma once

#include <cstring>

namespace dramatis::forward {

// A T from anywhere: aligned or not.
template <typename T>
inline T Load(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace dramatis::forward
