#include "core/train/cpu_ops.h"

#include <vector>

#include "core/flush_subnormals.h"

namespace dramatis::train {

ggml_tensor* CpuOps::Node(int64_t width, int64_t rows, std::initializer_list<ggml_tensor*> sources,
                          double cost, Work work) {
  std::vector<ggml_tensor*> all(sources);
  ggml_tensor* node =
      ggml_custom_4d(context_, GGML_TYPE_F32, width, rows, 1, 1, all.data(), int(all.size()), Run,
                     GGML_N_TASKS_MAX, &work_.emplace_back(std::move(work)));
  costs_[node] = cost;
  return node;
}

ggml_tensor* CpuOps::Into(ggml_tensor* into, std::initializer_list<ggml_tensor*> sources,
                          double cost, Work work) {
  std::vector<ggml_tensor*> all(sources);
  ggml_tensor* node = ggml_custom_inplace(context_, into, all.data(), int(all.size()), Run,
                                          GGML_N_TASKS_MAX, &work_.emplace_back(std::move(work)));
  costs_[node] = cost;
  return node;
}

double CpuOps::CostOf(const ggml_tensor* node) const {
  const auto found = costs_.find(node);
  return found == costs_.end() ? 0 : found->second;
}

void CpuOps::Run(ggml_tensor* out, int thread, int threads, void* work) {
  const FlushSubnormals flush;
  (*static_cast<Work*>(work))(out, thread, threads);
}

}  // namespace dramatis::train
