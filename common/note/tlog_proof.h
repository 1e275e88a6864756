// Proofs that an entry is in a log, in a file of their own (c2sp.org/tlog-proof):
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>            only where there is extra data
//   index <index of the entry, from 0>
//   <base64(hash)>            a line for each, from the leaf's sibling up
//
//   <the signed checkpoint, as it was published>
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/note/encoding.h"

namespace sothon::note {

inline constexpr size_t kTlogProofBytesMax = 4 * 1024 * 1024;
inline constexpr size_t kTlogProofHashesMax = 64;  // what a tree of 2^64 leaves needs

// Nothing about it is known to be true: see OpenCheckpoint, and sothon::merkle for the hashes. Of what `extra` says
// nothing is ever proved.
struct TlogProof {
  std::string extra;  // empty: none
  uint64_t index = 0;
  std::vector<Hash> hashes;
  std::string checkpoint;  // the bytes of a signed note
  bool operator==(const TlogProof&) const = default;
};

// INVALID_ARGUMENT "line 3: ..." for anything that FormatTlogProof would not have written: among it a checkpoint that
// is none by its form, and an index that is not below its size.
absl::StatusOr<TlogProof> ParseTlogProof(std::string_view bytes);
// INVALID_ARGUMENT: ParseTlogProof would not take it back.
absl::StatusOr<std::string> FormatTlogProof(const TlogProof& proof);

}  // namespace sothon::note
