#pragma once

#include <vector>

#include "ggml-backend.h"
#include "ggml.h"

namespace dramatis::forward {

// The buffer that llama.cpp puts matrices of a type into on this CPU: one that lays them out anew
// for a unit of it, or the one that has them as the file does.
ggml_backend_buffer_type_t LayoutOf(ggml_type type, int64_t depth, int64_t rows);

// Whether a model with matrices of these types (ggml's numbers) is best left as its file has it:
// our kernels take all that ggml would lay out anew.
bool StaysAsInFile(const std::vector<int>& types);

}  // namespace dramatis::forward
