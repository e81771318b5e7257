#include "core/grammar/program.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace dramatis::grammar {
namespace {

using Kind = Expression::Kind;

constexpr uint32_t kVoid = UINT32_MAX;  // of a node: nothing can follow

class Builder {
 public:
  Builder(const Syntax& syntax, const TokenLookup& lookup) : syntax_(syntax), lookup_(lookup) {}

  Program Run() {
    program_.nodes.push_back({Node::Kind::kAccept});
    program_.nodes.push_back({Node::Kind::kReturn});
    program_.attributes.push_back({});
    FindUsers();
    FindVoid();
    if (void_[syntax_.root])
      Refuse(syntax_.text, syntax_.rules[syntax_.root].at,
             "every alternative of \"root\" weighs 0; leave one");
    FindNullGains();
    for (const Rule& rule : syntax_.rules) {
      attributes_.push_back(rule.attributes.any() ? uint16_t(program_.attributes.size()) : 0);
      if (rule.attributes.any()) program_.attributes.push_back(rule.attributes);
      if (program_.attributes.size() > UINT16_MAX)
        Refuse(syntax_.text, rule.at, "more than 65,534 rules have attributes; leave some out");
    }
    // Calls are made before the rules they call: they get the rule's number first, its node later.
    for (const Rule& rule : syntax_.rules) first_.push_back(Build(rule.body, Program::kReturn));
    RefuseLeftRecursion();
    for (Node& node : program_.nodes)
      if (node.kind == Node::Kind::kCall) node.argument = first_[node.argument];
    program_.start = Add({Node::Kind::kCall, false, attributes_[syntax_.root], Program::kAccept,
                          first_[syntax_.root]});
    for (const WordClass& word_class : syntax_.classes)
      program_.classes.push_back(Build(word_class.pattern, Program::kAccept));
    return std::move(program_);
  }

 private:
  const Expression& At(uint32_t id) const { return syntax_.expressions[id]; }
  uint32_t Add(const Node& node) {
    program_.nodes.push_back(node);
    return uint32_t(program_.nodes.size() - 1);
  }

  // ── what weights of 0 leave nothing of ──

  // A rule is void when each of its alternatives is pruned or needs a void rule. Nothing else is: a
  // rule that only never ends is not.
  void FindVoid() {
    const bool pruned =
        std::any_of(syntax_.expressions.begin(), syntax_.expressions.end(), [](const auto& e) {
          return std::find(e.weights.begin(), e.weights.end(), 0.0) != e.weights.end();
        });
    void_.assign(syntax_.rules.size(), false);
    if (pruned) SpreadVoid();
  }

  // Marks void rules until no more follow from those marked.
  void SpreadVoid() {
    std::vector<uint32_t> todo;
    for (uint32_t i = 0; i < syntax_.rules.size(); ++i) todo.push_back(i);
    while (!todo.empty()) {
      const uint32_t rule = todo.back();
      todo.pop_back();
      if (void_[rule] || !IsVoid(syntax_.rules[rule].body)) continue;
      void_[rule] = true;
      todo.insert(todo.end(), users_[rule].begin(), users_[rule].end());
    }
  }

  void FindUsers() {
    users_.assign(syntax_.rules.size(), {});
    for (uint32_t i = 0; i < syntax_.rules.size(); ++i) AddUser(i, syntax_.rules[i].body);
  }

  void AddUser(uint32_t rule, uint32_t id) {
    const Expression& e = At(id);
    if (e.kind == Kind::kRule) users_[size_t(syntax_.rule_of_name[e.name])].push_back(rule);
    for (uint32_t part : e.parts) AddUser(rule, part);
  }

  bool IsVoid(uint32_t id) const {
    const Expression& e = At(id);
    switch (e.kind) {
      case Kind::kRule:
        return void_[size_t(syntax_.rule_of_name[e.name])];
      case Kind::kRepeat:
        return e.least > 0 && IsVoid(e.parts[0]);
      case Kind::kSequence:
        return std::any_of(e.parts.begin(), e.parts.end(), [&](uint32_t p) { return IsVoid(p); });
      case Kind::kChoice:
        for (size_t i = 0; i < e.parts.size(); ++i)
          if (e.weights[i] > 0 && !IsVoid(e.parts[i])) return false;
        return true;
      default:
        return false;
    }
  }

  // ── expressions, from the back: each is built before what leads to it ──

