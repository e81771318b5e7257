#include "core/bank/adapter_bank.h"

#include <algorithm>
#include <map>

#include "core/compute.h"
#include "core/error.h"
#include "llama-adapter.h"
#include "llama-model.h"

namespace dramatis::bank {
namespace {

// The matrices that llama.cpp multiplies with for every token of a dense model: the others'
// products (of experts, of the vocabulary) are no part of an adapter here.
const char* const kNames[] = {"attn_q",      "attn_k",   "attn_v", "attn_qkv",
                              "attn_output", "ffn_gate", "ffn_up", "ffn_down"};

bool IsAdaptable(const std::string& name, const ggml_tensor* tensor) {
  if (name.rfind("blk.", 0) != 0 || ggml_n_dims(tensor) != 2) return false;
  const size_t dot = name.find('.', 4);
  return std::any_of(std::begin(kNames), std::end(kNames), [&](const char* known) {
    return name.compare(dot + 1, std::string::npos, std::string(known) + ".weight") == 0;
  });
}

ggml_backend_buffer_type_t HostBuffers() {
  return ggml_backend_dev_buffer_type(ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU));
}

bool IsOnCpu(const ggml_tensor* tensor) {
  ggml_backend_dev_t device =
      ggml_backend_buft_get_device(ggml_backend_buffer_get_type(tensor->buffer));
  return device == nullptr || ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU;
}

std::vector<ggml_tensor*> AdaptableOf(const llama_model* model) {
  std::vector<ggml_tensor*> found;
  for (const auto& [name, tensor] : model->tensors_by_name)
    if (IsAdaptable(name, tensor)) found.push_back(tensor);
  return found;
}

// A fused node writes into its operand where that lies, and on the CPU. With a device in the
// context, ggml's scheduler may compute the operand there, even of a matrix that lies in host
// memory (llama.cpp's op_offload, from 32 tokens on), and the node would write through a pointer of
// the device. Hence fused nodes act only in models that were opened without any device.
Form FormFor(const llama_model* model, const std::string& wanted) {
  const bool has_devices = !model->devices.empty();
  if (wanted == "fused" && has_devices) {
    throw Error("USAGE",
                "adapters in the form \"fused\" act on the CPU alone, and this model has " +
                    std::to_string(model->devices.size()) +
                    " other device(s): open it with no layers on the GPU, or take the "
                    "form \"stacked\"");
  }
  if (wanted == "fused") return Form::kFused;
  return has_devices || wanted == "stacked" ? Form::kStacked : Form::kFused;
}

// A tensor's numbers, into `values`, which is made no smaller: it is filled for hundreds of tensors
// in turn.
void Read(const ggml_tensor* tensor, std::vector<float>& values) {
  std::vector<uint8_t> copy;
  const void* raw = tensor->data;
  if (!ggml_backend_buffer_is_host(tensor->buffer)) {
    copy.resize(ggml_nbytes(tensor));
    ggml_backend_tensor_get(tensor, copy.data(), 0, copy.size());
    raw = copy.data();
  }
  const size_t n = size_t(ggml_nelements(tensor));
  if (values.size() < n) values.resize(n);
  if (tensor->type == GGML_TYPE_F32) {
    std::copy_n(static_cast<const float*>(raw), n, values.data());
  } else if (tensor->type == GGML_TYPE_F16) {
    BestKernels().widen(n, static_cast<const uint16_t*>(raw), values.data());
  } else {
    ggml_get_type_traits(tensor->type)->to_float(raw, values.data(), int64_t(n));
  }
}

std::vector<uint8_t> As(ggml_type type, const float* values, size_t n) {
  std::vector<uint8_t> raw(n * ggml_type_size(type));
  if (type == GGML_TYPE_F32) {
    std::copy_n(reinterpret_cast<const uint8_t*>(values), raw.size(), raw.data());
  } else {
    ggml_fp32_to_fp16_row(values, reinterpret_cast<ggml_fp16_t*>(raw.data()), int64_t(n));
  }
  return raw;
}

}  // namespace

AdapterBank::AdapterBank(llama_model* model, const BankOptions& options)
    : model_(model),
      form_(FormFor(model, options.form)),
      slots_(options.slots + 1),
      rank_(std::min(options.rank, kMaxRank)),
      stacked_type_(options.precision == "f32" ? GGML_TYPE_F32 : GGML_TYPE_F16),
      precision_(options.precision == "f32" ? Precision::kF32 : Precision::kBf16),
      kernels_(BestKernels()),
      table_(size_t(slots_)) {
  for (ggml_tensor* tensor : AdaptableOf(model)) {
    auto matrix = std::make_unique<Matrix>();
    matrix->w = tensor;
    matrix->factors.resize(size_t(slots_));
    by_tensor_[tensor] = matrix.get();
    by_name_[tensor->name] = matrices_.size();
    matrices_.push_back(std::move(matrix));
  }
  for (Slot& slot : table_) slot.factors.resize(matrices_.size());
  if (form_ == Form::kStacked) Allocate();
}

