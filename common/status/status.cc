#include "common/status/status.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "common/base/strings.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace sothon {
namespace {

constexpr char kTypeUrlPrefix[] = "type.googleapis.com/";
constexpr char kErrorDomain[] = "sothon";

// A gRPC client refuses an answer whose trailers take more than 8 KiB. The message is percent-encoded (a Vietnamese
// letter takes up to nine bytes) and stands a second time in the details, which are base64.
constexpr size_t kTrailerMessageBytesMax = 1024;
constexpr size_t kTrailerDetailsBytesMax = 3072;

std::string TypeUrl(const google::protobuf::Message& message) {
  return kTypeUrlPrefix + std::string(message.GetDescriptor()->full_name());
}

// Map fields in sorted order: equal statuses have equal bytes.
std::string SerializeDeterministically(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

void SetDetail(const google::protobuf::Message& message, absl::Status* status) {
  status->SetPayload(TypeUrl(message), absl::Cord(SerializeDeterministically(message)));
}

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl(detail));
  if (payload) detail.ParseFromString(std::string(*payload));
  return detail;
}

// At most `max` bytes of `text`, cut between two code points.
std::string Truncate(std::string_view text, size_t max) {
  if (text.size() <= max) return std::string(text);
  size_t end = max;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return StrCat(text.substr(0, end), "…");
}

// The first violations, as many as fit, and how many were left out.
void TrimBadRequest(size_t bytes_max, google::rpc::BadRequest* bad_request) {
  size_t bytes = 0;
  int kept = 0;
  for (; kept < bad_request->field_violations_size(); ++kept) {
    auto* violation = bad_request->mutable_field_violations(kept);
    violation->set_description(Truncate(violation->description(), kTrailerMessageBytesMax));
    bytes += violation->ByteSizeLong() + 4;
    if (bytes > bytes_max) break;
  }
  const int left_out = bad_request->field_violations_size() - kept;
  if (left_out == 0) return;
  bad_request->mutable_field_violations()->DeleteSubrange(kept, left_out);
  auto* last = bad_request->add_field_violations();
  last->set_description(StrCat(left_out, " more violations are left out here; mend these and send again"));
}

google::rpc::Status TrimmedToTrailers(const absl::Status& status) {
  google::rpc::Status proto = ToProto(status);
  proto.set_message(Truncate(proto.message(), kTrailerMessageBytesMax));
  if (proto.ByteSizeLong() <= kTrailerMessageBytesMax + kTrailerDetailsBytesMax) return proto;
  const std::string bad_request_url = TypeUrl(google::rpc::BadRequest::default_instance());
  google::protobuf::RepeatedPtrField<google::protobuf::Any> kept;
  size_t bytes = 0;
  for (google::protobuf::Any& detail : *proto.mutable_details()) {
    google::rpc::BadRequest bad_request;
    if (detail.type_url() == bad_request_url && bad_request.ParseFromString(detail.value())) {
      TrimBadRequest(kTrailerDetailsBytesMax - kTrailerMessageBytesMax, &bad_request);
      detail.set_value(bad_request.SerializeAsString());
    }
    bytes += detail.ByteSizeLong();
    if (bytes <= kTrailerDetailsBytesMax) *kept.Add() = std::move(detail);
  }
  proto.mutable_details()->Swap(&kept);
  return proto;
}

absl::StatusCode CodeFromNumber(int code) {
  const bool known = code >= 0 && code <= static_cast<int>(absl::StatusCode::kUnauthenticated);
  return known ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kUnknown;
}

