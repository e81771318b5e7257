#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ggml-backend.h"

namespace dramatis {

// Servers of llama.cpp's RPC back-end whose devices compute for a model; none for most models.
class RpcServers {
 public:
  RpcServers() = default;
  // Connects to each "host:port", host an IPv4 address. Throws RPC_LOST, NATIVE_MISSING.
  explicit RpcServers(const std::vector<std::string>& endpoints);

  const std::vector<ggml_backend_dev_t>& devices() const { return devices_; }

  // Throws RPC_LOST once the connection to one of them has failed.
  void RequireAll() const;

  // Runs `work` and gives its result; throws RPC_LOST in its place if a server was lost: what came
  // of it, be it an error or numbers, means nothing then.
  template <typename Work>
  auto Computing(Work&& work) const {
    auto result = [&] {
      try {
        return work();
      } catch (...) {
        RequireAll();
        throw;
      }
    }();
    RequireAll();
    return result;
  }

 private:
  struct Server {
    std::string endpoint;
    int losses;  // connections that had failed when this one was made
  };
  std::vector<Server> servers_;
  std::vector<ggml_backend_dev_t> devices_;
  // Keep the connections, which the back-end ends when nothing uses them: another client would
  // come.
  std::vector<std::shared_ptr<ggml_backend>> held_;
};

// A function of the RPC back-end by its name. Throws NATIVE_MISSING where its module is not here.
void* RpcFunction(const char* name);

}  // namespace dramatis
