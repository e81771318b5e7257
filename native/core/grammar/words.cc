#include "core/grammar/words.h"

#include <algorithm>
#include <cmath>

namespace dramatis::grammar {
namespace {

constexpr uint32_t kCurlyApostrophe = 0x2019;
constexpr double kPerCharacter =
    0.25;  // how likely a beginning is to become one longer by a letter
constexpr double kLeastAccount = 0.01;  // nats; less is not worth a state's trouble

const CharSet& Letters() {
  static const CharSet set{false,
                           {{'0', '9'},
                            {'A', 'Z'},
                            {'a', 'z'},
                            {0xC0, 0xD6},
                            {0xD8, 0xF6},
                            {0xF8, 0x1FFF},
                            {0x2070, kMostCodePoint}}};
  return set;
}

const CharSet& Apostrophes() {
  static const CharSet set{false, {{'\'', '\''}, {kCurlyApostrophe, kCurlyApostrophe}}};
  return set;
}

const CharSet& Blanks() {
  static const CharSet set{false, {{'\t', '\n'}, {'\r', '\r'}, {' ', ' '}}};
  return set;
}

uint32_t ToSmall(uint32_t c) {
  const bool capital = ('A' <= c && c <= 'Z') || (0xC0 <= c && c <= 0xDE && c != 0xD7);
  return capital ? c + 32 : c;
}

uint32_t ToCapital(uint32_t c) {
  const bool small = ('a' <= c && c <= 'z') || (0xE0 <= c && c <= 0xFE && c != 0xF7);
  return small ? c - 32 : c;
}

std::vector<uint32_t> CodePoints(const std::string& text) {
  std::vector<uint32_t> found;
  for (size_t i = 0; i < text.size();) {
    const uint8_t lead = uint8_t(text[i++]);
    const int more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    uint32_t c = more == 0 ? lead : lead & ((1u << (6 - more)) - 1);
    for (int k = 0; k < more && i < text.size(); ++k) c = (c << 6) | (uint8_t(text[i++]) & 0x3Fu);
    found.push_back(c);
  }
  return found;
}

}  // namespace

Words::Kind Words::KindOf(uint32_t c) {
  if (Letters().Contains(c)) return Kind::kLetter;
  if (Apostrophes().Contains(c)) return Kind::kApostrophe;
  return Blanks().Contains(c) ? Kind::kBlank : Kind::kOther;
}

std::vector<CharSet> Words::Sets(const Syntax& syntax) {
  if (syntax.entries.empty() && syntax.classes.empty()) return {};
  std::vector<CharSet> sets{Letters(), Apostrophes(), Blanks()};
  std::vector<uint32_t> characters;
  for (const Entry& entry : syntax.entries) {
    for (uint32_t c : CodePoints(entry.text)) {
      characters.push_back(c);
      characters.push_back(ToCapital(c));
    }
  }
  std::sort(characters.begin(), characters.end());
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  for (uint32_t c : characters) {
    if (!Apostrophes().Contains(c) && !Blanks().Contains(c)) sets.push_back(CharSet::One(c));
  }
  return sets;
}

Words::Words(const Syntax& syntax, const Program& program, const CharClasses& classes)
    : classes_(classes), patterns_(program, classes) {
  nodes_.push_back({});
  for (const Entry& entry : syntax.entries) AddEntry(entry);
  Weigh(0);
  for (size_t i = 0; i < syntax.classes.size(); ++i) {
    pattern_weights_.push_back(syntax.classes[i].weight);
    pattern_starts_.push_back(patterns_.Start(program.classes[i]).to);
  }
  states_.push_back({});
  moves_.assign(classes_.count(), {kBanned, 0});
  Intern({});
}

void Words::AddEntry(const Entry& entry) {
  uint32_t node = 0;
  Kind last = Kind::kBlank;
  for (uint32_t c : CodePoints(entry.text)) {
    const Kind kind = KindOf(c);
    if (kind == Kind::kBlank && last == Kind::kBlank) continue;
    last = kind;
    const uint32_t key = kind == Kind::kBlank ? ' ' : kind == Kind::kApostrophe ? '\'' : c;
    const auto [child, isNew] = nodes_[node].children.emplace(key, uint32_t(nodes_.size()));
    node = child->second;
    if (!isNew) continue;
    Node made;
    made.after_letter = kind == Kind::kLetter;
    made.after_blank = kind == Kind::kBlank;
    nodes_.push_back(std::move(made));
  }
  // A blank at the end asks for nothing: the border before it is the end.
  if (last == Kind::kBlank) {
    Entry shorter = entry;
    shorter.text.erase(entry.text.find_last_not_of(" \t\r\n") + 1);
    return AddEntry(shorter);
  }
  nodes_[node].ends = true;
  nodes_[node].banned |= entry.banned;
  nodes_[node].weight += entry.weight;
}

// Sums up what may come of each node. Recursion is as deep as the longest entry.
void Words::Weigh(uint32_t node) {
  Node& n = nodes_[node];
  n.leads_to_ban = n.banned;
  if (n.ends && !n.banned) {
    n.hope = std::exp(n.weight);
    n.mass = 1;
  }
  for (const auto& [key, child] : n.children) {
    Weigh(child);
    n.hope += kPerCharacter * nodes_[child].hope;
    n.mass += kPerCharacter * nodes_[child].mass;
    n.leads_to_ban |= nodes_[child].leads_to_ban;
  }
}

void Words::Advance(uint32_t node, uint32_t c, Kind kind, std::vector<uint32_t>& found) const {
  const auto add = [&](uint32_t key) {
    const auto child = nodes_[node].children.find(key);
    if (child != nodes_[node].children.end()) found.push_back(child->second);
  };
  switch (kind) {
    case Kind::kBlank:
      if (nodes_[node].after_blank) found.push_back(node);
      add(' ');
      break;
    case Kind::kApostrophe:
      add('\'');
      break;
    default:
      add(c);
      if (ToSmall(c) != c) add(ToSmall(c));
  }
}

bool Words::Earn(const std::vector<uint32_t>& nodes, const std::vector<uint32_t>& patterns,
                 double& nats) const {
  for (uint32_t id : nodes) {
    const Node& node = nodes_[id];
    if (!node.ends || !node.after_letter) continue;
    if (node.banned) return false;
    nats += node.weight;
  }
  for (size_t i = 0; i < patterns.size(); ++i)
    if (patterns_.CanEnd(patterns[i])) nats += pattern_weights_[i];
  return true;
}

Words::Move Words::Compute(State from, uint32_t char_class) {
  const uint32_t c = classes_.Representative(char_class);
  const Kind kind = KindOf(c);
  const bool letter = kind == Kind::kLetter, apostrophe = kind == Kind::kApostrophe;
  const Content now = ContentOf(from);
  Content next;
  double nats = 0;
  bool allowed = true;

  // A word that ends before this character.
  if (now.place == kInWord && !letter && !apostrophe)
    allowed = Earn(now.active, now.patterns, nats);
  if (now.place == kAfterApostrophe && !letter)
    allowed = Earn(now.waiting, now.patterns_before, nats);

  // Entries that go on with it, and those it begins: a word begins at a border only.
  for (uint32_t node : now.active) Advance(node, c, kind, next.active);
  if ((!letter && !apostrophe) || now.place == kBorder) {
    if (kind != Kind::kBlank) Advance(0, c, kind, next.active);
  }
  std::sort(next.active.begin(), next.active.end());
  next.active.erase(std::unique(next.active.begin(), next.active.end()), next.active.end());
  for (uint32_t id : next.active) {
    const Node& node = nodes_[id];
    if (!node.ends || node.after_letter) continue;
    allowed &= !node.banned;  // an entry that ends in no letter needs no border
    nats += node.weight;
  }

  next.place = letter ? kInWord : apostrophe && now.place == kInWord ? kAfterApostrophe : kBorder;
  if (next.place == kAfterApostrophe) {
    for (uint32_t id : now.active)
      if (nodes_[id].ends && nodes_[id].after_letter) next.waiting.push_back(id);
    next.patterns_before = now.patterns;
  }
  if (next.place != kBorder && !pattern_starts_.empty()) {
    next.patterns = now.place == kBorder ? pattern_starts_ : now.patterns;
    for (uint32_t& pattern : next.patterns) pattern = patterns_.Next(pattern, char_class).to;
  }

  Move move{kBanned, 0};
  if (allowed) {
    move.to = Intern(next);
    move.gain = ToLogWeight(nats) + states_[move.to].account - states_[from].account;
  }
  moves_[size_t(from) * classes_.count() + char_class] = move;
  return move;
}

// What is on account for words half said: log of what they would earn, hoped for.
double Words::AccountOf(const Content& content) const {
  double hope = 0, mass = 0, nats = 0;
  const auto add = [&](const Node& node, bool whole) {
    const bool said = node.ends && !node.banned && !node.after_letter;  // earned already
    hope += whole ? std::exp(node.weight) : node.hope - (said ? std::exp(node.weight) : 0);
    mass += whole ? 1 : node.mass - (said ? 1 : 0);
  };
  for (uint32_t id : content.active) add(nodes_[id], false);
  for (uint32_t id : content.waiting)
    if (!nodes_[id].banned) add(nodes_[id], true);
  if (mass > 0) nats = std::log(mass > 1 ? hope / mass : hope + 1 - mass);
  const auto& patterns =
      content.place == kAfterApostrophe ? content.patterns_before : content.patterns;
  for (size_t i = 0; i < patterns.size(); ++i)
    if (patterns_.CanEnd(patterns[i])) nats += pattern_weights_[i];
  return std::abs(nats) < kLeastAccount ? 0 : nats;
}

Words::State Words::Intern(const Content& content) {
  std::vector<uint32_t> flat{content.place, uint32_t(content.active.size()),
                             uint32_t(content.waiting.size())};
  for (const auto* part :
       {&content.active, &content.waiting, &content.patterns, &content.patterns_before})
    flat.insert(flat.end(), part->begin(), part->end());
  uint64_t hash = flat.size();
  for (uint32_t value : flat) hash = HashMix(hash, value);
  return table_.Find(
      hash,
      [&](uint32_t id) {
        const StateInfo& state = states_[id];
        return state.count == flat.size() &&
               std::equal(flat.begin(), flat.end(), contents_.begin() + state.from);
      },
      [&] {
        StateInfo state;
        state.from = uint32_t(contents_.size());
        state.count = uint32_t(flat.size());
        state.account = ToLogWeight(AccountOf(content));
        double nats = 0;
        bool allowed = true;
        if (content.place == kInWord) allowed = Earn(content.active, content.patterns, nats);
        if (content.place == kAfterApostrophe)
          allowed = Earn(content.waiting, content.patterns_before, nats);
        if (allowed) state.end = ToLogWeight(nats) - state.account;
        for (const auto* part : {&content.active, &content.waiting})
          for (uint32_t id : *part) state.held |= nodes_[id].leads_to_ban;
        contents_.insert(contents_.end(), flat.begin(), flat.end());
        states_.push_back(state);
        moves_.resize(states_.size() * classes_.count(), {kNone, 0});
        return uint32_t(states_.size() - 1);
      });
}

Words::Content Words::ContentOf(State state) const {
  const uint32_t* at = contents_.data() + states_[state].from;
  const uint32_t* end = at + states_[state].count;
  Content content;
  content.place = at[0];
  const uint32_t active = at[1], waiting = at[2];
  at += 3;
  content.active.assign(at, at + active);
  content.waiting.assign(at + active, at + active + waiting);
  at += active + waiting;
  const size_t n = content.place == kBorder ? 0 : pattern_starts_.size();
  content.patterns.assign(at, at + n);
  content.patterns_before.assign(at + n, end);
  return content;
}

size_t Words::bytes() const {
  return states_.size() * (sizeof(StateInfo) + 32) + contents_.size() * 4 +
         moves_.size() * sizeof(Move) + patterns_.bytes();
}

void Words::Compact(const std::vector<State*>& kept) {
  std::vector<Content> contents;
  for (State* state : kept) contents.push_back(*state == kBanned ? Content() : ContentOf(*state));
  // The patterns' own states are few: they stay.
  states_.assign(1, {});
  contents_.clear();
  table_.Clear();
  moves_.assign(classes_.count(), {kBanned, 0});
  Intern({});
  for (size_t i = 0; i < kept.size(); ++i)
    if (*kept[i] != kBanned) *kept[i] = Intern(contents[i]);
}

}  // namespace dramatis::grammar
