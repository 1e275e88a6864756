#include "common/merkle/proof.h"

#include <algorithm>
#include <bit>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::merkle {
namespace {

// The largest power of two below `size`, where a tree of two leaves or more is split.
uint64_t SplitOf(uint64_t size) { return std::bit_floor(size - 1); }

// The root over [begin, end). `begin` is a multiple of the power of two that the range would fill.
absl::StatusOr<Hash> RangeRoot(uint64_t begin, uint64_t end, const NodeReader& nodes) {
  const uint64_t size = end - begin;
  if (std::has_single_bit(size)) {
    const auto level = static_cast<uint32_t>(std::countr_zero(size));
    return nodes.Node(level, begin >> level);
  }
  const uint64_t split = begin + SplitOf(size);
  SOTHON_ASSIGN_OR_RETURN(const Hash left, RangeRoot(begin, split, nodes));
  SOTHON_ASSIGN_OR_RETURN(const Hash right, RangeRoot(split, end, nodes));
  return HashNode(left, right);
}

absl::Status Wrong(const std::string& why) { return absl::InvalidArgumentError(why); }

}  // namespace

absl::StatusOr<Hash> Root(uint64_t size, const NodeReader& nodes) {
  return size == 0 ? EmptyRoot() : RangeRoot(0, size, nodes);
}

absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size, const NodeReader& nodes) {
  if (index >= size) return absl::OutOfRangeError(StrCat("a tree of ", size, " leaves has no leaf ", index));
  std::vector<Hash> proof;
  uint64_t begin = 0;
  uint64_t end = size;
  while (end - begin > 1) {
    const uint64_t split = begin + SplitOf(end - begin);
    const bool is_left = index < split;
    SOTHON_ASSIGN_OR_RETURN(const Hash sibling,
                            is_left ? RangeRoot(split, end, nodes) : RangeRoot(begin, split, nodes));
    proof.push_back(sibling);
    (is_left ? end : begin) = split;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second, const NodeReader& nodes) {
  if (first > second)
    return absl::OutOfRangeError(StrCat("a tree of ", second, " leaves has none of ", first, " in it"));
  std::vector<Hash> proof;
  if (first == 0 || first == second) return proof;
  uint64_t begin = 0;
  uint64_t end = second;
  while (end != first) {
    const uint64_t split = begin + SplitOf(end - begin);
    const bool is_left = first <= split;
    SOTHON_ASSIGN_OR_RETURN(const Hash sibling,
                            is_left ? RangeRoot(split, end, nodes) : RangeRoot(begin, split, nodes));
    proof.push_back(sibling);
    (is_left ? end : begin) = split;
  }
  // Where the first tree is a node of the second, its root is known to whoever checks.
  if (begin != 0) {
    SOTHON_ASSIGN_OR_RETURN(const Hash rest, RangeRoot(begin, end, nodes));
    proof.push_back(rest);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::Status CheckInclusion(uint64_t index, uint64_t size, const Hash& leaf, absl::Span<const Hash> proof,
                            const Hash& root) {
  if (index >= size) return Wrong(StrCat("a tree of ", size, " leaves has no leaf ", index));
  // What is to the right of the leaf, level by level: once node == last, the tree's edge was reached.
  uint64_t node = index;
  uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return Wrong("the inclusion proof is too long");
    if ((node & 1) != 0 || node == last) {
      hash = HashNode(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = HashNode(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return Wrong("the inclusion proof is too short");
  if (hash != root) return Wrong("the inclusion proof leads to another root");
  return absl::OkStatus();
}

absl::Status CheckConsistency(uint64_t first, const Hash& first_root, uint64_t second, const Hash& second_root,
                              absl::Span<const Hash> proof) {
  if (first > second) return Wrong(StrCat("the earlier tree has ", first, " leaves, the later one only ", second));
  if (first == 0 || first == second) {
    if (!proof.empty()) return Wrong("the consistency proof should be empty");
    const Hash& expected = first == 0 ? EmptyRoot() : second_root;
    if (first_root != expected) return Wrong(StrCat("two trees of ", first, " leaves have different roots"));
    return absl::OkStatus();
  }
  size_t next = 0;
  Hash old_hash = first_root;
  if (!std::has_single_bit(first)) {
    if (proof.empty()) return Wrong("the consistency proof is too short");
    old_hash = proof[next++];
  }
  Hash new_hash = old_hash;
  uint64_t node = first - 1;
  uint64_t last = second - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  for (; next < proof.size(); ++next) {
    if (last == 0) return Wrong("the consistency proof is too long");
    if ((node & 1) != 0 || node == last) {
      old_hash = HashNode(proof[next], old_hash);
      new_hash = HashNode(proof[next], new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = HashNode(new_hash, proof[next]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return Wrong("the consistency proof is too short");
  if (old_hash != first_root) return Wrong("the consistency proof does not lead to the earlier root");
  if (new_hash != second_root) return Wrong("the consistency proof does not lead to the later root");
  return absl::OkStatus();
}

}  // namespace sothon::merkle
