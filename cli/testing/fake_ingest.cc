#include "cli/testing/fake_ingest.h"

#include <algorithm>

#include "cli/app/connection.h"
#include "cli/app/digest.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// As the real service does: the identity becomes a pseudonym, equal for equal numbers.
v1::Event Stored(const v1::Submission& submission) {
  v1::Event event = submission.event();
  const v1::Identity& identity = submission.identity();
  if (identity.ByteSizeLong() == 0) return event;
  Sha256 sha;
  sha.Update(identity.citizen_number() + "/" + identity.social_insurance_number());
  const std::string subject = sha.HexDigest().substr(0, 16);
  if (event.has_contribution_recorded()) event.mutable_contribution_recorded()->set_subject_id(subject);
  if (event.has_opening_recorded()) event.mutable_opening_recorded()->set_subject_id(subject);
  return event;
}

std::string BodyOf(v1::Event event) {
  event.clear_position();
  event.clear_recorded_at_us();
  return SerializeBody(event);
}

absl::Status Conflict(std::string_view reason, size_t submission, uint64_t position) {
  return WithReason(absl::StatusCode::kAlreadyExists, StrCat("submissions[", submission, "]: taken"), reason,
                    {{"submission", StrCat(submission)}, {"position", StrCat(position)}});
}

}  // namespace

FakeIngest::FakeIngest() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  address_ = StrCat("127.0.0.1:", port);
}

FakeIngest::~FakeIngest() { Stop(); }

void FakeIngest::Stop() {
  if (server_) server_->Shutdown(std::chrono::system_clock::now());
}

std::unique_ptr<v1::IngestService::Stub> FakeIngest::NewStub() {
  return v1::IngestService::NewStub(ConnectTo(address_));
}

void FakeIngest::SetCheck(Check check) {
  absl::MutexLock lock(&mutex_);
  check_ = std::move(check);
}

void FakeIngest::CopyFrom(const FakeIngest& other) {
  for (const v1::Event& event : other.events()) {
    absl::MutexLock lock(&mutex_);
    events_.push_back(event);
    position_by_event_id_[event.event_id()] = event.position();
  }
}

void FakeIngest::BreakStreams(int requests, int times) {
  absl::MutexLock lock(&mutex_);
  break_after_ = requests;
  breaks_left_ = times;
}

void FakeIngest::Stall(int streams) {
  absl::MutexLock lock(&mutex_);
  stalls_left_ = streams;
}

void FakeIngest::SetAway(int times) {
  absl::MutexLock lock(&mutex_);
  away_left_ = times;
}

void FakeIngest::SetLimits(const v1::Limits& limits) {
  absl::MutexLock lock(&mutex_);
  limits_ = limits;
}

void FakeIngest::ForgetReversals() {
  absl::MutexLock lock(&mutex_);
  knows_reversals_ = false;
}

std::vector<v1::Event> FakeIngest::events() const {
  absl::MutexLock lock(&mutex_);
  return events_;
}

std::vector<int> FakeIngest::request_sizes() const {
  absl::MutexLock lock(&mutex_);
  return request_sizes_;
}

int FakeIngest::streams() const {
  absl::MutexLock lock(&mutex_);
  return streams_;
}

