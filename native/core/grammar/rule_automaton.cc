#include "core/grammar/rule_automaton.h"

#include <algorithm>

#include "core/error.h"

namespace dramatis::grammar {
namespace {

// More than any grammar needs that does not gain weight by going round over nothing.
constexpr uint32_t kMostSteps = 8 * RuleAutomaton::kMostWays;

uint64_t HashOf(uint32_t node, uint32_t cell) { return HashMix(HashMix(0x51ED270B, node), cell); }

}  // namespace

RuleAutomaton::RuleAutomaton(const Program& program, const CharClasses& classes)
    : program_(program), classes_(classes) {
  cells_.push_back({0, 0, 0, 0, 0});
  states_.push_back({});
}

uint32_t RuleAutomaton::Push(uint32_t node, uint32_t count, uint32_t below, uint16_t attributes) {
  const uint64_t hash = HashMix(HashMix(HashMix(attributes, node), count), below);
  return cell_table_.Find(
      hash,
      [&](uint32_t id) {
        const Cell& c = cells_[id];
        return c.node == node && c.count == count && c.below == below &&
               (attributes == 0 ? c.entrance == cells_[below].entrance
                                : c.entrance == id && c.attributes == attributes);
      },
      [&] {
        const uint32_t id = uint32_t(cells_.size());
        const Cell under = cells_[below];
        cells_.push_back({node, count, below, attributes != 0 ? id : under.entrance,
                          attributes != 0 ? attributes : under.attributes});
        return id;
      });
}

void RuleAutomaton::Reach(uint32_t node, uint32_t cell, LogWeight weight) {
  if ((reached_.size() + 1) * 2 > reached_slots_.size()) {
    reached_slots_.assign(std::max<size_t>(64, reached_slots_.size() * 2), kNone);
    for (uint32_t i = 0; i < reached_.size(); ++i) {
      size_t at = HashOf(reached_[i].way.node, reached_[i].way.cell) & (reached_slots_.size() - 1);
      while (reached_slots_[at] != kNone) at = (at + 1) & (reached_slots_.size() - 1);
      reached_slots_[at] = i;
    }
  }
  const size_t mask = reached_slots_.size() - 1;
  size_t at = HashOf(node, cell) & mask;
  for (; reached_slots_[at] != kNone; at = (at + 1) & mask) {
    Reached& there = reached_[reached_slots_[at]];
    if (there.way.node != node || there.way.cell != cell) continue;
    if (there.way.weight >= weight) return;
    there.way.weight = weight;
    if (!there.waits) todo_.push_back(reached_slots_[at]);
    return;
  }
  if (reached_.size() >= kMostWays) {
    throw Error("GRAMMAR_INVALID",
                "the grammar can be read in more than " + std::to_string(kMostWays) +
                    " ways at once here; make it less ambiguous, or its rules recurse less");
  }
  const Node::Kind kind = program_.nodes[node].kind;
  const bool waits =
      kind == Node::Kind::kAccept || kind == Node::Kind::kChars || kind == Node::Kind::kToken;
  reached_slots_[at] = uint32_t(reached_.size());
  if (!waits) todo_.push_back(uint32_t(reached_.size()));
  reached_.push_back({{node, cell, weight}, waits});
}

void RuleAutomaton::Follow(const Way& way) {
  const Node& node = program_.nodes[way.node];
  switch (node.kind) {
    case Node::Kind::kReturn: {
      const Cell top = cells_[way.cell];
      Reach(top.node, top.below, way.weight);
      break;
    }
    case Node::Kind::kSplit:
      for (uint32_t i = 0; i < node.count; ++i) {
        const Edge& edge = program_.edges[node.argument + i];
        Reach(edge.node, way.cell, Add(way.weight, edge.weight));
      }
      break;
    case Node::Kind::kCall:
      // A call in last position leaves nothing to come back to, unless the rule is to be marked.
      if (node.next == Program::kReturn && node.attributes == 0) {
        Reach(node.argument, way.cell, way.weight);
      } else {
        Reach(node.argument, Push(node.next, 0, way.cell, node.attributes), way.weight);
      }
      break;
    case Node::Kind::kEnter:
      Reach(node.next, Push(node.next, 0, way.cell, 0), way.weight);
      break;
    case Node::Kind::kCount: {
      const Counter& counter = program_.counters[node.argument];
      const Cell top = cells_[way.cell];
      const uint32_t n = top.count;
      if (n < counter.most) {
        const uint32_t next = counter.most == kUnbounded ? std::min(n + 1, counter.least) : n + 1;
        const LogWeight gain = counter.go_on.empty() ? 0 : counter.go_on[n];
        Reach(counter.body, Push(way.node, next, top.below, 0), Add(way.weight, gain));
      }
      if (n >= counter.least) {
        const LogWeight gain = counter.stop.empty() ? 0 : counter.stop[n];
        Reach(counter.exit, top.below, Add(way.weight, gain));
      }
      break;
    }
    default:
      break;
  }
}

RuleAutomaton::Move RuleAutomaton::Finish() {
  while (!todo_.empty()) {
    const uint32_t next = todo_.back();
    todo_.pop_back();
    const Way way = reached_[next].way;
    if (++steps_ > kMostSteps || way.weight == kMost) {
      throw Error("GRAMMAR_INVALID",
                  "the grammar gains weight by repeating what may be empty; take the weight off");
    }
    Follow(way);
  }
  work_ += reached_.size();
  result_.clear();
  LogWeight best = kLeast;
  for (const Reached& reached : reached_) {
    if (!reached.waits) continue;
    result_.push_back(reached.way);
    best = std::max(best, reached.way.weight);
  }
  for (Way& way : result_) way.weight = Clamped(int64_t(way.weight) - best);
  std::sort(result_.begin(), result_.end(), [](const Way& a, const Way& b) {
    return a.node != b.node ? a.node < b.node : a.cell < b.cell;
  });
  return {Intern(result_), result_.empty() ? 0 : best};
}

RuleAutomaton::State RuleAutomaton::Intern(const std::vector<Way>& ways) {
  if (ways.empty()) return kDead;
  uint64_t hash = ways.size();
  for (const Way& way : ways)
    hash = HashMix(HashMix(HashMix(hash, way.node), way.cell), uint32_t(way.weight));
  return state_table_.Find(
      hash,
      [&](uint32_t id) {
        const StateInfo& state = states_[id];
        return state.count == ways.size() &&
               std::equal(ways.begin(), ways.end(), ways_.begin() + state.from,
                          [](const Way& a, const Way& b) {
                            return a.node == b.node && a.cell == b.cell && a.weight == b.weight;
                          });
      },
      [&] {
        StateInfo state;
        state.from = uint32_t(ways_.size());
        state.count = uint32_t(ways.size());
        const Way* heaviest = &ways[0];
        for (const Way& way : ways) {
          const Node::Kind kind = program_.nodes[way.node].kind;
          state.has_chars |= kind == Node::Kind::kChars;
          if (kind == Node::Kind::kAccept) {
            state.can_end = true;
            state.end_gain = way.weight;
          }
          // Of ways as heavy one inside a rule with attributes: who may still be in it is.
          const bool heavier = way.weight > heaviest->weight;
          const bool deeper = way.weight == heaviest->weight && cells_[way.cell].attributes != 0 &&
                              cells_[heaviest->cell].attributes == 0;
          if (heavier || deeper) heaviest = &way;
        }
        state.attributes = cells_[heaviest->cell].attributes;
        state.entrance = cells_[heaviest->cell].entrance;
        ways_.insert(ways_.end(), ways.begin(), ways.end());
        states_.push_back(state);
        return uint32_t(states_.size() - 1);
      });
}

namespace {

// Readies the scratch of Reach for another closure.
template <typename Reached>
void Reset(std::vector<Reached>& reached, std::vector<uint32_t>& slots, std::vector<uint32_t>& todo,
           uint32_t& steps) {
  // Few were reached mostly, and clearing a table that once grew large would cost more than them.
  if (slots.size() > 1024 && reached.size() * 8 < slots.size()) slots.resize(slots.size() / 2);
  std::fill(slots.begin(), slots.end(), UINT32_MAX);
  reached.clear();
  todo.clear();
  steps = 0;
}

}  // namespace

RuleAutomaton::Move RuleAutomaton::Start(uint32_t node) {
  Reset(reached_, reached_slots_, todo_, steps_);
  Reach(node, 0, 0);
  return Finish();
}

RuleAutomaton::Move RuleAutomaton::Compute(State from, uint32_t char_class) {
  if (from == kDead) return {kDead, 0};
  if (states_[from].moves == kNone) {
    states_[from].moves = uint32_t(moves_.size());
    moves_.resize(moves_.size() + classes_.count(), {kNone, 0});
  }
  Reset(reached_, reached_slots_, todo_, steps_);
  const uint32_t c = classes_.Representative(char_class);
  for (uint32_t i = 0; i < states_[from].count; ++i) {
    const Way way = ways_[states_[from].from + i];
    const Node& node = program_.nodes[way.node];
    if (node.kind == Node::Kind::kChars && program_.sets[node.argument].Contains(c))
      Reach(node.next, way.cell, way.weight);
  }
  const Move move = Finish();
  moves_[states_[from].moves + char_class] = move;
  return move;
}

RuleAutomaton::Move RuleAutomaton::NextToken(State from, int32_t token) {
  Reset(reached_, reached_slots_, todo_, steps_);
  for (uint32_t i = 0; i < states_[from].count; ++i) {
    const Way way = ways_[states_[from].from + i];
    const Node& node = program_.nodes[way.node];
    if (node.kind == Node::Kind::kToken && (int32_t(node.argument) == token) != node.negated)
      Reach(node.next, way.cell, way.weight);
  }
  return Finish();
}

RuleAutomaton::Move RuleAutomaton::Union(Move a, Move b) {
  if (a.to == kDead) return b;
  if (b.to == kDead) return a;
  Reset(reached_, reached_slots_, todo_, steps_);
  for (const Move& move : {a, b}) {
    for (uint32_t i = 0; i < states_[move.to].count; ++i) {
      const Way way = ways_[states_[move.to].from + i];
      Reach(way.node, way.cell, Add(way.weight, move.gain));
    }
  }
  return Finish();
}

bool RuleAutomaton::MayContain(State state, uint32_t value, int remaining) const {
  const StateInfo& info = states_[state];
  for (uint32_t i = 0; i < info.count; ++i) {
    const Node& node = program_.nodes[ways_[info.from + i].node];
    if (node.kind == Node::Kind::kChars &&
        program_.sets[node.argument].MayContain(value, remaining))
      return true;
  }
  return false;
}

void RuleAutomaton::TokenRules(State state, std::vector<TokenRule>& found) const {
  found.clear();
  const StateInfo& info = states_[state];
  for (uint32_t i = 0; i < info.count; ++i) {
    const Node& node = program_.nodes[ways_[info.from + i].node];
    if (node.kind == Node::Kind::kToken) found.push_back({int32_t(node.argument), node.negated});
  }
}

size_t RuleAutomaton::bytes() const {
  return cells_.size() * (sizeof(Cell) + 32) + states_.size() * (sizeof(StateInfo) + 32) +
         ways_.size() * sizeof(Way) + moves_.size() * sizeof(Move);
}

void RuleAutomaton::Compact(std::vector<State*> kept) {
  std::vector<Cell> cells{cells_[0]};
  std::vector<StateInfo> states{states_[0]};
  std::vector<Way> ways;
  cells.swap(cells_);
  states.swap(states_);
  ways.swap(ways_);
  cell_table_.Clear();
  state_table_.Clear();
  moves_.clear();
  std::unordered_map<uint32_t, uint32_t> moved{{0, 0}};
  const auto keep = [&](uint32_t cell) {
    std::vector<uint32_t> path;
    for (; moved.count(cell) == 0; cell = cells[cell].below) path.push_back(cell);
    uint32_t below = moved[cell];
    for (; !path.empty(); path.pop_back()) {
      const Cell& old = cells[path.back()];
      const bool marked = old.entrance == path.back();
      below = moved[path.back()] =
          Push(old.node, old.count, below, marked ? old.attributes : uint16_t(0));
    }
    return below;
  };
  for (State* state : kept) {
    if (*state == kDead) continue;
    const StateInfo& old = states[*state];
    result_.assign(ways.begin() + old.from, ways.begin() + old.from + old.count);
    for (Way& way : result_) way.cell = keep(way.cell);
    std::sort(result_.begin(), result_.end(), [](const Way& a, const Way& b) {
      return a.node != b.node ? a.node < b.node : a.cell < b.cell;
    });
    *state = Intern(result_);
  }
}

}  // namespace dramatis::grammar
