#include "core/compute.h"

#include <chrono>
#include <limits>

#include "core/error.h"
#include "core/forward/graph_kernels.h"
#include "core/log.h"
#include "ggml-backend.h"

namespace dramatis {
namespace {

double Now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

ggml_backend_reg_t CpuRegistry() {
  ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
  if (cpu == nullptr) {
    throw Error("NATIVE_MISSING", "no ggml CPU back-end fits this processor");
  }
  return ggml_backend_dev_backend_reg(cpu);
}

// The pool's functions live in the CPU module, which may be loaded at run time: asked for by name.
template <typename Function>
Function FromCpu(const char* name) {
  return reinterpret_cast<Function>(ggml_backend_reg_get_proc_address(CpuRegistry(), name));
}

const char* KindName(enum ggml_backend_dev_type type) {
  switch (type) {
    case GGML_BACKEND_DEVICE_TYPE_CPU:
      return "cpu";
    case GGML_BACKEND_DEVICE_TYPE_GPU:
      return "gpu";
    case GGML_BACKEND_DEVICE_TYPE_IGPU:
      return "igpu";
    default:
      return "accelerator";
  }
}

// Of the engine thread this is: its environment is going away.
thread_local const std::atomic<bool>* ending = nullptr;

bool IsEnding() { return ending != nullptr && *ending; }

}  // namespace

Compute& Compute::Get() {
  // Never destroyed: static destructors would run while a module's own threads may still be alive.
  static Compute* compute = new Compute();
  return *compute;
}

std::vector<ModuleAttempt> Compute::Load(const std::string& folder,
                                         const std::vector<std::string>& gpu_modules) {
  std::lock_guard<std::mutex> lock(set_up_);
  if (loaded_) return attempts_;
  CatchLog();
#ifdef DRAMATIS_GGML_SOURCE
  (void)folder;
  (void)gpu_modules;
#else
  if (std::string(ggml_version()) != DRAMATIS_GGML_VERSION) {
    throw Error("NATIVE_MISSING", std::string("the engine is made for ggml " DRAMATIS_GGML_VERSION
                                              " and found ggml ") +
                                      ggml_version() + "; install or build it again");
  }
  for (const std::string& module : gpu_modules) {
    attempts_.push_back(Try(module));
    if (!attempts_.back().devices.empty()) break;
  }
  ggml_backend_load_all_from_path(folder.c_str());
#endif
  llama_backend_init();
  CpuRegistry();
  forward::UseInGraphs();
  loaded_ = true;
  return attempts_;
}

ModuleAttempt Compute::TryModule(const std::string& path) {
  std::lock_guard<std::mutex> set_up(set_up_);
  std::lock_guard<std::mutex> step(step_);
  CatchLog();
  return Try(path);
}

// Called with set_up_ held. A module is loaded once: ggml would register its devices again.
ModuleAttempt Compute::Try(const std::string& path) {
  const auto found = tried_.find(path);
  if (found != tried_.end()) return found->second;
  ModuleAttempt attempt;
  attempt.path = path;
#ifdef DRAMATIS_GGML_SOURCE
  attempt.error = "ggml is compiled in and takes no modules";
#else
  const size_t before = ggml_backend_dev_count();
  TakeLoggedError();
  const ggml_backend_reg_t registry = ggml_backend_load(path.c_str());
  for (size_t i = before; i < ggml_backend_dev_count(); ++i)
    attempt.devices.push_back(ggml_backend_dev_name(ggml_backend_dev_get(i)));
  if (attempt.devices.empty()) {
    attempt.error = TakeLoggedError();
    // "load_backend: failed to load PATH: libcudart.so.13: cannot open shared object file: …"
    const std::string prefix = "failed to load " + path + ": ";
    const size_t at = attempt.error.find(prefix);
    if (at != std::string::npos) attempt.error.erase(0, at + prefix.size());
    if (attempt.error.empty())
      attempt.error = registry == nullptr ? "it is no module of this ggml" : "it finds no device";
  }
#endif
  tried_.emplace(path, attempt);
  return attempt;
}

std::vector<Device> Compute::Devices() const {
  std::vector<Device> devices;
  for (size_t i = 0; i < ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    Device found;
    found.name = ggml_backend_dev_name(device);
    found.description = ggml_backend_dev_description(device);
    found.kind = KindName(ggml_backend_dev_type(device));
    found.backend = ggml_backend_reg_name(ggml_backend_dev_backend_reg(device));
    ggml_backend_dev_memory(device, &found.memory_free, &found.memory_total);
    devices.push_back(found);
  }
  return devices;
}

std::vector<std::string> Compute::Features() const {
  std::vector<std::string> features;
  auto get = FromCpu<ggml_backend_get_features_t>("ggml_backend_get_features");
  if (get == nullptr) return features;
  for (ggml_backend_feature* f = get(CpuRegistry()); f->name != nullptr; ++f) {
    if (std::string(f->value) != "0") features.push_back(f->name);
  }
  return features;
}

void Compute::SetThreads(int most, bool adapt) {
  std::lock_guard<std::mutex> set_up(set_up_);
  std::lock_guard<std::mutex> step(step_);
  most_ = most;
  adapts_ = adapt;
  governor_ = std::make_unique<ThreadGovernor>(most, adapt);
  training_ = {};
}

int Compute::threads() const { return governor_ ? governor_->current() : most_; }

// Called with step_ held.
ggml_threadpool* Compute::Pool() {
  if (pools_.empty() || pools_.back().threads < most_) {
    auto create = FromCpu<decltype(&ggml_threadpool_new)>("ggml_threadpool_new");
    ggml_threadpool_params params = ggml_threadpool_params_default(most_);
    std::unique_ptr<ggml_threadpool, FreePool> pool(create(&params));
    if (!pool) throw Error("NATIVE_FAILED", "the pool of threads could not be made");
    pools_.push_back({std::move(pool), most_});
  }
  return pools_.back().pool.get();
}

int Compute::Step(llama_context* context, ThreadGovernor::Kind kind, int tokens,
                  const std::function<int()>& decode) {
  constexpr int kAborted = 2;
  constexpr int kAttempts = 3;
  std::lock_guard<std::mutex> lock(step_);
  if (!governor_) governor_ = std::make_unique<ThreadGovernor>(most_);
  // Attached anew each step: two pointers, and a pool that was outgrown computes no more.
  llama_attach_threadpool(context, Pool(), Pool());
  llama_set_abort_callback(context, IsLate, this);
  int status = kAborted;
  for (int attempt = 1; status == kAborted && attempt <= kAttempts && !IsEnding(); ++attempt) {
    const double start = Now();
    const int threads = governor_->Choose(kind, tokens, start);
    llama_set_n_threads(context, threads, threads);
    const double limit = governor_->Limit(kind, tokens);
    deadline_ = attempt == kAttempts ? std::numeric_limits<double>::infinity() : start + limit;
    status = decode();
    const double end = Now();
    governor_->Report(kind, tokens, end - start, end);
  }
  return status;
}

ggml_backend_ptr Compute::CpuBackend() const {
  return ggml_backend_ptr(
      ggml_backend_dev_init(ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU), nullptr));
}

