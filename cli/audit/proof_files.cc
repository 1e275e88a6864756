#include "cli/audit/proof_files.h"

#include <filesystem>
#include <map>
#include <utility>

#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/merkle/proof.h"
#include "common/note/tlog_proof.h"
#include "common/status/status.h"
#include "sothon/v1/audit.grpc.pb.h"

namespace sothon::cli {
namespace {

constexpr size_t kPositionsAtOnce = 1'000;  // the most that AuditService proves in one answer

// The stored bytes of the events at `positions`, as they are: nothing is serialised again.
absl::StatusOr<std::vector<std::string>> FetchStored(absl::Span<const uint64_t> positions, const Endpoints& endpoints) {
  v1::ReadEventsRequest request;
  request.mutable_positions()->Assign(positions.begin(), positions.end());
  const auto stub = IngestAt(endpoints);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(60)));
  const auto stream = stub->ReadEvents(&context, request);
  std::vector<std::string> events;
  v1::ReadEventsResponse response;
  while (stream->Read(&response)) events.insert(events.end(), response.events().begin(), response.events().end());
  SOTHON_RETURN_IF_ERROR(FromIngest(stream->Finish(), endpoints));
  if (events.size() != positions.size()) {
    return absl::DataLossError(StrCat("the log gave ", events.size(), " of ", positions.size(), " events"));
  }
  return events;
}

absl::StatusOr<std::string> FileOf(const v1::InclusionProof& proof, std::string stored, const std::string& checkpoint) {
  note::TlogProof file;
  file.extra = std::move(stored);
  file.index = proof.position() - 1;
  file.checkpoint = checkpoint;
  for (const std::string& bytes : proof.hashes()) {
    merkle::Hash& hash = file.hashes.emplace_back();
    if (bytes.size() != hash.size()) return absl::DataLossError("the service proves with something that is no hash");
    std::copy(bytes.begin(), bytes.end(), hash.begin());
  }
  return note::FormatTlogProof(file);
}

absl::Status WriteSome(absl::Span<const uint64_t> positions, const v1::GetCheckpointResponse& checkpoint,
                       const std::string& directory, v1::AuditService::Stub* audit, const Endpoints& endpoints) {
  v1::GetInclusionProofRequest request;
  request.mutable_positions()->Assign(positions.begin(), positions.end());
  request.set_size(checkpoint.size());
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetInclusionProofResponse proofs;
  SOTHON_RETURN_IF_ERROR(FromIngest(audit->GetInclusionProof(&context, request, &proofs), endpoints));
  SOTHON_ASSIGN_OR_RETURN(std::vector<std::string> stored, FetchStored(positions, endpoints));
  if (proofs.proofs_size() != static_cast<int>(positions.size())) {
    return absl::DataLossError("the service proved other events than it was asked for");
  }
  for (size_t i = 0; i < positions.size(); ++i) {
    SOTHON_ASSIGN_OR_RETURN(const std::string file,
                            FileOf(proofs.proofs(static_cast<int>(i)), std::move(stored[i]), checkpoint.note()));
    const absl::StatusOr<ProvenEvent> proven = CheckProof(file, {});
    if (!proven.ok()) return absl::DataLossError(StrCat("position ", positions[i], ": ", proven.status().message()));
    // An event and a proof that belong together may still be those of another position.
    if (proven->event.position() != positions[i]) {
      return absl::DataLossError(StrCat(
          "position ", positions[i], ": the service gave and proved the event at position ", proven->event.position()));
    }
    SOTHON_RETURN_IF_ERROR(WriteFileDurably(StrCat(directory, "/", positions[i], ".tlog-proof"), file));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteProofs(const std::vector<uint64_t>& positions, const std::string& directory,
                         const Endpoints& endpoints) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return absl::FailedPreconditionError(StrCat("cannot make ", directory, ": ", error.message()));
  const auto audit = v1::AuditService::NewStub(ConnectTo(endpoints.ingest));
  v1::GetCheckpointRequest request;
  request.set_fresh(true);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetCheckpointResponse checkpoint;
  SOTHON_RETURN_IF_ERROR(FromIngest(audit->GetCheckpoint(&context, request, &checkpoint), endpoints));
  const absl::Span<const uint64_t> all = positions;
  for (size_t i = 0; i < all.size(); i += kPositionsAtOnce) {
    SOTHON_RETURN_IF_ERROR(WriteSome(all.subspan(i, kPositionsAtOnce), checkpoint, directory, audit.get(), endpoints));
  }
  return absl::OkStatus();
}

absl::StatusOr<ProvenEvent> CheckProof(std::string_view file, absl::Span<const note::VerifierKey> keys) {
  SOTHON_ASSIGN_OR_RETURN(const note::TlogProof proof, note::ParseTlogProof(file));
  if (proof.extra.empty()) return absl::InvalidArgumentError("no event is in it: there is no line \"extra\"");
  ProvenEvent proven;
  if (keys.empty()) {
    SOTHON_ASSIGN_OR_RETURN(const note::Note note, note::ParseNote(proof.checkpoint));
    SOTHON_ASSIGN_OR_RETURN(proven.checkpoint, note::ParseCheckpoint(note.text));
  } else {
    SOTHON_ASSIGN_OR_RETURN(note::SignedCheckpoint opened,
                            note::OpenCheckpoint(proof.checkpoint, keys, note::OriginRuleFor(keys)));
    proven.checkpoint = std::move(opened.checkpoint);
    proven.signers = std::move(opened.signers);
  }
  proven.leaf = merkle::HashLeaf(proof.extra);
  const absl::Status included =
      merkle::CheckInclusion(proof.index, proven.checkpoint.size, proven.leaf, proof.hashes, proven.checkpoint.root);
  if (!included.ok()) return absl::DataLossError(included.message());
  const absl::StatusOr<StoredEventView> view = SplitStoredEvent(proof.extra);
  if (!view.ok() || !proven.event.ParseFromString(proof.extra)) {
    return absl::DataLossError("what is in the log there is no event");
  }
  // A parser takes the last of several values; what stands at the beginning counts.
  if (proven.event.position() != view->position.value || proven.event.recorded_at_us() != view->recorded_at_us) {
    return absl::DataLossError("the event says its position or time a second time, and otherwise");
  }
  if (view->position.value != proof.index + 1) {
    return absl::DataLossError(StrCat("the event says that it stands at position ", view->position.value,
                                      ", the proof is for ", proof.index + 1));
  }
  return proven;
}

}  // namespace sothon::cli