AdapterBank::~AdapterBank() = default;

// One buffer for each kind of memory that the matrices are in; all zeros, so that a slot adds
// nothing until it is filled.
void AdapterBank::Allocate() {
  std::map<ggml_backend_buffer_type_t, ggml_context*> contexts;
  for (const auto& matrix : matrices_) {
    const auto type =
        IsOnCpu(matrix->w) ? HostBuffers() : ggml_backend_buffer_get_type(matrix->w->buffer);
    ggml_context*& context = contexts[type];
    if (context == nullptr) {
      context = ggml_init({2 * matrices_.size() * ggml_tensor_overhead(), nullptr, true});
      contexts_.emplace_back(context);
    }
    const int64_t ranks = int64_t(slots_ - 1) * rank_;
    matrix->a = ggml_new_tensor_2d(context, stacked_type_, matrix->w->ne[0], ranks);
    matrix->b = ggml_new_tensor_2d(context, stacked_type_, ranks, matrix->w->ne[1]);
  }
  for (const auto& [type, context] : contexts) {
    ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors_from_buft(context, type));
    if (!buffer) {
      throw Error("MEMORY_SHORT", "there is not enough memory for " + std::to_string(slots_ - 1) +
                                      " adapters of rank " + std::to_string(rank_));
    }
    ggml_backend_buffer_clear(buffer.get(), 0);
    buffers_.push_back(std::move(buffer));
  }
}

void AdapterBank::AllocateLayers() {
  const int64_t width = llama_model_n_embd(model_);
  layers_.resize(size_t(llama_model_n_layer(model_)));
  std::map<ggml_backend_buffer_type_t, ggml_context*> contexts;
  for (size_t i = 0; i < layers_.size(); ++i) {
    layers_[i] = std::make_unique<Layer>();
    layers_[i]->directions.resize(size_t(slots_));
    if (form_ == Form::kFused) continue;
    ggml_backend_dev_t device = model_->dev_layer(int(i));
    ggml_context*& context =
        contexts[device == nullptr ? HostBuffers() : ggml_backend_dev_buffer_type(device)];
    if (context == nullptr) {
      context = ggml_init({layers_.size() * ggml_tensor_overhead(), nullptr, true});
      contexts_.emplace_back(context);
    }
    layers_[i]->stacked = ggml_new_tensor_2d(context, GGML_TYPE_F32, slots_ - 1, width);
  }
  for (const auto& [type, context] : contexts) {
    ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors_from_buft(context, type));
    if (!buffer) throw Error("MEMORY_SHORT", "there is not enough memory for control vectors");
    ggml_backend_buffer_clear(buffer.get(), 0);
    buffers_.push_back(std::move(buffer));
  }
}

void AdapterBank::SetDirections(int slot, const Adapter& adapter) {
  table_[size_t(slot)].directions |= !adapter.directions().empty();
  for (const auto& [layer, values] : adapter.directions()) {
    Layer& here = *layers_[size_t(layer)];
    if (here.stacked == nullptr) {
      here.directions[size_t(slot)] = values;
      continue;
    }
    writer_.SetColumns(here.stacked, slot - 1, 1, values.data());
  }
  writer_.Flush();
}

std::string AdapterBank::Incompatibility(const Adapter& adapter) const {
  for (const auto& [name, pair] : adapter.get()->ab_map) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
      return "it changes \"" + name + "\", and no adapter of that is supported here";
    const int64_t rank = pair.b->ne[0];
    if (rank > rank_) {
      return "its rank is " + std::to_string(rank) + " and the highest that the bank takes " +
             std::to_string(rank_);
    }
  }
  return "";
}

std::shared_ptr<SlotLease> AdapterBank::Take(const std::shared_ptr<Adapter>& adapter) {
  std::lock_guard<std::mutex> lock(Compute::Get().mutex());
  for (int slot = 1; slot < slots_; ++slot) {
    Slot& here = table_[size_t(slot)];
    if (here.adapter != adapter.get() || here.alive.expired()) continue;
    here.used = ++clock_;
    if (auto lease = here.lease.lock()) return lease;
    auto lease = std::make_shared<SlotLease>(shared_from_this(), adapter, slot);
    here.lease = lease;
    return lease;
  }
  const std::string why = Incompatibility(*adapter);
  if (!why.empty()) throw Error("ADAPTER_MISMATCH", "the adapter is incompatible: " + why);
  if (!adapter->directions().empty() && layers_.empty()) AllocateLayers();
  const int slot = FreeSlot();
  Clear(slot);
  SetDirections(slot, *adapter);
  ++loads_;
  auto lease = std::make_shared<SlotLease>(shared_from_this(), adapter, slot);
  Slot& here = table_[size_t(slot)];
  for (const auto& [name, pair] : adapter->get()->ab_map) here.missing.push_back(name);
  here.adapter = adapter.get();
  here.alive = adapter;
  here.lease = lease;
  here.used = ++clock_;
  return lease;
}