  // The node that begins `id` and goes on with `next`; kVoid if nothing can.
  uint32_t Build(uint32_t id, uint32_t next) {
    const Expression& e = At(id);
    switch (e.kind) {
      case Kind::kText:
        for (size_t i = e.code_points.size(); i-- > 0;)
          next = Add({Node::Kind::kChars, false, 0, next, SetOf(CharSet::One(e.code_points[i]))});
        return next;
      case Kind::kSet:
        return Add({Node::Kind::kChars, false, 0, next, SetOf(e.set)});
      case Kind::kToken:
        return BuildToken(e, next);
      case Kind::kRule: {
        const size_t rule = size_t(syntax_.rule_of_name[e.name]);
        if (void_[rule]) return kVoid;
        const uint32_t call =
            Add({Node::Kind::kCall, false, attributes_[rule], next, uint32_t(rule)});
        place_of_call_[call] = e.at;
        return call;
      }
      case Kind::kSequence:
        for (size_t i = e.parts.size(); i-- > 0 && next != kVoid;) next = Build(e.parts[i], next);
        return next;
      case Kind::kChoice:
        return BuildChoice(e, next);
      case Kind::kRepeat:
        return BuildRepeat(e, next);
    }
    return kVoid;
  }

  uint32_t BuildToken(const Expression& e, uint32_t next) {
    int32_t token = e.token;
    if (token < 0 && lookup_) {
      token = lookup_(e.token_text);
      if (token < 0) {
        Refuse(syntax_.text, e.at,
               e.token_text + " is not one token of this model; write its number, as <[123]>");
      }
    }
    program_.has_tokens = true;
    return Add({Node::Kind::kToken, e.negated, 0, next, uint32_t(token)});
  }

  uint32_t BuildChoice(const Expression& e, uint32_t next) {
    std::vector<Edge> edges;
    for (size_t i = 0; i < e.parts.size(); ++i) {
      if (e.weights[i] == 0) continue;
      const uint32_t node = Build(e.parts[i], next);
      if (node != kVoid) edges.push_back({ToLogWeight(std::log(e.weights[i])), node});
    }
    return Split(edges);
  }

  uint32_t Split(const std::vector<Edge>& edges) {
    if (edges.empty()) return kVoid;
    if (edges.size() == 1 && edges[0].weight == 0) return edges[0].node;
    const uint32_t from = uint32_t(program_.edges.size());
    for (const Edge& edge : edges) {
      program_.edges.push_back(edge);
      program_.weighted |= edge.weight != 0;
    }
    return Add({Node::Kind::kSplit, false, 0, 0, from, uint32_t(edges.size())});
  }

  uint32_t BuildRepeat(const Expression& e, uint32_t next) {
    if (e.most == 0) return NoCopies(e, next);
    if (e.soft || e.most != kUnbounded || e.least > 1) {
      if (e.least == 0 && e.most == 1 && !e.soft) {
        const uint32_t body = Build(e.parts[0], next);
        return body == kVoid ? next : Split({{0, body}, {0, next}});
      }
      if (e.least == 1 && e.most == 1) return Build(e.parts[0], next);
      return BuildCounted(e, next);
    }
    if (NullGain(e.parts[0]) > 0) {
      Refuse(
          syntax_.text, e.at,
          "what is repeated here may be empty and then weighs more than 1, again and again; take "
          "the weight off");
    }
    // x* is a choice between x, back here, and what follows; x+ begins with x.
    const uint32_t loop = Add({Node::Kind::kSplit});
    const uint32_t body = Build(e.parts[0], loop);
    const uint32_t from = uint32_t(program_.edges.size());
    if (body != kVoid) program_.edges.push_back({0, body});
    program_.edges.push_back({0, next});
    program_.nodes[loop].argument = from;
    program_.nodes[loop].count = uint32_t(program_.edges.size()) - from;
    return e.least == 0 ? loop : body;
  }

  // Of rules, the best log-weight with which they are empty. A rule that gains by calling itself is
  // raised a few times and left: the automaton refuses it.
  void FindNullGains() {
    constexpr int kMostRaises = 8;
    null_gains_.assign(syntax_.rules.size(), -std::numeric_limits<double>::infinity());
    std::vector<int> raises(syntax_.rules.size());
    std::vector<uint32_t> todo;
    for (uint32_t i = 0; i < syntax_.rules.size(); ++i) todo.push_back(i);
    while (!todo.empty()) {
      const uint32_t rule = todo.back();
      todo.pop_back();
      const double gain = NullGain(syntax_.rules[rule].body);
      if (gain <= null_gains_[rule] || ++raises[rule] > kMostRaises) continue;
      null_gains_[rule] = gain;
      todo.insert(todo.end(), users_[rule].begin(), users_[rule].end());
    }
  }

