#include "binding/grammar.h"

#include <limits>

#include "binding/addon_data.h"
#include "binding/convert.h"
#include "core/grammar/describe.h"

namespace dramatis {

Napi::Function GrammarHandle::Define(Napi::Env env) {
  return DefineClass(env, "Grammar",
                     {
                         InstanceMethod<&GrammarHandle::HasBans>("hasBans"),
                         InstanceMethod<&GrammarHandle::Matcher>("matcher"),
                         InstanceMethod<&GrammarHandle::Dispose>("dispose"),
                     });
}

GrammarHandle::GrammarHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), grammar_(Take<grammar::Grammar>(info)) {}

std::shared_ptr<grammar::Grammar> GrammarHandle::grammar(Napi::Env env) const {
  return Open(env, grammar_, "grammar");
}

Napi::Value GrammarHandle::HasBans(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), grammar(info.Env())->has_bans());
}

Napi::Value GrammarHandle::Matcher(const Napi::CallbackInfo& info) {
  return Wrap(info.Env(), AddonData::Of(info.Env()).matcher,
              std::make_shared<grammar::Cursor>(grammar(info.Env())));
}

// Idempotent. Sessions and matchers made from it keep it alive.
void GrammarHandle::Dispose(const Napi::CallbackInfo&) { grammar_.reset(); }

Napi::Function MatcherHandle::Define(Napi::Env env) {
  return DefineClass(env, "Matcher",
                     {
                         InstanceMethod<&MatcherHandle::Accept>("accept"),
                         InstanceMethod<&MatcherHandle::Length>("length"),
                         InstanceMethod<&MatcherHandle::Rewind>("rewind"),
                         InstanceMethod<&MatcherHandle::Clone>("clone"),
                         InstanceMethod<&MatcherHandle::Allowed>("allowed"),
                         InstanceMethod<&MatcherHandle::Gains>("gains"),
                         InstanceMethod<&MatcherHandle::Finished>("finished"),
                         InstanceMethod<&MatcherHandle::Potential>("potential"),
                         InstanceMethod<&MatcherHandle::Dispose>("dispose"),
                     });
}

MatcherHandle::MatcherHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), cursor_(Take<grammar::Cursor>(info)) {}

// accept(token): boolean
Napi::Value MatcherHandle::Accept(const Napi::CallbackInfo& info) {
  auto cursor = Open(info.Env(), cursor_, "matcher");
  const int token = info[0].As<Napi::Number>();
  if (token < 0 || token >= cursor->grammar().vocabulary().tokens())
    throw Napi::RangeError::New(info.Env(),
                                "token " + std::to_string(token) + " is not in the vocabulary");
  bool accepted = false;
  Now(info.Env(), [&] { accepted = cursor->Accept(token); });
  return Napi::Boolean::New(info.Env(), accepted);
}

Napi::Value MatcherHandle::Length(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), double(Open(info.Env(), cursor_, "matcher")->length()));
}

void MatcherHandle::Rewind(const Napi::CallbackInfo& info) {
  Open(info.Env(), cursor_, "matcher")
      ->Rewind(size_t(std::max(0, int(info[0].As<Napi::Number>()))));
}

Napi::Value MatcherHandle::Clone(const Napi::CallbackInfo& info) {
  return Wrap(info.Env(), AddonData::Of(info.Env()).matcher,
              std::make_shared<grammar::Cursor>(*Open(info.Env(), cursor_, "matcher")));
}

Napi::Value MatcherHandle::Allowed(const Napi::CallbackInfo& info) {
  auto cursor = Open(info.Env(), cursor_, "matcher");
  std::vector<int32_t> tokens;
  Now(info.Env(), [&] {
    const auto mask = cursor->Next();
    for (int32_t token = 0; token < int32_t(mask->tokens); ++token)
      if (mask->Allows(token)) tokens.push_back(token);
  });
  return ToInt32Array(info.Env(), tokens);
}

// { tokens, nats }
Napi::Value MatcherHandle::Gains(const Napi::CallbackInfo& info) {
  auto cursor = Open(info.Env(), cursor_, "matcher");
  std::vector<int32_t> tokens;
  std::vector<float> nats;
  Now(info.Env(), [&] {
    for (const auto& weighed : cursor->Next()->weighed) {
      tokens.push_back(weighed.token);
      nats.push_back(float(grammar::ToNats(weighed.gain)));
    }
  });
  auto result = Napi::Object::New(info.Env());
  result.Set("tokens", ToInt32Array(info.Env(), tokens));
  result.Set("nats", ToFloat32Array(info.Env(), nats));
  return result;
}

// NaN where the text may not end.
Napi::Value MatcherHandle::Finished(const Napi::CallbackInfo& info) {
  auto cursor = Open(info.Env(), cursor_, "matcher");
  std::optional<double> weight;
  Now(info.Env(), [&] { weight = cursor->FinishedWeight(); });
  return Napi::Number::New(info.Env(), weight.value_or(std::numeric_limits<double>::quiet_NaN()));
}

Napi::Value MatcherHandle::Potential(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Open(info.Env(), cursor_, "matcher")->Potential());
}

void MatcherHandle::Dispose(const Napi::CallbackInfo&) { cursor_.reset(); }

Napi::Value ParseGrammar(const Napi::CallbackInfo& info) {
  std::string described;
  Now(info.Env(), [&] {
    const auto syntax = grammar::Parse(info[0].As<Napi::String>().Utf8Value());
    grammar::BuildProgram(syntax, nullptr);
    described = grammar::Describe(syntax);
  });
  return Napi::String::New(info.Env(), described);
}

// checkGrammar(text): Promise of what ParseGrammar gives. On the engine thread, and with a look at
// what a text may begin with, so that whatever a chat refuses of it is refused here.
Napi::Value CheckGrammar(const Napi::CallbackInfo& info) {
  return Run<std::string>(
      info.Env(),
      [text = info[0].As<Napi::String>().Utf8Value()] {
        const auto syntax = grammar::Parse(text);
        if (!grammar::BuildProgram(syntax, nullptr).has_tokens) {
          auto compiled =
              std::make_shared<grammar::Grammar>(grammar::Vocabulary::OfBytes(), text, nullptr);
          grammar::Cursor(compiled).Next();
        }
        return grammar::Describe(syntax);
      },
      [](Napi::Env env, std::string& described) -> Napi::Value {
        return Napi::String::New(env, described);
      });
}

Napi::Value ByteGrammar(const Napi::CallbackInfo& info) {
  std::shared_ptr<grammar::Grammar> compiled;
  Now(info.Env(), [&] {
    compiled = std::make_shared<grammar::Grammar>(grammar::Vocabulary::OfBytes(),
                                                  info[0].As<Napi::String>().Utf8Value(), nullptr);
  });
  return Wrap(info.Env(), AddonData::Of(info.Env()).grammar, compiled);
}

}  // namespace dramatis
