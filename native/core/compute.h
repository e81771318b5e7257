#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/thread_governor.h"
#include "ggml-cpp.h"
#include "ggml-cpu.h"
#include "llama.h"

namespace dramatis {

struct Device {
  std::string name;
  std::string description;
  std::string kind;  // "cpu", "gpu", "igpu" or "accelerator"
  std::string backend;
  size_t memory_free = 0;   // bytes
  size_t memory_total = 0;  // bytes
};

// What came of loading a module for a GPU: the devices it registered, or why there are none.
struct ModuleAttempt {
  std::string path;
  std::vector<std::string> devices;
  std::string error;  // empty if there are devices
};

// The machine's compute, once per process: the ggml back-ends, one pool of threads, the governor.
//
// One pool for all contexts and one step at a time for all environments, because a second pool's
// helpers would spin against the first's. `Step` is held for the length of one bounded native step.
class Compute {
 public:
  static Compute& Get();

  // Loads the GPU modules named in turn until one registers a device, and the CPU module from
  // `folder`; gives what came of each module. The first call counts, later ones give what it gave.
  // With ggml compiled in there are no modules.
  std::vector<ModuleAttempt> Load(const std::string& folder,
                                  const std::vector<std::string>& gpu_modules);
  // Loads one more GPU module, whatever others drive: to find out why it is of no use here.
  ModuleAttempt TryModule(const std::string& path);
  std::vector<Device> Devices() const;
  std::vector<std::string> Features() const;  // of the CPU module in use, such as "AVX512_BF16"

  // `most`: never more than the usable cores. `adapt`: whether steps may run on fewer.
  void SetThreads(int most, bool adapt);
  int threads() const;

  // Runs `decode`, which must compute `tokens` tokens in `context` and return llama_decode's
  // status, on as many threads as the governor says. A step that stalls is given up part of the way
  // and run again on fewer: a neighbour that takes a core costs a fraction of a step then, not
  // seconds.
  int Step(llama_context* context, ThreadGovernor::Kind kind, int tokens,
           const std::function<int()>& decode);

  // The back-end that graphs of our own run on.
  ggml_backend_ptr CpuBackend() const;
  // One that computes on the thread that asks, for what is measured while `mutex` is held.
  ggml_backend_ptr BackendOfOneThread() const;
  // That of a device in Devices. Throws NATIVE_MISSING.
  ggml_backend_ptr Backend(const std::string& device) const;
  // As Backend, with all the threads that there may be where it is the CPU: for what computes
  // graphs of others while `mutex` is held.
  ggml_backend_ptr ServingBackend(const std::string& device);
  // Computes a part of a training pass in `backend`. `work`: what its nodes take, in the same unit
  // every time; 0 for a part that says nothing about others of its kind. Throws NATIVE_FAILED.
  void Run(ggml_backend_t backend, ggml_cgraph* graph, ThreadGovernor::Kind kind, int work);

  // Once set, steps of the calling thread end early, as if aborted; for a thread that is to be
  // joined.
  static void EndStepsOfThisThread(const std::atomic<bool>* when);

  // Held while a model or context is made or freed: ggml's set-up is not a step but uses the same
  // pool.
  std::mutex& mutex() { return step_; }

 private:
  struct FreePool {
    void operator()(ggml_threadpool* pool) const noexcept;
  };

  ModuleAttempt Try(const std::string& path);
  ggml_threadpool* Pool();
  static bool IsLate(void* self);

  mutable std::mutex set_up_;
  std::mutex step_;
  bool loaded_ = false;
  std::vector<ModuleAttempt> attempts_;  // of Load
  std::map<std::string, ModuleAttempt> tried_;
  int most_ = 1;
  bool adapts_ = true;
  // The largest so far is in use. Those that it outgrew stay: a context or back-end that has not
  // run since still points to one, and pauses it when it is given the next.
  struct SizedPool {
    std::unique_ptr<ggml_threadpool, FreePool> pool;
    int threads;
  };
  std::vector<SizedPool> pools_;
  std::unique_ptr<ThreadGovernor> governor_;
  // Parts of a pass differ too much to be compared one by one: a governor of its own judges so many
  // of a kind together, all on the same threads.
  struct Training {
    static constexpr int kParts = 24;
    std::unique_ptr<ThreadGovernor> governor;
    ThreadGovernor::Kind kind = ThreadGovernor::kForward;
    int threads = 0;
    int parts = 0;
    int work = 0;
    double seconds = 0;
  } training_;
  double deadline_ = 0;  // of the step in flight; engine thread only
};

}  // namespace dramatis
