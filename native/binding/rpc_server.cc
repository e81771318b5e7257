#include "binding/rpc_server.h"

#include "binding/convert.h"

namespace dramatis {

Napi::Function RpcServerHandle::Define(Napi::Env env) {
  return DefineClass(env, "RpcServer",
                     {
                         InstanceMethod<&RpcServerHandle::Port>("port"),
                         InstanceMethod<&RpcServerHandle::Devices>("devices"),
                         InstanceMethod<&RpcServerHandle::ServeClient>("serveClient"),
                         InstanceMethod<&RpcServerHandle::Close>("close"),
                     });
}

// new RpcServer(host, port, devices)
RpcServerHandle::RpcServerHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Now(info.Env(), [&] {
    server_ = std::make_shared<RpcServer>(info[0].As<Napi::String>(),
                                          int(info[1].As<Napi::Number>()), Strings(info[2]));
  });
}

Napi::Value RpcServerHandle::Port(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), server_->port());
}

Napi::Value RpcServerHandle::Devices(const Napi::CallbackInfo& info) {
  return ToStrings(info.Env(), server_->devices());
}

Napi::Value RpcServerHandle::ServeClient(const Napi::CallbackInfo& info) {
  return Run<bool>(
      info.Env(), [server = server_] { return server->ServeClient(); },
      [](Napi::Env env, bool& goes_on) -> Napi::Value { return Napi::Boolean::New(env, goes_on); },
      nullptr, [server = server_] { server->Close(); });
}

void RpcServerHandle::Close(const Napi::CallbackInfo&) { server_->Close(); }

}  // namespace dramatis
