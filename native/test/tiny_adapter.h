#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>
#include "core/adapter.h"
#include "ggml.h"
#include "gguf.h"
#include "llama-model.h"

namespace dramatis::test {

// A LoRA of random numbers in full precision, as a file, on the matrices of a tiny model.
struct TinyAdapter {
  int seed = 1;
  int rank = 4;
  float alpha = 8;
  float strength = 0.5f;  // of B
  // Which matrices; all of the layers unless given.
  std::function<bool(const std::string&)> takes = [](const std::string&) { return true; };

  std::shared_ptr<Adapter> Open(const std::shared_ptr<Model>& model) const {
    char path[] = "/tmp/dramatis-adapter-XXXXXX";
    const int descriptor = mkstemp(path);
    if (descriptor >= 0) close(descriptor);
    gguf_context* file = gguf_init_empty();
    gguf_set_val_str(file, "general.architecture", model->get()->arch_name().c_str());
    gguf_set_val_str(file, "general.type", "adapter");
    gguf_set_val_str(file, "adapter.type", "lora");
    gguf_set_val_f32(file, "adapter.lora.alpha", alpha);
    ggml_context* tensors = ggml_init({size_t(8) << 20, nullptr, false});
    unsigned random = unsigned(seed) * 2654435761u;
    const auto add = [&](const std::string& name, int64_t columns, int64_t rows, float scale) {
      ggml_tensor* tensor = ggml_new_tensor_2d(tensors, GGML_TYPE_F32, columns, rows);
      for (int64_t i = 0; i < ggml_nelements(tensor); ++i) {
        random = random * 1664525u + 1013904223u;
        ggml_get_data_f32(tensor)[i] = scale * (float(random >> 8) / float(1u << 23) - 1.0f);
      }
      ggml_set_name(tensor, name.c_str());
      gguf_add_tensor(file, tensor);
    };
    for (const auto& [name, w] : model->get()->tensors_by_name) {
      if (name.rfind("blk.", 0) != 0 || ggml_n_dims(w) != 2 || !takes(name)) continue;
      add(name + ".lora_a", w->ne[0], rank, 1 / std::sqrt(float(w->ne[0])));
      add(name + ".lora_b", rank, w->ne[1], strength / std::sqrt(float(rank)));
    }
    gguf_write_to_file(file, path, /*only_meta=*/false);
    ggml_free(tensors);
    gguf_free(file);
    auto adapter = std::make_shared<Adapter>(model, path);
    std::remove(path);
    return adapter;
  }
};

}  // namespace dramatis::test
