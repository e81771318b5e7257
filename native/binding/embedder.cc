#include "binding/embedder.h"

#include "binding/addon_data.h"
#include "binding/convert.h"

namespace dramatis {

Napi::Function EmbedderHandle::Define(Napi::Env env) {
  return DefineClass(env, "Embedder",
                     {
                         InstanceMethod<&EmbedderHandle::Embed>("embed"),
                         InstanceMethod<&EmbedderHandle::Dispose>("dispose"),
                     });
}

EmbedderHandle::EmbedderHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), embedder_(Take<Embedder>(info)) {}

// Stateless between calls and the engine thread takes them in turn, so several may be in flight.
Napi::Value EmbedderHandle::Embed(const Napi::CallbackInfo& info) {
  auto embedder = Open(info.Env(), embedder_, "embedder");
  auto rows = TokenRows(info[0], embedder->model()->vocabulary_size(), Embedder::kMaxTokens,
                        Embedder::kMaxTexts);
  return Run<std::vector<std::vector<float>>>(
      info.Env(), [embedder, rows = std::move(rows)] { return embedder->Embed(rows); },
      [](Napi::Env env, std::vector<std::vector<float>>& vectors) -> Napi::Value {
        return ToRows(env, vectors);
      });
}

void EmbedderHandle::Dispose(const Napi::CallbackInfo&) { embedder_.reset(); }

}  // namespace dramatis
