#pragma once

#include <map>

#include "ggml.h"

namespace dramatis::forward {

// From now on the graphs of this process are built with those kernels of this folder that are
// chosen, where there are any for this CPU. Called before the first context is made.
void UseInGraphs();

// Nodes by the kernels of this CPU, which must have some, whatever is chosen; null for what they do
// not take. `prepared`: see llama-kernels.h.
ggml_tensor* BuildProduct(ggml_context* context, ggml_tensor* w, ggml_tensor* x,
                          std::map<const ggml_tensor*, ggml_tensor*>& prepared);
ggml_tensor* BuildAttention(ggml_context* context, ggml_tensor* q, ggml_tensor* k, ggml_tensor* v,
                            ggml_tensor* mask, float scale);

}  // namespace dramatis::forward
