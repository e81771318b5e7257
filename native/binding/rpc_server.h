#pragma once

#include "binding/addon_data.h"
#include "core/rpc_server.h"

namespace dramatis {

// The native RpcServer of src/engine/native.ts. `serveClient` holds the engine thread for as long
// as a client stays.
class RpcServerHandle : public Napi::ObjectWrap<RpcServerHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit RpcServerHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Port(const Napi::CallbackInfo& info);
  Napi::Value Devices(const Napi::CallbackInfo& info);
  Napi::Value ServeClient(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  std::shared_ptr<RpcServer> server_;
};

}  // namespace dramatis
