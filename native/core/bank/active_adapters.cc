#include "core/bank/active_adapters.h"

#include <algorithm>
#include <chrono>

namespace dramatis::bank {
namespace {

constexpr int kPairs = AdapterBank::kPairs;

// What the nodes read for the tokens of a step, or for those among them whose logits are wanted:
// the last layer goes on with these alone.
struct Columns {
  ggml_tensor* slots = nullptr;  // fused: I32, kPairs × columns
  ggml_tensor* gains = nullptr;  // fused: F32, kPairs × columns
  ggml_tensor* mask =
      nullptr;  // stacked: F32, (slots · rank) × columns; the gain where a slot acts, else 0
  ggml_tensor* acting = nullptr;  // stacked: F32, slots × columns; the same for control vectors
  int64_t count = 0;
};

class ActiveAdaptersInput final : public llm_graph_input_i {
 public:
  ActiveAdaptersInput(const ActiveAdapters* adapters, ggml_context* context, int64_t tokens,
                      int64_t outputs)
      : adapters_(adapters), tokens_(Make(context, tokens)), outputs_(Make(context, outputs)) {}

  const Columns& For(const ggml_tensor* x) const {
    GGML_ASSERT(ggml_nrows(x) == tokens_.count || ggml_nrows(x) == outputs_.count);
    return ggml_nrows(x) == tokens_.count ? tokens_ : outputs_;
  }

  void set_input(const llama_ubatch* step) override {
    Write(*step, tokens_, false);
    Write(*step, outputs_, true);
  }

  bool can_reuse(const llm_graph_params& params) override {
    return int64_t(params.ubatch.n_tokens) == tokens_.count &&
           int64_t(params.n_outputs) == outputs_.count;
  }

 private:
  Columns Make(ggml_context* context, int64_t count) const {
    Columns made;
    made.count = count;
    const AdapterBank& bank = adapters_->bank();
    if (bank.form() == Form::kFused) {
      made.slots = ggml_new_tensor_2d(context, GGML_TYPE_I32, kPairs, count);
      made.gains = ggml_new_tensor_2d(context, GGML_TYPE_F32, kPairs, count);
      ggml_set_input(made.slots);
      ggml_set_input(made.gains);
    } else {
      const int64_t ranks = int64_t(bank.slots() - 1) * bank.rank();
      made.mask = ggml_new_tensor_2d(context, GGML_TYPE_F32, ranks, count);
      made.acting = ggml_new_tensor_2d(context, GGML_TYPE_F32, bank.slots() - 1, count);
      ggml_set_input(made.mask);
      ggml_set_input(made.acting);
    }
    return made;
  }

  // A graph that asks for no logits, or for all, has no use for one of the two: it has no memory
  // then.
  void Write(const llama_ubatch& step, const Columns& to, bool outputs_only) {
    const auto is_used = [](const ggml_tensor* tensor) {
      return tensor != nullptr && tensor->buffer != nullptr;
    };
    if (to.count == 0 || !(is_used(to.slots) || is_used(to.mask) || is_used(to.acting))) return;
    adapters_->Fill(step, outputs_only && to.count != int64_t(step.n_tokens), slots_, gains_);
    if (is_used(to.slots)) {
      ggml_backend_tensor_set(to.slots, slots_.data(), 0, slots_.size() * sizeof(int32_t));
      ggml_backend_tensor_set(to.gains, gains_.data(), 0, gains_.size() * sizeof(float));
    }
    if (is_used(to.mask)) WriteGains(to.mask, adapters_->bank().rank());
    if (is_used(to.acting)) WriteGains(to.acting, 1);
  }

  // Each slot's gain, `times` over, in the columns that it acts in.
  void WriteGains(ggml_tensor* to, int times) {
    mask_.assign(size_t(ggml_nelements(to)), 0);
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i] == 0) continue;
      float* column =
          mask_.data() + i / kPairs * size_t(to->ne[0]) + size_t(slots_[i] - 1) * size_t(times);
      for (int t = 0; t < times; ++t) column[t] += gains_[i];
    }
    ggml_backend_tensor_set(to, mask_.data(), 0, mask_.size() * sizeof(float));
  }

  const ActiveAdapters* const adapters_;
  const Columns tokens_, outputs_;
  std::vector<int32_t> slots_;
  std::vector<float> gains_, mask_;
};

// What a fused node does: dst, which is y, += what its tokens' slots say. A step of fewer tokens
// than threads is divided by outputs, each thread computing A x for itself: that is less than a
// meeting of all threads costs.
void AddFused(ggml_tensor* y, int thread, int threads, void* data) {
  const auto* matrix = static_cast<const AdapterBank::Matrix*>(data);
  const Kernels& kernels = BestKernels();
  const ggml_tensor* x = y->src[1];
  const auto* slots = static_cast<const int32_t*>(y->src[2]->data);
  const auto* gains = static_cast<const float*>(y->src[3]->data);
  const int tokens = int(y->ne[1]), all = int(y->ne[0]);
  int begin = 0, end = tokens, first = 0, outputs = all;
  if (tokens >= threads) {
    begin = int(int64_t(tokens) * thread / threads);
    end = int(int64_t(tokens) * (thread + 1) / threads);
  } else {
    const int panels = (all + kOutputs - 1) / kOutputs;
    first = panels * thread / threads * kOutputs;
    outputs = std::min(all, panels * (thread + 1) / threads * kOutputs) - first;
  }
  if (outputs <= 0) return;
  const ptrdiff_t x_row = ptrdiff_t(x->nb[1] / sizeof(float)),
                  y_row = ptrdiff_t(y->nb[1] / sizeof(float));
  const auto* from = static_cast<const float*>(x->data);
  auto* to = static_cast<float*>(y->data);
  for (int pair = 0; pair < kPairs; ++pair) {
    for (int t = begin; t < end;) {
      const int32_t slot = slots[t * kPairs + pair];
      int next = t + 1;
      while (next < end && slots[next * kPairs + pair] == slot) ++next;
      const Factors* factors = matrix->factors[size_t(slot)];
      if (factors != nullptr) {
        factors->Add(kernels, next - t, from + t * x_row, x_row, gains + t * kPairs + pair, kPairs,
                     to + t * y_row, y_row, first, outputs);
      }
      t = next;
    }
  }
}

