#include "core/bank/set_columns.h"

#include <string>

#include "core/error.h"
#include "ggml-backend.h"
#include "ggml-cpp.h"

namespace dramatis::bank {
namespace {

// Each row would be a message of its own.
bool IsRemote(const ggml_tensor* tensor) {
  ggml_backend_dev_t device =
      ggml_backend_buft_get_device(ggml_backend_buffer_get_type(tensor->buffer));
  return device != nullptr &&
         std::string(ggml_backend_reg_name(ggml_backend_dev_backend_reg(device))) == "RPC";
}

void SetThere(ggml_tensor* matrix, int first, int count, const void* data) {
  constexpr size_t kTensors = 3;
  ggml_context_ptr context(
      ggml_init({kTensors * ggml_tensor_overhead() + ggml_graph_overhead(), nullptr, true}));
  ggml_tensor* block = ggml_new_tensor_2d(context.get(), matrix->type, count, matrix->ne[1]);
  ggml_tensor* columns =
      ggml_view_2d(context.get(), matrix, count, matrix->ne[1], matrix->nb[1],
                   size_t(first) * ggml_type_size(matrix->type));
  ggml_tensor* copy = ggml_cpy(context.get(), block, columns);
  ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(matrix->buffer);
  ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors_from_buft(context.get(), type));
  ggml_backend_ptr backend(ggml_backend_dev_init(ggml_backend_buft_get_device(type), nullptr));
  if (!buffer || !backend) throw Error("MEMORY_SHORT", "an adapter has no room on its device");
  ggml_backend_tensor_set(block, data, 0, ggml_nbytes(block));
  ggml_cgraph* graph = ggml_new_graph(context.get());
  ggml_build_forward_expand(graph, copy);
  if (ggml_backend_graph_compute(backend.get(), graph) != GGML_STATUS_SUCCESS)
    throw Error("NATIVE_FAILED", "an adapter could not be laid out on its device");
}

}  // namespace

void SetColumns(ggml_tensor* matrix, int first, int count, const void* data) {
  if (IsRemote(matrix)) return SetThere(matrix, first, count, data);
  const size_t number = ggml_type_size(matrix->type);
  const size_t row = size_t(count) * number;
  ggml_backend_tensor_set_2d(matrix, data, size_t(first) * number, row, size_t(matrix->ne[1]),
                             matrix->nb[1], row);
}

}  // namespace dramatis::bank
