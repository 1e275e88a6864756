// Roots and proofs of a Merkle tree (RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4 for the checks).
//
// A tree of n leaves is named by its size. Node (level, index) is the root over the complete subtree of the leaves
// [index * 2^level, (index + 1) * 2^level); everything else is made of such nodes.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/merkle/hash.h"

namespace sothon::merkle {

// Where nodes come from. Errors are handed on.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  virtual absl::StatusOr<Hash> Node(uint32_t level, uint64_t index) const = 0;
};

absl::StatusOr<Hash> Root(uint64_t size, const NodeReader& nodes);

// From the leaf's sibling up. OUT_OF_RANGE: index >= size.
absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size, const NodeReader& nodes);
// That the tree of size `first` is the beginning of the one of size `second`. Empty where they are equal, or where
// `first` is 0, which every tree begins with. OUT_OF_RANGE: first > second.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second, const NodeReader& nodes);

// INVALID_ARGUMENT: the proof does not show it, and the message says why.
absl::Status CheckInclusion(uint64_t index, uint64_t size, const Hash& leaf, absl::Span<const Hash> proof,
                            const Hash& root);
absl::Status CheckConsistency(uint64_t first, const Hash& first_root, uint64_t second, const Hash& second_root,
                              absl::Span<const Hash> proof);

}  // namespace sothon::merkle
