#pragma once

#include <napi.h>

#include "core/grammar/cursor.h"
#include "core/model.h"

namespace dramatis {

// The native Grammar of src/engine/native.ts: shared by sessions and matchers.
class GrammarHandle : public Napi::ObjectWrap<GrammarHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit GrammarHandle(const Napi::CallbackInfo& info);
  std::shared_ptr<grammar::Grammar> grammar(Napi::Env env) const;

 private:
  Napi::Value HasBans(const Napi::CallbackInfo& info);
  Napi::Value Matcher(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<grammar::Grammar> grammar_;
};

// The native Matcher: a text in the making, by hand. All calls are microseconds, but for `allowed`
// where a state is new.
class MatcherHandle : public Napi::ObjectWrap<MatcherHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit MatcherHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Accept(const Napi::CallbackInfo& info);
  Napi::Value Length(const Napi::CallbackInfo& info);
  void Rewind(const Napi::CallbackInfo& info);
  Napi::Value Clone(const Napi::CallbackInfo& info);
  Napi::Value Allowed(const Napi::CallbackInfo& info);
  Napi::Value Gains(const Napi::CallbackInfo& info);
  Napi::Value Finished(const Napi::CallbackInfo& info);
  Napi::Value Potential(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<grammar::Cursor> cursor_;
};

// parseGrammar(text): string
Napi::Value ParseGrammar(const Napi::CallbackInfo& info);
// checkGrammar(text): Promise<string>
Napi::Value CheckGrammar(const Napi::CallbackInfo& info);
// byteGrammar(text): Grammar
Napi::Value ByteGrammar(const Napi::CallbackInfo& info);

}  // namespace dramatis
