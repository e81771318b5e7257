#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "ggml-cpp.h"
#include "ggml.h"

namespace dramatis::bank {

// Sets rows and columns of matrices, at once where that is a copy. A server of RPC would be sent a
// message for each row of a column, and every message would be waited for: it is sent whole blocks
// one behind the other, into a staging buffer that it keeps, and lays the columns out by one graph.
class MatrixWriter {
 public:
  // `bytes` of a matrix from byte `offset` on.
  void SetRows(ggml_tensor* matrix, size_t offset, const void* data, size_t bytes);
  // Columns `first` to `first + count`; `data` has `count` numbers for each row, one row behind the
  // other.
  void SetColumns(ggml_tensor* matrix, int first, int count, const void* data);
  // Returns once all is on its way, in order before whatever is sent next. Throws NATIVE_FAILED.
  void Flush();

 private:
  // Columns of a matrix, and the block in the staging buffer that has them.
  struct Copy {
    ggml_context_ptr context;  // of the block
    ggml_tensor* block;
    ggml_tensor* matrix;
    int first;
  };
  struct Server {
    ggml_backend_ptr backend;
    ggml_backend_buffer_ptr staging;
    size_t used = 0;  // of the staging buffer, in bytes
    std::vector<Copy> copies;
  };
  // The server that a matrix lies on; null if it lies here. Throws MEMORY_SHORT.
  Server* ServerOf(const ggml_tensor* matrix);
  // Has the server copy what is in its staging buffer to where it belongs.
  static void LayOut(Server& server);

  std::map<ggml_backend_buffer_type_t, Server> servers_;
};

}  // namespace dramatis::bank
