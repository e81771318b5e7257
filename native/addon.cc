#include <napi.h>

#include "binding/addon_data.h"
#include "binding/cache.h"
#include "binding/compute.h"
#include "binding/embedder.h"
#include "binding/grammar.h"
#include "binding/model.h"
#include "binding/rpc_server.h"
#include "binding/session.h"
#include "binding/trainer.h"

// The exports; src/engine/native.ts is their other half.
Napi::Object Init(Napi::Env env, Napi::Object exports) {
  using namespace dramatis;
  auto* data = new AddonData(env);
  env.SetInstanceData(data);

  data->model = Napi::Persistent(ModelHandle::Define(env));
  data->cache = Napi::Persistent(CacheHandle::Define(env));
  data->session = Napi::Persistent(SessionHandle::Define(env));
  data->embedder = Napi::Persistent(EmbedderHandle::Define(env));
  data->adapter = Napi::Persistent(AdapterHandle::Define(env));
  data->trainer = Napi::Persistent(TrainerHandle::Define(env));
  data->grammar = Napi::Persistent(GrammarHandle::Define(env));
  data->matcher = Napi::Persistent(MatcherHandle::Define(env));

  exports.Set("Load", LoadHandle::Define(env));
  exports.Set("RpcServer", RpcServerHandle::Define(env));
  exports.Set("openModel", Napi::Function::New<OpenModel>(env));
  exports.Set("openTrainer", Napi::Function::New<OpenTrainer>(env));
  exports.Set("nextOfEach", Napi::Function::New<NextOfEach>(env));
  exports.Set("parseGrammar", Napi::Function::New<ParseGrammar>(env));
  exports.Set("checkGrammar", Napi::Function::New<CheckGrammar>(env));
  exports.Set("byteGrammar", Napi::Function::New<ByteGrammar>(env));
  exports.Set("load", Napi::Function::New<LoadBackends>(env));
  exports.Set("tryModule", Napi::Function::New<TryModule>(env));
  exports.Set("devices", Napi::Function::New<Devices>(env));
  exports.Set("features", Napi::Function::New<Features>(env));
  exports.Set("setThreads", Napi::Function::New<SetThreads>(env));
  exports.Set("threads", Napi::Function::New<Threads>(env));
  exports.Set("comparedKernels", Napi::Function::New<ComparedKernels>(env));
  exports.Set("chooseKernels", Napi::Function::New<ChooseKernels>(env));
  exports.Set("measureProduct", Napi::Function::New<MeasureProduct>(env));
  exports.Set("measureAttention", Napi::Function::New<MeasureAttention>(env));
  return exports;
}

NODE_API_MODULE(dramatis, Init)
