// One file for each event that proves it stands in a log (c2sp.org/tlog-proof): the stored event as extra data, its
// inclusion proof, and the signed checkpoint that the proof leads to. Whoever has the log's verifier key can check it
// without any service.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "cli/app/connection.h"
#include "common/merkle/hash.h"
#include "common/note/checkpoint.h"
#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// Writes DIR/<position>.tlog-proof for each of the positions, of one fresh checkpoint, each whole or not at all; makes
// the directory where it is not there. Everything is checked as CheckProof() does before it is written. Errors: of
// AuditService; DATA_LOSS: what the service proves does not hold.
absl::Status WriteProofs(const std::vector<uint64_t>& positions, const std::string& directory,
                         const Endpoints& endpoints);

struct ProvenEvent {
  v1::Event event;
  merkle::Hash leaf{};                    // of its stored bytes
  note::Checkpoint checkpoint;            // of the log that it is in
  std::vector<note::NoteSigner> signers;  // of `keys`; empty where none were given
};
// INVALID_ARGUMENT: it is no such file, or no event is in it; DATA_LOSS: the event is not at its position in the log of
// the checkpoint, or a signature is not good; NOT_FOUND: none of `keys` signed, that of the log among those of its
// kind: somebody who only trusts a witness gives its key alone. Without keys no signature is checked.
absl::StatusOr<ProvenEvent> CheckProof(std::string_view file, absl::Span<const note::VerifierKey> keys);

}  // namespace sothon::cli
