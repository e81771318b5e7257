#include "binding/session.h"

#include <algorithm>
#include <optional>

#include "binding/addon_data.h"
#include "binding/convert.h"
#include "binding/grammar.h"
#include "binding/model.h"

namespace dramatis {
namespace {

// More than a step evaluates, since the last token of each text is not.
constexpr size_t kMaxTreeTokens = 4096;

float Number(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>();
}

Sampling ToSampling(const Napi::Object& o) {
  Sampling s;
  s.temperature = Number(o, "temperature");
  s.top_k = int(Number(o, "topK"));
  s.top_p = Number(o, "topP");
  s.min_p = Number(o, "minP");
  s.repeat_penalty = Number(o, "repeatPenalty");
  s.repeat_last = int(Number(o, "repeatLast"));
  s.dry_multiplier = Number(o, "dryMultiplier");
  s.dry_base = Number(o, "dryBase");
  s.dry_allowed = int(Number(o, "dryAllowed"));
  s.dry_last = int(Number(o, "dryLast"));
  s.top_n_sigma = Number(o, "topNSigma");
  s.seed = o.Get("seed").As<Napi::Number>();
  s.strength = Number(o, "strength");
  return s;
}

// scoreTree(tokens, parents, scored, keep): a parent that does not come before its child would read
// out of bounds. RangeError.
TokenTree ToTree(const Napi::CallbackInfo& info, int vocabulary) {
  TokenTree tree;
  tree.tokens = SomeTokens(info[0], vocabulary, kMaxTreeTokens);
  const auto parents = info[1].As<Napi::Int32Array>();
  const auto scored = info[2].As<Napi::Uint8Array>();
  tree.keep = info[3].As<Napi::Number>();
  const size_t n = tree.tokens.size();
  bool fits = parents.ElementLength() == n && scored.ElementLength() == n && tree.keep < int(n);
  for (size_t i = 0; fits && i < n; ++i) fits = parents[i] < int(i) && parents[i] >= -1;
  if (!fits) {
    throw Napi::RangeError::New(
        info.Env(),
        "a tree needs a parent before each token, a mark for each, and a token to keep");
  }
  tree.parents.assign(parents.Data(), parents.Data() + n);
  tree.scored.assign(scored.Data(), scored.Data() + n);
  return tree;
}

std::vector<std::pair<std::shared_ptr<Adapter>, float>> AdaptersOf(
    Napi::Env env, const Napi::Value& adapters_given, const Napi::Value& gains_given) {
  const auto handles = adapters_given.As<Napi::Array>(), gains = gains_given.As<Napi::Array>();
  std::vector<std::pair<std::shared_ptr<Adapter>, float>> adapters;
  for (uint32_t i = 0; i < handles.Length(); ++i) {
    adapters.emplace_back(AdapterHandle::Unwrap(handles.Get(i).As<Napi::Object>())->adapter(env),
                          gains.Get(i).As<Napi::Number>().FloatValue());
  }
  return adapters;
}

std::vector<Session::Span> SpansOf(Napi::Env env, const Napi::Value& value) {
  const auto given = value.As<Napi::Array>();
  std::vector<Session::Span> spans;
  for (uint32_t i = 0; i < given.Length(); ++i) {
    const auto span = given.Get(i).As<Napi::Object>();
    spans.push_back({int(span.Get("from").As<Napi::Number>()),
                     AdaptersOf(env, span.Get("adapters"), span.Get("gains"))});
  }
  return spans;
}

// Undefined: nothing changes.
std::optional<std::vector<Session::Span>> ChangeOf(Napi::Env env, const Napi::Value& value) {
  if (!value.IsArray()) return std::nullopt;
  return SpansOf(env, value);
}

Napi::Value WrapSession(Napi::Env env, std::shared_ptr<Session>& session) {
  return Wrap(env, AddonData::Of(env).session, session);
}

}  // namespace

Napi::Function SessionHandle::Define(Napi::Env env) {
  return DefineClass(env, "Session",
                     {
                         InstanceMethod<&SessionHandle::Window>("window"),
                         InstanceMethod<&SessionHandle::Rewind>("rewind"),
                         InstanceMethod<&SessionHandle::Feed>("feed"),
                         InstanceMethod<&SessionHandle::ScoreTree>("scoreTree"),
                         InstanceMethod<&SessionHandle::Logits>("logits"),
                         InstanceMethod<&SessionHandle::Next>("next"),
                         InstanceMethod<&SessionHandle::SetSampler>("setSampler"),
                         InstanceMethod<&SessionHandle::GrammarMs>("grammarMs"),
                         InstanceMethod<&SessionHandle::ControlMs>("controlMs"),
                         InstanceMethod<&SessionHandle::SetStrength>("setStrength"),
                         InstanceMethod<&SessionHandle::Held>("held"),
                         InstanceMethod<&SessionHandle::SetBias>("setBias"),
                         InstanceMethod<&SessionHandle::ApplyAdapters>("applyAdapters"),
                         InstanceMethod<&SessionHandle::ApplyStock>("applyStock"),
                         InstanceMethod<&SessionHandle::Fork>("fork"),
                         InstanceMethod<&SessionHandle::Save>("save"),
                         InstanceMethod<&SessionHandle::Restore>("restore"),
                         InstanceMethod<&SessionHandle::Dispose>("dispose"),
                     });
}

SessionHandle::SessionHandle(const Napi::CallbackInfo& info)
    : OneAtATime(info), session_(Take<Session>(info)), model_(session_->model()) {}

std::shared_ptr<Session> SessionHandle::Idle(Napi::Env env) const {
  return OneAtATime::Idle(env, session_, "session");
}

Napi::Value SessionHandle::Window(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Open(info.Env(), session_, "session")->window());
}

