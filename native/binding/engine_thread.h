#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace dramatis {

// One bounded piece of native work and the promise it settles.
class Step {
 public:
  virtual ~Step() = default;
  virtual void Execute() noexcept = 0;     // on the engine thread
  virtual void Settle(Napi::Env env) = 0;  // on the JavaScript thread
  virtual void Cancel() noexcept {}        // on the JavaScript thread, while Execute may be running
};

// The one thread that runs an environment's steps, in the order asked. Not libuv's pool: ggml's
// caller must stay on one thread, or it lands beside its own spinning helper. Blocks when idle,
// never spins.
//
// Owned by the addon's instance data. Joined by the environment's cleanup hook, or on the event
// "exit" before: process.exit() runs no hook, and the C library then ends ggml's modules under the
// step that computes with them. The step in flight is cut short; steps still queued then are
// dropped, their promises die with the environment. The thread-safe function only wakes the
// JavaScript thread: finished steps wait in a queue of our own, so that none is lost or used late.
class EngineThread {
 public:
  explicit EngineThread(Napi::Env env);
  ~EngineThread();

  // On the JavaScript thread. Keeps the event loop alive until the step has settled.
  void Post(std::unique_ptr<Step> step);

 private:
  void Run();
  void Drain(Napi::Env env);
  void Stop();
  void StopAtExit(Napi::Env env);

  napi_env env_;
  napi_threadsafe_function wake_ = nullptr;
  int in_flight_ = 0;  // JavaScript thread only

  std::mutex mutex_;  // guards what follows
  std::condition_variable posted_;
  std::deque<std::unique_ptr<Step>> waiting_;
  std::deque<std::unique_ptr<Step>> finished_;
  Step* running_ = nullptr;
  std::atomic<bool> stopping_{false};

  std::thread thread_;  // declared last: starts when all above exists
};

}  // namespace dramatis
