#include "core/bank/matrix_writer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.h"
#include "ggml-backend.h"

namespace dramatis::bank {
namespace {

constexpr size_t kStagingBytes = 8 << 20;  // of each server, if no block is larger

bool IsRemote(ggml_backend_dev_t device) {
  return device != nullptr &&
         std::string(ggml_backend_reg_name(ggml_backend_dev_backend_reg(device))) == "RPC";
}

}  // namespace

MatrixWriter::Server* MatrixWriter::ServerOf(const ggml_tensor* matrix) {
  ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(matrix->buffer);
  const auto found = servers_.find(type);
  if (found != servers_.end()) return &found->second;
  ggml_backend_dev_t device = ggml_backend_buft_get_device(type);
  if (!IsRemote(device)) return nullptr;
  Server server;
  server.backend.reset(ggml_backend_dev_init(device, nullptr));
  if (!server.backend) throw Error("MEMORY_SHORT", "an adapter has no room on its device");
  return &servers_.emplace(type, std::move(server)).first->second;
}

void MatrixWriter::SetRows(ggml_tensor* matrix, size_t offset, const void* data, size_t bytes) {
  if (Server* server = ServerOf(matrix)) {
    ggml_backend_tensor_set_async(server->backend.get(), matrix, data, offset, bytes);
  } else {
    ggml_backend_tensor_set(matrix, data, offset, bytes);
  }
}

void MatrixWriter::SetColumns(ggml_tensor* matrix, int first, int count, const void* data) {
  const size_t number = ggml_type_size(matrix->type);
  const size_t row = size_t(count) * number;
  Server* server = ServerOf(matrix);
  if (server == nullptr) {
    ggml_backend_tensor_set_2d(matrix, data, size_t(first) * number, row, size_t(matrix->ne[1]),
                               matrix->nb[1], row);
    return;
  }
  ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(matrix->buffer);
  const size_t bytes = row * size_t(matrix->ne[1]);
  const size_t room = GGML_PAD(bytes, ggml_backend_buft_get_alignment(type));
  const size_t size = server->staging ? ggml_backend_buffer_get_size(server->staging.get()) : 0;
  if (server->used + room > size) LayOut(*server);
  if (room > size) {
    server->staging.reset();  // sent behind the copies from it
    server->staging.reset(ggml_backend_buft_alloc_buffer(type, std::max(room, kStagingBytes)));
    if (!server->staging) throw Error("MEMORY_SHORT", "an adapter has no room on its device");
  }
  ggml_context_ptr context(ggml_init({ggml_tensor_overhead(), nullptr, true}));
  ggml_tensor* block = ggml_new_tensor_2d(context.get(), matrix->type, count, matrix->ne[1]);
  auto* base = static_cast<uint8_t*>(ggml_backend_buffer_get_base(server->staging.get()));
  if (ggml_backend_tensor_alloc(server->staging.get(), block, base + server->used) !=
      GGML_STATUS_SUCCESS)
    throw Error("NATIVE_FAILED", "an adapter could not be sent to its device");
  ggml_backend_tensor_set_async(server->backend.get(), block, data, 0, bytes);
  server->used += room;
  server->copies.push_back({std::move(context), block, matrix, first});
}

void MatrixWriter::Flush() {
  for (auto& [type, server] : servers_) {
    LayOut(server);
    ggml_backend_synchronize(server.backend.get());
  }
}

void MatrixWriter::LayOut(Server& server) {
  const std::vector<Copy> copies = std::exchange(server.copies, {});
  server.used = 0;
  if (copies.empty()) return;
  constexpr size_t kTensors = 3;  // a block, the columns it goes to, the copy
  const size_t n = copies.size() * kTensors;
  ggml_context_ptr context(ggml_init(
      {n * ggml_tensor_overhead() + ggml_graph_overhead_custom(n, false), nullptr, true}));
  ggml_cgraph* graph = ggml_new_graph_custom(context.get(), n, false);
  for (const auto& [_, block, matrix, first] : copies) {
    ggml_tensor* columns =
        ggml_view_2d(context.get(), matrix, block->ne[0], matrix->ne[1], matrix->nb[1],
                     size_t(first) * ggml_type_size(matrix->type));
    ggml_tensor* copy = ggml_cpy(context.get(), block, columns);
    // No buffer is made for this context: both lie in the matrix.
    for (ggml_tensor* view : {columns, copy}) ggml_backend_view_init(view);
    ggml_build_forward_expand(graph, copy);
  }
  // Not waited for: a server does what it is sent in order, so that the staging buffer is free
  // again.
  if (ggml_backend_graph_compute_async(server.backend.get(), graph) != GGML_STATUS_SUCCESS)
    throw Error("NATIVE_FAILED", "an adapter could not be laid out on its device");
}

}  // namespace dramatis::bank
