#include "binding/trainer.h"

#include <algorithm>

#include "binding/convert.h"

namespace dramatis {
namespace {

using namespace train;

double Number(const Napi::Object& o, const char* key) {
  return o.Get(key).As<Napi::Number>().DoubleValue();
}

template <typename T, typename Array>
std::vector<T> Copy(const Napi::Object& o, const char* key) {
  const auto array = o.Get(key).As<Array>();
  return std::vector<T>(array.Data(), array.Data() + array.ElementLength());
}

TrainerOptions ToOptions(const Napi::Object& o) {
  TrainerOptions options;
  options.rank = int(Number(o, "rank"));
  options.scale = float(Number(o, "scale"));
  options.dropout = float(Number(o, "dropout"));
  options.first_layer = int(Number(o, "firstLayer"));
  options.last_layer = int(Number(o, "lastLayer"));
  options.matrices = unsigned(Number(o, "matrices"));
  options.precision = o.Get("precision").As<Napi::String>();
  options.kernels = o.Get("kernels").As<Napi::String>();
  options.device = o.Get("device").As<Napi::String>();
  return options;
}

std::vector<FixedLora> ToFixed(const Napi::Array& array) {
  std::vector<FixedLora> fixed;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto o = array.Get(i).As<Napi::Object>();
    fixed.push_back({o.Get("name").As<Napi::String>(), int(Number(o, "rank")),
                     float(Number(o, "scale")), Copy<float, Napi::Float32Array>(o, "a"),
                     Copy<float, Napi::Float32Array>(o, "b")});
  }
  return fixed;
}

// The trainer checks that they fit together.
TrainBatch ToBatch(const Napi::Object& o) {
  TrainBatch batch;
  batch.tokens = Copy<int32_t, Napi::Int32Array>(o, "tokens");
  batch.positions = Copy<int32_t, Napi::Int32Array>(o, "positions");
  batch.first = Copy<int32_t, Napi::Int32Array>(o, "first");
  const auto spans = Copy<int32_t, Napi::Int32Array>(o, "context");
  for (size_t i = 0; i + 1 < spans.size(); i += 2)
    batch.context.push_back({spans[i], spans[i + 1]});
  const auto rows = Copy<int32_t, Napi::Int32Array>(o, "rows");
  const auto targets = Copy<int32_t, Napi::Int32Array>(o, "targets");
  const auto weights = Copy<float, Napi::Float32Array>(o, "weights");
  const size_t n = std::min({rows.size(), targets.size(), weights.size()});
  const Napi::Value given = o.Get("plain");
  const auto plain =
      given.IsTypedArray() ? Copy<uint8_t, Napi::Uint8Array>(o, "plain") : std::vector<uint8_t>();
  for (size_t i = 0; i < n; ++i)
    batch.targets.push_back({rows[i], targets[i], weights[i], i < plain.size() && plain[i] != 0});
  batch.transcript = int32_t(Number(o, "transcript"));
  return batch;
}

AdamWOptions ToAdamW(const Napi::Object& o) {
  return {float(Number(o, "rate")),    float(Number(o, "beta1")), float(Number(o, "beta2")),
          float(Number(o, "epsilon")), float(Number(o, "decay")), float(Number(o, "clip"))};
}

}  // namespace

Napi::Function TrainerHandle::Define(Napi::Env env) {
  return DefineClass(env, "Trainer",
                     {
                         InstanceMethod<&TrainerHandle::Info>("info"),
                         InstanceMethod<&TrainerHandle::LoadMore>("loadMore"),
                         InstanceMethod<&TrainerHandle::Reset>("reset"),
                         InstanceMethod<&TrainerHandle::Begin>("begin"),
                         InstanceMethod<&TrainerHandle::Continue>("continue"),
                         InstanceMethod<&TrainerHandle::Nll>("nll"),
                         InstanceMethod<&TrainerHandle::Step>("step"),
                         InstanceMethod<&TrainerHandle::Clear>("clear"),
                         InstanceMethod<&TrainerHandle::Factors>("factors"),
                         InstanceMethod<&TrainerHandle::Save>("save"),
                         InstanceMethod<&TrainerHandle::Restore>("restore"),
                         InstanceMethod<&TrainerHandle::Dispose>("dispose"),
                     });
}

TrainerHandle::TrainerHandle(const Napi::CallbackInfo& info)
    : OneAtATime(info), trainer_(Take<Trainer>(info)) {}

std::shared_ptr<Trainer> TrainerHandle::trainer(Napi::Env env) const {
  return Idle(env, trainer_, "trainer");
}

