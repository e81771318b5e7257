#include "binding/model.h"

#include "binding/addon_data.h"
#include "binding/convert.h"
#include "binding/trainer.h"
#include "core/bank/adapter_bank.h"
#include "core/compute.h"
#include "core/context.h"
#include "core/embedder.h"
#include "core/grammar/compare.h"
#include "core/hidden_sums.h"

namespace dramatis {
namespace {

// What one step of hiddenSums takes; src/engine/native.ts has them too.
constexpr size_t kMostHiddenTokens = 512, kMostHiddenTexts = 64;

}  // namespace

Napi::Function ModelHandle::Define(Napi::Env env) {
  return DefineClass(env, "Model",
                     {
                         InstanceMethod<&ModelHandle::Tokenize>("tokenize"),
                         InstanceMethod<&ModelHandle::Piece>("piece"),
                         InstanceMethod<&ModelHandle::Special>("special"),
                         InstanceMethod<&ModelHandle::Info>("info"),
                         InstanceMethod<&ModelHandle::OpenCache>("openCache"),
                         InstanceMethod<&ModelHandle::OpenEmbedder>("openEmbedder"),
                         InstanceMethod<&ModelHandle::OpenAdapter>("openAdapter"),
                         InstanceMethod<&ModelHandle::AdapterOf>("adapterOf"),
                         InstanceMethod<&ModelHandle::ControlVector>("controlVector"),
                         InstanceMethod<&ModelHandle::HiddenSums>("hiddenSums"),
                         InstanceMethod<&ModelHandle::SetBank>("setBank"),
                         InstanceMethod<&ModelHandle::Bank>("bank"),
                         InstanceMethod<&ModelHandle::CompileGrammar>("compileGrammar"),
                         InstanceMethod<&ModelHandle::CompareGrammar>("compareGrammar"),
                         InstanceMethod<&ModelHandle::MeasureGrammar>("measureGrammar"),
                         InstanceMethod<&ModelHandle::Dispose>("dispose"),
                     });
}

ModelHandle::ModelHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), model_(Take<Model>(info)) {}

Napi::Value ModelHandle::Tokenize(const Napi::CallbackInfo& info) {
  auto model = Open(info.Env(), model_, "model");
  std::vector<int32_t> tokens;
  Now(info.Env(), [&] { tokens = model->Tokenize(info[0].As<Napi::String>()); });
  return ToInt32Array(info.Env(), tokens);
}

Napi::Value ModelHandle::Piece(const Napi::CallbackInfo& info) {
  auto model = Open(info.Env(), model_, "model");
  const int token = info[0].As<Napi::Number>();
  if (token < 0 || token >= model->vocabulary_size()) {
    throw Napi::RangeError::New(info.Env(),
                                "token " + std::to_string(token) + " is not in the vocabulary");
  }
  const std::string piece = model->Piece(token);
  return Napi::Buffer<char>::Copy(info.Env(), piece.data(), piece.size());
}

Napi::Value ModelHandle::Special(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(),
                           Open(info.Env(), model_, "model")->Special(info[0].As<Napi::String>()));
}

Napi::Value ModelHandle::Info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Model::Facts facts = Open(env, model_, "model")->GetFacts();
  auto result = Napi::Object::New(env);
  result.Set("description", facts.description);
  result.Set("parameters", double(facts.parameters));
  result.Set("bytes", double(facts.bytes));
  result.Set("trainedWindow", facts.trained_window);
  result.Set("width", facts.width);
  result.Set("layers", facts.layers);
  result.Set("vocabulary", facts.vocabulary);
  result.Set("addsStart", Napi::Boolean::New(env, facts.adds_start));
  result.Set("start", facts.start);
  result.Set("separator", facts.separator);
  result.Set("ends", ToInt32Array(env, facts.ends));
  return result;
}

// openCache(stepTokens, scoreRows, sessions, tokens)
Napi::Value ModelHandle::OpenCache(const Napi::CallbackInfo& info) {
  Context::Options options;
  options.step_tokens = info[0].As<Napi::Number>();
  options.score_rows = info[1].As<Napi::Number>();
  options.timelines = info[2].As<Napi::Number>();
  options.tokens = info[3].As<Napi::Number>();
  return Run<std::shared_ptr<Context>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), options] {
        return std::make_shared<Context>(model, options);
      },
      [](Napi::Env env, std::shared_ptr<Context>& cache) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).cache, cache);
      });
}

Napi::Value ModelHandle::OpenEmbedder(const Napi::CallbackInfo& info) {
  return Run<std::shared_ptr<Embedder>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model")] { return std::make_shared<Embedder>(model); },
      [](Napi::Env env, std::shared_ptr<Embedder>& embedder) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).embedder, embedder);
      });
}

