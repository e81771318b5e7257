#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/thread_governor.h"
#include "core/train/batch.h"
#include "core/train/lora.h"
#include "core/train/ops.h"
#include "core/train/train_model.h"
#include "core/train/transcripts.h"
#include "ggml-alloc.h"
#include "ggml-cpp.h"

namespace dramatis::train {

// What is trained, and how it is put on the model.
struct Adaptation {
  std::vector<Lora> loras;
  // Index into loras of each matrix of each layer, or -1.
  std::vector<std::array<int, kMatrices>> of_layer;
  int first_layer = 0;
  float scale = 1;    // alpha / rank
  float dropout = 0;  // share of an adapter's inputs that is left out
};

// The way there and back for one batch: a ggml graph whose memory is planned as a whole, cut into
// slices that take milliseconds. Reads the adaptation's factors and adds to its gradients.
//
// Of a batch with a transcript only what comes after it goes through the graph; keys and values of
// the transcript are its inputs, computed by a graph of mode kRead: the way there without the
// adaptation, to the last layer's keys.
class TrainGraph {
 public:
  enum Mode { kLoss, kGradient, kLogits, kRead };

  // In what operations the nodes of a graph are made.
  using MakeOps = std::function<std::unique_ptr<Ops>(ggml_context*, ggml_cgraph*)>;

  // `noise`: what is left out follows from it. All must outlive this.
  TrainGraph(const TrainModel& model, Adaptation& adaptation, const MakeOps& make_ops,
             TrainBatch batch, Mode mode, uint64_t noise);

  // Puts the graph, and what it reads, into memory that no other graph is using. `transcripts` has
  // the texts of the batch's transcript. Throws MEMORY_SHORT, NATIVE_FAILED where the back-end
  // lacks an operation.
  void Allocate(ggml_gallocr_t allocator, ggml_backend_t backend, const Transcripts& transcripts);

  struct Slice {
    ggml_cgraph* graph;
    ThreadGovernor::Kind kind;
    int cost;  // millions of floating-point operations; 0: not to be compared
  };
  const std::vector<Slice>& slices() const { return slices_; }

  // To be called when all slices have run: gradients are added and losses known then.
  void Finish() { ops_->Collect(); }
  // The name that ggml has for the operation of each node, in order.
  std::vector<std::string> Operations() const;

  // Negative log-likelihood of each target in nats, once finished.
  const std::vector<float>& nll() const { return nll_; }
  // In mode kLogits: vocabulary numbers for each target.
  std::vector<float> Logits() const;
  // In mode kRead: of each token of the batch, kv_heads · head numbers.
  std::vector<float> Keys(int layer) const { return NumbersOf(saved_[size_t(layer)].k); }
  std::vector<float> Values(int layer) const { return NumbersOf(saved_[size_t(layer)].v); }

 private:
  struct Saved {
    ggml_tensor *past_k, *past_v;  // of the transcript, if there is one
    ggml_tensor *x, *q_raw, *k_raw, *q, *k, *v, *attention, *mixed, *x1, *gate, *up, *fed;
    ggml_tensor* u[kMatrices];
  };

  static std::vector<float> NumbersOf(const ggml_tensor* tensor);
  void SetTranscript(const Transcripts& transcripts);

  void Forward();
  void Head();
  void Backward();
  void BackwardFeedForward(int layer);
  void BackwardAttention(int layer);
  // Cuts what was built since the last cut.
  void Cut(ThreadGovernor::Kind kind, bool compared);

  // None in mode kRead.
  Lora* LoraOf(int layer, int matrix);
  // Rows of the transcript and those of the batch after it.
  ggml_tensor* AfterTranscript(ggml_tensor* past, ggml_tensor* own);
  // What the matrix gives for x, the adapter's part included; keeps the low-rank input.
  ggml_tensor* Apply(int layer, Matrix matrix, ggml_tensor* x, Saved& saved);
  // Adds to the gradients of a matrix' factors, and gives that of its input (added to `into`), if
  // wanted.
  ggml_tensor* ApplyBack(int layer, Matrix matrix, ggml_tensor* x, ggml_tensor* d,
                         ggml_tensor* into, bool wants_input = true);
  ggml_tensor* Gated(const Saved& saved);
  ggml_tensor* Turn(ggml_tensor* x, int layer, bool back);
  uint64_t NoiseOf(int layer, Matrix matrix) const;

  const TrainModel& model_;
  const Architecture& arch_;
  Adaptation& adaptation_;
  const TrainBatch batch_;
  std::vector<Target> targets_;  // rows counted from the end of the transcript
  const Mode mode_;
  const uint64_t noise_;
  Ops::Sight sight_, local_sight_;

  ggml_context_ptr context_;
  std::unique_ptr<Ops> ops_;
  ggml_cgraph* graph_ = nullptr;
  ggml_tensor *input_ = nullptr, *positions_ = nullptr, *back_positions_ = nullptr,
              *rows_ = nullptr, *factors_ = nullptr;
  ggml_tensor* slope_ = nullptr;  // of the residual stream, while the way back is built
  std::vector<Saved> saved_;
  std::vector<Slice> slices_;
  int cut_ = 0;  // nodes that are in slices
  std::vector<ggml_tensor*> logits_;
  std::vector<float> nll_;
};

}  // namespace dramatis::train
