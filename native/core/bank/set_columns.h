#pragma once

#include "ggml.h"

namespace dramatis::bank {

// Sets columns `first` to `first + count` of a matrix; `data` has `count` numbers for each row, one
// row behind the other. One copy for devices that copy in two dimensions; to one that would be sent
// each row alone the block goes whole, and is laid out there.
void SetColumns(ggml_tensor* matrix, int first, int count, const void* data);

}  // namespace dramatis::bank
