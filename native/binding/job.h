#pragma once

#include <napi.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "binding/engine_thread.h"
#include "core/error.h"

namespace dramatis {

struct Failure {
  std::string code;
  std::string message;
};

// Runs `work`, catching what it throws: the one place where a C++ exception turns into a value.
template <typename Work>
std::optional<Failure> Caught(Work&& work) noexcept {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    return Failure{error.code, error.what()};
  } catch (const std::bad_alloc&) {
    return Failure{"MEMORY_SHORT", "there is not enough memory"};
  } catch (const std::exception& error) {
    return Failure{"NATIVE_FAILED", error.what()};
  } catch (...) {
    return Failure{"NATIVE_FAILED", "unknown failure"};
  }
}

inline Napi::Error ToJs(Napi::Env env, const Failure& failure) {
  Napi::Error error = Napi::Error::New(env, failure.message);
  error.Set("code", failure.code);
  return error;
}

// The synchronous way in, for microseconds: throws into JavaScript what `work` throws.
template <typename Work>
void Now(Napi::Env env, Work&& work) {
  if (auto failure = Caught(std::forward<Work>(work))) throw ToJs(env, *failure);
}

// The asynchronous way in. `work` must own everything it touches: a shared_ptr by value, never
// `this`, never a Napi value. It runs on the engine thread; `convert` and `done` run on the
// JavaScript thread, either way it ends.
template <typename T>
class Job final : public Step {
 public:
  using Work = std::function<T()>;
  using Convert = std::function<Napi::Value(Napi::Env, T&)>;

  Job(Napi::Env env, Work work, Convert convert, std::function<void()> done,
      std::function<void()> cancel)
      : deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)),
        done_(std::move(done)),
        cancel_(std::move(cancel)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() noexcept override {
    failure_ = Caught([this] { result_ = work_(); });
  }

  void Settle(Napi::Env env) override {
    Napi::HandleScope scope(env);
    if (done_) done_();
    if (failure_) {
      deferred_.Reject(ToJs(env, *failure_).Value());
    } else {
      deferred_.Resolve(convert_(env, *result_));
    }
  }

  void Cancel() noexcept override {
    if (cancel_) cancel_();
  }

 private:
  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::function<void()> done_;
  std::function<void()> cancel_;
  std::optional<T> result_;
  std::optional<Failure> failure_;
};

}  // namespace dramatis
