#include "core/file_pages.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>

#if defined(__linux__)
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace dramatis {

#if defined(__linux__)
FilePages::FilePages(const std::string& path) {
  char real[PATH_MAX];
  if (realpath(path.c_str(), real) == nullptr) return;
  const std::string wanted = real;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const size_t at = line.find('/');
    if (at == std::string::npos || line.compare(at, std::string::npos, wanted) != 0) continue;
    std::istringstream addresses(line);
    uintptr_t begin = 0, end = 0;
    char dash = 0;
    addresses >> std::hex >> begin >> dash >> end;
    if (!addresses || line.find("r--") == std::string::npos) continue;  // what is written stays
    mappings_.emplace_back(reinterpret_cast<const char*>(begin),
                           reinterpret_cast<const char*>(end));
  }
}

size_t FilePages::OwnBytes() {
  std::ifstream file("/proc/self/statm");
  size_t whole = 0, resident = 0, shared = 0;
  file >> whole >> resident >> shared;
  return (resident - std::min(resident, shared)) * size_t(sysconf(_SC_PAGESIZE));
}

void FilePages::ReleaseAllBut(std::vector<Range> kept) const {
  const auto page = uintptr_t(sysconf(_SC_PAGESIZE));
  const auto release = [&](const char* begin, const char* end) {
    const uintptr_t first = (uintptr_t(begin) + page - 1) / page * page,
                    last = uintptr_t(end) / page * page;
    if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
  };
  std::sort(kept.begin(), kept.end());
  for (const auto& [begin, end] : mappings_) {
    const char* from = begin;
    for (const auto& [first, last] : kept) {
      if (last <= from || first >= end) continue;
      if (first > from) release(from, first);
      from = std::max(from, last);
    }
    if (from < end) release(from, end);
  }
}
#else
FilePages::FilePages(const std::string&) {}
size_t FilePages::OwnBytes() { return 0; }
void FilePages::ReleaseAllBut(std::vector<Range>) const {}
#endif

}  // namespace dramatis
