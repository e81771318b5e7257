#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace dramatis {

// The pages of a file that this process has mapped, where it can tell (Linux): llama.cpp maps a
// model's file whole, and what a back-end has copied into a layout of its own lies in memory twice.
class FilePages {
 public:
  using Range = std::pair<const char*, const char*>;  // first byte, and behind the last

  // Empty where the file is not mapped, or there is no telling.
  explicit FilePages(const std::string& path);

  bool empty() const { return mappings_.empty(); }
  // Bytes of memory that are the process's own and no file's.
  static size_t OwnBytes();

  // Gives back all whole pages that are in none of the ranges. Who reads one of them all the same
  // gets it from the file again.
  void ReleaseAllBut(std::vector<Range> kept) const;

 private:
  std::vector<Range> mappings_;
};

}  // namespace dramatis
