#include "core/grammar/json_schema.h"

#include <vector>

#include "core/error.h"
#include "json-schema-to-grammar.h"

// What the converter uses of llama.cpp's common.cpp, whose other two thousand lines are not wanted;
// declared as in its common.h.
std::string string_join(const std::vector<std::string>& values, const std::string& separator) {
  std::string joined;
  for (size_t i = 0; i < values.size(); ++i) joined += (i == 0 ? "" : separator) + values[i];
  return joined;
}

std::vector<std::string> string_split(const std::string& text, const std::string& delimiter) {
  std::vector<std::string> parts;
  size_t from = 0;
  for (size_t to; (to = text.find(delimiter, from)) != std::string::npos;
       from = to + delimiter.size())
    parts.push_back(text.substr(from, to - from));
  parts.push_back(text.substr(from));
  return parts;
}

std::string string_repeat(const std::string& text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

namespace dramatis::grammar {

std::string GrammarOfJsonSchema(const std::string& schema) {
  try {
    return json_schema_to_grammar(common_json::parse(schema), /*force_gbnf=*/true);
  } catch (const std::exception& error) {
    throw Error("GRAMMAR_INVALID", std::string("the JSON Schema cannot be read: ") + error.what());
  }
}

}  // namespace dramatis::grammar
