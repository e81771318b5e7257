#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "core/rpc_servers.h"
#include "llama.h"

namespace dramatis {

namespace bank {
class AdapterBank;
struct BankOptions;
}  // namespace bank

namespace grammar {
class Grammar;
class Vocabulary;
}  // namespace grammar

// How far a load has come, and the wish to stop it. Shared between the thread that loads and the
// one that asks.
struct LoadProgress {
  std::atomic<float> fraction{0};
  std::atomic<bool> cancelled{false};
};

// Weights and vocabulary: shared, immutable. The vocabulary may be used from any thread.
class Model {
 public:
  // `gpu_layers`: how many layers to offload; negative means all. `servers`: "host:port" of RPC
  // servers, whose devices come before those here. `matrix_types`: ggml's numbers of
  // those of its matrices; if they are known and our kernels take them, the weights stay as the
  // file has them.
  // Throws MODEL_UNREADABLE, RPC_LOST.
  static std::shared_ptr<Model> Open(const std::string& path, int gpu_layers,
                                     LoadProgress& progress,
                                     const std::vector<std::string>& servers = {},
                                     const std::vector<int>& matrix_types = {});

  // The adapters that are resident; made when first asked for. Engine threads only. Throws
  // MEMORY_SHORT.
  std::shared_ptr<bank::AdapterBank> bank();
  // The same, or null if nobody has asked yet.
  std::shared_ptr<bank::AdapterBank> made_bank();
  // How the bank is to be made; no effect once it is.
  void SetBank(const bank::BankOptions& options);

  ~Model();

  // What the file says of the model; tokens are -1 where the vocabulary has none.
  struct Facts {
    std::string description;
    uint64_t parameters = 0, bytes = 0;
    int trained_window = 0, width = 0, layers = 0, vocabulary = 0;
    bool adds_start = false;
    llama_token start = -1, separator = -1;
    std::vector<llama_token> ends;
  };
  Facts GetFacts() const;

  llama_model* get() const { return model_.get(); }
  const RpcServers& servers() const { return servers_; }
  const llama_vocab* vocab() const { return vocab_; }
  int vocabulary_size() const;

  // Text never becomes a special token, whatever it contains and whatever type the file gives it.
  std::vector<llama_token> Tokenize(const std::string& text) const;
  // The bytes a token stands for, perhaps part of a UTF-8 sequence; none for control tokens
  // and markers.
  std::string Piece(llama_token token) const;
  // The control token written `text`, or another one that is called as markers are; -1 if none.
  llama_token Special(const std::string& text) const;
  std::vector<llama_token> EndTokens() const;
  std::string Metadata(const std::string& key) const;

  // The tokens as grammars see them: made when first asked for, 50 ms for 50,000.
  std::shared_ptr<const grammar::Vocabulary> Vocabulary() const;
  // Throws GRAMMAR_INVALID.
  std::shared_ptr<grammar::Grammar> CompileGrammar(const std::string& text) const;

  // How much a repetition is punished, from how many tokens on, and how far back it is looked for.
  struct Dry {
    float multiplier, base;
    int allowed, last;
  };
  // A sampler that punishes repetitions, which its caller frees. The first of its kind looks at
  // every token of the vocabulary four times, 30 ms for 50,000; those after it are copies of it.
  llama_sampler* MakeDry(const Dry& dry) const;

 private:
  struct Free {
    void operator()(llama_model* model) const noexcept;
  };
  Model(llama_model* model, RpcServers servers);

  std::unique_ptr<llama_model, Free> model_;
  const llama_vocab* vocab_;
  RpcServers servers_;
  std::map<std::string, llama_token> specials_;
  std::vector<bool> markers_;  // by token: a marker that is no control token
  std::mutex making_bank_;
  std::unique_ptr<bank::BankOptions> bank_options_;
  std::shared_ptr<bank::AdapterBank> bank_;
  mutable std::once_flag vocabulary_made_;
  mutable std::shared_ptr<const grammar::Vocabulary> vocabulary_;

  struct FreeSampler {
    void operator()(llama_sampler* sampler) const noexcept;
  };
  mutable std::mutex making_dry_;
  // Those that others are copies of: nothing was said to them.
  mutable std::map<std::tuple<float, float, int, int>, std::unique_ptr<llama_sampler, FreeSampler>>
      dry_;
};

}  // namespace dramatis
