#pragma once

#include <napi.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "binding/job.h"

namespace dramatis {

// Int32Array → tokens. A token outside the vocabulary would read past the embedding table:
// RangeError.
inline std::vector<int32_t> Tokens(const Napi::Value& value, int vocabulary, size_t most) {
  const Napi::Env env = value.Env();
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    throw Napi::TypeError::New(env, "tokens must be an Int32Array");
  }
  const auto array = value.As<Napi::Int32Array>();
  if (array.ElementLength() > most) {
    throw Napi::RangeError::New(env, std::to_string(array.ElementLength()) +
                                         " tokens given, at most " + std::to_string(most) +
                                         " fit one step");
  }
  std::vector<int32_t> tokens(array.Data(), array.Data() + array.ElementLength());
  for (int32_t token : tokens) {
    if (token < 0 || token >= vocabulary) {
      throw Napi::RangeError::New(env, "token " + std::to_string(token) +
                                           " is not in the vocabulary of " +
                                           std::to_string(vocabulary));
    }
  }
  return tokens;
}

// As Tokens, and at least one.
inline std::vector<int32_t> SomeTokens(const Napi::Value& value, int vocabulary, size_t most) {
  auto tokens = Tokens(value, vocabulary, most);
  if (tokens.empty())
    throw Napi::RangeError::New(value.Env(), "no tokens given, at least 1 wanted");
  return tokens;
}

// An array of Int32Arrays, none empty, `most` tokens in all.
inline std::vector<std::vector<int32_t>> TokenRows(const Napi::Value& value, int vocabulary,
                                                   size_t most, size_t most_rows) {
  if (!value.IsArray())
    throw Napi::TypeError::New(value.Env(), "an array of Int32Arrays is wanted");
  const auto array = value.As<Napi::Array>();
  if (array.Length() > most_rows) {
    throw Napi::RangeError::New(value.Env(), std::to_string(array.Length()) +
                                                 " rows given, at most " +
                                                 std::to_string(most_rows) + " fit one step");
  }
  std::vector<std::vector<int32_t>> rows;
  size_t total = 0;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    rows.push_back(SomeTokens(array.Get(i), vocabulary, most));
    total += rows.back().size();
  }
  if (total > most) {
    throw Napi::RangeError::New(value.Env(), std::to_string(total) + " tokens given, at most " +
                                                 std::to_string(most) + " fit one step");
  }
  return rows;
}

// Int32Array → numbers.
inline std::vector<int32_t> Ints(const Napi::Value& value) {
  const auto array = value.As<Napi::Int32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

inline Napi::Int32Array ToInt32Array(Napi::Env env, const std::vector<int32_t>& tokens) {
  auto array = Napi::Int32Array::New(env, tokens.size());
  std::copy(tokens.begin(), tokens.end(), array.Data());
  return array;
}

inline Napi::Float32Array ToFloat32Array(Napi::Env env, const std::vector<float>& values) {
  auto array = Napi::Float32Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

inline Napi::Array ToRows(Napi::Env env, const std::vector<std::vector<float>>& rows) {
  auto array = Napi::Array::New(env, rows.size());
  for (uint32_t i = 0; i < rows.size(); ++i) array.Set(i, ToFloat32Array(env, rows[i]));
  return array;
}

inline Napi::Array ToStrings(Napi::Env env, const std::vector<std::string>& values) {
  auto array = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i) array.Set(i, Napi::String::New(env, values[i]));
  return array;
}

inline std::vector<std::string> Strings(const Napi::Value& value) {
  std::vector<std::string> strings;
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i) strings.push_back(array.Get(i).As<Napi::String>());
  return strings;
}

}  // namespace dramatis