Napi::Value SessionHandle::Rewind(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  const int length = std::max(0, int(info[0].As<Napi::Number>()));
  return Post<int>(
      info.Env(), [session, length] { return session->Rewind(length); },
      [](Napi::Env env, int& left) -> Napi::Value { return Napi::Number::New(env, left); });
}

Napi::Value SessionHandle::Feed(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  auto tokens = SomeTokens(info[0], model_->vocabulary_size(), session->step_tokens());
  const bool last = info[1].As<Napi::Boolean>();
  return Post<bool>(
      info.Env(),
      [session, tokens = std::move(tokens), last] {
        session->Feed(tokens, last);
        return true;
      },
      [](Napi::Env env, bool&) { return env.Undefined(); });
}

Napi::Value SessionHandle::ScoreTree(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  auto tree = ToTree(info, model_->vocabulary_size());
  return Post<std::vector<float>>(
      info.Env(), [session, tree = std::move(tree)] { return session->ScoreTree(tree); },
      [](Napi::Env env, std::vector<float>& scores) -> Napi::Value {
        return ToFloat32Array(env, scores);
      });
}

Napi::Value SessionHandle::Logits(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Post<std::vector<float>>(
      info.Env(), [session] { return session->Logits(); },
      [](Napi::Env env, std::vector<float>& logits) -> Napi::Value {
        return ToFloat32Array(env, logits);
      });
}

// next(spans): as applyAdapters(spans), unless undefined, and in the same step the next token;
// kNotResident if that is not done.
Napi::Value SessionHandle::Next(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Post<int32_t>(
      info.Env(),
      [session, change = ChangeOf(info.Env(), info[0])] {
        if (change && !session->ApplyAdapters(*change)) return Session::kNotResident;
        return session->Next();
      },
      [](Napi::Env env, int32_t& token) -> Napi::Value { return Napi::Number::New(env, token); });
}

// setSampler(sampling, history, grammars)
void SessionHandle::SetSampler(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  Sampling sampling = ToSampling(info[0].As<Napi::Object>());
  const auto grammars = info[2].As<Napi::Array>();
  for (uint32_t i = 0; i < grammars.Length(); ++i) {
    sampling.grammars.push_back(
        GrammarHandle::Unwrap(grammars.Get(i).As<Napi::Object>())->grammar(info.Env()));
  }
  const auto history = Tokens(info[1], model_->vocabulary_size(), size_t(1) << 24);
  Now(info.Env(), [&] {
    auto sampler = std::make_unique<Sampler>(model_, sampling);
    sampler->Remember(history);
    session->SetSampler(std::move(sampler));
  });
}

void SessionHandle::SetStrength(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  if (session->sampler() != nullptr)
    session->sampler()->SetStrength(info[0].As<Napi::Number>().FloatValue());
}

// Of the last tokens that `next` gave, how many it may yet take back.
Napi::Value SessionHandle::Held(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Napi::Number::New(info.Env(),
                           session->sampler() == nullptr ? 0 : session->sampler()->Held());
}

// Milliseconds that control vectors have taken on the model so far.
Napi::Value SessionHandle::ControlMs(const Napi::CallbackInfo& info) {
  const auto bank = Open(info.Env(), session_, "session")->model()->made_bank();
  return Napi::Number::New(info.Env(), bank ? 1000 * bank->seconds_of_directions() : 0);
}

