#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ggml.h"
#include "gguf.h"
#include "llama-mmap.h"

namespace dramatis::train {

// A GGUF model mapped into memory, in one file or several: its numbers and its tensors, read as the
// exact values that a model computes with.
class GgufFile {
 public:
  struct Tensor {
    ggml_type type;
    int64_t columns;  // of one row, contiguous
    int64_t rows;
    const uint8_t* data;
    size_t part = 0;  // of the file's parts, the one it lies in
  };

  // `path`: of the file, or of the first of several. Throws MODEL_UNREADABLE.
  explicit GgufFile(const std::string& path);

  std::string Text(const std::string& key) const;  // empty if absent
  // `otherwise` if absent; arrays give element `index`, or their last one.
  double Number(const std::string& key, double otherwise, int index = 0) const;
  bool IsArray(const std::string& key) const;

  // Null if absent.
  const Tensor* Find(const std::string& name) const;
  // Throws MODEL_UNREADABLE if absent or of another shape; rows = 1 for vectors.
  const Tensor& Get(const std::string& name, int64_t columns, int64_t rows) const;

  // Gives back the memory of all tensors but this one, which alone is there afterwards.
  void KeepOnly(const std::string& name);

  // Row `row` as floats. `out`: tensor.columns numbers.
  static void Row(const Tensor& tensor, int64_t row, float* out);

 private:
  struct FreeFile {
    void operator()(gguf_context* file) const noexcept { gguf_free(file); }
  };

  using FilePtr = std::unique_ptr<gguf_context, FreeFile>;
  struct Part {
    std::unique_ptr<llama_file> disk;
    std::unique_ptr<llama_mmap> map;
  };

  [[noreturn]] void Unreadable(const std::string& why) const;
  // Maps one file and lists its tensors; gives its metadata.
  FilePtr AddPart(const std::string& path);

  std::string path_;
  FilePtr file_;  // metadata: of the first part
  std::vector<Part> parts_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace dramatis::train
