#include "ingest-service/service/recording.h"

#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/rpc/wire.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

bool AllNew(const std::vector<AppendedEvent>& events) {
  Position expected = events.empty() ? Position{} : events.front().position;
  for (const AppendedEvent& event : events) {
    if (event.duplicate || event.position != expected) return false;
    expected = expected.Next();
  }
  return expected.value > 1;  // not those of validate_only, which have none
}

void AddReceipts(const std::vector<AppendedEvent>& events, google::protobuf::RepeatedPtrField<v1::Receipt>* receipts) {
  receipts->Reserve(static_cast<int>(events.size()));
  for (const AppendedEvent& event : events) {
    v1::Receipt* const receipt = receipts->Add();
    receipt->set_position(event.position.value);
    receipt->set_duplicate(event.duplicate);
  }
}

}  // namespace

absl::Status ParseRequest(const RecordingParts& parts, const grpc::ByteBuffer& bytes, v1::RecordRequest* request) {
  if (bytes.Length() > parts.request_bytes_max) {
    return absl::ResourceExhaustedError(StrCat("the request has ", bytes.Length(), " bytes, at most ",
                                               parts.request_bytes_max,
                                               " are taken (limits.request_bytes_max); split it"));
  }
  return ParseMessage(bytes, request);
}

absl::Status PrepareTask(const RecordingParts& parts, v1::RecordRequest* request, CommitTask* task) {
  task->validate_only = request->validate_only();
  return parts.intake->Prepare(request, CivilDate::AtMoment(parts.now_us()), &task->prepared);
}

v1::RecordResponse ToResponse(std::string_view log_id, const std::vector<AppendedEvent>& events) {
  v1::RecordResponse response;
  response.set_log_id(std::string(log_id));
  AddReceipts(events, response.mutable_receipts());
  return response;
}

v1::RecordStreamResponse ToStreamResponse(uint64_t request_id, const AppendOutcome& outcome) {
  v1::RecordStreamResponse response;
  response.set_request_id(request_id);
  if (!outcome.ok()) {
    *response.mutable_error() = ToProto(outcome.status());
  } else if (AllNew(*outcome)) {
    response.set_first_position(outcome->front().position.value);
  } else {
    AddReceipts(*outcome, response.mutable_receipts());
  }
  return response;
}

}  // namespace sothon::ingest
