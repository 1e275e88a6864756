#include "cli/import/record_pipeline.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "cli/app/submission_errors.h"
#include "cli/import/record_session.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(2);
constexpr size_t kSmallestBatch = 32;

// `refusal` as it concerns one submission alone.
absl::Status ForOne(const absl::Status& refusal, const std::vector<FieldViolation>& violations) {
  return violations.empty() ? refusal : BadRequest(violations);
}

// Takes everything from index `keep` on out of `batch`.
std::vector<RecordPipeline::Item> SplitOff(std::vector<RecordPipeline::Item>* batch, size_t keep) {
  const auto begin = batch->begin() + static_cast<std::ptrdiff_t>(keep);
  std::vector<RecordPipeline::Item> rest(std::make_move_iterator(begin), std::make_move_iterator(batch->end()));
  batch->erase(begin, batch->end());
  return rest;
}

bool IsSame(const v1::Submission& a, const v1::Submission& b) { return a.SerializeAsString() == b.SerializeAsString(); }

}  // namespace

bool IsTransient(absl::StatusCode code) {
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kResourceExhausted ||
         code == absl::StatusCode::kAborted || code == absl::StatusCode::kDeadlineExceeded ||
         code == absl::StatusCode::kCancelled;
}

RecordPipeline::RecordPipeline(v1::IngestService::StubInterface* ingest, PipelineOptions options, Callbacks callbacks)
    : ingest_(ingest),
      options_(std::move(options)),
      callbacks_(std::move(callbacks)),
      batch_size_(options_.batch_submissions_max) {}

std::optional<RecordPipeline::Batch> RecordPipeline::NextBatch() {
  Batch batch;
  if (!again_.empty()) {
    batch = std::move(again_.front());
    again_.pop_front();
  } else if (!prepared_.empty()) {
    batch = std::exchange(prepared_, {});
  } else {
    batch = MakeBatch();
  }
  if (batch.empty()) return std::nullopt;
  if (batch.size() > batch_size_) SendAgain(SplitOff(&batch, batch_size_));
  return batch;
}

RecordPipeline::Batch RecordPipeline::MakeBatch() {
  Batch batch;
  std::unordered_map<std::string, size_t> index_by_event_id;
  size_t bytes = 0;
  // Repeats count as what they would have cost, so that what is in memory stays bounded.
  for (size_t taken = 0; taken < batch_size_; ++taken) {
    if (!held_back_ && !is_at_end_) {
      held_back_ = callbacks_.next();
      is_at_end_ = !held_back_;
    }
    if (!held_back_) break;
    bytes += held_back_->submission.ByteSizeLong() + 8;
    if (!batch.empty() && bytes > options_.batch_bytes_max) break;
    const auto [known, is_new] = index_by_event_id.try_emplace(held_back_->submission.event().event_id(), batch.size());
    if (is_new) {
      batch.push_back(*std::move(held_back_));
    } else if (Item& first = batch[known->second]; IsSame(first.submission, held_back_->submission)) {
      first.repeats.push_back(held_back_->ordinal);
    } else {
      break;
    }
    held_back_.reset();
  }
  return batch;
}

void RecordPipeline::Settle(Item item, v1::Receipt receipt) {
  const std::vector<uint64_t> repeats = std::exchange(item.repeats, {});
  callbacks_.settled(item, receipt);
  receipt.set_duplicate(true);
  item.may_be_recorded = false;
  for (const uint64_t ordinal : repeats) {
    item.ordinal = ordinal;
    callbacks_.settled(item, receipt);
  }
}

void RecordPipeline::Refuse(Item item, const absl::Status& why) {
  const std::vector<uint64_t> repeats = std::exchange(item.repeats, {});
  callbacks_.refused(item, why);
  for (const uint64_t ordinal : repeats) {
    item.ordinal = ordinal;
    callbacks_.refused(item, why);
  }
}

void RecordPipeline::SendAgain(Batch batch) {
  if (!batch.empty()) again_.push_front(std::move(batch));
}