// Milliseconds that each grammar of the sampler has taken so far.
Napi::Value SessionHandle::GrammarMs(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  std::vector<float> ms;
  if (session->sampler() != nullptr)
    for (double seconds : session->sampler()->grammar_seconds())
      ms.push_back(float(1000 * seconds));
  return ToFloat32Array(info.Env(), ms);
}

void SessionHandle::SetBias(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  const auto ids = Tokens(info[0], model_->vocabulary_size(), size_t(1) << 24);
  const auto values = info[1].As<Napi::Float32Array>();
  if (values.ElementLength() != ids.size()) {
    throw Napi::RangeError::New(info.Env(), "as many values as tokens are wanted");
  }
  std::vector<Sampler::Bias> bias;
  for (size_t i = 0; i < ids.size(); ++i) bias.push_back({ids[i], values[i]});
  if (session->sampler() != nullptr) session->sampler()->SetBias(std::move(bias));
}

// applyAdapters(spans): whether it is done; if not, a part of what is not resident was loaded.
Napi::Value SessionHandle::ApplyAdapters(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Post<bool>(
      info.Env(),
      [session, spans = SpansOf(info.Env(), info[0])] { return session->ApplyAdapters(spans); },
      [](Napi::Env env, bool& done) -> Napi::Value { return Napi::Boolean::New(env, done); });
}

// applyStock(adapters, gains)
Napi::Value SessionHandle::ApplyStock(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Post<bool>(
      info.Env(),
      [session, adapters = AdaptersOf(info.Env(), info[0], info[1])] {
        session->ApplyStock(adapters);
        return true;
      },
      [](Napi::Env env, bool&) { return env.Undefined(); });
}

Napi::Value SessionHandle::Fork(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Post<std::shared_ptr<Session>>(
      info.Env(), [session] { return session->Fork(); }, WrapSession);
}

Napi::Value SessionHandle::Save(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  return Post<std::vector<uint8_t>>(
      info.Env(), [session] { return session->Save(); },
      [](Napi::Env env, std::vector<uint8_t>& state) -> Napi::Value {
        return Napi::Buffer<uint8_t>::Copy(env, state.data(), state.size());
      });
}

Napi::Value SessionHandle::Restore(const Napi::CallbackInfo& info) {
  auto session = Idle(info.Env());
  const auto bytes = info[0].As<Napi::Uint8Array>();
  std::vector<uint8_t> state(bytes.Data(), bytes.Data() + bytes.ByteLength());
  const int length = info[1].As<Napi::Number>();
  return Post<bool>(
      info.Env(),
      [session, state = std::move(state), length] {
        session->Restore(state, length);
        return true;
      },
      [](Napi::Env env, bool&) { return env.Undefined(); });
}

// Idempotent. A job in flight owns its own reference, so the session is freed when it ends.
void SessionHandle::Dispose(const Napi::CallbackInfo&) {
  session_.reset();
  model_.reset();
}

// nextOfEach(sessions, bases, alphas): a base or undefined for each
Napi::Value NextOfEach(const Napi::CallbackInfo& info) {
  const auto handles = info[0].As<Napi::Array>();
  const auto bases = info[1].As<Napi::Array>();
  const auto alphas = info[2].As<Napi::Array>();
  std::vector<SessionHandle*> busy;
  std::vector<std::shared_ptr<Session>> sessions;
  const auto open = [&](const Napi::Value& value) {
    auto* handle = SessionHandle::Unwrap(value.As<Napi::Object>());
    if (std::find(busy.begin(), busy.end(), handle) != busy.end())
      throw Napi::RangeError::New(info.Env(), "a session was given twice");
    sessions.push_back(handle->Idle(info.Env()));
    busy.push_back(handle);
    return sessions.back().get();
  };
  std::vector<Session::Voice> voices;
  for (uint32_t i = 0; i < handles.Length(); ++i) {
    Session::Voice voice{open(handles.Get(i))};
    if (bases.Get(i).IsObject()) {
      voice.base = open(bases.Get(i));
      voice.alpha = alphas.Get(i).As<Napi::Number>();
    }
    voices.push_back(voice);
  }
  if (voices.empty()) throw Napi::RangeError::New(info.Env(), "no sessions were given");
  for (SessionHandle* handle : busy) handle->Hold();
  return Run<std::vector<int32_t>>(
      info.Env(), [sessions, voices] { return Session::NextOfEach(voices); },
      [](Napi::Env env, std::vector<int32_t>& tokens) -> Napi::Value {
        return ToInt32Array(env, tokens);
      },
      [busy] {
        for (SessionHandle* handle : busy) handle->Release();
      });
}

}  // namespace dramatis
