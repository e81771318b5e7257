#pragma once

#include <napi.h>

#include "core/session.h"

namespace dramatis {

// The native Session of src/engine/native.ts. Lets one call through at a time (BUSY), since a
// session is one timeline.
class SessionHandle : public Napi::ObjectWrap<SessionHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit SessionHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Window(const Napi::CallbackInfo& info);
  Napi::Value Rewind(const Napi::CallbackInfo& info);
  Napi::Value Feed(const Napi::CallbackInfo& info);
  Napi::Value ScoreTree(const Napi::CallbackInfo& info);
  Napi::Value Next(const Napi::CallbackInfo& info);
  void SetSampler(const Napi::CallbackInfo& info);
  void SetBias(const Napi::CallbackInfo& info);
  void SetAdapter(const Napi::CallbackInfo& info);
  Napi::Value Save(const Napi::CallbackInfo& info);
  Napi::Value Restore(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  // The session if it is open and idle; throws DISPOSED or BUSY.
  std::shared_ptr<Session> Idle(Napi::Env env) const;

  // Posts `work`, busy until it has settled. The wrapper is held meanwhile, so it cannot be
  // collected.
  template <typename T>
  Napi::Promise Post(Napi::Env env, std::function<T()> work,
                     std::function<Napi::Value(Napi::Env, T&)> convert);

  std::shared_ptr<Session> session_;
  std::shared_ptr<Model> model_;
  bool busy_ = false;
};

}  // namespace dramatis
