#include "core/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/compute.h"
#include "core/error.h"
#include "core/train/cpu_ops.h"
#include "core/train/portable_ops.h"

namespace dramatis::train {
namespace {

const Kernels& Chosen(const std::string& name) {
  if (name.empty()) return BestKernels();
  const Kernels* kernels = KernelsNamed(name);
  if (kernels == nullptr)
    throw Error("NATIVE_FAILED", "this CPU does not run the kernels \"" + name + "\"");
  return *kernels;
}

// BF16 unless the other is asked for: every set takes it, at half the memory.
PackedMatrix::Type TypeOf(const std::string& precision) {
  return precision == "f32" ? PackedMatrix::Type::kF32 : PackedMatrix::Type::kBf16;
}

bool Fits(const TrainBatch& batch, int vocabulary) {
  const auto n = int32_t(batch.tokens.size()), transcript = batch.transcript;
  if (batch.targets.empty() || batch.positions.size() != size_t(n) ||
      batch.first.size() != size_t(n) || batch.context.size() != size_t(n) || transcript < 0 ||
      transcript >= n)
    return false;
  for (int32_t t = 0; t < n; ++t) {
    const Span& context = batch.context[size_t(t)];
    const int32_t first = batch.first[size_t(t)], position = batch.positions[size_t(t)];
    const int32_t token = batch.tokens[size_t(t)];
    if (token < 0 || token >= vocabulary || position < 0 || first < 0 || first > t ||
        context.begin < 0 || context.begin > context.end || context.end > first)
      return false;
    if (t >= transcript) {
      if (transcript > 0 && (first < transcript || context.end > transcript)) return false;
    } else if (position != t - first || context.begin != context.end ||
               (first != t && first != batch.first[size_t(t) - 1])) {
      return false;
    }
  }
  std::vector<bool> taken(static_cast<size_t>(n));
  for (const Target& target : batch.targets) {
    if (target.row < transcript || target.row >= n || target.token < 0 ||
        target.token >= vocabulary || taken[size_t(target.row)])
      return false;
    taken[size_t(target.row)] = true;
  }
  return true;
}

std::string NothingToTrain(const TrainerOptions& options, int last) {
  std::string given = "rank " + std::to_string(options.rank) + ", layers " +
                      std::to_string(options.first_layer) + "–" + std::to_string(last);
  if ((options.matrices & 0x7fu) == 0) given += ", no matrix selected";
  if (options.dropout < 0 || options.dropout >= 1)
    given += ", dropout " + std::to_string(options.dropout) + " (0 to below 1)";
  return given + ": nothing to train";
}

}  // namespace

Trainer::Trainer(const std::string& path, const TrainerOptions& options,
                 const std::vector<FixedLora>& fixed)
    : kernels_(Chosen(options.kernels)),
      precision_(TypeOf(options.precision) == PackedMatrix::Type::kBf16 ? "bf16" : "f32"),
      model_(path, TypeOf(options.precision), options.first_layer, fixed),
      transcripts_(model_.architecture().layers,
                   model_.architecture().kv_heads * model_.architecture().head) {
  const int layers = model_.architecture().layers;
  const int last = options.last_layer < 0 ? layers - 1 : options.last_layer;
  if (last >= layers)
    throw Error("USAGE", "layers " + std::to_string(options.first_layer) + "–" +
                             std::to_string(last) + ": the model has layers 0–" +
                             std::to_string(layers - 1));
  if (options.rank < 1 || options.first_layer < 0 || options.first_layer > last ||
      (options.matrices & 0x7fu) == 0 || options.dropout < 0 || options.dropout >= 1)
    throw Error("NATIVE_FAILED", NothingToTrain(options, last));
  adaptation_.scale = options.scale;
  adaptation_.dropout = options.dropout;
  adaptation_.first_layer = options.first_layer;
  adaptation_.of_layer.resize(size_t(layers));
  for (int l = 0; l < layers; ++l) {
    for (int m = 0; m < kMatrices; ++m) {
      int& index = adaptation_.of_layer[size_t(l)][size_t(m)];
      index = -1;
      if (l < options.first_layer || l > last || !(options.matrices >> m & 1u)) continue;
      index = int(adaptation_.loras.size());
      adaptation_.loras.emplace_back("blk." + std::to_string(l) + "." + kMatrixNames[m] + ".weight",
                                     model_.In(Matrix(m)), model_.Out(Matrix(m)), options.rank);
    }
  }
  is_portable_ = !options.device.empty();
  backend_ = is_portable_ ? Compute::Get().Backend(options.device) : Compute::Get().CpuBackend();
  allocator_.reset(ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend_.get())));
}

