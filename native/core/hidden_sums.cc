#include "core/hidden_sums.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/batch.h"
#include "core/compute.h"
#include "core/error.h"
#include "core/log.h"
#include "ggml-backend.h"

namespace dramatis {
namespace {

// llama.cpp's name of the residual stream after a layer, whatever the architecture.
constexpr char kName[] = "l_out-";

struct Sums {
  std::vector<double> rows;     // layers − 1 × width
  std::vector<uint8_t> counts;  // whether a token of the batch does
  std::vector<float> read;
};

int LayerOf(const ggml_tensor* tensor) {
  const size_t length = sizeof(kName) - 1;
  return std::strncmp(tensor->name, kName, length) == 0 ? std::atoi(tensor->name + length) : -1;
}

// Of the last layer only those tokens are there whose logits are wanted.
bool Add(ggml_tensor* tensor, bool is_asking, void* data) {
  auto& sums = *static_cast<Sums*>(data);
  const size_t width = size_t(tensor->ne[0]);
  const int layer = LayerOf(tensor);
  const bool is_wanted = layer >= 0 && (size_t(layer) + 1) * width <= sums.rows.size() &&
                         size_t(tensor->ne[1]) == sums.counts.size();
  if (is_asking || !is_wanted) return is_asking ? is_wanted : true;
  sums.read.resize(width * sums.counts.size());
  ggml_backend_tensor_get(tensor, sums.read.data(), 0, sums.read.size() * sizeof(float));
  double* row = sums.rows.data() + size_t(layer) * width;
  for (size_t t = 0; t < sums.counts.size(); ++t) {
    if (!sums.counts[t]) continue;
    for (size_t i = 0; i < width; ++i) row[i] += double(sums.read[t * width + i]);
  }
  return true;
}

}  // namespace

std::vector<double> HiddenSums(const std::shared_ptr<Model>& model,
                               const std::vector<std::vector<llama_token>>& texts, int from) {
  Batch batch;
  Sums sums;
  for (size_t text = 0; text < texts.size(); ++text) {
    for (size_t i = 0; i < texts[text].size(); ++i) {
      batch.Add(texts[text][i], llama_pos(i), {llama_seq_id(text)}, i + 1 == texts[text].size());
      sums.counts.push_back(int(i) >= from);
    }
  }
  const int layers = llama_model_n_layer(model->get());
  sums.rows.resize(size_t(std::max(0, layers - 1)) * size_t(llama_model_n_embd(model->get())));

  llama_context_params params = llama_context_default_params();
  params.n_ctx = params.n_batch = params.n_ubatch = uint32_t(batch.size());
  params.n_seq_max = uint32_t(texts.size());
  params.n_outputs_max = uint32_t(texts.size());
  params.kv_unified = true;
  params.swa_full = true;
  params.no_perf = true;
  params.cb_eval = Add;
  params.cb_eval_user_data = &sums;
  TakeLoggedError();
  struct Free {
    void operator()(llama_context* context) const noexcept { llama_free(context); }
  };
  std::unique_ptr<llama_context, Free> context;
  {
    std::lock_guard<std::mutex> lock(Compute::Get().mutex());
    context.reset(llama_init_from_model(model->get(), params));
  }
  if (!context) {
    throw Error("MEMORY_SHORT", "there is not enough memory to read " +
                                    std::to_string(batch.size()) + " tokens: " + TakeLoggedError());
  }
  batch.Run(*model, context.get(), batch.kind(),
            [&] { std::fill(sums.rows.begin(), sums.rows.end(), 0.0); });
  return std::move(sums.rows);
}

}  // namespace dramatis
