#include "core/rpc_server.h"

#include <cerrno>
#include <cstring>

#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"
#include "core/rpc_servers.h"

namespace dramatis {
namespace {

// Those named; unless any is, all GPUs, or else the CPU.
std::vector<std::string> Chosen(const std::vector<std::string>& named) {
  if (!named.empty()) return named;
  std::vector<std::string> gpus, cpus;
  for (const Device& device : Compute::Get().Devices()) {
    if (device.kind == "gpu" || device.kind == "igpu") gpus.push_back(device.name);
    if (device.kind == "cpu") cpus.push_back(device.name);
  }
  return gpus.empty() ? cpus : gpus;
}

}  // namespace

// Patch 0003 of native/patches/rpc has the functions that are asked for by name.
RpcServer::RpcServer(const std::string& host, int port, const std::vector<std::string>& devices)
    : port_(port) {
  const auto listen =
      reinterpret_cast<void* (*)(const char*, int*)>(RpcFunction("ggml_backend_rpc_listen"));
  for (const std::string& device : Chosen(devices))
    backends_.push_back(Compute::Get().ServingBackend(device));
  TakeLoggedError();
  errno = 0;
  listener_ = listen(host.c_str(), &port_);
  if (listener_ == nullptr) {
    const std::string logged = TakeLoggedError();
    throw Error("USAGE", host + ":" + std::to_string(port) + " cannot be listened at: " +
                             (logged.empty() ? std::strerror(errno) : logged));
  }
}

RpcServer::~RpcServer() {
  reinterpret_cast<void (*)(void*)>(RpcFunction("ggml_backend_rpc_listener_free"))(listener_);
}

std::vector<std::string> RpcServer::devices() const {
  std::vector<std::string> names;
  for (const auto& backend : backends_)
    names.push_back(ggml_backend_dev_name(ggml_backend_get_device(backend.get())));
  return names;
}

bool RpcServer::ServeClient() {
  static const auto serve = reinterpret_cast<bool (*)(void*, size_t, ggml_backend_t*)>(
      RpcFunction("ggml_backend_rpc_serve_client"));
  std::vector<ggml_backend_t> raw;
  for (const auto& backend : backends_) raw.push_back(backend.get());
  std::lock_guard<std::mutex> lock(Compute::Get().mutex());  // its graphs run on the pool
  return serve(listener_, raw.size(), raw.data());
}

void RpcServer::Close() {
  reinterpret_cast<void (*)(void*)>(RpcFunction("ggml_backend_rpc_close"))(listener_);
}

}  // namespace dramatis
