#pragma once

#include <napi.h>

#include <string>

#include "binding/addon_data.h"

namespace dramatis {

// A handle that lets one call through at a time (BUSY), for what is one mutable thing. JavaScript
// thread only.
template <typename Handle>
class OneAtATime : public Napi::ObjectWrap<Handle> {
 public:
  using Napi::ObjectWrap<Handle>::ObjectWrap;

 protected:
  // What is held, if it is open and idle; throws DISPOSED or BUSY.
  template <typename T>
  std::shared_ptr<T> Idle(Napi::Env env, const std::shared_ptr<T>& held, const char* what) const {
    auto object = Open(env, held, what);
    if (busy_) throw ToJs(env, {"BUSY", "the " + std::string(what) + " has a call in flight"});
    return object;
  }

  // Posts `work`, busy until it has settled. The wrapper is held meanwhile, so it cannot be
  // collected.
  template <typename T>
  Napi::Promise Post(Napi::Env env, std::function<T()> work,
                     std::function<Napi::Value(Napi::Env, T&)> convert) {
    Hold();
    return Run<T>(env, std::move(work), std::move(convert), [this] { Release(); });
  }

  // Busy, and not to be collected, until `Release`: for a call that takes several handles.
  void Hold() {
    busy_ = true;
    this->Ref();
  }
  void Release() {
    busy_ = false;
    this->Unref();
  }

 private:
  bool busy_ = false;
};

}  // namespace dramatis
