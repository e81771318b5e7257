#include "core/grammar/vocabulary.h"

#include <algorithm>
#include <array>

#include "core/model.h"

namespace dramatis::grammar {
namespace {

static_assert(sizeof(Vocabulary::Node) == 8, "the trie of 50,000 tokens must fit the L2 cache");

std::vector<std::string> Pieces(const Model& model) {
  std::vector<std::string> pieces;
  const int n = llama_vocab_n_tokens(model.vocab());
  for (llama_token token = 0; token < n; ++token) pieces.push_back(model.Piece(token));
  return pieces;
}

// Whether the bytes are whole characters, as far as llama.cpp's decoder minds.
bool IsWhole(const std::string& piece) {
  int remaining = 0;
  for (const char byte : piece) {
    const uint8_t b = uint8_t(byte);
    if (remaining > 0) {
      if ((b & 0xC0) != 0x80) return false;
      --remaining;
    } else if (b >= 0x80) {
      if (b < 0xC0) return false;
      remaining = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    }
  }
  return remaining == 0;
}

}  // namespace

int Vocabulary::BucketOf(uint8_t c) {
  // Letters as sets tell them apart (hexadecimal digits, capitals), punctuation one by one.
  if ('a' <= c && c <= 'f') return 0;
  if ('g' <= c && c <= 'z') return 1;
  if ('A' <= c && c <= 'F') return 2;
  if ('G' <= c && c <= 'Z') return 3;
  if ('1' <= c && c <= '9') return 4;
  if (c == '0') return 5;
  if (c == '\n') return 6;
  if (c == '\t') return 7;
  if (c == '\r') return 8;
  if (c < ' ' || c == 0x7F) return 9;
  if (c < '0') return 10 + (c - ' ');  // 10–25
  if (c < 'A') return 26 + (c - ':');  // 26–32
  if (c < 'a') return 33 + (c - '[');  // 33–38
  return 39 + (c - '{');               // 39–42
}

Vocabulary::Vocabulary(const Model& model) : Vocabulary(Pieces(model), model.EndTokens()) {}

Vocabulary::Vocabulary(std::vector<std::string> pieces, std::vector<int32_t> ends)
    : pieces_(std::move(pieces)), ends_(std::move(ends)) {
  // A token that ends a reply is not said, and a zero byte ends a text, as for llama.cpp.
  for (std::string& piece : pieces_) piece.resize(std::min(piece.size(), piece.find('\0')));
  for (int32_t end : ends_) pieces_[size_t(end)].clear();
  Build();
}

std::shared_ptr<const Vocabulary> Vocabulary::OfBytes() {
  static const auto bytes = [] {
    std::vector<std::string> pieces;
    for (int byte = 0; byte < 256; ++byte) pieces.push_back(std::string(1, char(byte)));
    return std::make_shared<const Vocabulary>(std::move(pieces), std::vector<int32_t>());
  }();
  return bytes;
}

bool Vocabulary::IsEnd(int32_t token) const {
  return std::find(ends_.begin(), ends_.end(), token) != ends_.end();
}

bool Vocabulary::BeginsWhole(int32_t token) const {
  const std::string& piece = Piece(token);
  if (piece.empty()) return true;
  const uint8_t lead = uint8_t(piece[0]);
  return lead < 0x80 || (lead >= 0xC0 && piece.size() >= (lead < 0xE0   ? 2u
                                                          : lead < 0xF0 ? 3u
                                                                        : 4u));
}

void Vocabulary::Build() {
  for (int32_t token = 0; token < tokens(); ++token)
    if (!Piece(token).empty()) order_.push_back(token);
  std::sort(order_.begin(), order_.end(), [this](int32_t a, int32_t b) {
    const int compared = Piece(a).compare(Piece(b));
    return compared != 0 ? compared < 0 : a < b;
  });

  // In sorted order a token's path shares with the one before it what their pieces share.
  std::vector<uint32_t> path{0};  // nodes from the root to the last token's
  nodes_.push_back({0, 0, 0});
  below_.push_back(0);
  height_.push_back(0);
  const auto close = [&](size_t depth) {
    for (; path.size() > depth; path.pop_back()) {
      const uint32_t node = path.back();
      nodes_[node].size = uint32_t(nodes_.size()) - node;
      if (path.size() == 1) return;
      const uint32_t parent = path[path.size() - 2], byte = nodes_[node].byte;
      below_[parent] |= below_[node] | uint64_t(1)
                                           << (byte < 0x80 ? BucketOf(uint8_t(byte)) : kNonAscii);
      height_[parent] = std::max<uint16_t>(height_[parent], uint16_t(height_[node] + 1));
    }
  };
  for (uint32_t i = 0; i < order_.size(); ++i) {
    const std::string& piece = Piece(order_[i]);
    const std::string& before = i == 0 ? std::string() : Piece(order_[i - 1]);
    size_t shared = 0;
    while (shared < piece.size() && shared < before.size() && piece[shared] == before[shared])
      ++shared;
    close(shared + 1);
    for (size_t k = shared; k < piece.size(); ++k) {
      path.push_back(uint32_t(nodes_.size()));
      nodes_.push_back({uint8_t(piece[k]), 0, i});
      below_.push_back(0);
      height_.push_back(0);
    }
    if (!IsWhole(piece))
      for (size_t k = 0; k + 1 < path.size(); ++k) below_[path[k]] |= uint64_t(1) << kBroken;
  }
  close(0);
  nodes_.push_back({0, 0, uint32_t(order_.size())});
}

}  // namespace dramatis::grammar
