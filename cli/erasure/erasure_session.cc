#include "cli/erasure/erasure_session.h"

#include <openssl/rand.h>

#include <array>
#include <map>
#include <vector>

#include "absl/time/clock.h"
#include "cli/app/log_access.h"
#include "cli/app/submission_errors.h"
#include "cli/audit/proof_files.h"
#include "cli/import/record_pipeline.h"
#include "common/base/ids.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "sothon/v1/audit.grpc.pb.h"

namespace sothon::cli {
namespace {

constexpr absl::Duration kRetryEvery = absl::Milliseconds(200);

// Follows the log for the completion of `position`; nullopt: the stream ended before, in `*why`.
std::optional<v1::Event> Follow(v1::IngestService::Stub* ingest, uint64_t position, absl::Time deadline,
                                absl::Status* why) {
  v1::ReadEventsRequest request;
  request.set_from_position(position + 1);
  request.set_follow(true);
  request.add_kinds("erasure_completed");
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  const auto reader = ingest->ReadEvents(&context, request);
  v1::ReadEventsResponse response;
  while (reader->Read(&response)) {
    for (const std::string& stored : response.events()) {
      v1::Event event;
      if (!event.ParseFromString(stored) || event.erasure_completed().request_position() != position) continue;
      context.TryCancel();
      (void)reader->Finish();
      return event;
    }
  }
  *why = FromGrpc(reader->Finish());
  return std::nullopt;
}

absl::Status NotYet(v1::IngestService::Stub* ingest, uint64_t position) {
  const auto status = FetchStatus(ingest);
  const std::string trouble = status.ok() ? status->trouble() : std::string(status.status().message());
  return absl::DeadlineExceededError(
      StrCat("the request is recorded at position ", position, " and not carried out yet",
             trouble.empty() ? "" : StrCat(" (", trouble, ")"),
             "; the service goes on by itself: ask again with `sothon erase --resume ", position, "`"));
}

}  // namespace

absl::StatusOr<std::string> NewErasureId() {
  SubjectId random;  // as a holder of 16 bytes
  if (RAND_bytes(random.bytes.data(), static_cast<int>(random.bytes.size())) != 1) {
    return absl::InternalError("no random bytes to be had");
  }
  return StrCat("erase-", random.ToHex());
}

absl::StatusOr<uint64_t> RecordErasure(const v1::Submission& submission, bool validate_only, absl::Time deadline,
                                       const Endpoints& endpoints) {
  v1::RecordRequest request;
  *request.add_submissions() = submission;
  request.set_validate_only(validate_only);
  const auto ingest = IngestAt(endpoints);
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(kCallTimeout));
    v1::RecordResponse response;
    const absl::Status status = FromIngest(ingest->Record(&context, request, &response), endpoints);
    if (status.ok()) return response.receipts(0).position();
    if (const auto violations = FieldViolationsOf(status); !violations.empty()) {
      std::string path;
      SubmissionIndexOfPath(violations[0].field, &path);
      return absl::InvalidArgumentError(StrCat(path, ": ", violations[0].description));
    }
    // The check comes first: who is not there then is told so at once.
    if (validate_only || !IsTransient(status.code()) || absl::Now() > deadline) return status;
    absl::SleepFor(kRetryEvery);
  }
}

absl::Status AwaitErasure(uint64_t position, absl::Time deadline, const Endpoints& endpoints, ErasureReceipt* receipt) {
  const auto ingest = IngestAt(endpoints);
  const auto status = FetchStatus(ingest.get());
  if (!status.ok()) return NameIngest(status.status(), endpoints);
  receipt->log_id = status->log_id();
  const auto events = FetchEvents(ingest.get(), {position});
  if (!events.ok()) return NameIngest(events.status(), endpoints);
  const auto found = events->find(position);
  if (found == events->end() || !found->second.has_erasure_requested()) {
    return absl::InvalidArgumentError(StrCat("position ", position, " of log ", status->log_id(),
                                             " holds no request to erase anybody; look it up with `sothon events`"));
  }
  receipt->request = found->second;
  while (true) {
    absl::Status why;
    if (auto completed = Follow(ingest.get(), position, deadline, &why)) {
      receipt->completed = *std::move(completed);
      return absl::OkStatus();
    }
    if (absl::Now() >= deadline || absl::IsDeadlineExceeded(why)) return NotYet(ingest.get(), position);
    if (!why.ok() && !IsTransient(why.code())) return NameIngest(why, endpoints);
    absl::SleepFor(kRetryEvery);
  }
}

absl::Status ProveErasure(const std::string& directory, const Endpoints& endpoints, ErasureReceipt* receipt) {
  const auto audit = v1::AuditService::NewStub(ConnectTo(endpoints.ingest));
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetCheckpointResponse checkpoint;
  const absl::Status is_signed = FromIngest(audit->GetCheckpoint(&context, {}, &checkpoint), endpoints);
  if (absl::IsFailedPrecondition(is_signed)) {
    receipt->why_no_proof = WhyNoProof::kNoKey;
    return absl::OkStatus();
  }
  if (!is_signed.ok()) return is_signed;
  const std::vector<uint64_t> positions = {receipt->request.position(), receipt->completed.position()};
  SOTHON_RETURN_IF_ERROR(WriteProofs(positions, directory, endpoints));
  for (const uint64_t position : positions) {
    receipt->proof_files.push_back(StrCat(directory, "/", position, ".tlog-proof"));
  }
  return absl::OkStatus();
}

}  // namespace sothon::cli
