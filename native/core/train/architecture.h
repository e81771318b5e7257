#pragma once

#include <string>
#include <vector>

#include "core/train/gguf_file.h"

namespace dramatis::train {

// How a transformer computes, as data read from its file: what sets llama, qwen2, qwen3 and gemma3
// apart.
struct Architecture {
  std::string name;
  int layers = 0;
  int width = 0;  // of the residual stream
  int feed_forward = 0;
  int heads = 0;
  int kv_heads = 0;
  int head = 0;     // numbers of a key
  int rotated = 0;  // of them turned by position
  int vocabulary = 0;
  int trained_window = 0;

  float norm_epsilon = 0;
  float embedding_scale = 1;
  float attention_scale = 1;
  bool gate_is_gelu = false;  // otherwise SiLU
  bool post_norms = false;    // a norm after attention and one after the feed-forward part
  bool head_norms = false;    // of each query and key before they are turned
  bool biases = false;        // of query, key and value

  int rope_mode = 0;  // ggml's: pairs side by side (0) or halves apart (2)
  float rope_base = 10000;
  float rope_scale = 1;             // of frequencies
  std::vector<float> rope_factors;  // a divisor per frequency; empty: none

  // Layers that see only the last `local_window` positions: one mark a layer, or none at all.
  std::vector<bool> is_local;
  int local_window = 0;
  float local_rope_base = 10000;

  bool IsLocal(int layer) const { return !is_local.empty() && is_local[size_t(layer)]; }

  // Throws MODEL_UNREADABLE for an architecture that is not known, or that is used in a way that is
  // not.
  static Architecture Of(const GgufFile& file);
};

}  // namespace dramatis::train
