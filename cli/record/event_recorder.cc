#include "cli/record/event_recorder.h"

#include <algorithm>

#include "cli/app/connection.h"
#include "cli/app/log_access.h"
#include "cli/app/submission_errors.h"
#include "cli/record/differences.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr size_t kEventsPerRequestMax = 1000;
constexpr size_t kRequestBytesMax = 1 << 20;
// What a submission takes in a request beside its own bytes.
constexpr size_t kFramingBytesMax = 8;
constexpr absl::Duration kRequestTimeout = absl::Seconds(60);

}  // namespace

absl::Status EventRecorder::Meet() {
  SOTHON_ASSIGN_OR_RETURN(const v1::GetStatusResponse status, FetchStatus(ingest_));
  summary_.log_id = status.log_id();
  const v1::Limits& limits = status.limits();
  events_max_ = limits.events_per_request_max() > 0 ? limits.events_per_request_max() : kEventsPerRequestMax;
  bytes_max_ = limits.request_bytes_max() > 0 ? limits.request_bytes_max() : kRequestBytesMax;
  // A dry run goes as far as the service lets it: what it is asked about apart it cannot see together.
  if (!validate_only_) {
    events_max_ = std::min(events_max_, kEventsPerRequestMax);
    bytes_max_ = std::min(bytes_max_, kRequestBytesMax);
  }
  return absl::OkStatus();
}

bool EventRecorder::HasRoomFor(const EventItem& item) const {
  return open_.empty() ||
         (open_.size() < events_max_ && open_bytes_ + item.submission.ByteSizeLong() + kFramingBytesMax <= bytes_max_);
}

bool EventRecorder::NeedsAnswer(const EventItem& item) const {
  return std::any_of(item.needs.begin(), item.needs.end(), [this](const auto& id) { return open_ids_.count(id) > 0; });
}

void EventRecorder::Add(const EventItem& item) {
  v1::Submission* submission = request_.add_submissions();
  *submission = item.submission;
  v1::Event* event = submission->mutable_event();
  const auto* reflection = event->GetReflection();
  const auto* kind = v1::Event::descriptor()->FindFieldByNumber(event->kind_case());
  for (const PositionReference& reference : item.references) {
    auto* message = reflection->MutableMessage(event, kind);
    const uint64_t position = positions_.at(reference.event_id);
    if (reference.index < 0) {
      message->GetReflection()->SetUInt64(message, reference.field, position);
    } else {
      message->GetReflection()->SetRepeatedUInt64(message, reference.field, reference.index, position);
    }
  }
  open_.push_back(&item);
  open_ids_.insert(event->event_id());
  open_bytes_ += submission->ByteSizeLong() + kFramingBytesMax;
}

void EventRecorder::Settle(const v1::RecordResponse& response) {
  for (size_t i = 0; i < open_.size() && i < static_cast<size_t>(response.receipts_size()); ++i) {
    const v1::Receipt& receipt = response.receipts(static_cast<int>(i));
    if (receipt.position() > 0) positions_[open_[i]->submission.event().event_id()] = receipt.position();
    summary_.min_position = std::max(summary_.min_position, receipt.position());
    if (receipt.duplicate()) {
      ++summary_.already_known;
      continue;
    }
    ++summary_.recorded;
    if (summary_.first_position == 0) summary_.first_position = receipt.position();
    summary_.last_position = receipt.position();
  }
  request_.Clear();
  open_.clear();
  open_ids_.clear();
  open_bytes_ = 0;
}

absl::Status EventRecorder::Send() {
  if (open_.empty()) return absl::OkStatus();
  request_.set_validate_only(validate_only_);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kRequestTimeout));
  v1::RecordResponse response;
  const absl::Status refusal = FromGrpc(ingest_->Record(&context, request_, &response));
  if (!refusal.ok()) return Explain(refusal);
  Settle(response);
  return absl::OkStatus();
}

absl::Status EventRecorder::RecordAll() {
  for (const EventItem& item : file_.items) {
    if (!HasRoomFor(item) || NeedsAnswer(item)) SOTHON_RETURN_IF_ERROR(Send());
    Add(item);
  }
  return Send();
}

