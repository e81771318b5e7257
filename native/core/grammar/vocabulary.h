#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dramatis {
class Model;
}

namespace dramatis::grammar {

// A model's tokens as a trie over their bytes, flat in depth-first order: made once for a model,
// shared by all grammars, immutable.
class Vocabulary {
 public:
  struct Node {
    uint32_t byte : 8;
    uint32_t size : 24;  // nodes of its subtree, itself included
    uint32_t first;      // tokens of all nodes before it; its own come before its children's
  };

  // Buckets of bytes, so that what a subtree holds and what a state takes fit a word each.
  static constexpr int kBuckets = 64;
  static constexpr int kNonAscii = 62;
  static constexpr int kBroken = 63;  // some token below is not whole characters

  explicit Vocabulary(const Model& model);
  // `pieces`: the bytes of each token, none for one without text. `ends`: tokens that end a reply.
  Vocabulary(std::vector<std::string> pieces, std::vector<int32_t> ends);
  // The 256 bytes, made once: for texts without a model.
  static std::shared_ptr<const Vocabulary> OfBytes();

  int tokens() const { return int(pieces_.size()); }
  const std::string& Piece(int32_t token) const { return pieces_[size_t(token)]; }
  const std::vector<int32_t>& ends() const { return ends_; }
  bool IsEnd(int32_t token) const;
  // Whether the token has no text or text that begins with a whole character: llama.cpp takes no
  // other where a grammar asks for tokens.
  bool BeginsWhole(int32_t token) const;

  // The root is node 0, without a byte; one more than there are nodes closes the list of `first`.
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<int32_t>& order() const { return order_; }
  // Of the bytes below a node, not its own: which buckets, and the most in a row.
  uint64_t Below(uint32_t node) const { return below_[node]; }
  uint16_t Height(uint32_t node) const { return height_[node]; }

  // 0 to 61.
  static int BucketOf(uint8_t ascii);

 private:
  void Build();

  std::vector<std::string> pieces_;
  std::vector<int32_t> ends_;
  std::vector<Node> nodes_;
  std::vector<int32_t> order_;
  std::vector<uint64_t> below_;
  std::vector<uint16_t> height_;
};

}  // namespace dramatis::grammar
