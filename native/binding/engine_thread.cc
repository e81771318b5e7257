#include "binding/engine_thread.h"

#include "core/compute.h"

namespace dramatis {

EngineThread::EngineThread(Napi::Env env) : env_(env) {
  const auto call = [](napi_env caller, napi_value, void* self, void*) {
    // A null environment means it is being torn down: Stop has emptied the queues.
    if (caller == nullptr) return;
    try {
      static_cast<EngineThread*>(self)->Drain(Napi::Env(caller));
    } catch (const Napi::Error&) {
      // A worker being terminated refuses every call: its promises die with it.
    }
  };
  napi_value name = Napi::String::New(env, "dramatis engine");
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, name, /*max_queue_size=*/0, /*initial_thread_count=*/1, nullptr,
      nullptr, this, call, &wake_);
  if (status != napi_ok)
    throw Napi::Error::New(env, "the engine thread's wake-up call could not be made");
  napi_unref_threadsafe_function(env, wake_);
  thread_ = std::thread([this] { Run(); });
  // Added after the thread-safe function, so it runs before that one's own hook closes it.
  napi_add_env_cleanup_hook(
      env, [](void* self) { static_cast<EngineThread*>(self)->Stop(); }, this);
  StopAtExit(env);
}

void EngineThread::StopAtExit(Napi::Env env) {
  Napi::Object process = env.Global().Get("process").As<Napi::Object>();
  const auto stop = [](const Napi::CallbackInfo& info) {
    static_cast<EngineThread*>(info.Data())->Stop();
  };
  process.Get("once").As<Napi::Function>().Call(
      process, {Napi::String::New(env, "exit"), Napi::Function::New(env, stop, "stop", this)});
}

EngineThread::~EngineThread() { Stop(); }

void EngineThread::Post(std::unique_ptr<Step> step) {
  if (in_flight_++ == 0) napi_ref_threadsafe_function(env_, wake_);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiting_.push_back(std::move(step));
  }
  posted_.notify_one();
}

void EngineThread::Run() {
  Compute::EndStepsOfThisThread(&stopping_);
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    posted_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    std::unique_ptr<Step> step = std::move(waiting_.front());
    waiting_.pop_front();
    running_ = step.get();
    lock.unlock();
    step->Execute();
    lock.lock();
    running_ = nullptr;
    finished_.push_back(std::move(step));
    if (!stopping_) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  }
}

void EngineThread::Drain(Napi::Env env) {
  while (true) {
    std::unique_ptr<Step> step;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (finished_.empty()) return;
      step = std::move(finished_.front());
      finished_.pop_front();
    }
    if (--in_flight_ == 0) napi_unref_threadsafe_function(env, wake_);
    step->Settle(env);
  }
}

void EngineThread::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->Cancel();
  }
  posted_.notify_one();
  if (thread_.joinable()) thread_.join();
  waiting_.clear();
  finished_.clear();
}

}  // namespace dramatis
