#include "binding/compute.h"

#include "binding/convert.h"
#include "core/compute.h"

namespace dramatis {

namespace {

Napi::Value ToJs(Napi::Env env, const ModuleAttempt& attempt) {
  auto result = Napi::Object::New(env);
  result.Set("path", attempt.path);
  result.Set("devices", ToStrings(env, attempt.devices));
  result.Set("error", attempt.error);
  return result;
}

}  // namespace

// load(folder, gpuModules)
Napi::Value LoadBackends(const Napi::CallbackInfo& info) {
  std::vector<ModuleAttempt> attempts;
  Now(info.Env(),
      [&] { attempts = Compute::Get().Load(info[0].As<Napi::String>(), Strings(info[1])); });
  auto array = Napi::Array::New(info.Env(), attempts.size());
  for (uint32_t i = 0; i < attempts.size(); ++i) array.Set(i, ToJs(info.Env(), attempts[i]));
  return array;
}

// tryModule(path)
Napi::Value TryModule(const Napi::CallbackInfo& info) {
  ModuleAttempt attempt;
  Now(info.Env(), [&] { attempt = Compute::Get().TryModule(info[0].As<Napi::String>()); });
  return ToJs(info.Env(), attempt);
}

Napi::Value Devices(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto devices = Compute::Get().Devices();
  auto array = Napi::Array::New(env, devices.size());
  for (uint32_t i = 0; i < devices.size(); ++i) {
    auto device = Napi::Object::New(env);
    device.Set("name", devices[i].name);
    device.Set("description", devices[i].description);
    device.Set("kind", devices[i].kind);
    device.Set("backend", devices[i].backend);
    device.Set("memoryFree", double(devices[i].memory_free));
    device.Set("memoryTotal", double(devices[i].memory_total));
    array.Set(i, device);
  }
  return array;
}

Napi::Value Features(const Napi::CallbackInfo& info) {
  return ToStrings(info.Env(), Compute::Get().Features());
}

void SetThreads(const Napi::CallbackInfo& info) {
  const int most = info[0].As<Napi::Number>();
  if (most < 1) throw Napi::RangeError::New(info.Env(), "at least one thread is wanted");
  Now(info.Env(), [&] { Compute::Get().SetThreads(most, info[1].As<Napi::Boolean>()); });
}

Napi::Value Threads(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Compute::Get().threads());
}

}  // namespace dramatis
