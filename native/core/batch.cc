#include "core/batch.h"

#include <string>

#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"
#include "core/model.h"

namespace dramatis {

void Batch::Add(llama_token token, llama_pos position, const std::vector<llama_seq_id>& sequences,
                bool output) {
  tokens_.push_back(token);
  positions_.push_back(position);
  sequences_.insert(sequences_.end(), sequences.begin(), sequences.end());
  counts_.push_back(int32_t(sequences.size()));
  outputs_.push_back(output);
}

llama_batch Batch::View() {
  const size_t n = tokens_.size();
  pointers_.resize(n);
  size_t first = 0;
  for (size_t i = 0; i < n; ++i) {
    pointers_[i] = &sequences_[first];
    first += size_t(counts_[i]);
  }
  llama_batch view{};
  view.n_tokens = int32_t(n);
  view.token = tokens_.data();
  view.pos = positions_.data();
  view.n_seq_id = counts_.data();
  view.seq_id = pointers_.data();
  view.logits = outputs_.data();
  return view;
}

void Batch::Run(const Model& model, llama_context* context, ThreadGovernor::Kind kind,
                const std::function<void()>& undo) {
  TakeLoggedError();
  const int status = model.servers().Computing([&] {
    return Compute::Get().Step(context, kind, size(), [&] {
      const int result = llama_decode(context, View());
      llama_synchronize(context);  // a GPU works on: the step ends when its result is there
      if (result != 0) undo();
      return result;
    });
  });
  if (status == 0) return;
  if (status == 1) throw Error("WINDOW_EXCEEDED", "the window has no room for this step");
  throw Error("NATIVE_FAILED",
              "llama_decode failed (" + std::to_string(status) + "): " + TakeLoggedError());
}

}  // namespace dramatis
