#include "core/session.h"

#include <algorithm>

#include "core/batch.h"
#include "core/compute.h"
#include "core/contrast.h"
#include "core/error.h"
#include "core/log.h"
#include "core/log_sum_exp.h"

namespace dramatis {

Session::Session(std::shared_ptr<Model> model, int context_tokens, int step_tokens, int score_rows)
    : Session(std::make_shared<Context>(std::move(model),
                                        Context::Options{context_tokens, step_tokens, score_rows}),
              context_tokens) {}

Session::Session(std::shared_ptr<Context> context, int window)
    : context_(std::move(context)),
      timeline_(context_->Open()),
      window_(std::min(window, context_->options().tokens)) {}

Session::~Session() { context_->Close(timeline_); }

std::shared_ptr<Session> Session::Fork() const {
  auto fork = std::make_shared<Session>(context_, window_);
  llama_memory_seq_cp(context_->memory(), timeline_, fork->timeline_, -1, -1);
  fork->length_ = length_;
  fork->logits_ = logits_;
  fork->spans_ = spans_;
  context_->SetAdapters(fork->timeline_, spans_);
  return fork;
}

int Session::Rewind(int length) {
  pending_.reset();
  if (length >= length_) return length_;
  logits_.clear();
  return length_ = context_->Rewind(timeline_, length);
}

void Session::RequireRoom(size_t tokens) const {
  if (size_t(length_) + tokens <= size_t(window_)) return;
  throw Error("WINDOW_EXCEEDED", std::to_string(size_t(length_) + tokens) +
                                     " tokens do not fit a window of " + std::to_string(window_));
}

void Session::RequireLogits() const {
  if (logits_.empty())
    throw Error("NATIVE_FAILED", "nothing was fed since the timeline last changed");
}

void Session::TakeLogits(int row) {
  const float* logits = llama_get_logits_ith(context_->get(), row);
  logits_.assign(logits, logits + llama_vocab_n_tokens(model()->vocab()));
}

void Session::Decode(const std::vector<llama_token>& tokens, bool last) {
  pending_.reset();
  context_->Sweep();
  RequireRoom(tokens.size());
  Batch batch;
  // Logits of the last token also where nobody wants them: a row costs less than a graph without
  // one, which would have to be made anew at each change between the two.
  for (size_t i = 0; i < tokens.size(); ++i)
    batch.Add(tokens[i], length_ + int(i), {timeline_}, i + 1 == tokens.size());
  logits_.clear();
  batch.Run(*model(), context_->get(), batch.kind());
  length_ += int(tokens.size());
  if (last) TakeLogits(-1);
}

void Session::Feed(const std::vector<llama_token>& tokens, bool last) { Decode(tokens, last); }

float Session::LogProbability(const float* logits, llama_token token) const {
  return float(double(logits[token]) - LogSumExp(logits, llama_vocab_n_tokens(model()->vocab())));
}

std::vector<float> Session::ScoreTree(const TokenTree& tree) {
  pending_.reset();
  context_->Sweep();
  const int n = int(tree.tokens.size());
  // Children come after their parents, so one pass backwards tells what lies under each token.
  std::vector<uint8_t> evaluated(n), has_row(n);
  for (int i = tree.keep; i >= 0; i = tree.parents[i]) evaluated[i] = 1;
  if (tree.keep >= 0) has_row[tree.keep] = 1;
  for (int i = n - 1; i >= 0; --i) {
    const int parent = tree.parents[i];
    if (!evaluated[i] && !tree.scored[i]) continue;
    if (parent < 0) {
      if (tree.scored[i]) RequireLogits();
      continue;
    }
    evaluated[parent] = 1;
    if (tree.scored[i]) has_row[parent] = 1;
  }
  // Each end of what is evaluated is a timeline of its own; a token belongs to those of all ends
  // under it.
  std::vector<std::vector<llama_seq_id>> sequences(n);
  int ends = 0;
  for (int i = n - 1; i >= 0; --i) {
    if (!evaluated[i]) continue;
    if (sequences[i].empty()) sequences[i].push_back(Context::kFirstBranch + ends++);
    if (tree.parents[i] < 0) continue;
    auto& above = sequences[tree.parents[i]];
    above.insert(above.end(), sequences[i].begin(), sequences[i].end());
  }
  Batch batch;
  int rows = 0;
  std::vector<int> depth(n), at(n);
  for (int i = 0; i < n; ++i) {
    depth[i] = tree.parents[i] < 0 ? 0 : depth[tree.parents[i]] + 1;
    if (!evaluated[i]) continue;
    at[i] = batch.size();
    rows += has_row[i];
    batch.Add(tree.tokens[i], length_ + depth[i], sequences[i], has_row[i]);
  }
  const Context::Options& most = context_->options();
  if (batch.size() > most.step_tokens || ends > kMaxBranches || rows > most.score_rows) {
    throw Error("NATIVE_FAILED", "a tree of " + std::to_string(batch.size()) + " tokens, " +
                                     std::to_string(ends) + " ends and " + std::to_string(rows) +
                                     " rows is more than one step takes");
  }
  RequireRoom(size_t(batch.size()));
  llama_memory_t memory = context_->memory();
  const auto each_branch = [&](auto&& act) {
    for (int end = 0; end < ends; ++end) act(Context::kFirstBranch + end);
  };
  const auto forget = [&] {
    each_branch([&](llama_seq_id branch) {
      llama_memory_seq_rm(memory, branch, -1, -1);
      context_->SetAdapters(branch, {});
    });
  };
  if (batch.size() > 0) {
    each_branch([&](llama_seq_id branch) {
      llama_memory_seq_cp(memory, timeline_, branch, -1, -1);
      context_->SetAdapters(branch, spans_);
    });
    try {
      batch.Run(*model(), context_->get(), batch.kind(), [&] {
        each_branch([&](llama_seq_id branch) { llama_memory_seq_rm(memory, branch, length_, -1); });
      });
    } catch (...) {
      forget();
      throw;
    }
  }
  std::vector<float> scores(n);
  for (int i = 0; i < n; ++i) {
    if (!tree.scored[i]) continue;
    const int parent = tree.parents[i];
    const float* row =
        parent < 0 ? logits_.data() : llama_get_logits_ith(context_->get(), at[parent]);
    scores[i] = LogProbability(row, tree.tokens[i]);
  }
  if (tree.keep >= 0) {
    const int length = length_ + depth[tree.keep] + 1;
    llama_memory_seq_cp(memory, sequences[tree.keep][0], timeline_, length_, length);
    length_ = length;
    TakeLogits(at[tree.keep]);
  }
  forget();
  return scores;
}

std::vector<float> Session::Logits() {
  if (pending_) {
    if (length_ >= window_) return {};
    Decode({*pending_}, true);
  }
  RequireLogits();
  return logits_;
}

llama_token Session::Draw(const Session* base, float alpha) {
  RequireLogits();
  if (!sampler_) throw Error("NATIVE_FAILED", "no sampler was set");
  const bool is_alone = base == nullptr || base->logits_.empty();
  if (!is_alone) Contrast(logits_, base->logits_, alpha, mixed_);
  const auto [token, take_back] = sampler_->Sample(is_alone ? logits_.data() : mixed_.data());
  if (take_back > 0) return kTakenBack + 1 - take_back;
  if (llama_vocab_is_eog(model()->vocab(), token)) return kEnd;
  pending_ = token;
  return token;
}

llama_token Session::Next() { return NextOfEach({{this}})[0]; }

std::vector<llama_token> Session::NextOfEach(const std::vector<Voice>& voices) {
  Batch batch;
  std::vector<Session*> fed;
  const auto feed = [&](Session& session, llama_token token) {
    batch.Add(token, session.length_, {session.timeline_}, true);
    fed.push_back(&session);
  };
  const std::shared_ptr<Context>& context = voices[0].session->context_;
  std::vector<llama_token> tokens(voices.size());
  for (size_t i = 0; i < voices.size(); ++i) {
    Session& session = *voices[i].session;
    Session* base = voices[i].base;
    if (session.context_ != context || (base != nullptr && base->context_ != context))
      throw Error("NATIVE_FAILED", "these sessions do not share one cache");
    if (!session.pending_) continue;
    if (session.length_ >= session.window_) {
      tokens[i] = kWindowFull;
      continue;
    }
    feed(session, *session.pending_);
    if (base == nullptr) continue;
    if (base->length_ < base->window_) {
      feed(*base, *session.pending_);
    } else {
      base->logits_.clear();
    }
  }
  if (!fed.empty()) {
    context->Sweep();
    batch.Run(*context->model(), context->get(),
              batch.size() == 1 ? ThreadGovernor::kToken : ThreadGovernor::kTogether);
    for (size_t row = 0; row < fed.size(); ++row) {
      fed[row]->TakeLogits(int(row));
      fed[row]->pending_.reset();
      ++fed[row]->length_;
    }
  }
  for (size_t i = 0; i < voices.size(); ++i) {
    if (tokens[i] == kWindowFull) continue;
    tokens[i] = voices[i].session->Draw(voices[i].base, voices[i].alpha);
  }
  return tokens;
}

bool Session::ApplyAdapters(const std::vector<Span>& spans) {
  bank::Spans leased;
  const RpcServers& servers = model()->servers();
  for (const Span& span : spans) {
    bank::Span& made = leased.emplace_back();
    made.from = span.from;
    if (int(span.adapters.size()) > bank::AdapterBank::kPairs) {
      throw Error("NATIVE_FAILED", std::to_string(span.adapters.size()) +
                                       " adapters at once are more than " +
                                       std::to_string(bank::AdapterBank::kPairs));
    }
    for (const auto& [adapter, gain] : span.adapters)
      made.pairs.push_back(
          {servers.Computing([&, one = adapter] { return model()->bank()->Take(one); }), gain});
  }
  coming_ = leased;  // holds the leases from one part to the next
  for (const bank::Span& span : leased)
    for (const auto& pair : span.pairs)
      if (!servers.Computing([&, one = pair.lease] { return model()->bank()->Load(*one); }))
        return false;
  coming_.clear();
  context_->SetAdapters(timeline_, leased);
  spans_ = std::move(leased);
  return true;
}

void Session::ApplyStock(std::vector<std::pair<std::shared_ptr<Adapter>, float>> adapters) {
  std::vector<llama_adapter_lora*> raw;
  std::vector<float> scales;
  for (const auto& [adapter, scale] : adapters)
    raw.push_back(adapter->get()), scales.push_back(scale);
  llama_set_adapters_lora(context_->get(), raw.data(), raw.size(), scales.data());
  stock_ = std::move(adapters);
}

std::vector<uint8_t> Session::Save() {
  return model()->servers().Computing([&] {
    std::vector<uint8_t> state(llama_state_seq_get_size(context_->get(), timeline_));
    state.resize(llama_state_seq_get_data(context_->get(), state.data(), state.size(), timeline_));
    return state;
  });
}

void Session::Restore(const std::vector<uint8_t>& state, int length) {
  Rewind(0);
  context_->Sweep();
  TakeLoggedError();
  const size_t taken = model()->servers().Computing([&] {
    return llama_state_seq_set_data(context_->get(), state.data(), state.size(), timeline_);
  });
  if (taken == 0) {
    context_->Rewind(timeline_, 0);
    throw Error("STORE_DAMAGED", "a saved state does not fit this cache: " + TakeLoggedError());
  }
  length_ = length;
}

}  // namespace dramatis
