#include "cli/drive/drive_recorder.h"

#include <map>
#include <vector>

#include "cli/app/connection.h"
#include "cli/app/digest.h"
#include "cli/app/log_access.h"
#include "cli/app/submission_errors.h"
#include "cli/drive/baseline.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// It is computed when it is asked for.
constexpr absl::Duration kVillageTimeout = absl::Seconds(120);

bool OpensTheYear(const DriveStep& step) { return step.date.ToWire() % 10'000 == 101; }

// The village on the day before the drive (plan#27); on 1 January on that day, because the year's targets are asked
// for.
absl::StatusOr<v1::RankVillagesResponse> AskForVillage(v1::ProgressService::StubInterface* progress,
                                                       const DriveStep& step, const Endpoints& endpoints) {
  v1::RankVillagesRequest request;
  request.mutable_inquiry()->set_place_id(step.place_id);
  request.mutable_inquiry()->set_date((OpensTheYear(step) ? step.date : step.date.Plus(-1)).ToWire());
  if (step.position > 0) request.mutable_inquiry()->mutable_as_of()->set_position(step.position);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kVillageTimeout));
  v1::RankVillagesResponse response;
  const absl::Status status = FromProjection(progress->RankVillages(&context, request, &response), endpoints);
  if (status.code() == absl::StatusCode::kNotFound) {
    return absl::NotFoundError(StrCat("--place ", step.place_id, " is not in the book; `sothon places` lists what is"));
  }
  if (!status.ok()) return status;
  return response;
}

v1::VillagePotential VillageOf(const v1::RankVillagesResponse& response, const std::string& place_id) {
  for (const v1::VillagePotential& village : response.villages()) {
    if (village.place_id() == place_id) return village;
  }
  return {};
}

std::string DayOf(const v1::Event& event) {
  const auto date = CivilDate::FromWire(event.effective_date());
  return date ? date->ToString() : "an unknown day";
}

// The postings of the drive's own account for one product.
absl::Status AddPositions(v1::ProgressService::StubInterface* progress, const v1::DriveOpened& opened, int32_t year,
                          const v1::DriveOpened::Baseline& baseline, const Endpoints& endpoints,
                          std::vector<uint64_t>* positions) {
  v1::ExplainRequest request;
  request.set_drive_id(opened.drive_id());
  request.set_period(StrCat(year));
  request.set_scheme(baseline.scheme());
  request.set_scheme_group_id(baseline.scheme_group_id());
  request.set_counter(v1::COUNTER_COLLECTED);
  request.mutable_as_of()->set_position(opened.baseline_position());
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kVillageTimeout));
  const auto reader = progress->Explain(&context, request);
  v1::ExplainResponse response;
  while (reader->Read(&response)) {
    for (const v1::Posting& posting : response.postings()) positions->push_back(posting.position());
  }
  const absl::Status status = FromProjection(reader->Finish(), endpoints);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;  // no receipt names it
}

// plan#27: what a drive brings in is its result and no part of its baseline, so its receipts are not older than it.
absl::Status CheckOwnReceipts(v1::IngestService::StubInterface* ingest, v1::ProgressService::StubInterface* progress,
                              const v1::Event& event, const Endpoints& endpoints) {
  const v1::DriveOpened& opened = event.drive_opened();
  std::vector<uint64_t> positions;
  for (const v1::DriveOpened::Baseline& baseline : opened.baselines()) {
    SOTHON_RETURN_IF_ERROR(
        AddPositions(progress, opened, event.effective_date() / 10'000, baseline, endpoints, &positions));
  }
  if (positions.empty()) return absl::OkStatus();
  SOTHON_ASSIGN_OR_RETURN(const auto events, FetchEvents(ingest, positions));
  std::map<uint64_t, int32_t> early;  // dates by position; a reversal comes after what it takes back
  for (const auto& [position, one] : events) {
    if (one.has_contribution_reversed()) early.erase(one.contribution_reversed().reversed_position());
    if (!one.has_contribution_recorded() || one.contribution_recorded().drive_id() != opened.drive_id()) continue;
    if (one.place_id() == event.place_id() && one.effective_date() < event.effective_date()) {
      early[position] = one.effective_date();
    }
  }
  if (early.empty()) return absl::OkStatus();
  const uint64_t first = early.begin()->first;
  const std::string where = StrCat("at position ", first, " (", DayOf(events.at(first)), ")");
  if (early.size() == 1) {
    return absl::FailedPreconditionError(
        StrCat("1 receipt that names drive ", opened.drive_id(), " is dated before ", DayOf(event), ", ", where,
               ": it is its result and would stand in its baseline, too; open it on that day (--date), or reverse it"));
  }
  return absl::FailedPreconditionError(StrCat(
      early.size(), " receipts that name drive ", opened.drive_id(), " are dated before ", DayOf(event), ", the first ",
      where, ": they are its result and would stand in its baseline, too; open it on the day of ",
      "the earliest (--date), or reverse them"));
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
  SOTHON_ASSIGN_OR_RETURN(const v1::RankVillagesResponse answer, AskForVillage(progress, step, endpoints));
  const v1::Freshness& freshness = answer.answered().freshness();
  v1::Event event = EventOf("drive-opened-", step);
  v1::DriveOpened* opened = event.mutable_drive_opened();
  opened->set_drive_id(step.drive_id);
  opened->set_office_party_id(step.office_party_id);
  opened->set_baseline_position(step.position > 0 ? step.position : freshness.position());
  for (const v1::DriveOpened::Baseline& baseline : BaselinesOf(VillageOf(answer, step.place_id), OpensTheYear(step))) {
    *opened->add_baselines() = baseline;
  }
  const absl::StatusOr<v1::GetStatusResponse> log = FetchStatus(ingest);
  if (!log.ok()) return NameIngest(log.status(), endpoints);
  if (log->log_id() != freshness.log_id()) {
    return absl::FailedPreconditionError(StrCat("the projection counts log ", freshness.log_id(),
                                                ", and ingest serves log ", log->log_id(),
                                                ": name two that belong together (--ingest, --projection)"));
  }
  absl::Status fit = CheckOwnReceipts(ingest, progress, event, endpoints);
  if (opened->baselines().empty() && !step.without_targets) {
    fit = absl::FailedPreconditionError(
        StrCat(step.place_id, " has no target of ", step.date.Month().Year(), " for BHXH_TN or ", kSelfPaidGroup,
               ", as known at position ", opened->baseline_position(),
               ", so there is nothing to freeze: load the plan with its targets first (`sothon plan load`), correct ",
               "--place or --date, or open it all the same with --without-targets"));
  }
  if (!fit.ok()) {
    // What was opened before is told as always.
    SOTHON_ASSIGN_OR_RETURN(const RecordedStep tried, Record(ingest, event, true, endpoints));
    return tried.was_there ? absl::StatusOr<RecordedStep>(tried) : fit;
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
