#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/adapter.h"
#include "core/bank/factors.h"
#include "core/bank/matrix_writer.h"
#include "core/model.h"
#include "ggml-cpp.h"

namespace dramatis::bank {

// How the sums are computed: by one node of our own for a matrix, on a CPU; or by plain products of
// ggml over all slots at once, on any back-end.
enum class Form { kFused, kStacked };

// src/engine/model.ts has the numbers that are in force.
struct BankOptions {
  int slots = 8;  // adapters that are resident at once
  int rank =
      64;  // the highest that is taken; every slot of the stacked form takes the memory for it
  std::string form;       // "fused", "stacked", or empty: fused where the model has the CPU alone
  std::string precision;  // "f32", "bf16" (fused only), "f16" (stacked only), or empty: half
};

class SlotLease;

// The adapters of one model that are resident, in slots. A graph names them by slot, so that
// loading, unloading or changing one changes no graph. Slot 0 is the model alone.
//
// Used by all contexts of a model, of all environments: slots change with Compute's mutex held,
// never during a step.
class AdapterBank : public std::enable_shared_from_this<AdapterBank> {
 public:
  static constexpr int kPairs =
      5;  // what acts on one token at once: four LoRAs and a control vector

  // One adapted matrix and what the slots hold for it: its nodes refer to this.
  struct Matrix {
    ggml_tensor* w = nullptr;
    std::vector<const Factors*> factors;  // fused: by slot; null adds nothing
    ggml_tensor* a = nullptr;             // stacked: in × (slots · rank)
    ggml_tensor* b = nullptr;             // stacked: (slots · rank) × out
  };

  // The residual stream after one layer, and what the slots add to it.
  struct Layer {
    std::vector<std::vector<float>> directions;  // fused: by slot; an empty one adds nothing
    ggml_tensor* stacked = nullptr;              // stacked: slots × width
    std::atomic<double> seconds{0};              // fused: that one thread has spent adding
  };

  // Takes a reference to the model's own tensors; `model` outlives the bank, which belongs to it.
  // Throws MEMORY_SHORT; USAGE for the fused form in a model that has a device.
  AdapterBank(llama_model* model, const BankOptions& options);
  ~AdapterBank();

  // Why an adapter cannot act on this model; empty if it can.
  std::string Incompatibility(const Adapter& adapter) const;

  // A lease of an adapter's slot. A slot that nobody leases may go to another adapter, the one used
  // longest ago first. Throws MEMORY_SHORT if all are held, ADAPTER_MISMATCH.
  std::shared_ptr<SlotLease> Take(const std::shared_ptr<Adapter>& adapter);
  // Loads a part of the adapter of a lease, some milliseconds; whether all of it is there. Until
  // then it acts in part.
  bool Load(const SlotLease& lease);

  // What `w` gets added, or null if nothing ever is.
  const Matrix* Find(const ggml_tensor* w) const;

  // What is added after a layer; null until a control vector takes its first lease.
  const Layer* After(int layer) const;

  Form form() const { return form_; }
  int slots() const { return slots_; }  // with slot 0
  int rank() const { return rank_; }
  size_t matrices() const { return matrices_.size(); }
  size_t layers() const { return layers_.size(); }
  const Kernels& kernels() const { return kernels_; }
  size_t bytes() const;                  // of the resident adapters; stacked: of all slots
  int resident() const;                  // adapters
  int loads() const { return loads_; }   // since the beginning
  double seconds_of_directions() const;  // since the beginning, of one thread; fused only

 private:
  friend class SlotLease;

  struct Slot {
    const Adapter* adapter = nullptr;  // who is resident; never looked into
    std::weak_ptr<Adapter> alive;
    std::weak_ptr<SlotLease> lease;
    uint64_t used = 0;
    std::vector<std::string> missing;  // matrices of the adapter that are not loaded yet
    int ranks = 0;                     // stacked: rows of each A that may not be zero
    bool directions = false;           // whether columns of the layers may not be zero
    std::vector<std::unique_ptr<Factors>> factors;  // fused: by matrix
  };

  int FreeSlot() const;
  void LoadMatrix(int slot, const Adapter& adapter, const std::string& name);
  void Clear(int slot);
  void Allocate();
  void AllocateLayers();
  // Into a slot that adds nothing: what it adds after the layers.
  void SetDirections(int slot, const Adapter& adapter);

  llama_model* const model_;
  const Form form_;
  const int slots_;
  const int rank_;
  const ggml_type stacked_type_;
  const Precision precision_;
  const Kernels& kernels_;
  std::vector<std::unique_ptr<Matrix>> matrices_;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::unordered_map<const ggml_tensor*, Matrix*> by_tensor_;
  std::unordered_map<std::string, size_t> by_name_;
  std::vector<Slot> table_;
  std::vector<ggml_context_ptr> contexts_;
  std::vector<ggml_backend_buffer_ptr> buffers_;
  std::vector<float> a_, b_;  // what is being loaded
  MatrixWriter writer_;
  uint64_t clock_ = 0;
  int loads_ = 0;
};

// Keeps an adapter in its slot for as long as a session uses it.
class SlotLease {
 public:
  SlotLease(std::shared_ptr<AdapterBank> bank, std::shared_ptr<Adapter> adapter, int slot)
      : bank_(std::move(bank)), adapter_(std::move(adapter)), slot_(slot) {}
  int slot() const { return slot_; }
  const Adapter& adapter() const { return *adapter_; }

 private:
  std::shared_ptr<AdapterBank> bank_;
  std::shared_ptr<Adapter> adapter_;
  const int slot_;
};

}  // namespace dramatis::bank