absl::StatusCode CodeOfRocksDb(const rocksdb::Status& status) {
  switch (status.code()) {
    case rocksdb::Status::kNotFound:
      return absl::StatusCode::kNotFound;
    case rocksdb::Status::kNotSupported:
      return absl::StatusCode::kUnimplemented;
    case rocksdb::Status::kInvalidArgument:  // ours, never the client's: a directory that is not what we expect
      return absl::StatusCode::kFailedPrecondition;
    case rocksdb::Status::kTimedOut:
      return absl::StatusCode::kDeadlineExceeded;
    case rocksdb::Status::kIOError:
    case rocksdb::Status::kShutdownInProgress:
    case rocksdb::Status::kAborted:
    case rocksdb::Status::kBusy:
    case rocksdb::Status::kTryAgain:
    case rocksdb::Status::kIncomplete:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::StatusCode CodeOfNats(natsStatus status) {
  switch (status) {
    case NATS_TIMEOUT:
      return absl::StatusCode::kDeadlineExceeded;
    case NATS_IO_ERROR:
    case NATS_CONNECTION_CLOSED:
    case NATS_NO_SERVER:
    case NATS_STALE_CONNECTION:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_NOT_YET_CONNECTED:
    case NATS_DRAINING:
    case NATS_NO_RESPONDERS:
    case NATS_MISSED_HEARTBEAT:
    case NATS_SSL_ERROR:
      return absl::StatusCode::kUnavailable;
    case NATS_NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case NATS_CONNECTION_AUTH_FAILED:
      return absl::StatusCode::kUnauthenticated;
    case NATS_NOT_PERMITTED:
      return absl::StatusCode::kPermissionDenied;
    case NATS_ADDRESS_MISSING:
    case NATS_INVALID_SUBJECT:
    case NATS_INVALID_ARG:
    case NATS_INVALID_TIMEOUT:
    case NATS_INVALID_QUEUE_NAME:
      return absl::StatusCode::kInvalidArgument;
    case NATS_ILLEGAL_STATE:
    case NATS_INVALID_SUBSCRIPTION:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
      return absl::StatusCode::kFailedPrecondition;
    case NATS_SLOW_CONSUMER:
    case NATS_MAX_PAYLOAD:
    case NATS_NO_MEMORY:
      return absl::StatusCode::kResourceExhausted;
    case NATS_NO_SERVER_SUPPORT:
      return absl::StatusCode::kUnimplemented;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status BadRequest(const std::vector<FieldViolation>& violations) {
  assert(!violations.empty());
  google::rpc::BadRequest detail;
  for (const FieldViolation& violation : violations) {
    auto* entry = detail.add_field_violations();
    entry->set_field(violation.field);
    entry->set_description(violation.description);
  }
  std::string message = StrCat(violations[0].field, ": ", violations[0].description);
  if (violations.size() > 1) StrAppend(&message, " (and ", violations.size() - 1, " more)");
  absl::Status status = absl::InvalidArgumentError(message);
  SetDetail(detail, &status);
  return status;
}

std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  const auto detail = DetailOf<google::rpc::BadRequest>(status);
  for (const auto& entry : detail.field_violations()) {
    violations.push_back({entry.field(), entry.description()});
  }
  return violations;
}

absl::Status WithReason(absl::StatusCode code, std::string_view message, std::string_view reason,
                        const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo detail;
  detail.set_reason(std::string(reason));
  detail.set_domain(kErrorDomain);
  detail.mutable_metadata()->insert(metadata.begin(), metadata.end());
  absl::Status status(code, ToAbsl(message));
  SetDetail(detail, &status);
  return status;
}

google::rpc::ErrorInfo ErrorInfoOf(const absl::Status& status) { return DetailOf<google::rpc::ErrorInfo>(status); }

absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(), StrCat(context, ": ", status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) { annotated.SetPayload(url, payload); });
  return annotated;
}

google::rpc::Status ToProto(const absl::Status& status) {
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    google::protobuf::Any* detail = proto.add_details();
    detail->set_type_url(std::string(url));
    detail->set_value(std::string(payload));
  });
  // ForEachPayload promises no order.
  std::sort(proto.mutable_details()->begin(), proto.mutable_details()->end(),
            [](const auto& a, const auto& b) { return a.type_url() < b.type_url(); });
  return proto;
}

absl::Status FromProto(const google::rpc::Status& proto) {
  absl::Status status(CodeFromNumber(proto.code()), proto.message());
  if (status.ok()) return status;
  for (const google::protobuf::Any& detail : proto.details()) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return status;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status proto = TrimmedToTrailers(status);
  const std::string details = proto.details().empty() ? std::string() : proto.SerializeAsString();
  return grpc::Status(static_cast<grpc::StatusCode>(proto.code()), proto.message(), details);
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status proto;
  // Details that are not ours, or contradict the call's own code, are not to be believed.
  if (status.error_details().empty() || !proto.ParseFromString(status.error_details()) ||
      proto.code() != static_cast<int>(status.error_code())) {
    proto.Clear();
  }
  proto.set_code(static_cast<int>(status.error_code()));
  proto.set_message(status.error_message());
  return FromProto(proto);
}

absl::Status FromRocksDb(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = status.ToString();
  const std::string cannot = StrCat("cannot ", doing, ": ");
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return absl::ResourceExhaustedError(
        StrCat(cannot, "no space left on the disk; free some, then start again (", text, ")"));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(StrCat(cannot, "the stored files are damaged; keep a copy of the directory, then ",
                                      "restore it from a backup (a projection's can be deleted: it is rebuilt ",
                                      "from the log) (", text, ")"));
  }
  if (status.IsIOError() && (absl::StrContains(text, "While lock file") || absl::StrContains(text, "lock hold by"))) {
    return absl::FailedPreconditionError(
        StrCat(cannot, "another process uses this directory; stop it first (", text, ")"));
  }
  if (status.IsIOError() && absl::StrContains(text, "Permission denied")) {
    return absl::PermissionDeniedError(
        StrCat(cannot, "this user may not write there; give it the directory (", text, ")"));
  }
  return absl::Status(CodeOfRocksDb(status), StrCat(cannot, text));
}

absl::Status FromNats(natsStatus status, std::string_view doing) {
  if (status == NATS_OK) return absl::OkStatus();
  std::string message = StrCat("cannot ", doing, ": ", natsStatus_GetText(status));
  // The library keeps one error text per thread; it is only ours if it is about this status.
  natsStatus last = NATS_OK;
  const char* detail = nats_GetLastError(&last);
  if (detail != nullptr && last == status && detail[0] != '\0') StrAppend(&message, " (", detail, ")");
  return absl::Status(CodeOfNats(status), message);
}

}  // namespace sothon
