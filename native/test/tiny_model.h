#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "ggml.h"
#include "gguf.h"

namespace dramatis::test {

// Writes a random two-layer model without a vocabulary's text to a temporary file; 96 tokens,
// window 1,024.
class TinyModel {
 public:
  static constexpr int kVocabulary = 96;

  // "llama", "qwen2", "qwen3" or "gemma3", the last with a sliding window of 8 in its first layer.
  explicit TinyModel(const std::string& architecture = "llama") : architecture_(architecture) {
    char name[] = "/tmp/dramatis-tiny-XXXXXX";
    const int file = mkstemp(name);
    if (file >= 0) close(file);
    path_ = name;
    Write();
  }
  ~TinyModel() { std::remove(path_.c_str()); }
  TinyModel(const TinyModel&) = delete;
  TinyModel& operator=(const TinyModel&) = delete;

  const std::string& path() const { return path_; }

 private:
  static constexpr int kWidth = 32, kHidden = 64, kHeads = 4, kKvHeads = 2, kLayers = 2, kHead = 8;

  void Number(gguf_context* file, const char* key, uint32_t value) {
    gguf_set_val_u32(file, (architecture_ + "." + key).c_str(), value);
  }

  void Write() {
    const bool gemma = architecture_ == "gemma3", qwen2 = architecture_ == "qwen2";
    const bool head_norms = gemma || architecture_ == "qwen3";
    gguf_context* file = gguf_init_empty();
    gguf_set_val_str(file, "general.architecture", architecture_.c_str());
    Number(file, "block_count", kLayers);
    Number(file, "context_length", 1024);
    Number(file, "embedding_length", kWidth);
    Number(file, "feed_forward_length", kHidden);
    Number(file, "attention.head_count", kHeads);
    Number(file, "attention.head_count_kv", kKvHeads);
    Number(file, "attention.key_length", kHead);
    Number(file, "attention.value_length", kHead);
    Number(file, "vocab_size", kVocabulary);
    if (gemma) {
      Number(file, "attention.sliding_window", 8);
      Number(file, "attention.sliding_window_pattern", 2);
    }
    gguf_set_val_f32(file, (architecture_ + ".attention.layer_norm_rms_epsilon").c_str(), 1e-5f);
    std::vector<std::string> names{"<unk>", "<s>", "</s>"};
    std::vector<int32_t> types{2, 3, 3};  // unknown, control, control; the rest are normal
    for (int i = 3; i < kVocabulary; ++i)
      names.push_back("t" + std::to_string(i)), types.push_back(1);
    std::vector<const char*> texts;
    for (const auto& name : names) texts.push_back(name.c_str());
    const std::vector<float> scores(names.size(), 0);
    gguf_set_val_str(file, "tokenizer.ggml.model", "llama");
    gguf_set_arr_str(file, "tokenizer.ggml.tokens", texts.data(), texts.size());
    gguf_set_arr_data(file, "tokenizer.ggml.scores", GGUF_TYPE_FLOAT32, scores.data(),
                      scores.size());
    gguf_set_arr_data(file, "tokenizer.ggml.token_type", GGUF_TYPE_INT32, types.data(),
                      types.size());
    ggml_context* tensors = ggml_init({size_t(4) << 20, nullptr, false});
    Add(file, tensors, "token_embd.weight", kWidth, kVocabulary);
    Add(file, tensors, "output_norm.weight", kWidth, 0);
    if (!gemma) Add(file, tensors, "output.weight", kWidth, kVocabulary);
    for (int layer = 0; layer < kLayers; ++layer) {
      const std::string block = "blk." + std::to_string(layer) + ".";
      const int q = kHeads * kHead, kv = kKvHeads * kHead;
      Add(file, tensors, block + "attn_norm.weight", kWidth, 0);
      Add(file, tensors, block + "ffn_norm.weight", kWidth, 0);
      Add(file, tensors, block + "attn_q.weight", kWidth, q);
      Add(file, tensors, block + "attn_k.weight", kWidth, kv);
      Add(file, tensors, block + "attn_v.weight", kWidth, kv);
      Add(file, tensors, block + "attn_output.weight", q, kWidth);
      Add(file, tensors, block + "ffn_gate.weight", kWidth, kHidden);
      Add(file, tensors, block + "ffn_up.weight", kWidth, kHidden);
      Add(file, tensors, block + "ffn_down.weight", kHidden, kWidth);
      if (qwen2) {
        Add(file, tensors, block + "attn_q.bias", q, 0);
        Add(file, tensors, block + "attn_k.bias", kv, 0);
        Add(file, tensors, block + "attn_v.bias", kv, 0);
      }
      if (head_norms) {
        Add(file, tensors, block + "attn_q_norm.weight", kHead, 0);
        Add(file, tensors, block + "attn_k_norm.weight", kHead, 0);
      }
      if (gemma) {
        Add(file, tensors, block + "post_attention_norm.weight", kWidth, 0);
        Add(file, tensors, block + "post_ffw_norm.weight", kWidth, 0);
      }
    }
    gguf_write_to_file(file, path_.c_str(), /*only_meta=*/false);
    ggml_free(tensors);
    gguf_free(file);
  }

  // `rows` 0: a vector around 1, as norms are.
  void Add(gguf_context* file, ggml_context* tensors, const std::string& name, int columns,
           int rows) {
    ggml_tensor* tensor = rows == 0 ? ggml_new_tensor_1d(tensors, GGML_TYPE_F32, columns)
                                    : ggml_new_tensor_2d(tensors, GGML_TYPE_F32, columns, rows);
    float* data = ggml_get_data_f32(tensor);
    for (int64_t i = 0; i < ggml_nelements(tensor); ++i) {
      random_ = random_ * 1664525u + 1013904223u;
      data[i] = float(random_ >> 8) / float(1u << 24) + (rows == 0 ? 0.5f : -0.5f);
    }
    ggml_set_name(tensor, name.c_str());
    gguf_add_tensor(file, tensor);
  }

  const std::string architecture_;
  std::string path_;
  unsigned random_ = 7;
};

}  // namespace dramatis::test
