#include "core/grammar/parser.h"

namespace dramatis::grammar {
namespace {

constexpr size_t kMostBytes = size_t(4) << 20;

}  // namespace

Syntax Parser::Run() {
  if (text().size() > kMostBytes) Fail(0, "the grammar is larger than 4 MB; make it smaller");
  const size_t nul = text().find('\0');
  if (nul != std::string::npos) Fail(nul, "there is a zero byte; remove it");
  SkipSpace(true);
  while (!AtEnd()) Peek() == '%' ? Directive() : ParseRule();
  Finish();
  return std::move(syntax_);
}

uint32_t Parser::NameId(const std::string& name) {
  auto [found, isNew] = name_ids_.emplace(name, uint32_t(syntax_.names.size()));
  if (isNew) {
    syntax_.names.push_back(name);
    syntax_.rule_of_name.push_back(-1);
  }
  return found->second;
}

uint32_t Parser::New(Kind kind, size_t at) {
  Expression expression;
  expression.kind = kind;
  expression.at = uint32_t(at);
  syntax_.expressions.push_back(std::move(expression));
  return uint32_t(syntax_.expressions.size() - 1);
}

void Parser::Finish() {
  if (syntax_.rules.empty()) {
    if (syntax_.entries.empty() && syntax_.classes.empty())
      Fail(0, "the grammar is empty; write a rule, such as root ::= .*");
    FreeText();
  }
  for (const Expression& expression : syntax_.expressions) {
    if (expression.kind == Kind::kRule && syntax_.rule_of_name[expression.name] < 0) {
      Fail(expression.at, "the rule \"" + syntax_.names[expression.name] +
                              "\" is not defined; define it or correct the name");
    }
  }
  const auto root = name_ids_.find("root");
  if (root == name_ids_.end() || syntax_.rule_of_name[root->second] < 0)
    Fail(syntax_.rules[0].at, "there is no rule \"root\"; name the rule a reply starts with so");
  syntax_.root = uint32_t(syntax_.rule_of_name[root->second]);
}

void Parser::FreeText() {
  const uint32_t any = New(Kind::kSet, 0);
  At(any).set = CharSet::Any();
  const uint32_t repeat = New(Kind::kRepeat, 0);
  At(repeat).most = kUnbounded;
  At(repeat).parts = {any};
  const uint32_t name = NameId("root");
  syntax_.rules.push_back({name, 0, repeat, {}});
  syntax_.rule_of_name[name] = 0;
}

Syntax Parse(const std::string& text) { return Parser(text).Run(); }

}  // namespace dramatis::grammar
