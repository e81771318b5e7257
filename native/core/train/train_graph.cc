#include "core/train/train_graph.h"

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace dramatis::train {
namespace {

constexpr double kSliceCost = 1.5e9;  // floating-point operations: some milliseconds
constexpr int kSliceNodes = 128;
// At most, of the portable form with every matrix adapted and inputs left out: it has three times
// as many as the fast one.
constexpr size_t kLayerNodes = 384;
constexpr size_t kChunkNodes = 32;
constexpr size_t kLogitBytes = 48u << 20;  // of one chunk of the output

}  // namespace

TrainGraph::TrainGraph(const TrainModel& model, Adaptation& adaptation, const MakeOps& make_ops,
                       TrainBatch batch, Mode mode, uint64_t noise)
    : model_(model),
      arch_(model.architecture()),
      adaptation_(adaptation),
      batch_(std::move(batch)),
      targets_(batch_.targets),
      mode_(mode),
      noise_(noise),
      nll_(batch_.targets.size()) {
  const auto own = ptrdiff_t(batch_.transcript);
  for (Target& target : targets_) target.row -= batch_.transcript;
  sight_ = {{batch_.first.begin() + own, batch_.first.end()},
            {batch_.context.begin() + own, batch_.context.end()},
            batch_.transcript};
  local_sight_ = sight_;
  for (size_t t = 0; arch_.local_window > 0 && t < sight_.first.size(); ++t) {
    const int oldest = batch_.positions[size_t(own) + t] - arch_.local_window + 1;
    int32_t& first = local_sight_.first[t];
    while (batch_.positions[size_t(first)] < oldest) ++first;
    Span& context = local_sight_.context[t];
    while (context.begin < context.end && batch_.positions[size_t(context.begin)] < oldest)
      ++context.begin;
  }
  const size_t chunks = 1 + batch_.targets.size() * size_t(arch_.vocabulary) * 4 / kLogitBytes;
  const size_t nodes = size_t(arch_.layers) * kLayerNodes + kChunkNodes * chunks + 64;
  // Nodes once in the graph and once in a slice.
  const size_t bytes =
      nodes * ggml_tensor_overhead() + ggml_graph_overhead_custom(nodes, false) +
      nodes * ggml_graph_overhead_custom(1, false);  // slices, of one node at least
  context_.reset(ggml_init({bytes, nullptr, /*no_alloc=*/true}));
  if (!context_) throw Error("MEMORY_SHORT", "there is not enough memory for a training graph");
  graph_ = ggml_new_graph_custom(context_.get(), nodes, false);
  ops_ = make_ops(context_.get(), graph_);
  Forward();
  Cut(ThreadGovernor::kForward, true);
  if (mode_ == kRead) return;
  Head();
  Cut(ThreadGovernor::kForward, false);
  if (mode_ == kGradient) Backward();
  Cut(ThreadGovernor::kBackward, true);
}

Lora* TrainGraph::LoraOf(int layer, int matrix) {
  if (mode_ == kRead) return nullptr;
  const int index = adaptation_.of_layer[size_t(layer)][size_t(matrix)];
  return index < 0 ? nullptr : &adaptation_.loras[size_t(index)];
}

uint64_t TrainGraph::NoiseOf(int layer, Matrix matrix) const {
  return noise_ * 0x9e3779b97f4a7c15ull + uint64_t(layer * kMatrices + matrix);
}

ggml_tensor* TrainGraph::Apply(int layer, Matrix matrix, ggml_tensor* x, Saved& saved) {
  const auto& weights = model_.layer(layer);
  const float* bias =
      matrix <= kValue && !weights.bias[matrix].empty() ? weights.bias[matrix].data() : nullptr;
  Lora* lora = LoraOf(layer, matrix);
  if (lora == nullptr) return ops_->Product(weights.weight[matrix], x, nullptr, nullptr, bias);
  ggml_tensor* shown =
      adaptation_.dropout > 0 ? ops_->Drop(x, adaptation_.dropout, NoiseOf(layer, matrix)) : x;
  ggml_tensor* u = ops_->Down(lora->a.data(), lora->rank, shown, adaptation_.scale);
  saved.u[matrix] = u;
  return ops_->Product(weights.weight[matrix], x, lora->b.data(), u, bias);
}

ggml_tensor* TrainGraph::ApplyBack(int layer, Matrix matrix, ggml_tensor* x, ggml_tensor* d,
                                   ggml_tensor* into, bool wants_input) {
  const PackedMatrix& transposed = model_.layer(layer).transposed[matrix];
  Lora* lora = LoraOf(layer, matrix);
  if (lora == nullptr)
    return wants_input ? ops_->Product(transposed, d, nullptr, nullptr, nullptr, into) : nullptr;
  const bool drops = adaptation_.dropout > 0;
  ggml_tensor* shown = drops ? ops_->Drop(x, adaptation_.dropout, NoiseOf(layer, matrix)) : x;
  ggml_tensor* t = ops_->Down(lora->b.data(), lora->rank, d, adaptation_.scale);
  ggml_tensor* u = saved_[size_t(layer)].u[matrix];
  ggml_build_forward_expand(graph_, ops_->Gradient(lora->grad_b.data(), u, d));
  ggml_build_forward_expand(graph_, ops_->Gradient(lora->grad_a.data(), t, shown));
  if (!wants_input) return nullptr;
  if (!drops) return ops_->Product(transposed, d, lora->a.data(), t, nullptr, into);
  ggml_tensor* slope = ops_->Up(lora->a.data(), t, x->ne[0]);
  slope = ops_->Drop(slope, adaptation_.dropout, NoiseOf(layer, matrix));
  return ops_->Product(transposed, d, nullptr, nullptr, nullptr,
                       into != nullptr ? ggml_add(context_.get(), into, slope) : slope);
}

// Rotary positions (Su et al., 2021). Turning by the negative position is the way back.
ggml_tensor* TrainGraph::Turn(ggml_tensor* x, int layer, bool back) {
  const bool local = arch_.IsLocal(layer);
  return ggml_rope_ext(context_.get(), x, back ? back_positions_ : positions_, factors_,
                       arch_.rotated, arch_.rope_mode, /*n_ctx_orig=*/0,
                       local ? arch_.local_rope_base : arch_.rope_base,
                       local ? 1.0f : arch_.rope_scale, /*ext_factor=*/0.0f, /*attn_factor=*/1.0f,
                       /*beta_fast=*/32.0f, /*beta_slow=*/1.0f);
}

// ggml's own, so that it is what chat computes: its GELU is read from a table on CPUs.
ggml_tensor* TrainGraph::Gated(const Saved& saved) {
  return arch_.gate_is_gelu ? ggml_geglu_split(context_.get(), saved.gate, saved.up)
                            : ggml_swiglu_split(context_.get(), saved.gate, saved.up);
}

ggml_tensor* TrainGraph::AfterTranscript(ggml_tensor* past, ggml_tensor* own) {
  return past == nullptr ? own : ggml_concat(context_.get(), past, own, 1);
}

void TrainGraph::Forward() {
  ggml_context* c = context_.get();
  const int64_t n = int64_t(batch_.tokens.size()) - batch_.transcript;
  const auto input = [&](ggml_tensor* tensor) {
    ggml_set_input(tensor);
    return tensor;
  };
  input_ = input(ggml_new_tensor_2d(c, GGML_TYPE_F32, arch_.width, n));
  positions_ = input(ggml_new_tensor_1d(c, GGML_TYPE_I32, n));
  back_positions_ = input(ggml_new_tensor_1d(c, GGML_TYPE_I32, n));
  if (mode_ != kRead) rows_ = input(ggml_new_tensor_1d(c, GGML_TYPE_I32, int64_t(targets_.size())));
  if (!arch_.rope_factors.empty())
    factors_ = input(ggml_new_tensor_1d(c, GGML_TYPE_F32, int64_t(arch_.rope_factors.size())));
  ggml_tensor* x = input_;
  const int heads = arch_.heads, kv_heads = arch_.kv_heads, head = arch_.head;
  for (int l = 0; l < arch_.layers; ++l) {
    const auto& w = model_.layer(l);
    Saved& s = saved_.emplace_back();
    s = {};
    s.x = x;
    ggml_tensor* h = ops_->Norm(x, w.attention_norm.data(), arch_.norm_epsilon);
    s.q_raw = ggml_reshape_3d(c, Apply(l, kQuery, h, s), head, heads, n);
    s.k_raw = ggml_reshape_3d(c, Apply(l, kKey, h, s), head, kv_heads, n);
    s.v = Apply(l, kValue, h, s);
    ggml_tensor *q = s.q_raw, *k = s.k_raw;
    if (arch_.head_norms) {
      q = ggml_reshape_3d(c, ops_->Norm(q, w.query_norm.data(), arch_.norm_epsilon), head, heads,
                          n);
      k = ggml_reshape_3d(c, ops_->Norm(k, w.key_norm.data(), arch_.norm_epsilon), head, kv_heads,
                          n);
    }
    s.q = ggml_reshape_2d(c, Turn(q, l, false), head * heads, n);
    s.k = ggml_reshape_2d(c, Turn(k, l, false), head * kv_heads, n);
    if (mode_ == kRead) {
      for (ggml_tensor* wanted : {s.k, s.v}) {
        ggml_set_output(wanted->view_src != nullptr ? wanted->view_src : wanted);
        ggml_build_forward_expand(graph_, wanted);
      }
      if (l == arch_.layers - 1) return;
    }
    for (ggml_tensor** past : {&s.past_k, &s.past_v})
      if (batch_.transcript > 0)
        *past = input(ggml_new_tensor_2d(c, GGML_TYPE_F32, head * kv_heads, batch_.transcript));
    s.attention = ops_->Attention(
        s.q, AfterTranscript(s.past_k, s.k), AfterTranscript(s.past_v, s.v), heads, kv_heads,
        arch_.attention_scale, arch_.IsLocal(l) ? &local_sight_ : &sight_);
    ggml_tensor* seen = ggml_view_2d(c, s.attention, head * heads, n, s.attention->nb[1], 0);
    s.mixed = Apply(l, kOutput, seen, s);
    ggml_tensor* part = s.mixed;
    if (arch_.post_norms) part = ops_->Norm(part, w.post_attention_norm.data(), arch_.norm_epsilon);
    s.x1 = ggml_add(c, x, part);
    h = ops_->Norm(s.x1, w.feed_forward_norm.data(), arch_.norm_epsilon);
    s.gate = Apply(l, kGate, h, s);
    s.up = Apply(l, kUp, h, s);
    s.fed = Apply(l, kDown, Gated(s), s);
    part = s.fed;
    if (arch_.post_norms)
      part = ops_->Norm(part, w.post_feed_forward_norm.data(), arch_.norm_epsilon);
    x = ggml_add(c, s.x1, part);
    ggml_build_forward_expand(graph_, x);
  }
  slope_ = x;  // the end of the way there, for Head
}

void TrainGraph::Head() {
  ggml_context* c = context_.get();
  const int64_t count = int64_t(targets_.size());
  ggml_tensor* x = ggml_get_rows(c, slope_, rows_);
  ggml_tensor* h = ops_->Norm(x, model_.output_norm().data(), arch_.norm_epsilon);
  ggml_tensor* slopes = mode_ == kGradient ? ops_->Zeros(arch_.width, count) : nullptr;
  ggml_build_forward_expand(graph_, h);
  if (slopes != nullptr) ggml_build_forward_expand(graph_, slopes);
  const int64_t chunk =
      std::max<int64_t>(16, int64_t(kLogitBytes) / (4 * int64_t(arch_.vocabulary)));
  for (int64_t begin = 0; begin < count; begin += chunk) {
    const int64_t some = std::min(chunk, count - begin);
    ggml_tensor* from = ggml_view_2d(c, h, arch_.width, some, h->nb[1], size_t(begin) * h->nb[1]);
    ggml_tensor* logits = ops_->Product(model_.head(), from);
    if (mode_ == kLogits) {
      ggml_set_output(logits);
      logits_.push_back(logits);
      ggml_build_forward_expand(graph_, logits);
      continue;
    }
    ggml_tensor* loss = ops_->Loss(logits, &targets_, int(begin), nll_.data(), mode_ == kGradient);
    ggml_build_forward_expand(graph_, loss);
    if (mode_ != kGradient) continue;
    ggml_tensor* into =
        ggml_view_2d(c, slopes, arch_.width, some, slopes->nb[1], size_t(begin) * slopes->nb[1]);
    ggml_build_forward_expand(
        graph_, ops_->Product(model_.head_transposed(), loss, nullptr, nullptr, nullptr, into));
  }
  if (mode_ != kGradient) return;
  ggml_tensor* back =
      ops_->NormBack(x, model_.output_norm().data(), slopes, arch_.norm_epsilon, nullptr);
  slope_ = ops_->Scatter(back, &targets_, slope_->ne[1]);
  ggml_build_forward_expand(graph_, slope_);
}

void TrainGraph::Backward() {
  for (int l = arch_.layers - 1; l >= adaptation_.first_layer; --l) {
    BackwardFeedForward(l);
    BackwardAttention(l);
    ggml_build_forward_expand(graph_, slope_);
  }
}

void TrainGraph::BackwardFeedForward(int l) {
  const auto& w = model_.layer(l);
  const Saved& s = saved_[size_t(l)];
  ggml_tensor* d = slope_;
  if (arch_.post_norms)
    d = ops_->NormBack(s.fed, w.post_feed_forward_norm.data(), d, arch_.norm_epsilon, nullptr);
  // Made again rather than kept: cheap beside the memory.
  ggml_tensor* gated = LoraOf(l, kDown) ? Gated(s) : nullptr;
  ggml_tensor* d_gated = ApplyBack(l, kDown, gated, d, nullptr);
  const Ops::GateGradients back = ops_->GateBack(s.gate, s.up, d_gated, arch_.gate_is_gelu);
  ggml_tensor* h = ops_->Norm(s.x1, w.feed_forward_norm.data(), arch_.norm_epsilon);
  ggml_tensor* d_h = ApplyBack(l, kGate, h, back.gate, nullptr);
  d_h = ApplyBack(l, kUp, h, back.up, d_h);
  slope_ = ops_->NormBack(s.x1, w.feed_forward_norm.data(), d_h, arch_.norm_epsilon, slope_);
  ggml_build_forward_expand(graph_, slope_);
}

void TrainGraph::BackwardAttention(int l) {
  ggml_context* c = context_.get();
  const auto& w = model_.layer(l);
  const Saved& s = saved_[size_t(l)];
  const int64_t n = slope_->ne[1];
  const int heads = arch_.heads, kv_heads = arch_.kv_heads, head = arch_.head;
  ggml_tensor* d = slope_;
  if (arch_.post_norms)
    d = ops_->NormBack(s.mixed, w.post_attention_norm.data(), d, arch_.norm_epsilon, nullptr);
  ggml_tensor* seen = ggml_view_2d(c, s.attention, head * heads, n, s.attention->nb[1], 0);
  ggml_tensor* d_seen = ApplyBack(l, kOutput, seen, d, nullptr);
  const Ops::AttentionGradients back = ops_->AttentionBack(
      s.q, AfterTranscript(s.past_k, s.k), AfterTranscript(s.past_v, s.v), s.attention, d_seen,
      heads, kv_heads, arch_.attention_scale, arch_.IsLocal(l) ? &local_sight_ : &sight_);
  ggml_tensor *d_q = Turn(back.q, l, true), *d_k = Turn(back.k, l, true);
  if (arch_.head_norms) {
    d_q = ops_->NormBack(s.q_raw, w.query_norm.data(), d_q, arch_.norm_epsilon, nullptr);
    d_k = ops_->NormBack(s.k_raw, w.key_norm.data(), d_k, arch_.norm_epsilon, nullptr);
  }
  d_q = ggml_reshape_2d(c, d_q, head * heads, n);
  d_k = ggml_reshape_2d(c, d_k, head * kv_heads, n);
  ggml_tensor* h = ops_->Norm(s.x, w.attention_norm.data(), arch_.norm_epsilon);
  const bool passes = l > adaptation_.first_layer;
  ggml_tensor* d_h = ApplyBack(l, kQuery, h, d_q, nullptr, passes);
  d_h = ApplyBack(l, kKey, h, d_k, d_h, passes);
  d_h = ApplyBack(l, kValue, h, back.v, d_h, passes);
  if (passes)
    slope_ = ops_->NormBack(s.x, w.attention_norm.data(), d_h, arch_.norm_epsilon, slope_);
}

void TrainGraph::Cut(ThreadGovernor::Kind kind, bool compared) {
  const int n = ggml_graph_n_nodes(graph_);
  while (cut_ < n) {
    double cost = 0;
    int end = cut_;
    while (end < n && end - cut_ < kSliceNodes && (cost < kSliceCost || end == cut_))
      cost += ops_->CostOf(ggml_graph_node(graph_, end++));
    ggml_cgraph* graph = ggml_new_graph_custom(context_.get(), size_t(end - cut_), false);
    for (; cut_ < end; ++cut_) ggml_graph_add_node(graph, ggml_graph_node(graph_, cut_));
    slices_.push_back({graph, kind, compared ? int(cost / 1e6) + 1 : 0});
  }
}

void TrainGraph::Allocate(ggml_gallocr_t allocator, ggml_backend_t backend,
                          const Transcripts& transcripts) {
  for (int i = 0; i < ggml_graph_n_nodes(graph_); ++i) {
    const ggml_tensor* node = ggml_graph_node(graph_, i);
    if (ggml_backend_supports_op(backend, node)) continue;
    throw Error("NATIVE_FAILED", std::string(ggml_backend_name(backend)) + " does not compute " +
                                     ggml_op_desc(node) + " as training needs it");
  }
  if (!ggml_gallocr_alloc_graph(allocator, graph_))
    throw Error("MEMORY_SHORT", "there is not enough memory for a training step");
  const auto begin = size_t(batch_.transcript), n = batch_.tokens.size() - begin;
  std::vector<float> row(static_cast<size_t>(arch_.width));
  for (size_t t = 0; t < n; ++t) {
    model_.Embedding(batch_.tokens[begin + t], row.data());
    ggml_backend_tensor_set(input_, row.data(), t * input_->nb[1], row.size() * sizeof(float));
  }
  const int32_t* positions = batch_.positions.data() + begin;
  ggml_backend_tensor_set(positions_, positions, 0, n * sizeof(int32_t));
  std::vector<int32_t> back(n), rows;
  for (size_t t = 0; t < n; ++t) back[t] = -positions[t];
  if (back_positions_->buffer != nullptr)
    ggml_backend_tensor_set(back_positions_, back.data(), 0, n * sizeof(int32_t));
  for (const Target& target : targets_) rows.push_back(target.row);
  if (rows_ != nullptr)
    ggml_backend_tensor_set(rows_, rows.data(), 0, rows.size() * sizeof(int32_t));
  if (factors_ != nullptr)
    ggml_backend_tensor_set(factors_, arch_.rope_factors.data(), 0,
                            arch_.rope_factors.size() * sizeof(float));
  SetTranscript(transcripts);
  ops_->Upload();
}

void TrainGraph::SetTranscript(const Transcripts& transcripts) {
  size_t at = 0;
  for (const auto& text : TranscriptsOf(batch_)) {
    for (size_t l = 0; l < saved_.size(); ++l) {
      const auto& [keys, values] = transcripts.Read(text, int(l));
      const size_t offset = at * saved_[l].past_k->nb[1], bytes = keys.size() * sizeof(float);
      ggml_backend_tensor_set(saved_[l].past_k, keys.data(), offset, bytes);
      ggml_backend_tensor_set(saved_[l].past_v, values.data(), offset, bytes);
    }
    at += text.size();
  }
}

std::vector<std::string> TrainGraph::Operations() const {
  std::vector<std::string> names;
  for (int i = 0; i < ggml_graph_n_nodes(graph_); ++i)
    names.push_back(ggml_op_desc(ggml_graph_node(graph_, i)));
  return names;
}

std::vector<float> TrainGraph::Logits() const {
  std::vector<float> all;
  for (const ggml_tensor* logits : logits_) {
    const auto some = NumbersOf(logits);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::vector<float> TrainGraph::NumbersOf(const ggml_tensor* tensor) {
  std::vector<float> numbers(static_cast<size_t>(ggml_nelements(tensor)));
  ggml_backend_tensor_get(tensor, numbers.data(), 0, ggml_nbytes(tensor));
  return numbers;
}

}  // namespace dramatis::train