Napi::Value ModelHandle::OpenAdapter(const Napi::CallbackInfo& info) {
  return Run<std::shared_ptr<Adapter>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), path = info[0].As<Napi::String>().Utf8Value()] {
        return std::make_shared<Adapter>(model, path);
      },
      [](Napi::Env env, std::shared_ptr<Adapter>& adapter) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).adapter, adapter);
      });
}

// adapterOf(trainer)
Napi::Value ModelHandle::AdapterOf(const Napi::CallbackInfo& info) {
  auto trainer = TrainerHandle::Unwrap(info[0].As<Napi::Object>())->trainer(info.Env());
  return Run<std::shared_ptr<Adapter>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), trainer] {
        return std::make_shared<Adapter>(model, trainer->loras(), trainer->scale());
      },
      [](Napi::Env env, std::shared_ptr<Adapter>& adapter) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).adapter, adapter);
      });
}

// controlVector(layers, values): a row of `values` for each layer
Napi::Value ModelHandle::ControlVector(const Napi::CallbackInfo& info) {
  const auto layers = info[0].As<Napi::Int32Array>();
  const auto values = info[1].As<Napi::Float32Array>();
  const size_t width =
      layers.ElementLength() == 0 ? 0 : values.ElementLength() / layers.ElementLength();
  std::vector<Adapter::Direction> directions;
  for (size_t i = 0; i < layers.ElementLength(); ++i) {
    const float* row = values.Data() + i * width;
    directions.push_back({layers[i], std::vector<float>(row, row + width)});
  }
  return Run<std::shared_ptr<Adapter>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), directions = std::move(directions)]() mutable {
        return std::make_shared<Adapter>(model, std::move(directions));
      },
      [](Napi::Env env, std::shared_ptr<Adapter>& adapter) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).adapter, adapter);
      });
}

// hiddenSums(texts, from)
Napi::Value ModelHandle::HiddenSums(const Napi::CallbackInfo& info) {
  auto model = Open(info.Env(), model_, "model");
  auto texts = TokenRows(info[0], model->vocabulary_size(), kMostHiddenTokens, kMostHiddenTexts);
  return Run<std::vector<double>>(
      info.Env(),
      [model, texts = std::move(texts), from = int(info[1].As<Napi::Number>())] {
        return dramatis::HiddenSums(model, texts, from);
      },
      [](Napi::Env env, std::vector<double>& sums) -> Napi::Value {
        auto array = Napi::Float64Array::New(env, sums.size());
        std::copy(sums.begin(), sums.end(), array.Data());
        return array;
      });
}

// setBank(slots, rank, form, precision): before the first adapter is applied.
void ModelHandle::SetBank(const Napi::CallbackInfo& info) {
  bank::BankOptions options;
  options.slots = info[0].As<Napi::Number>();
  options.rank = info[1].As<Napi::Number>();
  options.form = info[2].As<Napi::String>().Utf8Value();
  options.precision = info[3].As<Napi::String>().Utf8Value();
  Open(info.Env(), model_, "model")->SetBank(options);
}

// bank(): null if no adapter was applied yet.
Napi::Value ModelHandle::Bank(const Napi::CallbackInfo& info) {
  struct Facts {
    int slots, rank, resident, loads;
    bool fused;
    size_t bytes;
  };
  return Run<std::optional<Facts>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model")]() -> std::optional<Facts> {
        const auto bank = model->made_bank();
        if (!bank) return std::nullopt;
        // A step of another environment may be changing the slots.
        std::lock_guard<std::mutex> lock(Compute::Get().mutex());
        return Facts{bank->slots() - 1,
                     bank->rank(),
                     bank->resident(),
                     bank->loads(),
                     bank->form() == bank::Form::kFused,
                     bank->bytes()};
      },
      [](Napi::Env env, std::optional<Facts>& facts) -> Napi::Value {
        if (!facts) return env.Null();
        auto result = Napi::Object::New(env);
        result.Set("slots", facts->slots);
        result.Set("rank", facts->rank);
        result.Set("form", facts->fused ? "fused" : "stacked");
        result.Set("resident", facts->resident);
        result.Set("bytes", double(facts->bytes));
        result.Set("loads", facts->loads);
        return result;
      });
}

