#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "ggml.h"
#include "gguf.h"

namespace dramatis::test {

// Writes a random two-layer llama model without a vocabulary's text to a temporary file; 96 tokens,
// window 1,024.
class TinyModel {
 public:
  static constexpr int kVocabulary = 96;

  TinyModel() {
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
  static constexpr int kWidth = 32, kHidden = 64, kHeads = 4, kKvHeads = 2, kLayers = 2;

  void Write() {
    gguf_context* file = gguf_init_empty();
    gguf_set_val_str(file, "general.architecture", "llama");
    gguf_set_val_u32(file, "llama.block_count", kLayers);
    gguf_set_val_u32(file, "llama.context_length", 1024);
    gguf_set_val_u32(file, "llama.embedding_length", kWidth);
    gguf_set_val_u32(file, "llama.feed_forward_length", kHidden);
    gguf_set_val_u32(file, "llama.attention.head_count", kHeads);
    gguf_set_val_u32(file, "llama.attention.head_count_kv", kKvHeads);
    gguf_set_val_u32(file, "llama.vocab_size", kVocabulary);
    gguf_set_val_f32(file, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
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
    Add(file, tensors, "output.weight", kWidth, kVocabulary);
    for (int layer = 0; layer < kLayers; ++layer) {
      const std::string block = "blk." + std::to_string(layer) + ".";
      const int kv = kWidth / kHeads * kKvHeads;
      Add(file, tensors, block + "attn_norm.weight", kWidth, 0);
      Add(file, tensors, block + "ffn_norm.weight", kWidth, 0);
      Add(file, tensors, block + "attn_q.weight", kWidth, kWidth);
      Add(file, tensors, block + "attn_k.weight", kWidth, kv);
      Add(file, tensors, block + "attn_v.weight", kWidth, kv);
      Add(file, tensors, block + "attn_output.weight", kWidth, kWidth);
      Add(file, tensors, block + "ffn_gate.weight", kWidth, kHidden);
      Add(file, tensors, block + "ffn_up.weight", kWidth, kHidden);
      Add(file, tensors, block + "ffn_down.weight", kHidden, kWidth);
    }
    gguf_write_to_file(file, path_.c_str(), /*only_meta=*/false);
    ggml_free(tensors);
    gguf_free(file);
  }

  // `rows` 0: a vector of ones, as norms are.
  void Add(gguf_context* file, ggml_context* tensors, const std::string& name, int columns,
           int rows) {
    ggml_tensor* tensor = rows == 0 ? ggml_new_tensor_1d(tensors, GGML_TYPE_F32, columns)
                                    : ggml_new_tensor_2d(tensors, GGML_TYPE_F32, columns, rows);
    float* data = ggml_get_data_f32(tensor);
    for (int64_t i = 0; i < ggml_nelements(tensor); ++i) {
      random_ = random_ * 1664525u + 1013904223u;
      data[i] = rows == 0 ? 1 : float(random_ >> 8) / float(1u << 24) - 0.5f;
    }
    ggml_set_name(tensor, name.c_str());
    gguf_add_tensor(file, tensor);
  }

  std::string path_;
  unsigned random_ = 7;
};

}  // namespace dramatis::test
