#pragma once

#include "binding/addon_data.h"
#include "core/context.h"

namespace dramatis {

// The native Cache of src/engine/native.ts: one KV cache, which sessions share. Any number of calls
// may be in flight: each is a step of its own on the engine thread.
class CacheHandle : public Napi::ObjectWrap<CacheHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit CacheHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Session(const Napi::CallbackInfo& info);
  Napi::Value BytesPerToken(const Napi::CallbackInfo& info);
  Napi::Value Usage(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Context> context_;
};

}  // namespace dramatis