absl::Status RecordPipeline::HandleRefusal(Batch batch, const absl::Status& refusal) {
  if (IsTransient(refusal.code())) {
    // Over a limit of the service, perhaps: halves fit where the whole did not.
    const size_t half = refusal.code() == absl::StatusCode::kResourceExhausted ? (batch.size() + 1) / 2 : batch.size();
    Batch rest = SplitOff(&batch, half);
    // Back to where they were, before what was sent after them: Run() sends all of it again.
    if (!rest.empty()) in_flight_.push_front({0, std::move(rest)});
    in_flight_.push_front({0, std::move(batch)});
    return refusal;
  }
  if (refusal.code() != absl::StatusCode::kInvalidArgument && refusal.code() != absl::StatusCode::kAlreadyExists &&
      refusal.code() != absl::StatusCode::kFailedPrecondition && refusal.code() != absl::StatusCode::kNotFound) {
    SendAgain(std::move(batch));
    return refusal;
  }
  batch_size_ = std::min(batch_size_, std::max(kSmallestBatch, batch_size_ / 2));
  std::map<size_t, std::vector<FieldViolation>> violations;
  for (FieldViolation& violation : FieldViolationsOf(refusal)) {
    std::string rest;
    const auto index = SubmissionIndexOfPath(violation.field, &rest);
    if (index && *index < batch.size()) violations[*index].push_back({rest, violation.description});
  }
  if (const auto index = SubmissionOf(refusal); index && *index < batch.size()) violations[*index];
  if (violations.empty() && batch.size() == 1) violations[0];
  if (violations.empty()) {
    Batch rest = SplitOff(&batch, batch.size() / 2);
    SendAgain(std::move(rest));
    SendAgain(std::move(batch));
    return absl::OkStatus();
  }
  Batch rest;
  for (size_t i = 0; i < batch.size(); ++i) {
    const auto found = violations.find(i);
    if (found == violations.end()) {
      rest.push_back(std::move(batch[i]));
    } else {
      Refuse(std::move(batch[i]), ForOne(refusal, found->second));
    }
  }
  SendAgain(std::move(rest));
  return absl::OkStatus();
}

absl::Status RecordPipeline::HandleAnswer(const v1::RecordStreamResponse& answer) {
  if (in_flight_.empty() || in_flight_.front().request_id != answer.request_id()) {
    return absl::InternalError(
        StrCat("the service answered request ", answer.request_id(), " out of turn; is it of another version?"));
  }
  Batch batch = std::move(in_flight_.front().batch);
  in_flight_.pop_front();
  if (answer.has_error() && answer.error().code() != 0) {
    const absl::Status refusal = FromProto(answer.error());
    absl::Status status = HandleRefusal(std::move(batch), refusal);
    if (!IsTransient(refusal.code())) last_answer_ = absl::Now();
    callbacks_.progressed();
    return status;
  }
  const bool is_consecutive = answer.receipts_size() == 0;
  if (!is_consecutive && answer.receipts_size() != static_cast<int>(batch.size())) {
    SendAgain(std::move(batch));
    return absl::InternalError("the service answered with another number of receipts than submissions");
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    v1::Receipt receipt;
    if (is_consecutive) {
      receipt.set_position(answer.first_position() + i);
    } else {
      receipt = answer.receipts(static_cast<int>(i));
    }
    Settle(std::move(batch[i]), std::move(receipt));
  }
  batch_size_ = std::min(options_.batch_submissions_max, batch_size_ * 2);
  last_answer_ = absl::Now();
  callbacks_.progressed();
  return absl::OkStatus();
}

std::optional<v1::RecordRequest> RecordPipeline::NextRequest() {
  if (in_flight_.size() >= InFlightMax()) {
    if (prepared_.empty()) prepared_ = MakeBatch();
    return std::nullopt;
  }
  auto batch = NextBatch();
  if (!batch) return std::nullopt;
  v1::RecordRequest request;
  request.set_request_id(next_request_id_);
  request.set_validate_only(options_.validate_only);
  for (const Item& item : *batch) *request.add_submissions() = item.submission;
  in_flight_.push_back({next_request_id_++, *std::move(batch)});
  return request;
}

absl::Status RecordPipeline::Run() {
  last_answer_ = absl::Now();
  absl::Duration pause = kFirstPause;
  int attempt = 0;
  while (true) {
    const absl::Time before = last_answer_;
    RecordSession::Hooks hooks;
    hooks.next = [this] { return NextRequest(); };
    hooks.answered = [this](const v1::RecordStreamResponse& answer) { return HandleAnswer(answer); };
    hooks.is_done = [this] { return IsAtEnd(); };
    absl::Status status = RecordSession(ingest_, options_.stall_after, std::move(hooks)).Run();
    if (status.ok() && IsAtEnd()) return absl::OkStatus();
    // Unanswered batches go first, in their order.
    for (auto sent = in_flight_.rbegin(); sent != in_flight_.rend(); ++sent) {
      for (Item& item : sent->batch) item.may_be_recorded = true;
      again_.push_front(std::move(sent->batch));
    }
    in_flight_.clear();
    if (!status.ok() && !IsTransient(status.code())) return status;
    if (last_answer_ > before) {
      pause = kFirstPause;
      attempt = 0;
    }
    if (absl::Now() - last_answer_ >= options_.retry_for) {
      return absl::Status(status.ok() ? absl::StatusCode::kUnavailable : status.code(),
                          StrCat("gave up after ", absl::ToInt64Seconds(options_.retry_for),
                                 " s without an answer: ", status.message()));
    }
    callbacks_.retrying(status, ++attempt);
    options_.sleep(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace sothon::cli