Napi::Value TrainerHandle::Info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto trainer = Open(env, trainer_, "trainer");
  auto result = Napi::Object::New(env);
  result.Set("architecture", trainer->model().architecture().name);
  result.Set("precision", trainer->precision());
  result.Set("kernels", trainer->kernels());
  auto matrices = Napi::Array::New(env);
  for (const Lora& lora : trainer->loras()) {
    auto matrix = Napi::Object::New(env);
    matrix.Set("name", lora.name);
    matrix.Set("in", lora.in);
    matrix.Set("out", lora.out);
    matrix.Set("rank", lora.rank);
    matrices.Set(matrices.Length(), matrix);
  }
  result.Set("matrices", matrices);
  return result;
}

Napi::Value TrainerHandle::LoadMore(const Napi::CallbackInfo& info) {
  return Post<double>(
      info.Env(),
      [trainer = trainer(info.Env())] { return trainer->LoadMore() ? trainer->loaded() : 1.0; },
      [](Napi::Env env, double& loaded) -> Napi::Value { return Napi::Number::New(env, loaded); });
}

void TrainerHandle::Reset(const Napi::CallbackInfo& info) {
  trainer(info.Env())->Reset(uint64_t(info[0].As<Napi::Number>().Int64Value()));
}

Napi::Value TrainerHandle::Begin(const Napi::CallbackInfo& info) {
  const bool gradient = info[1].As<Napi::Boolean>();
  const auto noise = uint64_t(info[2].As<Napi::Number>().Int64Value());
  return Post<bool>(
      info.Env(),
      [trainer = trainer(info.Env()), batch = ToBatch(info[0].As<Napi::Object>()), gradient,
       noise] {
        trainer->Begin(batch, gradient ? TrainGraph::kGradient : TrainGraph::kLoss, noise);
        return true;
      },
      [](Napi::Env env, bool&) { return env.Undefined(); });
}

Napi::Value TrainerHandle::Continue(const Napi::CallbackInfo& info) {
  return Post<bool>(
      info.Env(),
      [trainer = trainer(info.Env()), seconds = info[0].As<Napi::Number>().DoubleValue()] {
        return trainer->Continue(seconds);
      },
      [](Napi::Env env, bool& done) -> Napi::Value { return Napi::Boolean::New(env, done); });
}

Napi::Value TrainerHandle::Nll(const Napi::CallbackInfo& info) {
  auto open = trainer(info.Env());
  std::vector<float> nll;
  Now(info.Env(), [&] { nll = open->nll(); });
  return ToFloat32Array(info.Env(), nll);
}

Napi::Value TrainerHandle::Step(const Napi::CallbackInfo& info) {
  return Post<double>(
      info.Env(),
      [trainer = trainer(info.Env()), adam = ToAdamW(info[0].As<Napi::Object>())] {
        return trainer->Step(adam);
      },
      [](Napi::Env env, double& norm) -> Napi::Value { return Napi::Number::New(env, norm); });
}

void TrainerHandle::Clear(const Napi::CallbackInfo& info) { trainer(info.Env())->ClearGradients(); }

Napi::Value TrainerHandle::Factors(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto open = trainer(env);
  const uint32_t index = info[0].As<Napi::Number>();
  if (index >= open->loras().size()) throw Napi::RangeError::New(env, "there is no such matrix");
  const Lora& lora = open->loras()[index];
  auto result = Napi::Object::New(env);
  result.Set("a", ToFloat32Array(env, lora.a));
  result.Set("b", ToFloat32Array(env, lora.Out()));
  return result;
}

Napi::Value TrainerHandle::Save(const Napi::CallbackInfo& info) {
  return Post<std::vector<float>>(
      info.Env(), [trainer = trainer(info.Env())] { return trainer->Save(); },
      [](Napi::Env env, std::vector<float>& state) -> Napi::Value {
        return ToFloat32Array(env, state);
      });
}

Napi::Value TrainerHandle::Restore(const Napi::CallbackInfo& info) {
  const auto array = info[0].As<Napi::Float32Array>();
  std::vector<float> state(array.Data(), array.Data() + array.ElementLength());
  const int64_t steps = info[1].As<Napi::Number>().Int64Value();
  return Post<bool>(
      info.Env(),
      [trainer = trainer(info.Env()), state = std::move(state), steps] {
        trainer->Restore(state, steps);
        return true;
      },
      [](Napi::Env env, bool&) { return env.Undefined(); });
}

// Idempotent. A job in flight owns its own reference.
void TrainerHandle::Dispose(const Napi::CallbackInfo&) { trainer_.reset(); }

Napi::Value OpenTrainer(const Napi::CallbackInfo& info) {
  return Run<std::shared_ptr<Trainer>>(
      info.Env(),
      [path = info[0].As<Napi::String>().Utf8Value(),
       options = ToOptions(info[1].As<Napi::Object>()),
       fixed = ToFixed(info[2].As<Napi::Array>())] {
        return std::make_shared<Trainer>(path, options, fixed);
      },
      [](Napi::Env env, std::shared_ptr<Trainer>& trainer) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).trainer, trainer);
      });
}

}  // namespace dramatis
