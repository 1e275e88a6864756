#include "cli/drive/drive_recorder.h"

#include "cli/app/connection.h"
#include "cli/app/digest.h"
#include "cli/app/log_access.h"
#include "cli/app/submission_errors.h"
#include "cli/drive/baseline.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

absl::StatusOr<v1::GetProgressResponse> AskForYear(v1::ProgressService::StubInterface* progress, const DriveStep& step,
                                                   const Endpoints& endpoints) {
  v1::GetProgressRequest request;
  request.set_place_id(step.place_id);
  request.set_period(StrCat(step.date.Month().Year()));
  request.add_schemes(v1::BHXH_TN);
  request.add_scheme_group_ids(kSelfPaidGroup);
  if (step.position > 0) request.mutable_as_of()->set_position(step.position);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetProgressResponse response;
  const absl::Status status = FromProjection(progress->GetProgress(&context, request, &response), endpoints);
  if (status.code() == absl::StatusCode::kNotFound) {
    return absl::NotFoundError(StrCat("--place ", step.place_id, " is not in the book; `sothon places` lists what is"));
  }
  if (!status.ok()) return status;
  return response;
}

bool IsSameStep(const v1::Event& recorded, const v1::Event& sent) {
  if (recorded.kind_case() != sent.kind_case()) return false;
  if (recorded.effective_date() != sent.effective_date()) return false;
  const bool same_place = sent.place_id().empty() || recorded.place_id() == sent.place_id();
  if (sent.has_drive_opened()) {
    return same_place && recorded.drive_opened().office_party_id() == sent.drive_opened().office_party_id();
  }
  return same_place && recorded.drive_closed().office_party_id() == sent.drive_closed().office_party_id();
}

std::string DayOf(const v1::Event& event) {
  const auto date = CivilDate::FromWire(event.effective_date());
  return date ? date->ToString() : "an unknown day";
}

// The step was taken before: the same one, or another.
absl::StatusOr<RecordedStep> Earlier(v1::IngestService::StubInterface* ingest, const v1::Event& sent,
                                     const absl::Status& refusal) {
  const uint64_t position = PositionOf(refusal);
  SOTHON_ASSIGN_OR_RETURN(const auto events, FetchEvents(ingest, {position}));
  const auto found = events.find(position);
  if (found == events.end()) return refusal;
  if (IsSameStep(found->second, sent)) return RecordedStep{found->second, position, true};
  const std::string verb = sent.has_drive_opened() ? "opened" : "closed";
  const std::string look = StrCat("look at it with `sothon events --from ", position, " --to ", position, "`");
  if (found->second.kind_case() == sent.kind_case() && found->second.effective_date() != sent.effective_date()) {
    return absl::AlreadyExistsError(StrCat("the drive was ", verb, " before on ", DayOf(found->second),
                                           ", at position ", position, ", and not on ", DayOf(sent), ": ", look,
                                           ", and give its date (--date), or correct the drive's id"));
  }
  return absl::AlreadyExistsError(StrCat("the drive was ", verb, " before with another place or office, at position ",
                                         position, ": ", look, ", and correct the drive's id or these"));
}

absl::StatusOr<RecordedStep> Record(v1::IngestService::StubInterface* ingest, const v1::Event& event, bool dry_run,
                                    const Endpoints& endpoints) {
  v1::RecordRequest request;
  request.set_validate_only(dry_run);
  *request.add_submissions()->mutable_event() = event;
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::RecordResponse response;
  const absl::Status status = FromIngest(ingest->Record(&context, request, &response), endpoints);
  if (status.code() == absl::StatusCode::kAlreadyExists) return Earlier(ingest, event, status);
  std::vector<FieldViolation> violations = FieldViolationsOf(status);
  if (!violations.empty()) {
    // There is one event only, so that its index says nothing.
    for (FieldViolation& violation : violations) {
      std::string path;
      if (SubmissionIndexOfPath(violation.field, &path)) violation.field = path;
    }
    return BadRequest(violations);
  }
  if (!status.ok()) return status;
  if (response.receipts().empty()) return absl::InternalError("the service answered without a receipt");
  const v1::Receipt& receipt = response.receipts(0);
  return RecordedStep{event, receipt.position(), receipt.duplicate()};
}

v1::Event EventOf(std::string_view id_prefix, const DriveStep& step) {
  v1::Event event;
  event.set_event_id(DerivedId(id_prefix, {step.drive_id}));
  event.set_effective_date(step.date.ToWire());
  event.set_place_id(step.place_id);
  event.set_synthetic(step.synthetic);
  return event;
}

}  // namespace

absl::StatusOr<RecordedStep> OpenDrive(v1::IngestService::StubInterface* ingest,
                                       v1::ProgressService::StubInterface* progress, const DriveStep& step,
                                       const Endpoints& endpoints) {
  SOTHON_ASSIGN_OR_RETURN(const v1::GetProgressResponse year, AskForYear(progress, step, endpoints));
  v1::Event event = EventOf("drive-opened-", step);
  v1::DriveOpened* opened = event.mutable_drive_opened();
  opened->set_drive_id(step.drive_id);
  opened->set_office_party_id(step.office_party_id);
  opened->set_baseline_position(step.position > 0 ? step.position : year.freshness().position());
  for (const v1::DriveOpened::Baseline& baseline : BaselinesOf(year, step.place_id))
    *opened->add_baselines() = baseline;
  const absl::StatusOr<v1::GetStatusResponse> log = FetchStatus(ingest);
  if (!log.ok()) return NameIngest(log.status(), endpoints);
  if (log->log_id() != year.freshness().log_id()) {
    return absl::FailedPreconditionError(StrCat("the projection counts log ", year.freshness().log_id(),
                                                ", and ingest serves log ", log->log_id(),
                                                ": name two that belong together (--ingest, --projection)"));
  }
  return Record(ingest, event, step.dry_run, endpoints);
}

absl::StatusOr<RecordedStep> CloseDrive(v1::IngestService::StubInterface* ingest, const DriveStep& step,
                                        const Endpoints& endpoints) {
  v1::Event event = EventOf("drive-closed-", step);
  event.mutable_drive_closed()->set_drive_id(step.drive_id);
  event.mutable_drive_closed()->set_office_party_id(step.office_party_id);
  return Record(ingest, event, step.dry_run, endpoints);
}

}  // namespace sothon::cli
