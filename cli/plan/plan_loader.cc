#include "cli/plan/plan_loader.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "cli/app/connection.h"
#include "cli/app/log_access.h"
#include "cli/app/submission_errors.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// A plan whose facts were recorded before, and now say something else.
absl::Status Changed(v1::IngestService::StubInterface* ingest, const PlanItem& item, const absl::Status& refusal) {
  const uint64_t position = PositionOf(refusal);
  const auto events = FetchEvents(ingest, {position});
  std::string message = StrCat(item.origin, ": was recorded at position ", position, " with other content");
  const v1::TargetSet& target = item.event.target_set();
  if (item.event.has_target_set() && events.ok() && events->count(position) > 0) {
    const v1::TargetSet& earlier = events->at(position).target_set();
    if (earlier.value() != target.value()) {
      StrAppend(&message, ": the target ", target.target_id(), " is ", earlier.value(), " there and ", target.value(),
                " here");
    }
    StrAppend(&message,
              ". A target that was given changes only by a document that revises it (plan#26): restore this row, "
              "add the new document, and add [[targets]] with a new target_id, revises = \"",
              target.target_id(), "\" and the new value");
  } else {
    StrAppend(&message, ". What was recorded stays: restore it in the plan, and record the change as a new fact");
  }
  return absl::AlreadyExistsError(StrCat(message, ". Nothing of the plan was recorded now"));
}

absl::Status Explain(v1::IngestService::StubInterface* ingest, const Plan& plan, size_t begin,
                     const absl::Status& refusal) {
  if (refusal.code() == absl::StatusCode::kAlreadyExists) {
    const auto index = SubmissionOf(refusal);
    if (index && begin + *index < plan.items.size()) return Changed(ingest, plan.items[begin + *index], refusal);
    return refusal;
  }
  if (const auto index = SubmissionOf(refusal); index && begin + *index < plan.items.size()) {
    return absl::Status(refusal.code(),
                        StrCat(plan.items[begin + *index].origin, ": ", refusal.message(),
                               ". If another plan brought it into the book, leave it out of this one. Nothing of the "
                               "plan was recorded now"));
  }
  std::vector<FieldViolation> violations = FieldViolationsOf(refusal);
  if (violations.empty()) return refusal;
  for (FieldViolation& violation : violations) {
    std::string rest;
    const auto index = SubmissionIndexOfPath(violation.field, &rest);
    if (index && begin + *index < plan.items.size()) {
      violation.field = StrCat(plan.items[begin + *index].origin, ", ", rest);
    }
  }
  return BadRequest(violations);
}

}  // namespace

absl::StatusOr<PlanLoadSummary> LoadPlan(v1::IngestService::StubInterface* ingest, const Plan& plan,
                                         bool validate_only) {
  SOTHON_ASSIGN_OR_RETURN(const v1::GetStatusResponse status, FetchStatus(ingest));
  size_t per_request = status.limits().events_per_request_max();
  if (per_request == 0) per_request = plan.items.size();
  if (validate_only && plan.items.size() > per_request) {
    return absl::FailedPreconditionError(
        StrCat("the plan has ", plan.items.size(), " events, the service takes ", per_request,
               " at once, and later ones cannot be checked before earlier ones are recorded; raise "
               "limits.events_per_request_max or split the plan"));
  }
  PlanLoadSummary summary;
  summary.log_id = status.log_id();
  for (size_t begin = 0; begin < plan.items.size(); begin += per_request) {
    v1::RecordRequest request;
    request.set_validate_only(validate_only);
    for (size_t i = begin; i < std::min(plan.items.size(), begin + per_request); ++i) {
      *request.add_submissions()->mutable_event() = plan.items[i].event;
    }
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(absl::Seconds(60)));
    v1::RecordResponse response;
    const absl::Status refusal = FromGrpc(ingest->Record(&context, request, &response));
    if (!refusal.ok()) return Explain(ingest, plan, begin, refusal);
    for (const v1::Receipt& receipt : response.receipts()) {
      summary.min_position = std::max(summary.min_position, receipt.position());
      if (receipt.duplicate()) {
        ++summary.already_known;
        continue;
      }
      ++summary.recorded;
      if (summary.first_position == 0) summary.first_position = receipt.position();
      summary.last_position = receipt.position();
    }
  }
  return summary;
}

}  // namespace sothon::cli
