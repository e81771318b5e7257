// Reads mutated headers of a model with ggml's own reader, as a developer asks for it:
//
//   gguf_fuzz SEED.gguf EXECUTIONS [RANDOM_SEED]
//
// Built with the native tests, so under the address and undefined-behaviour sanitizers, which end
// the program at the first fault. Whatever the validator in src/gguf would refuse is read here all
// the same: nothing may depend on it alone. Prints a line of JSON: how many were executed, were
// read, and the longest time of one.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "ggml.h"
#include "gguf.h"

namespace {

using Bytes = std::vector<uint8_t>;

// Numbers at which sizes and counts go wrong.
constexpr uint64_t kOdd[] = {0,          1,          2,          3,          0x7f,
                             0x80,       0xff,       0x7fffffff, 0x80000000, 1 << 16,
                             0xffffffff, 1ull << 32, 1ull << 40, 1ull << 63, ~0ull};

void Mutate(Bytes& bytes, size_t header, std::mt19937_64& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t change = 1 + below(3); change > 0; --change) {
    const size_t at = below(header);
    const uint64_t odd = kOdd[below(std::size(kOdd))];
    switch (below(4)) {
      case 0:
        bytes[at] = static_cast<uint8_t>(odd);
        break;
      case 1:
        bytes[at] ^= static_cast<uint8_t>(1u << below(8));
        break;
      case 2:
        for (size_t i = 0; i < 4 && at + i < header; ++i)
          bytes[at + i] = static_cast<uint8_t>(odd >> (8 * i));
        break;
      default:
        for (size_t i = 0; i < 8 && at + i < header; ++i)
          bytes[at + i] = static_cast<uint8_t>(odd >> (8 * i));
    }
  }
}

void Ignore(ggml_log_level, const char*, void*) {}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const Bytes seed((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const uint64_t executions = std::strtoull(argv[2], nullptr, 10);
  std::mt19937_64 random(argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  ggml_log_set(Ignore, nullptr);
  const gguf_init_params params{/*no_alloc=*/true, /*ctx=*/nullptr};
  gguf_context* whole = gguf_init_from_buffer(seed.data(), seed.size(), params);
  if (!whole) return 2;
  const size_t header = gguf_get_data_offset(whole);
  gguf_free(whole);

  uint64_t read = 0;
  double longest_ms = 0;
  for (uint64_t i = 0; i < executions; ++i) {
    // Of its own, to the byte: what is read beyond its end is seen.
    Bytes bytes(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(header));
    Mutate(bytes, header, random);
    const auto begin = std::chrono::steady_clock::now();
    gguf_context* found = gguf_init_from_buffer(bytes.data(), bytes.size(), params);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (took.count() > longest_ms) longest_ms = took.count();
    if (!found) continue;
    ++read;
    gguf_free(found);
  }
  std::printf("{\"executions\": %llu, \"read\": %llu, \"longestMs\": %.3f}\n",
              static_cast<unsigned long long>(executions), static_cast<unsigned long long>(read),
              longest_ms);
  return 0;
}