absl::Status EventRecorder::CheckAll() {
  // First what rests on no event of the file, then what rests on those that are recorded.
  std::vector<const EventItem*> left;
  for (const EventItem& item : file_.items) left.push_back(&item);
  for (bool is_first = true; !left.empty(); is_first = false) {
    std::vector<const EventItem*> waiting;
    for (const EventItem* item : left) {
      const bool is_ready = std::all_of(item->needs.begin(), item->needs.end(),
                                        [this](const auto& id) { return positions_.count(id) > 0; });
      if (!is_ready) {
        waiting.push_back(item);
        continue;
      }
      if (is_first && !HasRoomFor(*item)) {
        return absl::FailedPreconditionError(StrCat(
            file_.file, " has ", file_.items.size(), " events, the service takes ", events_max_, " and ", bytes_max_,
            " bytes at once, and later ones cannot be checked before earlier ones are recorded; raise "
            "limits.events_per_request_max and limits.request_bytes_max, or split the file"));
      }
      if (!HasRoomFor(*item)) SOTHON_RETURN_IF_ERROR(Send());
      Add(*item);
    }
    if (open_.empty()) break;
    SOTHON_RETURN_IF_ERROR(Send());
    left = std::move(waiting);
  }
  summary_.unchecked = left.size();
  return absl::OkStatus();
}

absl::Status EventRecorder::ExplainConflict(const EventItem& item, const absl::Status& refusal) {
  const uint64_t position = PositionOf(refusal);
  const std::string reason = ErrorInfoOf(refusal).reason();
  const auto events = FetchEvents(ingest_, {position});
  const v1::Event* recorded = events.ok() && events->count(position) > 0 ? &events->at(position) : nullptr;
  const size_t index = static_cast<size_t>(std::find(open_.begin(), open_.end(), &item) - open_.begin());
  if (reason == "EVENT_ID_REUSED") {
    std::string differs;
    if (recorded != nullptr) {
      differs = StrCat(": ", DescribeDifferences(*recorded, request_.submissions(static_cast<int>(index)).event()));
    }
    return absl::AlreadyExistsError(
        StrCat(item.Where("event"), ": was recorded at position ", position, " with other content", differs,
               ". What was recorded stays: restore it here, and record the correction as an event of its own, with an "
               "`event_id` of its own"));
  }
  const std::string by =
      recorded == nullptr ? "" : StrCat(" by the event \"", recorded->event_id(), "\" of ", recorded->effective_date());
  const std::string what = reason == "ALREADY_REVERSED" ? "the receipt was reversed before, at position "
                           : reason == "RECEIPT_REUSED" ? "the agency's receipt number is taken, at position "
                                                        : "something recorded before stands against it, at position ";
  return absl::AlreadyExistsError(
      StrCat(item.Where("event"), ": ", what, position, by, "; look at both, and correct this one or leave it out"));
}

absl::Status EventRecorder::Explain(const absl::Status& refusal) {
  if (const auto index = SubmissionOf(refusal); index && *index < open_.size()) {
    const EventItem& item = *open_[*index];
    summary_.refused_lines.insert(item.line);
    if (refusal.code() == absl::StatusCode::kAlreadyExists) return ExplainConflict(item, refusal);
    // The file's place stands for the index.
    const std::string index_prefix = StrCat("submissions[", *index, "]: ");
    const std::string message(refusal.message());
    return absl::Status(refusal.code(),
                        StrCat(item.Where("event"), ": ",
                               message.starts_with(index_prefix) ? message.substr(index_prefix.size()) : message));
  }
  std::vector<FieldViolation> violations = FieldViolationsOf(refusal);
  if (violations.empty()) return refusal;
  for (FieldViolation& violation : violations) {
    std::string rest;
    const auto index = SubmissionIndexOfPath(violation.field, &rest);
    if (!index || *index >= open_.size()) continue;
    summary_.refused_lines.insert(open_[*index]->line);
    violation.field = open_[*index]->Where(rest);
  }
  return BadRequest(violations);
}

absl::Status EventRecorder::Run() {
  SOTHON_RETURN_IF_ERROR(Meet());
  return validate_only_ ? CheckAll() : RecordAll();
}

}  // namespace sothon::cli