// y, the residual stream, += the directions of its tokens' slots, each times its gain.
void AddDirections(ggml_tensor* y, int thread, int threads, void* data) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  auto* layer = static_cast<AdapterBank::Layer*>(data);
  const auto* slots = static_cast<const int32_t*>(y->src[1]->data);
  const auto* gains = static_cast<const float*>(y->src[2]->data);
  const int64_t width = y->ne[0], begin = width * thread / threads;
  const int64_t end = width * (thread + 1) / threads;
  for (int64_t i = 0; i < y->ne[1] * kPairs; ++i) {
    const std::vector<float>& direction = layer->directions[size_t(slots[i])];
    if (direction.empty()) continue;
    auto* row = reinterpret_cast<float*>(static_cast<char*>(y->data) + i / kPairs * y->nb[1]);
    for (int64_t at = begin; at < end; ++at) row[at] += gains[i] * direction[size_t(at)];
  }
  const std::chrono::duration<double> spent = Clock::now() - start;
  if (thread == 0) layer->seconds = layer->seconds + spent.count();
}

}  // namespace

Uses UsesOf(const Spans& spans) {
  Uses uses;
  for (const Span& span : spans) {
    for (const auto& pair : span.pairs) {
      const auto& directions = pair.lease->adapter().directions();
      for (const auto& [layer, values] : directions) uses.layers.insert(layer);
      uses.matrices |= directions.empty();
    }
  }
  return uses;
}

bool Uses::Add(const Uses& other) {
  const bool had_matrices = matrices;
  const size_t had_layers = layers.size();
  matrices |= other.matrices;
  layers.insert(other.layers.begin(), other.layers.end());
  return matrices != had_matrices || layers.size() != had_layers;
}

void ActiveAdapters::Set(llama_seq_id timeline, const Spans& spans) {
  if (spans.empty()) {
    spans_.erase(timeline);
  } else {
    spans_[timeline] = spans;
  }
}

void ActiveAdapters::Fill(const llama_ubatch& step, bool outputs_only, std::vector<int32_t>& slots,
                          std::vector<float>& gains) const {
  slots.clear();
  gains.clear();
  for (uint32_t i = 0; i < step.n_tokens; ++i) {
    if (outputs_only && !step.output[i]) continue;
    const size_t at = slots.size();
    slots.resize(at + kPairs, 0);
    gains.resize(at + kPairs, 0);
    const auto found = spans_.find(step.seq_id[i][0]);
    if (found == spans_.end()) continue;
    const Spans& spans = found->second;
    const auto span = std::find_if(spans.rbegin(), spans.rend(),
                                   [&](const Span& one) { return one.from <= step.pos[i]; });
    if (span == spans.rend()) continue;
    for (size_t p = 0; p < span->pairs.size(); ++p) {
      slots[at + p] = span->pairs[p].lease->slot();
      gains[at + p] = span->pairs[p].gain;
    }
  }
}

llm_graph_input_ptr ActiveAdapters::build_inp(ggml_context* context, int64_t tokens,
                                              int64_t outputs) const {
  return std::make_unique<ActiveAdaptersInput>(this, context, tokens, outputs);
}

ggml_tensor* ActiveAdapters::build_add(ggml_context* context, llm_graph_input_i* input,
                                       ggml_tensor* w, ggml_tensor* x, ggml_tensor* y) const {
  const AdapterBank::Matrix* matrix = uses_.matrices ? bank_->Find(w) : nullptr;
  if (matrix == nullptr) return y;
  const Columns& columns = static_cast<ActiveAdaptersInput*>(input)->For(x);
  if (bank_->form() == Form::kFused) {
    ggml_tensor* more[] = {x, columns.slots, columns.gains};
    return ggml_custom_inplace(context, y, more, 3, AddFused, GGML_N_TASKS_MAX,
                               const_cast<AdapterBank::Matrix*>(matrix));
  }
  ggml_tensor* u = ggml_mul(context, ggml_mul_mat(context, matrix->a, x), columns.mask);
  return ggml_add(context, y, ggml_mul_mat(context, matrix->b, u));
}

ggml_tensor* ActiveAdapters::build_layer(ggml_context* context, llm_graph_input_i* input,
                                         ggml_tensor* x, int layer) const {
  const AdapterBank::Layer* after = uses_.layers.count(layer) > 0 ? bank_->After(layer) : nullptr;
  if (after == nullptr) return x;
  const Columns& columns = static_cast<ActiveAdaptersInput*>(input)->For(x);
  if (after->stacked == nullptr) {
    ggml_tensor* more[] = {columns.slots, columns.gains};
    return ggml_custom_inplace(context, x, more, 2, AddDirections, GGML_N_TASKS_MAX,
                               const_cast<AdapterBank::Layer*>(after));
  }
  return ggml_add(context, x, ggml_mul_mat(context, after->stacked, columns.acting));
}

uint32_t ActiveAdapters::get_n_nodes() const {
  return uint32_t(bank_->matrices()) * 5 + uint32_t(bank_->layers()) * 3;
}

}  // namespace dramatis::bank
