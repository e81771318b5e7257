#pragma once

#include <napi.h>

#include "core/embedder.h"

namespace dramatis {

// The native Embedder of src/engine/native.ts.
class EmbedderHandle : public Napi::ObjectWrap<EmbedderHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit EmbedderHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Embed(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Embedder> embedder_;
};

}  // namespace dramatis
