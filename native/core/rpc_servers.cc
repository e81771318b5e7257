#include "core/rpc_servers.h"

#include "core/error.h"
#include "core/log.h"
#include "ggml-rpc.h"

namespace dramatis {
namespace {

int Losses(const std::string& endpoint) {
  static const auto losses =
      reinterpret_cast<int (*)(const char*)>(RpcFunction("ggml_backend_rpc_losses"));
  return losses(endpoint.c_str());
}

}  // namespace

void* RpcFunction(const char* name) {
  ggml_backend_reg_t registry = ggml_backend_reg_by_name("RPC");
  void* function =
      registry == nullptr ? nullptr : ggml_backend_reg_get_proc_address(registry, name);
  if (function == nullptr) {
    throw Error("NATIVE_MISSING",
                "this build has no RPC back-end: its module, libggml-rpc, is not beside the addon");
  }
  return function;
}

RpcServers::RpcServers(const std::vector<std::string>& endpoints) {
  const auto add = reinterpret_cast<decltype(&ggml_backend_rpc_add_server)>(
      RpcFunction("ggml_backend_rpc_add_server"));
  for (const std::string& endpoint : endpoints) {
    servers_.push_back({endpoint, Losses(endpoint)});
    TakeLoggedError();
    ggml_backend_reg_t registry = add(endpoint.c_str());
    RequireAll();
    if (registry == nullptr)
      throw Error("RPC_LOST",
                  "the RPC server " + endpoint + " has no device: " + TakeLoggedError());
    for (size_t i = 0; i < ggml_backend_reg_dev_count(registry); ++i) {
      devices_.push_back(ggml_backend_reg_dev_get(registry, i));
      if (ggml_backend_t held = ggml_backend_dev_init(devices_.back(), nullptr))
        held_.emplace_back(held, ggml_backend_free);
    }
    RequireAll();
  }
}

void RpcServers::RequireAll() const {
  for (const Server& server : servers_) {
    if (Losses(server.endpoint) == server.losses) continue;
    throw Error("RPC_LOST", "the connection to the RPC server " + server.endpoint + " failed");
  }
}

}  // namespace dramatis