// compileGrammar(text). The first on a model makes its trie of the vocabulary: 50 ms and more.
Napi::Value ModelHandle::CompileGrammar(const Napi::CallbackInfo& info) {
  return Run<std::shared_ptr<grammar::Grammar>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), text = info[0].As<Napi::String>().Utf8Value()] {
        return model->CompileGrammar(text);
      },
      [](Napi::Env env, std::shared_ptr<grammar::Grammar>& grammar) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).grammar, grammar);
      });
}

// compareGrammar(text, replies, seeds, mostTokens): texts to follow, and how many to draw besides
Napi::Value ModelHandle::CompareGrammar(const Napi::CallbackInfo& info) {
  return Run<grammar::Comparison>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), text = info[0].As<Napi::String>().Utf8Value(),
       texts = Strings(info[1]), seeds = uint32_t(info[2].As<Napi::Number>()),
       most = int(info[3].As<Napi::Number>())] {
        std::vector<std::vector<int32_t>> replies;
        for (const std::string& reply : texts) replies.push_back(model->Tokenize(reply));
        const auto grammar = model->CompileGrammar(text);
        for (uint32_t seed = 0; seed < seeds; ++seed)
          replies.push_back(grammar::RandomReply(grammar, seed, most));
        return grammar::Compare(*model, text, replies);
      },
      [](Napi::Env env, grammar::Comparison& c) -> Napi::Value {
        auto result = Napi::Object::New(env);
        const auto times = [&](const std::vector<double>& us) {
          return ToFloat32Array(env, std::vector<float>(us.begin(), us.end()));
        };
        result.Set("oursUs", times(c.ours_us));
        result.Set("stockUs", times(c.stock_us));
        result.Set("oursCompileUs", c.ours_compile_us);
        result.Set("stockCompileUs", c.stock_compile_us);
        result.Set("states", c.states);
        result.Set("onlyOurs", c.only_ours);
        result.Set("onlyStock", c.only_stock);
        result.Set("firstDifference", c.first_difference);
        return result;
      });
}

// measureGrammar(text, replies): microseconds for each state
Napi::Value ModelHandle::MeasureGrammar(const Napi::CallbackInfo& info) {
  return Run<std::vector<double>>(
      info.Env(),
      [model = Open(info.Env(), model_, "model"), text = info[0].As<Napi::String>().Utf8Value(),
       texts = Strings(info[1])] {
        std::vector<std::vector<int32_t>> replies;
        for (const std::string& reply : texts) replies.push_back(model->Tokenize(reply));
        return grammar::Measure(*model, text, replies);
      },
      [](Napi::Env env, std::vector<double>& us) -> Napi::Value {
        return ToFloat32Array(env, std::vector<float>(us.begin(), us.end()));
      });
}

// Idempotent. What was made from the model keeps it alive.
void ModelHandle::Dispose(const Napi::CallbackInfo&) { model_.reset(); }

Napi::Function LoadHandle::Define(Napi::Env env) {
  return DefineClass(env, "Load",
                     {
                         InstanceMethod<&LoadHandle::Fraction>("fraction"),
                         InstanceMethod<&LoadHandle::Cancel>("cancel"),
                     });
}

Napi::Value LoadHandle::Fraction(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), progress_->fraction);
}

void LoadHandle::Cancel(const Napi::CallbackInfo&) { progress_->cancelled = true; }

Napi::Function AdapterHandle::Define(Napi::Env env) {
  return DefineClass(env, "Adapter", {InstanceMethod<&AdapterHandle::Dispose>("dispose")});
}

AdapterHandle::AdapterHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), adapter_(Take<Adapter>(info)) {}

std::shared_ptr<Adapter> AdapterHandle::adapter(Napi::Env env) const {
  return Open(env, adapter_, "adapter");
}

void AdapterHandle::Dispose(const Napi::CallbackInfo&) { adapter_.reset(); }

// openModel(path, gpuLayers, load, servers)
Napi::Value OpenModel(const Napi::CallbackInfo& info) {
  auto progress = LoadHandle::Unwrap(info[2].As<Napi::Object>())->progress();
  return Run<std::shared_ptr<Model>>(
      info.Env(),
      [path = info[0].As<Napi::String>().Utf8Value(), layers = int(info[1].As<Napi::Number>()),
       servers = info[3].IsArray() ? Strings(info[3]) : std::vector<std::string>(),
       types = info[4].IsTypedArray() ? Ints(info[4]) : std::vector<int>(),
       progress] { return Model::Open(path, layers, *progress, servers, types); },
      [](Napi::Env env, std::shared_ptr<Model>& model) -> Napi::Value {
        return Wrap(env, AddonData::Of(env).model, model);
      },
      nullptr, [progress] { progress->cancelled = true; });
}

}  // namespace dramatis
