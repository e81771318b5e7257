#include "binding/compute.h"

#include "binding/addon_data.h"
#include "binding/convert.h"
#include "core/compute.h"
#include "core/forward/choice.h"
#include "core/forward/kernels.h"
#include "core/forward/measure.h"

namespace dramatis {

namespace {

Napi::Value ToJs(Napi::Env env, const ModuleAttempt& attempt) {
  auto result = Napi::Object::New(env);
  result.Set("path", attempt.path);
  result.Set("devices", ToStrings(env, attempt.devices));
  result.Set("error", attempt.error);
  return result;
}

int Int(const Napi::Value& value) { return value.As<Napi::Number>(); }

Napi::Value ToJs(Napi::Env env, std::vector<forward::Times>& all) {
  auto array = Napi::Array::New(env, all.size());
  for (uint32_t i = 0; i < all.size(); ++i) {
    auto times = Napi::Object::New(env);
    times.Set("columns", all[i].columns);
    times.Set("ours", all[i].ours);
    times.Set("theirs", all[i].theirs);
    array.Set(i, times);
  }
  return array;
}

Napi::Value Measure(Napi::Env env, std::function<std::vector<forward::Times>()> work) {
  return Run<std::vector<forward::Times>>(
      env, std::move(work),
      [](Napi::Env to, std::vector<forward::Times>& all) { return ToJs(to, all); });
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

Napi::Value ComparedKernels(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), forward::ComparedKernels());
}

void ChooseKernels(const Napi::CallbackInfo& info) {
  forward::Choose(Ints(info[0]), info[1].As<Napi::Boolean>());
}

Napi::Value MeasureProduct(const Napi::CallbackInfo& info) {
  return Measure(info.Env(), [type = Int(info[0]), depth = Int(info[1]), rows = Int(info[2])] {
    return forward::MeasureProduct(type, depth, rows);
  });
}

Napi::Value MeasureAttention(const Napi::CallbackInfo& info) {
  return Measure(info.Env(), [heads = Int(info[0]), kv_heads = Int(info[1]), width = Int(info[2])] {
    return forward::MeasureAttention(heads, kv_heads, width);
  });
}

}  // namespace dramatis
