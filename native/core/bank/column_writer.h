#pragma once

#include <cstdint>
#include <vector>

#include "ggml.h"

namespace dramatis::bank {

// Sets columns of matrices, at once where a device copies in two dimensions. A server of RPC would
// be sent a message for each row, and waits for an answer now and then: what it is to have is kept
// until Flush, sent in whole blocks, and laid out there by one graph.
class ColumnWriter {
 public:
  // Columns `first` to `first + count`; `data` has `count` numbers for each row, one row behind the
  // other.
  void Set(ggml_tensor* matrix, int first, int count, const void* data);
  // Throws MEMORY_SHORT, NATIVE_FAILED.
  void Flush();

 private:
  struct Block {
    ggml_tensor* matrix;
    int first, count;
    std::vector<uint8_t> data;
  };
  static void Send(const std::vector<const Block*>& blocks);

  std::vector<Block> waiting_;
};

}  // namespace dramatis::bank
