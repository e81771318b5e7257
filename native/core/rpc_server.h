#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ggml-cpp.h"

namespace dramatis {

// Devices of this machine, lent to one client at a time over llama.cpp's RPC back-end.
class RpcServer {
 public:
  // Listens at `host`, an IPv4 address; port 0: a free one. `devices`: names as in
  // Compute::Devices; none: all GPUs, or else the CPU. Throws NATIVE_MISSING, USAGE.
  RpcServer(const std::string& host, int port, const std::vector<std::string>& devices);
  ~RpcServer();

  int port() const { return port_; }
  std::vector<std::string> devices() const;  // names

  // Waits for a client, and serves it until it leaves or is sent away. False once closed.
  bool ServeClient();
  // Ends ServeClient; from any thread. Idempotent.
  void Close();

 private:
  void* listener_ = nullptr;  // of the module, which alone knows its type
  int port_;
  std::vector<ggml_backend_ptr> backends_;
};

}  // namespace dramatis
