#pragma once

#include <napi.h>

#include <memory>

#include "binding/engine_thread.h"
#include "binding/job.h"

namespace dramatis {

// What one environment (the main thread, or a worker) owns.
struct AddonData {
  explicit AddonData(Napi::Env env) : engine(env) {}

  EngineThread engine;
  Napi::FunctionReference model;
  Napi::FunctionReference cache;
  Napi::FunctionReference session;
  Napi::FunctionReference embedder;
  Napi::FunctionReference adapter;
  Napi::FunctionReference trainer;
  Napi::FunctionReference grammar;
  Napi::FunctionReference matcher;

  static AddonData& Of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }
};

template <typename T>
Napi::Promise Run(Napi::Env env, typename Job<T>::Work work, typename Job<T>::Convert convert,
                  std::function<void()> done = nullptr, std::function<void()> cancel = nullptr) {
  auto job = std::make_unique<Job<T>>(env, std::move(work), std::move(convert), std::move(done),
                                      std::move(cancel));
  Napi::Promise promise = job->promise();
  AddonData::Of(env).engine.Post(std::move(job));
  return promise;
}

// A JavaScript object of class `constructor` around a C++ one.
template <typename T>
Napi::Value Wrap(Napi::Env env, const Napi::FunctionReference& constructor,
                 std::shared_ptr<T> object) {
  return constructor.New({Napi::External<std::shared_ptr<T>>::New(env, &object)});
}

template <typename T>
std::shared_ptr<T> Take(const Napi::CallbackInfo& info) {
  if (info.Length() != 1 || !info[0].IsExternal()) {
    throw Napi::TypeError::New(info.Env(), "made by the addon only");
  }
  return *info[0].As<Napi::External<std::shared_ptr<T>>>().Data();
}

// The object a handle holds, or DISPOSED.
template <typename T>
std::shared_ptr<T> Open(Napi::Env env, const std::shared_ptr<T>& held, const char* what) {
  if (!held) throw ToJs(env, {"DISPOSED", std::string("the ") + what + " was disposed of"});
  return held;
}

}  // namespace dramatis
