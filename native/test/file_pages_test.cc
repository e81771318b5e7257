// What a process has in memory of a file that it has mapped, before and after it gives pages back.
#include "core/file_pages.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "test/expect.h"

#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using dramatis::FilePages;

namespace {

constexpr size_t kBytes = 4 << 20, kPart = kBytes / 4;

// kB of the mapping at `data` that are in memory.
size_t Resident(const char* data) {
  std::ifstream maps("/proc/self/smaps");
  std::ostringstream wanted;
  wanted << std::hex << reinterpret_cast<uintptr_t>(data) << '-';
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.compare(0, wanted.str().size(), wanted.str()) == 0) here = true;
    if (here && line.compare(0, 4, "Rss:") == 0) return size_t(std::atol(line.c_str() + 4));
  }
  return 0;
}

size_t Sum(const char* data) {
  size_t sum = 0;
  for (size_t i = 0; i < kBytes; i += 512) sum += size_t(static_cast<unsigned char>(data[i]));
  return sum;
}

void pages_that_nobody_keeps_are_given_back_and_read_again() {
  char path[] = "/tmp/dramatis-pages-XXXXXX";
  const int file = mkstemp(path);
  EXPECT(file >= 0);
  std::string contents(kBytes, 0);
  for (size_t i = 0; i < kBytes; ++i) contents[i] = char(i / 512 * 7);
  EXPECT(write(file, contents.data(), kBytes) == ssize_t(kBytes));
  void* mapped = mmap(nullptr, kBytes, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
  EXPECT(mapped != MAP_FAILED);
  const char* data = static_cast<const char*>(mapped);
  const size_t sum = Sum(data);
  EXPECT(Resident(data) == kBytes / 1024);

  const FilePages pages(path);
  EXPECT(!pages.empty());
  // The second quarter but for half a page, and the last, in any order and overlapping.
  const char* second = data + kPart + 2048;
  pages.ReleaseAllBut({{data + 3 * kPart, data + kBytes},
                       {second, data + 2 * kPart},
                       {second + 4096, second + 8192}});
  // Linux lets go of a huge page whole, so that some of what is kept may have to be found again.
  EXPECT(Resident(data) <= 2 * kPart / 1024);
  EXPECT(Sum(data) == sum);
  EXPECT(Resident(data) == kBytes / 1024);
  pages.ReleaseAllBut({});
  EXPECT(Resident(data) == 0);
  EXPECT(Sum(data) == sum);

  munmap(mapped, kBytes);
  EXPECT(FilePages(path).empty());
  close(file);
  unlink(path);
  EXPECT(FilePages(path).empty());
}

void memory_of_ones_own_is_counted_without_files() {
  const size_t before = FilePages::OwnBytes();
  std::string own(16 << 20, 'x');
  EXPECT(FilePages::OwnBytes() >= before + own.size() / 2);
}

}  // namespace

int main() {
  RUN(pages_that_nobody_keeps_are_given_back_and_read_again);
  RUN(memory_of_ones_own_is_counted_without_files);
}
#else
int main() {}
#endif