ggml_backend_ptr Compute::BackendOfOneThread() const {
  ggml_backend_ptr backend = CpuBackend();
  FromCpu<ggml_backend_set_n_threads_t>("ggml_backend_set_n_threads")(backend.get(), 1);
  return backend;
}

ggml_backend_ptr Compute::Backend(const std::string& device) const {
  ggml_backend_ptr backend(ggml_backend_init_by_name(device.c_str(), nullptr));
  if (!backend) throw Error("NATIVE_MISSING", "there is no device \"" + device + "\" here");
  return backend;
}

ggml_backend_ptr Compute::ServingBackend(const std::string& device) {
  ggml_backend_ptr backend = Backend(device);
  if (ggml_backend_dev_type(ggml_backend_get_device(backend.get())) ==
      GGML_BACKEND_DEVICE_TYPE_CPU) {
    std::lock_guard<std::mutex> lock(step_);
    FromCpu<decltype(&ggml_backend_cpu_set_threadpool)>("ggml_backend_cpu_set_threadpool")(
        backend.get(), Pool());
    FromCpu<ggml_backend_set_n_threads_t>("ggml_backend_set_n_threads")(backend.get(), most_);
  }
  return backend;
}

void Compute::Run(ggml_backend_t backend, ggml_cgraph* graph, ThreadGovernor::Kind kind, int work) {
  static const auto set_pool =
      FromCpu<decltype(&ggml_backend_cpu_set_threadpool)>("ggml_backend_cpu_set_threadpool");
  static const auto set_threads =
      FromCpu<ggml_backend_set_n_threads_t>("ggml_backend_set_n_threads");
  std::lock_guard<std::mutex> lock(step_);
  const ggml_backend_dev_t device = ggml_backend_get_device(backend);
  if (ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_CPU) {
    // No threads of ours to be counted.
    if (ggml_backend_graph_compute(backend, graph) == GGML_STATUS_SUCCESS) return;
    throw Error("NATIVE_FAILED", "a training step failed");
  }
  Training& t = training_;
  if (!t.governor) t.governor = std::make_unique<ThreadGovernor>(most_, adapts_);
  const double start = Now();
  if (t.parts == 0 || kind != t.kind) {
    t.kind = kind;
    t.threads = t.governor->Choose(kind, 1, start);
    t.parts = t.work = 0;
    t.seconds = 0;
  }
  set_pool(backend, Pool());
  set_threads(backend, t.threads);
  const ggml_status status = ggml_backend_graph_compute(backend, graph);
  const double end = Now();
  if (status != GGML_STATUS_SUCCESS) throw Error("NATIVE_FAILED", "a training step failed");
  if (work == 0) return;
  t.seconds += end - start;
  t.work += work;
  if (++t.parts < Training::kParts) return;
  t.governor->Report(kind, t.work, t.seconds, end);
  t.parts = 0;
}

// Asked by the engine thread after every node of the graph.
bool Compute::IsLate(void* self) {
  return IsEnding() || Now() > static_cast<Compute*>(self)->deadline_;
}

void Compute::EndStepsOfThisThread(const std::atomic<bool>* when) { ending = when; }

void Compute::FreePool::operator()(ggml_threadpool* pool) const noexcept {
  if (auto free = FromCpu<decltype(&ggml_threadpool_free)>("ggml_threadpool_free")) free(pool);
}

}  // namespace dramatis