void Trainer::Reset(uint64_t seed) {
  for (size_t i = 0; i < adaptation_.loras.size(); ++i)
    adaptation_.loras[i].Reset(seed * 1000003u + i);
  steps_ = 0;
}

void Trainer::Begin(TrainBatch batch, TrainGraph::Mode mode, uint64_t noise) {
  if (model_.loaded() < 1) throw Error("NATIVE_FAILED", "the trainer's weights are not ready");
  if (!Fits(batch, model_.architecture().vocabulary))
    throw Error("NATIVE_FAILED", "a training batch does not fit together");
  graph_.reset();
  waiting_.reset();
  transcripts_.Trim();
  reading_ = TranscriptsOf(batch);
  const auto is_read = [this](const Text& text) { return transcripts_.Has(text); };
  reading_.erase(std::remove_if(reading_.begin(), reading_.end(), is_read), reading_.end());
  Pass pass{std::move(batch), mode, noise};
  if (reading_.empty()) return Plan(std::move(pass));
  waiting_ = std::move(pass);
  Plan({ToRead(reading_), TrainGraph::kRead, 0});
}

void Trainer::Plan(Pass pass) {
  const auto make_ops = [this](ggml_context* context, ggml_cgraph* graph) {
    return MakeOps(context, graph);
  };
  graph_.reset();
  graph_ = std::make_unique<TrainGraph>(model_, adaptation_, make_ops, std::move(pass.batch),
                                        pass.mode, pass.noise);
  graph_->Allocate(allocator_.get(), backend_.get(), transcripts_);
  next_slice_ = 0;
}

void Trainer::Finish() {
  graph_->Finish();
  if (!waiting_) return;
  for (int l = 0; l < model_.architecture().layers; ++l) {
    const auto keys = graph_->Keys(l), values = graph_->Values(l);
    size_t from = 0;
    for (const Text& text : reading_) {
      transcripts_.Add(text, l, keys, values, from);
      from += text.size();
    }
  }
  Pass pass = std::move(*waiting_);
  waiting_.reset();
  Plan(std::move(pass));
}

std::unique_ptr<Ops> Trainer::MakeOps(ggml_context* context, ggml_cgraph* graph) {
  if (!is_portable_) return std::make_unique<CpuOps>(context, kernels_);
  if (!weights_) weights_ = std::make_unique<DeviceWeights>(model_, backend_.get());
  return std::make_unique<PortableOps>(context, graph, *weights_);
}

const TrainGraph& Trainer::graph() const {
  if (!graph_ || waiting_) throw Error("NATIVE_FAILED", "no pass over a batch was begun");
  return *graph_;
}

bool Trainer::Continue(double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  if (!graph_) throw Error("NATIVE_FAILED", "no pass over a batch was begun");
  do {
    if (next_slice_ == graph_->slices().size()) return true;
    const TrainGraph::Slice& slice = graph_->slices()[next_slice_++];
    Compute::Get().Run(backend_.get(), slice.graph, slice.kind, slice.cost);
    if (next_slice_ == graph_->slices().size()) Finish();
  } while (Clock::now() < until);
  return next_slice_ == graph_->slices().size();
}

double Trainer::Step(const AdamWOptions& options) {
  return AdamWStep(adaptation_.loras, options, ++steps_, kernels_);
}

std::vector<float> Trainer::Save() const {
  std::vector<float> state;
  for (const Lora& lora : adaptation_.loras)
    for (const auto* part : {&lora.a, &lora.b, &lora.m_a, &lora.m_b, &lora.v_a, &lora.v_b})
      state.insert(state.end(), part->begin(), part->end());
  return state;
}

void Trainer::Restore(const std::vector<float>& state, int64_t steps) {
  size_t wanted = 0;
  for (const Lora& lora : adaptation_.loras) wanted += 3 * (lora.a.size() + lora.b.size());
  if (state.size() != wanted)
    throw Error("NATIVE_FAILED", "the saved state is not of this training");
  auto from = state.begin();
  for (Lora& lora : adaptation_.loras) {
    for (auto* part : {&lora.a, &lora.b, &lora.m_a, &lora.m_b, &lora.v_a, &lora.v_b}) {
      std::copy(from, from + ptrdiff_t(part->size()), part->begin());
      from += ptrdiff_t(part->size());
    }
    lora.ClearGradients();
  }
  steps_ = steps;
}

void Trainer::ClearGradients() {
  for (Lora& lora : adaptation_.loras) lora.ClearGradients();
}

}  // namespace dramatis::train