int AdapterBank::FreeSlot() const {
  int best = 0;
  for (int slot = 1; slot < slots_; ++slot) {
    const Slot& here = table_[size_t(slot)];
    if (!here.lease.expired()) continue;
    if (here.alive.expired()) return slot;  // empty, or its adapter is gone
    if (best == 0 || here.used < table_[size_t(best)].used) best = slot;
  }
  if (best == 0) {
    throw Error("MEMORY_SHORT", "all " + std::to_string(slots_ - 1) +
                                    " slots of the bank hold adapters that sessions use");
  }
  return best;
}

// What nobody has written since the buffers were made is zero.
void AdapterBank::Clear(int slot) {
  Slot& here = table_[size_t(slot)];
  here.missing.clear();
  for (size_t i = 0; i < matrices_.size(); ++i) {
    Matrix& matrix = *matrices_[i];
    matrix.factors[size_t(slot)] = nullptr;
    here.factors[i].reset();
    if (form_ != Form::kStacked || here.ranks == 0) continue;
    const size_t row = ggml_row_size(stacked_type_, matrix.w->ne[0]);
    ggml_backend_tensor_memset(matrix.a, 0, size_t(slot - 1) * size_t(rank_) * row,
                               size_t(here.ranks) * row);
  }
  here.ranks = 0;
  for (const auto& layer : layers_) {
    layer->directions[size_t(slot)].clear();
    if (layer->stacked == nullptr || !here.directions) continue;
    writer_.SetColumns(layer->stacked, slot - 1, 1,
                       std::vector<float>(size_t(layer->stacked->ne[1])).data());
  }
  writer_.Flush();
  here.directions = false;
}

bool AdapterBank::Load(const SlotLease& lease) {
  constexpr int64_t kNumbers = 1 << 20;  // a part; some 3 ms
  std::lock_guard<std::mutex> lock(Compute::Get().mutex());
  Slot& here = table_[size_t(lease.slot())];
  for (int64_t done = 0; done < kNumbers && !here.missing.empty();) {
    const auto& pair = lease.adapter().get()->ab_map.at(here.missing.back());
    LoadMatrix(lease.slot(), lease.adapter(), here.missing.back());
    done += ggml_nelements(pair.a) + ggml_nelements(pair.b);
    here.missing.pop_back();
  }
  writer_.Flush();
  return here.missing.empty();
}

// With A zero nothing of B acts, so that only the rows that an adapter has are written.
void AdapterBank::LoadMatrix(int slot, const Adapter& adapter, const std::string& name) {
  const llama_adapter_lora& lora = *adapter.get();
  const auto& pair = lora.ab_map.at(name);
  const size_t index = by_name_.at(name);
  Matrix& matrix = *matrices_[index];
  const int in = int(pair.a->ne[0]), rank = int(pair.b->ne[0]), out = int(pair.b->ne[1]);
  const float scale = pair.get_scale(lora.alpha, 1);
  Read(pair.a, a_);
  Read(pair.b, b_);
  if (form_ == Form::kFused) {
    auto factors =
        std::make_unique<Factors>(precision_, in, out, rank, a_.data(), b_.data(), scale);
    matrix.factors[size_t(slot)] = factors.get();
    table_[size_t(slot)].factors[index] = std::move(factors);
    return;
  }
  const size_t b_size = size_t(rank) * size_t(out);
  for (size_t i = 0; i < b_size; ++i) b_[i] *= scale;
  const size_t first = size_t(slot - 1) * size_t(rank_);
  const auto a_raw = As(stacked_type_, a_.data(), size_t(in) * size_t(rank));
  const auto b_raw = As(stacked_type_, b_.data(), b_size);
  table_[size_t(slot)].ranks = std::max(table_[size_t(slot)].ranks, rank);
  writer_.SetRows(matrix.a, first * matrix.a->nb[1], a_raw.data(), a_raw.size());
  writer_.SetColumns(matrix.b, int(first), rank, b_raw.data());
}

const AdapterBank::Matrix* AdapterBank::Find(const ggml_tensor* w) const {
  const auto found = by_tensor_.find(w);
  return found == by_tensor_.end() ? nullptr : found->second;
}

const AdapterBank::Layer* AdapterBank::After(int layer) const {
  return size_t(layer) < layers_.size() ? layers_[size_t(layer)].get() : nullptr;
}

double AdapterBank::seconds_of_directions() const {
  double seconds = 0;
  for (const auto& layer : layers_) seconds += layer->seconds;
  return seconds;
}

size_t AdapterBank::bytes() const {
  size_t bytes = 0;
  for (const auto& buffer : buffers_) bytes += ggml_backend_buffer_get_size(buffer.get());
  for (const Slot& slot : table_)
    for (const auto& factors : slot.factors) bytes += factors ? factors->bytes() : 0;
  for (const auto& layer : layers_)
    for (const auto& direction : layer->directions) bytes += direction.size() * sizeof(float);
  return bytes;
}

int AdapterBank::resident() const {
  return int(std::count_if(table_.begin(), table_.end(),
                           [](const Slot& slot) { return !slot.alive.expired(); }));
}

}  // namespace dramatis::bank
