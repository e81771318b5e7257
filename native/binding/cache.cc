#include "binding/cache.h"

#include "binding/convert.h"
#include "core/session.h"

namespace dramatis {
namespace {

struct CacheUsage {
  int tokens, sessions, open, reserves, reused;
};

}  // namespace

Napi::Function CacheHandle::Define(Napi::Env env) {
  return DefineClass(env, "Cache",
                     {
                         InstanceMethod<&CacheHandle::Session>("session"),
                         InstanceMethod<&CacheHandle::BytesPerToken>("bytesPerToken"),
                         InstanceMethod<&CacheHandle::Usage>("usage"),
                         InstanceMethod<&CacheHandle::Dispose>("dispose"),
                     });
}

CacheHandle::CacheHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), context_(Take<Context>(info)) {}

// session(window)
Napi::Value CacheHandle::Session(const Napi::CallbackInfo& info) {
  return Run<std::shared_ptr<dramatis::Session>>(
      info.Env(),
      [context = Open(info.Env(), context_, "cache"), window = int(info[0].As<Napi::Number>())] {
        return std::make_shared<dramatis::Session>(context, window);
      },
      [](Napi::Env env, std::shared_ptr<dramatis::Session>& session) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).session, session);
      });
}

// Bytes of one token; fixed when the cache is made.
Napi::Value CacheHandle::BytesPerToken(const Napi::CallbackInfo& info) {
  const auto context = Open(info.Env(), context_, "cache");
  return Napi::Number::New(info.Env(), double(context->bytes_per_token()));
}

Napi::Value CacheHandle::Usage(const Napi::CallbackInfo& info) {
  return Run<CacheUsage>(
      info.Env(),
      [context = Open(info.Env(), context_, "cache")] {
        context->Sweep();
        return CacheUsage{context->options().tokens, context->options().timelines, context->open(),
                          context->reserves(), context->reused()};
      },
      [](Napi::Env env, CacheUsage& usage) -> Napi::Value {
        auto result = Napi::Object::New(env);
        result.Set("tokens", usage.tokens);
        result.Set("sessions", usage.sessions);
        result.Set("open", usage.open);
        result.Set("reserves", usage.reserves);
        result.Set("reusedGraphs", usage.reused);
        return result;
      });
}

// Idempotent. Sessions opened in the cache keep it alive.
void CacheHandle::Dispose(const Napi::CallbackInfo&) { context_.reset(); }

}  // namespace dramatis
