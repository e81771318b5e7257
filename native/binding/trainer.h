#pragma once

#include "binding/one_at_a_time.h"
#include "core/train/trainer.h"

namespace dramatis {

// The native Trainer of src/engine/native.ts.
class TrainerHandle : public OneAtATime<TrainerHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit TrainerHandle(const Napi::CallbackInfo& info);

  // Throws DISPOSED or BUSY.
  std::shared_ptr<train::Trainer> trainer(Napi::Env env) const;

 private:
  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value LoadMore(const Napi::CallbackInfo& info);
  void Reset(const Napi::CallbackInfo& info);
  Napi::Value Begin(const Napi::CallbackInfo& info);
  Napi::Value Continue(const Napi::CallbackInfo& info);
  Napi::Value Nll(const Napi::CallbackInfo& info);
  Napi::Value Step(const Napi::CallbackInfo& info);
  void Clear(const Napi::CallbackInfo& info);
  Napi::Value Factors(const Napi::CallbackInfo& info);
  Napi::Value Save(const Napi::CallbackInfo& info);
  Napi::Value Restore(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<train::Trainer> trainer_;
};

// openTrainer(path, options, onto)
Napi::Value OpenTrainer(const Napi::CallbackInfo& info);

}  // namespace dramatis