absl::Status FakeIngest::Append(const v1::RecordRequest& request, std::vector<v1::Receipt>* receipts) {
  absl::MutexLock lock(&mutex_);
  request_sizes_.push_back(request.submissions_size());
  if (check_) SOTHON_RETURN_IF_ERROR(check_(request));
  std::vector<v1::Event> fresh;
  for (int i = 0; i < request.submissions_size(); ++i) {
    v1::Event event = Stored(request.submissions(i));
    v1::Receipt receipt;
    const auto known = position_by_event_id_.find(event.event_id());
    if (known != position_by_event_id_.end()) {
      if (BodyOf(events_[known->second - 1]) != BodyOf(event)) {
        return Conflict("EVENT_ID_REUSED", static_cast<size_t>(i), known->second);
      }
      receipt.set_position(known->second);
      receipt.set_duplicate(true);
    } else {
      const auto& contribution = event.contribution_recorded();
      const auto taken = position_by_receipt_.find(contribution.agency_id() + "/" + contribution.receipt_number());
      if (event.has_contribution_recorded() && taken != position_by_receipt_.end()) {
        return Conflict("RECEIPT_REUSED", static_cast<size_t>(i), taken->second);
      }
      if (!request.validate_only()) receipt.set_position(events_.size() + fresh.size() + 1);
      event.set_position(receipt.position());
      event.set_recorded_at_us(1'760'000'000'000'000 + static_cast<int64_t>(receipt.position()));
      fresh.push_back(std::move(event));
    }
    receipts->push_back(receipt);
  }
  if (request.validate_only()) return absl::OkStatus();
  for (v1::Event& event : fresh) {
    position_by_event_id_[event.event_id()] = event.position();
    if (event.has_contribution_recorded()) {
      const auto& contribution = event.contribution_recorded();
      position_by_receipt_[contribution.agency_id() + "/" + contribution.receipt_number()] = event.position();
    }
    events_.push_back(std::move(event));
  }
  return absl::OkStatus();
}

grpc::Status FakeIngest::Record(grpc::ServerContext*, const v1::RecordRequest* request, v1::RecordResponse* response) {
  std::vector<v1::Receipt> receipts;
  const absl::Status status = Append(*request, &receipts);
  if (!status.ok()) return ToGrpc(status);
  response->set_log_id("fake");
  for (const v1::Receipt& receipt : receipts) *response->add_receipts() = receipt;
  return grpc::Status::OK;
}

grpc::Status FakeIngest::RecordStream(grpc::ServerContext* context,
                                      grpc::ServerReaderWriter<v1::RecordStreamResponse, v1::RecordRequest>* stream) {
  bool is_stalled = false;
  int answers_left = -1;
  {
    absl::MutexLock lock(&mutex_);
    ++streams_;
    is_stalled = stalls_left_ > 0;
    stalls_left_ -= is_stalled ? 1 : 0;
    if (breaks_left_ > 0) answers_left = break_after_ - 1;
    breaks_left_ -= breaks_left_ > 0 ? 1 : 0;
  }
  v1::RecordRequest request;
  while (stream->Read(&request)) {
    if (is_stalled) continue;
    v1::RecordStreamResponse response;
    response.set_request_id(request.request_id());
    std::vector<v1::Receipt> receipts;
    const absl::Status status = Append(request, &receipts);
    if (answers_left-- == 0) return {grpc::StatusCode::UNAVAILABLE, "going down"};
    if (!status.ok()) {
      *response.mutable_error() = ToProto(status);
    } else {
      const bool is_new =
          !request.validate_only() &&
          std::none_of(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.duplicate(); });
      if (is_new) {
        response.set_first_position(receipts.front().position());
      } else {
        for (const v1::Receipt& receipt : receipts) *response.add_receipts() = receipt;
      }
    }
    stream->Write(response);
  }
  return context->IsCancelled() ? grpc::Status::CANCELLED : grpc::Status::OK;
}

grpc::Status FakeIngest::ReadEvents(grpc::ServerContext*, const v1::ReadEventsRequest* request,
                                    grpc::ServerWriter<v1::ReadEventsResponse>* writer) {
  v1::ReadEventsResponse response;
  const std::vector<v1::Event> all = events();
  const bool with_reversals = request->with_reversals() && [this] {
    absl::MutexLock lock(&mutex_);
    return knows_reversals_;
  }();
  const auto reversal_of = [&](const v1::Event& event) -> uint64_t {
    for (const v1::Event& one : all) {
      if (one.contribution_reversed().reversed_position() == event.position()) return one.position();
    }
    return 0;
  };
  for (const v1::Event& event : all) {
    const auto& positions = request->positions();
    const auto& kinds = request->kinds();
    const bool is_asked =
        positions.empty() || std::find(positions.begin(), positions.end(), event.position()) != positions.end();
    const bool is_kind =
        kinds.empty() || std::find(kinds.begin(), kinds.end(), EventKindName(event.kind_case())) != kinds.end();
    if (!is_asked || !is_kind) continue;
    response.add_events(event.SerializeAsString());
    if (with_reversals) response.add_reversed_by(reversal_of(event));
  }
  writer->Write(response);
  return grpc::Status::OK;
}

grpc::Status FakeIngest::GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*, v1::GetStatusResponse* response) {
  absl::MutexLock lock(&mutex_);
  if (away_left_ > 0) {
    --away_left_;
    return {grpc::StatusCode::UNAVAILABLE, "loading"};
  }
  response->set_log_id("fake");
  response->set_head_position(events_.size());
  *response->mutable_limits() = limits_;
  return grpc::Status::OK;
}

}  // namespace sothon::cli
