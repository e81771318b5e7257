#include "core/forward/layout.h"

#include <algorithm>

#include "core/forward/choice.h"
#include "core/forward/kernels.h"
#include "ggml-cpp.h"

namespace dramatis::forward {
namespace {

bool Supports(ggml_backend_dev_t cpu, ggml_backend_buffer_type_t layout, ggml_type type,
              int64_t depth, int64_t rows) {
  constexpr int64_t kColumns = 512;  // as llama.cpp asks
  const ggml_context_ptr context(ggml_init({4 * ggml_tensor_overhead(), nullptr, true}));
  ggml_tensor* w = ggml_new_tensor_2d(context.get(), type, depth, rows);
  ggml_tensor* x = ggml_new_tensor_2d(context.get(), GGML_TYPE_F32, depth, kColumns);
  ggml_tensor* product = ggml_mul_mat(context.get(), w, x);
  // Of no bytes: it is asked for its type alone.
  const ggml_backend_buffer_ptr buffer(ggml_backend_buft_alloc_buffer(layout, 0));
  w->buffer = buffer.get();
  return ggml_backend_dev_supports_op(cpu, product);
}

}  // namespace

ggml_backend_buffer_type_t LayoutOf(ggml_type type, int64_t depth, int64_t rows) {
  ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
  const auto layouts =
      reinterpret_cast<ggml_backend_dev_get_extra_bufts_t>(ggml_backend_reg_get_proc_address(
          ggml_backend_dev_backend_reg(cpu), "ggml_backend_dev_get_extra_bufts"));
  if (layouts != nullptr) {
    for (ggml_backend_buffer_type_t* one = layouts(cpu); one != nullptr && *one != nullptr; ++one)
      if (Supports(cpu, *one, type, depth, rows)) return *one;
  }
  return ggml_backend_dev_buffer_type(cpu);
}

bool StaysAsInFile(const std::vector<int>& types) {
  const Kernels* kernels = BestKernels();
  if (kernels == nullptr) return false;
  const auto is_ours = [&](ggml_type type) { return kernels->takes(type) && IsChosen(type); };
  constexpr int64_t kSome = 1024;  // a multiple of every block and of every unit's rows
  return std::all_of(types.begin(), types.end(), [&](int number) {
    const auto type = ggml_type(number);
    return is_ours(type) || ggml_backend_buft_is_host(LayoutOf(type, kSome, kSome));
  });
}

}  // namespace dramatis::forward