  // The best log-weight with which an expression is empty; −∞ if it cannot be.
  double NullGain(uint32_t id) const {
    const Expression& e = At(id);
    const double never = -std::numeric_limits<double>::infinity();
    switch (e.kind) {
      case Kind::kText:
        return e.code_points.empty() ? 0 : never;
      case Kind::kRule:
        return null_gains_[size_t(syntax_.rule_of_name[e.name])];
      case Kind::kRepeat: {
        const double once = NullGain(e.parts[0]);
        if (e.most != kUnbounded && once > 0) return once * e.most;
        return e.least == 0 ? std::max(0.0, once) : once * e.least;
      }
      case Kind::kSequence: {
        double sum = 0;
        for (size_t i = 0; i < e.parts.size() && sum > never; ++i) sum += NullGain(e.parts[i]);
        return sum;
      }
      case Kind::kChoice: {
        double best = never;
        for (size_t i = 0; i < e.parts.size(); ++i) {
          if (e.weights[i] > 0)
            best = std::max(best, std::log(e.weights[i]) + NullGain(e.parts[i]));
        }
        return best;
      }
      default:
        return never;
    }
  }

  uint32_t BuildCounted(const Expression& e, uint32_t next) {
    const uint32_t index = uint32_t(program_.counters.size());
    program_.counters.push_back({});
    const uint32_t end = Add({Node::Kind::kCount, false, 0, next, index});
    const uint32_t body = Build(e.parts[0], end);
    if (body == kVoid) return e.least == 0 ? NoCopies(e, next) : kVoid;
    Counter& counter = program_.counters[index];
    counter.least = e.least;
    counter.most = e.most;
    counter.body = body;
    counter.exit = next;
    if (e.soft) Push(e, counter);
    return Add({Node::Kind::kEnter, false, 0, end, index});
  }

  uint32_t NoCopies(const Expression& e, uint32_t next) {
    return Split({{e.soft ? SoftWeight(e, 0) : 0, next}});
  }

  static LogWeight SoftWeight(const Expression& e, uint32_t copies) {
    const double off = (copies - e.aim) / e.spread;
    return ToLogWeight(std::max(-200.0, -0.5 * off * off));
  }

  // Stopping after n copies weighs w(n) = −½((n − aim)/spread)². Pushed by the best still to come,
  // p(n) = max of w from n on: stopping costs w(n) − p(n), going on p(n + 1) − p(n).
  void Push(const Expression& e, Counter& counter) {
    program_.weighted = true;
    std::vector<LogWeight> weight(e.most + 1, kLeast), best(e.most + 1);
    for (uint32_t n = e.least; n <= e.most; ++n) {
      weight[n] = SoftWeight(e, n);
    }
    for (uint32_t n = e.most + 1; n-- > 0;)
      best[n] = n == e.most ? weight[n] : std::max(weight[n], best[n + 1]);
    counter.stop.resize(e.most + 1);
    counter.go_on.resize(e.most + 1);
    for (uint32_t n = 0; n <= e.most; ++n) {
      // The promise at the start is part of the first step.
      const LogWeight now = n == 0 ? 0 : best[n];
      counter.stop[n] = n < e.least ? kLeast : weight[n] - now;
      counter.go_on[n] = n == e.most ? kLeast : best[n + 1] - now;
    }
  }

  uint32_t SetOf(const CharSet& set) {
    std::string key(1, set.negated ? '^' : ' ');
    for (const CharRange& r : set.ranges) {
      key.append(reinterpret_cast<const char*>(&r.low), 4);
      key.append(reinterpret_cast<const char*>(&r.high), 4);
    }
    const auto [found, isNew] = set_ids_.emplace(key, uint32_t(program_.sets.size()));
    if (isNew) program_.sets.push_back(set);
    return found->second;
  }

  // ── left recursion ──

  // A rule that reaches itself over nothing, putting something on the stack each time round, would
  // grow the stack for ever. What reaches itself in tail position only comes back to the same state
  // and is harmless; llama.cpp reads some such grammars.
  struct Step {
    uint32_t rule;
    bool grows;
    uint32_t call;  // node
  };

