#pragma once

#include <array>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/bank/adapter_bank.h"
#include "llama-graph.h"

namespace dramatis::bank {

// What acts on a timeline from a position on, until the next span begins: leases and how strongly
// each acts. Their effects add up.
struct Span {
  struct Pair {
    std::shared_ptr<SlotLease> lease;
    float gain = 0;
  };
  llama_pos from = 0;
  std::vector<Pair> pairs;  // at most AdapterBank::kPairs
};

// Spans in the order of their positions; before the first nothing acts.
using Spans = std::vector<Span>;

// What the nodes of a graph are for: those that nothing needs would cost a little all the same.
struct Uses {
  bool matrices = false;  // of LoRAs
  std::set<int> layers;   // after which control vectors are added

  // Takes in what another needs; whether that is more.
  bool Add(const Uses& other);
};

// What all of it needs.
Uses UsesOf(const Spans& spans);

// The adapters that act on the timelines of one context, as llama.cpp asks for them: for each token
// of a step the slots and gains that its timeline and position give. Belongs to a context; used by
// the engine thread alone.
class ActiveAdapters final : public llm_graph_bank_i {
 public:
  ActiveAdapters(std::shared_ptr<AdapterBank> bank, Uses uses)
      : bank_(std::move(bank)), uses_(std::move(uses)) {}
  // The same timelines in graphs for more uses.
  ActiveAdapters(const ActiveAdapters& other, Uses uses)
      : bank_(other.bank_), uses_(std::move(uses)), spans_(other.spans_) {}

  // Acts on what is evaluated from now on. On timelines that are not named nothing acts.
  void Set(llama_seq_id timeline, const Spans& spans);
  void Clear(llama_seq_id timeline) { spans_.erase(timeline); }

  // Fills columns of kPairs: slots, and the gain of each, for the tokens of a step; of
  // `outputs_only` those whose logits are wanted.
  void Fill(const llama_ubatch& step, bool outputs_only, std::vector<int32_t>& slots,
            std::vector<float>& gains) const;

  const AdapterBank& bank() const { return *bank_; }
  const Uses& uses() const { return uses_; }

  llm_graph_input_ptr build_inp(ggml_context* context, int64_t tokens,
                                int64_t outputs) const override;
  ggml_tensor* build_add(ggml_context* context, llm_graph_input_i* input, ggml_tensor* w,
                         ggml_tensor* x, ggml_tensor* y) const override;
  ggml_tensor* build_layer(ggml_context* context, llm_graph_input_i* input, ggml_tensor* x,
                           int layer) const override;
  uint32_t get_n_nodes() const override;

 private:
  std::shared_ptr<AdapterBank> bank_;
  const Uses uses_;
  std::unordered_map<llama_seq_id, Spans> spans_;
};

}  // namespace dramatis::bank
