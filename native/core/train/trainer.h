#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/train/device_weights.h"
#include "core/train/train_graph.h"
#include "core/train/transcripts.h"

namespace dramatis::train {

struct TrainerOptions {
  int rank = 16;
  float scale = 2;  // alpha / rank, or alpha / √rank
  float dropout = 0;
  int first_layer = 0;
  int last_layer = -1;       // -1: the model's last
  unsigned matrices = 0x7f;  // bits in the order of Matrix
  std::string precision;     // "f32", "bf16", or empty: bf16
  std::string kernels;       // of KernelsNamed; empty: the fastest
  // Of Compute::Devices: passes are computed there, in portable operations. Empty: on the CPU, by
  // kernels of our own.
  std::string device;
};

// Trains a LoRA adapter for a GGUF model, beside whatever else uses the model: it has weights of
// its own, made from the same file. Every call is one bounded step. Not thread safe.
class Trainer {
 public:
  // Throws MODEL_UNREADABLE, ADAPTER_MISMATCH.
  Trainer(const std::string& path, const TrainerOptions& options,
          const std::vector<FixedLora>& fixed = {});

  // Makes a part of the weights ready; false when all are. Nothing else works before.
  bool LoadMore() { return model_.LoadMore(); }
  double loaded() const { return model_.loaded(); }

  // Fresh factors: the adapter does nothing yet.
  void Reset(uint64_t seed);

  // Begins a pass over a batch; what an unfinished one did is lost, gradients of its own included
  // only where they were added already, so the caller clears them. A transcript that was not read
  // before is read first. Throws NATIVE_FAILED for a batch that does not fit the model, or for a
  // device that lacks an operation; MEMORY_SHORT.
  void Begin(TrainBatch batch, TrainGraph::Mode mode, uint64_t noise = 0);
  // Goes on for about `seconds`; true when the pass is over. Throws NATIVE_FAILED.
  bool Continue(double seconds);
  const std::vector<float>& nll() const { return graph().nll(); }
  // The pass begun last. Throws NATIVE_FAILED if none was, or if it is still reading.
  const TrainGraph& graph() const;

  // One AdamW step on what the passes since the last one added up; returns the gradient's norm.
  double Step(const AdamWOptions& options);
  void ClearGradients();

  std::vector<Lora>& loras() { return adaptation_.loras; }
  const TrainModel& model() const { return model_; }
  const Transcripts& transcripts() const { return transcripts_; }
  const char* precision() const { return precision_; }
  const char* kernels() const { return kernels_.name; }
  float scale() const { return adaptation_.scale; }

  // Factors and AdamW's moments, all of them; and back, as after so many steps. Throws
  // NATIVE_FAILED for a state of another shape.
  std::vector<float> Save() const;
  void Restore(const std::vector<float>& state, int64_t steps);

 private:
  struct Pass {
    TrainBatch batch;
    TrainGraph::Mode mode;
    uint64_t noise;
  };
  void Plan(Pass pass);
  // Of the graph's slices, all have run.
  void Finish();
  std::unique_ptr<Ops> MakeOps(ggml_context* context, ggml_cgraph* graph);

  struct FreeAllocator {
    void operator()(ggml_gallocr_t allocator) const noexcept { ggml_gallocr_free(allocator); }
  };

  const Kernels& kernels_;
  const char* precision_;
  TrainModel model_;
  Adaptation adaptation_;
  ggml_backend_ptr backend_;
  bool is_portable_ = false;
  std::unique_ptr<DeviceWeights> weights_;  // of the portable form; made by the first pass
  std::unique_ptr<ggml_gallocr, FreeAllocator> allocator_;
  std::unique_ptr<TrainGraph> graph_;
  size_t next_slice_ = 0;
  std::optional<Pass> waiting_;  // for the graph at hand to read these texts
  std::vector<Text> reading_;
  Transcripts transcripts_;
  int64_t steps_ = 0;
};

}  // namespace dramatis::train
