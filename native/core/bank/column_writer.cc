#include "core/bank/column_writer.h"

#include <map>
#include <string>

#include "core/error.h"
#include "ggml-backend.h"
#include "ggml-cpp.h"

namespace dramatis::bank {
namespace {

bool IsRemote(const ggml_tensor* tensor) {
  ggml_backend_dev_t device =
      ggml_backend_buft_get_device(ggml_backend_buffer_get_type(tensor->buffer));
  return device != nullptr &&
         std::string(ggml_backend_reg_name(ggml_backend_dev_backend_reg(device))) == "RPC";
}

}  // namespace

void ColumnWriter::Set(ggml_tensor* matrix, int first, int count, const void* data) {
  const size_t number = ggml_type_size(matrix->type);
  const size_t row = size_t(count) * number;
  if (IsRemote(matrix)) {
    const auto* bytes = static_cast<const uint8_t*>(data);
    waiting_.push_back({matrix, first, count, {bytes, bytes + row * size_t(matrix->ne[1])}});
    return;
  }
  ggml_backend_tensor_set_2d(matrix, data, size_t(first) * number, row, size_t(matrix->ne[1]),
                             matrix->nb[1], row);
}

void ColumnWriter::Flush() {
  const std::vector<Block> blocks = std::move(waiting_);
  waiting_.clear();
  std::map<ggml_backend_buffer_type_t, std::vector<const Block*>> by_device;
  for (const Block& block : blocks)
    by_device[ggml_backend_buffer_get_type(block.matrix->buffer)].push_back(&block);
  for (const auto& [type, sent] : by_device) Send(sent);
}

// All of one device.
void ColumnWriter::Send(const std::vector<const Block*>& blocks) {
  constexpr size_t kTensors = 3;  // a block, the columns it goes to, the copy
  const size_t n = blocks.size();
  ggml_context_ptr context(ggml_init(
      {n * kTensors * ggml_tensor_overhead() + ggml_graph_overhead_custom(n * kTensors, false),
       nullptr, true}));
  ggml_cgraph* graph = ggml_new_graph_custom(context.get(), n * kTensors, false);
  std::vector<ggml_tensor*> there;
  for (const Block* block : blocks) {
    ggml_tensor* matrix = block->matrix;
    there.push_back(ggml_new_tensor_2d(context.get(), matrix->type, block->count, matrix->ne[1]));
    ggml_tensor* columns =
        ggml_view_2d(context.get(), matrix, block->count, matrix->ne[1], matrix->nb[1],
                     size_t(block->first) * ggml_type_size(matrix->type));
    ggml_build_forward_expand(graph, ggml_cpy(context.get(), there.back(), columns));
  }
  ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(blocks[0]->matrix->buffer);
  ggml_backend_buffer_ptr buffer(ggml_backend_alloc_ctx_tensors_from_buft(context.get(), type));
  ggml_backend_ptr backend(ggml_backend_dev_init(ggml_backend_buft_get_device(type), nullptr));
  if (!buffer || !backend) throw Error("MEMORY_SHORT", "an adapter has no room on its device");
  // Sent one after the other, without waiting for each: the graph is computed behind them.
  for (size_t i = 0; i < n; ++i)
    ggml_backend_tensor_set_async(backend.get(), there[i], blocks[i]->data.data(), 0,
                                  blocks[i]->data.size());
  if (ggml_backend_graph_compute(backend.get(), graph) != GGML_STATUS_SUCCESS)
    throw Error("NATIVE_FAILED", "an adapter could not be laid out on its device");
}

}  // namespace dramatis::bank
