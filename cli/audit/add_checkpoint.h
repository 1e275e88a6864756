// The one call of c2sp.org/tlog-witness, as text: what a request's body holds, and what is answered.
//
//   old <size>\n
//   <base64(hash)>\n       of the consistency proof; up to 63 of them
//   \n
//   <signed checkpoint>
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "cli/audit/witness.h"

namespace sothon::cli {

inline constexpr char kAddCheckpointPath[] = "/add-checkpoint";
inline constexpr size_t kProofLinesMax = 63;
// A line of a proof has 45 bytes.
inline constexpr size_t kAddCheckpointBytesMax = note::kNoteBytesMax + 64 * 45;

// Source::kAnybody. INVALID_ARGUMENT "line 1: ...".
absl::StatusOr<Submission> ParseAddCheckpoint(std::string_view body);

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
};

// What `witness` says to `submission`, in the words of the specification.
HttpAnswer ToHttp(const Submission& submission, const absl::StatusOr<WitnessAnswer>& answer);

}  // namespace sothon::cli
