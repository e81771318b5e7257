#pragma once

#include "binding/one_at_a_time.h"
#include "core/session.h"

namespace dramatis {

// The native Session of src/engine/native.ts: one timeline.
class SessionHandle : public OneAtATime<SessionHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit SessionHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Window(const Napi::CallbackInfo& info);
  Napi::Value Rewind(const Napi::CallbackInfo& info);
  Napi::Value Feed(const Napi::CallbackInfo& info);
  Napi::Value ScoreTree(const Napi::CallbackInfo& info);
  Napi::Value Logits(const Napi::CallbackInfo& info);
  Napi::Value Next(const Napi::CallbackInfo& info);
  Napi::Value GrammarMs(const Napi::CallbackInfo& info);
  Napi::Value ControlMs(const Napi::CallbackInfo& info);
  void SetSampler(const Napi::CallbackInfo& info);
  void SetStrength(const Napi::CallbackInfo& info);
  Napi::Value Held(const Napi::CallbackInfo& info);
  void SetBias(const Napi::CallbackInfo& info);
  Napi::Value ApplyAdapters(const Napi::CallbackInfo& info);
  Napi::Value ApplyStock(const Napi::CallbackInfo& info);
  Napi::Value Fork(const Napi::CallbackInfo& info);
  Napi::Value Save(const Napi::CallbackInfo& info);
  Napi::Value Restore(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  friend Napi::Value NextOfEach(const Napi::CallbackInfo& info);

  // Throws DISPOSED or BUSY.
  std::shared_ptr<Session> Idle(Napi::Env env) const;

  std::shared_ptr<Session> session_;
  std::shared_ptr<Model> model_;
};

// nextOfEach(sessions, bases, alphas): Promise<Int32Array>
Napi::Value NextOfEach(const Napi::CallbackInfo& info);

}  // namespace dramatis
