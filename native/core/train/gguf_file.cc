#include "core/train/gguf_file.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "core/log.h"
#include "llama.h"

namespace dramatis::train {
namespace {

double NumberAt(gguf_type type, const void* data, size_t i) {
  const auto at = [&](auto zero) {
    decltype(zero) value;
    std::memcpy(&value, static_cast<const char*>(data) + i * sizeof value, sizeof value);
    return double(value);
  };
  switch (type) {
    case GGUF_TYPE_UINT8:
    case GGUF_TYPE_BOOL:
      return at(uint8_t());
    case GGUF_TYPE_INT8:
      return at(int8_t());
    case GGUF_TYPE_UINT16:
      return at(uint16_t());
    case GGUF_TYPE_INT16:
      return at(int16_t());
    case GGUF_TYPE_UINT32:
      return at(uint32_t());
    case GGUF_TYPE_INT32:
      return at(int32_t());
    case GGUF_TYPE_FLOAT32:
      return at(float());
    case GGUF_TYPE_UINT64:
      return at(uint64_t());
    case GGUF_TYPE_INT64:
      return at(int64_t());
    case GGUF_TYPE_FLOAT64:
      return at(double());
    default:
      return 0;
  }
}

}  // namespace

void GgufFile::Unreadable(const std::string& why) const {
  throw Error("MODEL_UNREADABLE", path_ + " cannot be trained on: " + why);
}

GgufFile::GgufFile(const std::string& path) : path_(path) {
  file_ = AddPart(path);
  const int parts = int(Number("split.count", 1));
  if (parts <= 1) return;
  char prefix[4096];
  if (llama_split_prefix(prefix, sizeof prefix, path.c_str(), 0, parts) <= 0)
    Unreadable("it is the first of several files, and its name does not say so");
  for (int i = 1; i < parts; ++i) {
    char other[4096 + 64];
    llama_split_path(other, sizeof other, prefix, i, parts);
    AddPart(other);
  }
}

GgufFile::FilePtr GgufFile::AddPart(const std::string& path) {
  TakeLoggedError();
  FilePtr file(gguf_init_from_file(path.c_str(), {/*no_alloc=*/true, /*ctx=*/nullptr}));
  if (!file) Unreadable(TakeLoggedError());
  Part part;
  try {
    part.disk = std::make_unique<llama_file>(path.c_str(), "rb");
    part.map = std::make_unique<llama_mmap>(part.disk.get(), /*prefetch=*/0);
  } catch (const std::exception& error) {
    Unreadable(error.what());
  }
  const size_t start = gguf_get_data_offset(file.get());
  for (int64_t i = 0; i < gguf_get_n_tensors(file.get()); ++i) {
    const int64_t* shape = gguf_get_tensor_ne(file.get(), i);
    const size_t offset = start + gguf_get_tensor_offset(file.get(), i);
    const char* name = gguf_get_tensor_name(file.get(), i);
    if (offset + gguf_get_tensor_size(file.get(), i) > part.map->size())
      Unreadable(std::string(name) + " lies beyond the end of the file");
    tensors_[name] = {gguf_get_tensor_type(file.get(), i), shape[0], shape[1] * shape[2] * shape[3],
                      static_cast<const uint8_t*>(part.map->addr()) + offset, parts_.size()};
  }
  parts_.push_back(std::move(part));
  return file;
}

std::string GgufFile::Text(const std::string& key) const {
  const int64_t id = gguf_find_key(file_.get(), key.c_str());
  if (id < 0 || gguf_get_kv_type(file_.get(), id) != GGUF_TYPE_STRING) return "";
  return gguf_get_val_str(file_.get(), id);
}

bool GgufFile::IsArray(const std::string& key) const {
  const int64_t id = gguf_find_key(file_.get(), key.c_str());
  return id >= 0 && gguf_get_kv_type(file_.get(), id) == GGUF_TYPE_ARRAY;
}

double GgufFile::Number(const std::string& key, double otherwise, int index) const {
  const int64_t id = gguf_find_key(file_.get(), key.c_str());
  if (id < 0) return otherwise;
  const gguf_type type = gguf_get_kv_type(file_.get(), id);
  if (type == GGUF_TYPE_STRING) return otherwise;
  if (type != GGUF_TYPE_ARRAY) return NumberAt(type, gguf_get_val_data(file_.get(), id), 0);
  const gguf_type element = gguf_get_arr_type(file_.get(), id);
  const size_t n = gguf_get_arr_n(file_.get(), id);
  if (n == 0 || element == GGUF_TYPE_STRING) return otherwise;
  return NumberAt(element, gguf_get_arr_data(file_.get(), id), std::min(size_t(index), n - 1));
}

const GgufFile::Tensor* GgufFile::Find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

const GgufFile::Tensor& GgufFile::Get(const std::string& name, int64_t columns,
                                      int64_t rows) const {
  const Tensor* tensor = Find(name);
  if (tensor == nullptr) Unreadable("it has no tensor " + name);
  if (tensor->columns != columns || tensor->rows != rows) {
    Unreadable(name + " is " + std::to_string(tensor->columns) + " x " +
               std::to_string(tensor->rows) + " and should be " + std::to_string(columns) + " x " +
               std::to_string(rows));
  }
  if (tensor->type != GGML_TYPE_F32 && ggml_get_type_traits(tensor->type)->to_float == nullptr)
    Unreadable(name + " has a type that cannot be turned into numbers");
  return *tensor;
}

void GgufFile::KeepOnly(const std::string& name) {
  const Tensor kept = *Find(name);
  tensors_ = {{name, kept}};
  for (size_t i = 0; i < parts_.size(); ++i)
    if (i != kept.part) parts_[i] = {};
  llama_mmap& map = *parts_[kept.part].map;
  const auto begin = size_t(kept.data - static_cast<const uint8_t*>(map.addr()));
  const size_t end = begin + size_t(kept.rows) * ggml_row_size(kept.type, kept.columns);
  map.unmap_fragment(0, begin);
  map.unmap_fragment(end, map.size());
}

void GgufFile::Row(const Tensor& tensor, int64_t row, float* out) {
  const uint8_t* data = tensor.data + size_t(row) * ggml_row_size(tensor.type, tensor.columns);
  if (tensor.type == GGML_TYPE_F32) {
    std::memcpy(out, data, size_t(tensor.columns) * sizeof(float));
  } else {
    ggml_get_type_traits(tensor.type)->to_float(data, out, tensor.columns);
  }
}

}  // namespace dramatis::train
