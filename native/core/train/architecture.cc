#include "core/train/architecture.h"

#include <cmath>

#include "core/error.h"

namespace dramatis::train {
namespace {

// What the files do not say of themselves. Source: src/models/*.cpp of llama.cpp.
struct Family {
  const char* name;
  int rope_mode;
  bool scales_embedding;
  bool gate_is_gelu;
  int local_period;  // where the file has a sliding window
};

constexpr Family kFamilies[] = {
    {"llama", GGML_ROPE_TYPE_NORMAL, false, false, 0},
    {"qwen2", GGML_ROPE_TYPE_NEOX, false, false, 0},
    {"qwen3", GGML_ROPE_TYPE_NEOX, false, false, 0},
    {"gemma3", GGML_ROPE_TYPE_NEOX, true, true, 6},
};

// Whose attention is scaled by width / heads instead of the head: Gemma 3 27B, by its layers.
constexpr int kGemma27bLayers = 62;

}  // namespace

Architecture Architecture::Of(const GgufFile& file) {
  Architecture a;
  a.name = file.Text("general.architecture");
  const Family* family = nullptr;
  for (const Family& known : kFamilies)
    if (a.name == known.name) family = &known;
  if (family == nullptr) {
    throw Error("MODEL_UNREADABLE", "no trainer for the architecture \"" + a.name +
                                        "\"; there is one for llama, qwen2, qwen3 and gemma3");
  }
  const auto number = [&](const char* key, double otherwise) {
    return file.Number(a.name + "." + key, otherwise);
  };
  if (number("expert_count", 0) > 0)
    throw Error("MODEL_UNREADABLE", "mixtures of experts cannot be trained");
  if (number("final_logit_softcapping", 0) > 0 || number("attn_logit_softcapping", 0) > 0)
    throw Error("MODEL_UNREADABLE", "models with capped logits cannot be trained");
  a.layers = int(number("block_count", 0));
  a.width = int(number("embedding_length", 0));
  a.feed_forward = int(number("feed_forward_length", 0));
  a.heads = int(number("attention.head_count", 0));
  a.kv_heads = int(number("attention.head_count_kv", a.heads));
  a.head = int(number("attention.key_length", a.heads > 0 ? a.width / a.heads : 0));
  a.rotated = int(number("rope.dimension_count", a.head));
  a.trained_window = int(number("context_length", 0));
  if (a.layers < 1 || a.width < 1 || a.feed_forward < 1 || a.heads < 1 || a.kv_heads < 1 ||
      a.heads % a.kv_heads != 0 || a.head < 2 || number("attention.value_length", a.head) != a.head)
    throw Error("MODEL_UNREADABLE", "the file's sizes do not fit together");
  const GgufFile::Tensor* embedding = file.Find("token_embd.weight");
  a.vocabulary = embedding != nullptr ? int(embedding->rows) : 0;

  a.norm_epsilon = float(number("attention.layer_norm_rms_epsilon", 1e-6));
  a.gate_is_gelu = family->gate_is_gelu;
  a.post_norms = file.Find("blk.0.post_attention_norm.weight") != nullptr;
  a.head_norms = file.Find("blk.0.attn_q_norm.weight") != nullptr;
  a.biases = file.Find("blk.0.attn_q.bias") != nullptr;
  if (family->scales_embedding) a.embedding_scale = std::sqrt(float(a.width));
  const bool by_width = a.name == "gemma3" && a.layers == kGemma27bLayers;
  a.attention_scale = float(number("attention.scale", 0));
  if (a.attention_scale == 0)
    a.attention_scale = 1.0f / std::sqrt(float(by_width ? a.width / a.heads : a.head));

  a.rope_mode = family->rope_mode;
  a.rope_base = float(number("rope.freq_base", 10000));
  const std::string scaling = file.Text(a.name + ".rope.scaling.type");
  if (scaling == "linear") a.rope_scale = 1.0f / float(number("rope.scaling.factor", 1));
  if (scaling != "" && scaling != "linear" && scaling != "none")
    throw Error("MODEL_UNREADABLE", "positions scaled by \"" + scaling + "\" cannot be trained");
  if (const GgufFile::Tensor* factors = file.Find("rope_freqs.weight")) {
    a.rope_factors.resize(size_t(factors->columns));
    GgufFile::Row(*factors, 0, a.rope_factors.data());
  }
  a.local_window = family->local_period > 0 ? int(number("attention.sliding_window", 0)) : 0;
  if (a.local_window > 0) {
    const std::string key = a.name + ".attention.sliding_window_pattern";
    const int period = int(file.Number(key, family->local_period));
    for (int i = 0; i < a.layers; ++i) {
      a.is_local.push_back(file.IsArray(key) ? file.Number(key, 0, i) != 0
                                             : period == 0 || i % period < period - 1);
    }
    a.local_rope_base = float(number("rope.freq_base_swa", 10000));
  }
  return a;
}

}  // namespace dramatis::train
