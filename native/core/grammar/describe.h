#pragma once

#include <string>

#include "core/grammar/syntax.h"

namespace dramatis::grammar {

// A grammar as JSON, for what draws it or draws from it: src/engine/grammar-syntax.ts has its
// shape.
std::string Describe(const Syntax& syntax);

}  // namespace dramatis::grammar
