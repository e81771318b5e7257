#pragma once

#include <napi.h>

#include "core/adapter.h"
#include "core/model.h"

namespace dramatis {

// The native Model of src/engine/native.ts.
class ModelHandle : public Napi::ObjectWrap<ModelHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit ModelHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value Tokenize(const Napi::CallbackInfo& info);
  Napi::Value Piece(const Napi::CallbackInfo& info);
  Napi::Value Special(const Napi::CallbackInfo& info);
  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value OpenCache(const Napi::CallbackInfo& info);
  Napi::Value OpenEmbedder(const Napi::CallbackInfo& info);
  Napi::Value OpenAdapter(const Napi::CallbackInfo& info);
  void SetBank(const Napi::CallbackInfo& info);
  Napi::Value Bank(const Napi::CallbackInfo& info);
  Napi::Value AdapterOf(const Napi::CallbackInfo& info);
  Napi::Value ControlVector(const Napi::CallbackInfo& info);
  Napi::Value HiddenSums(const Napi::CallbackInfo& info);
  Napi::Value CompileGrammar(const Napi::CallbackInfo& info);
  Napi::Value CompareGrammar(const Napi::CallbackInfo& info);
  Napi::Value MeasureGrammar(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Model> model_;
};

// How far a load has come; `cancel()` stops it.
class LoadHandle : public Napi::ObjectWrap<LoadHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit LoadHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {}
  std::shared_ptr<LoadProgress> progress() const { return progress_; }

 private:
  Napi::Value Fraction(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<LoadProgress> progress_ = std::make_shared<LoadProgress>();
};

// Holds a LoRA or a control vector, to be applied; no methods but dispose.
class AdapterHandle : public Napi::ObjectWrap<AdapterHandle> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit AdapterHandle(const Napi::CallbackInfo& info);
  std::shared_ptr<Adapter> adapter(Napi::Env env) const;

 private:
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Adapter> adapter_;
};

// openModel(path, gpuLayers, load): Promise<Model>
Napi::Value OpenModel(const Napi::CallbackInfo& info);

}  // namespace dramatis