  void RefuseLeftRecursion() {
    const size_t n = syntax_.rules.size();
    std::vector<std::vector<Step>> steps(n);
    for (size_t i = 0; i < n; ++i) {
      if (first_[i] != kVoid) steps[i] = StepsOf(first_[i]);
    }
    // Strongly connected components, iteratively (Tarjan): a growing step within one is recursion.
    std::vector<int> component = Components(steps);
    for (size_t i = 0; i < n; ++i) {
      for (const Step& step : steps[i]) {
        if (!step.grows || component[i] != component[step.rule]) continue;
        const std::string& name = syntax_.names[syntax_.rules[step.rule].name];
        Refuse(syntax_.text, place_of_call_[step.call],
               "the rule \"" + name +
                   "\" begins with itself (left recursion); write x ::= y z* for x ::= x z | y");
      }
    }
  }

  // The calls a rule reaches from its first node without a character.
  std::vector<Step> StepsOf(uint32_t first) const {
    std::vector<Step> steps;
    // A node is looked at twice at most: with and without a counter below it.
    std::unordered_map<uint32_t, int> seen;
    std::unordered_map<uint32_t, bool> within;  // of counters: whether they are inside another
    std::vector<std::pair<uint32_t, bool>> todo{{first, false}};
    while (!todo.empty()) {
      const auto [id, counting] = todo.back();
      todo.pop_back();
      int& marks = seen[id];
      if (marks & (counting ? 2 : 1)) continue;
      marks |= counting ? 2 : 1;
      const Node& node = program_.nodes[id];
      switch (node.kind) {
        case Node::Kind::kCall:
          steps.push_back({node.argument,
                           counting || node.next != Program::kReturn || node.attributes != 0, id});
          if (null_gains_[node.argument] > -std::numeric_limits<double>::infinity())
            todo.push_back({node.next, counting});
          break;
        case Node::Kind::kSplit:
          for (uint32_t i = 0; i < node.count; ++i)
            todo.push_back({program_.edges[node.argument + i].node, counting});
          break;
        case Node::Kind::kEnter: {
          const Counter& counter = program_.counters[node.argument];
          within[node.argument] |= counting;
          todo.push_back({counter.body, true});
          if (counter.least == 0) todo.push_back({counter.exit, counting});
          break;
        }
        case Node::Kind::kCount:  // the body can be empty
          todo.push_back({program_.counters[node.argument].exit, within[node.argument]});
          break;
        default:
          break;
      }
    }
    return steps;
  }

  static std::vector<int> Components(const std::vector<std::vector<Step>>& steps) {
    const size_t n = steps.size();
    std::vector<int> component(n, -1), index(n, -1), low(n);
    std::vector<size_t> stack, at(n, 0), path;
    int counter = 0, components = 0;
    for (size_t root = 0; root < n; ++root) {
      if (index[root] >= 0) continue;
      path.push_back(root);
      while (!path.empty()) {
        const size_t v = path.back();
        if (at[v] == 0 && index[v] < 0) {
          index[v] = low[v] = counter++;
          stack.push_back(v);
        }
        if (at[v] < steps[v].size()) {
          const size_t w = steps[v][at[v]++].rule;
          if (index[w] < 0) {
            path.push_back(w);
          } else if (component[w] < 0) {
            low[v] = std::min(low[v], index[w]);
          }
          continue;
        }
        path.pop_back();
        if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[v]);
        if (low[v] != index[v]) continue;
        for (size_t w = n; w != v;) {
          w = stack.back();
          stack.pop_back();
          component[w] = components;
        }
        ++components;
      }
    }
    return component;
  }

  const Syntax& syntax_;
  const TokenLookup& lookup_;
  Program program_;
  std::vector<bool> void_;                    // of rules
  std::vector<double> null_gains_;            // of rules
  std::vector<std::vector<uint32_t>> users_;  // of rules: those that name them
  std::vector<uint32_t> first_;               // of rules: their first node
  std::vector<uint16_t> attributes_;          // of rules
  std::unordered_map<uint32_t, uint32_t> place_of_call_;
  std::unordered_map<std::string, uint32_t> set_ids_;
};

}  // namespace

Program BuildProgram(const Syntax& syntax, const TokenLookup& lookup) {
  return Builder(syntax, lookup).Run();
}

}  // namespace dramatis::grammar
