#pragma once

#include <string>

namespace dramatis::grammar {

// The grammar of the JSON texts that a JSON Schema allows, by llama.cpp's own converter. Throws
// GRAMMAR_INVALID for what is no JSON or uses what it does not know.
std::string GrammarOfJsonSchema(const std::string& schema);

}  // namespace dramatis::grammar
