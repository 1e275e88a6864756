// The erasure of one person, as a client of the log sees it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/app/connection.h"
#include "cli/erasure/erasure_receipt.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::cli {

// A random one: made of the number, it would carry the number into the log.
absl::StatusOr<std::string> NewErasureId();

// Records the request, or only checks it; sends the same again while the service is away. The position: 0 when only
// checked. INVALID_ARGUMENT: refused, in the service's words, as nobody is on file with this number.
absl::StatusOr<uint64_t> RecordErasure(const v1::Submission& submission, bool validate_only, absl::Time deadline,
                                       const Endpoints& endpoints);

// Waits until the service has carried out the request at `position`. `*receipt` gets all but the proofs.
// INVALID_ARGUMENT: no request stands there; DEADLINE_EXCEEDED: not yet, with what the service says of it.
absl::Status AwaitErasure(uint64_t position, absl::Time deadline, const Endpoints& endpoints, ErasureReceipt* receipt);

// Writes proofs of both events into `directory`. OK with receipt->why_no_proof set: the service signs nothing.
absl::Status ProveErasure(const std::string& directory, const Endpoints& endpoints, ErasureReceipt* receipt);

}  // namespace sothon::cli
