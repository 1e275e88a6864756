// The one place where errors of gRPC, RocksDB and NATS are mapped to and from absl::Status.
//
// Inside, every fallible function returns absl::Status or absl::StatusOr; details for machines travel as payloads
// (google.rpc.BadRequest, google.rpc.ErrorInfo) and come out again as gRPC status details.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "nats/nats.h"
#include "rocksdb/status.h"

// Returns the status of `expression` from the enclosing function when it is not OK.
#define SOTHON_RETURN_IF_ERROR(expression)                                                    \
  do {                                                                                        \
    if (absl::Status sothon_status = (expression); !sothon_status.ok()) return sothon_status; \
  } while (false)

#define SOTHON_CONCAT_INNER(a, b) a##b
#define SOTHON_CONCAT(a, b) SOTHON_CONCAT_INNER(a, b)
// SOTHON_ASSIGN_OR_RETURN(auto x, F()): declares or assigns x, or returns F's error.
#define SOTHON_ASSIGN_OR_RETURN(target, expression) \
  SOTHON_ASSIGN_OR_RETURN_INNER(SOTHON_CONCAT(sothon_statusor_, __LINE__), target, expression)
#define SOTHON_ASSIGN_OR_RETURN_INNER(temporary, target, expression) \
  auto temporary = (expression);                                     \
  if (!temporary.ok()) return temporary.status();                    \
  target = *std::move(temporary)

namespace sothon {

struct FieldViolation {
  std::string field;        // path from the request message
  std::string description;  // what is wrong, and the remedy
};

// INVALID_ARGUMENT with a BadRequest payload; the message is the first violation in words. `violations` is not empty.
absl::Status BadRequest(const std::vector<FieldViolation>& violations);
// The violations that a status carries; empty when it carries none.
std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status);

// A status with an ErrorInfo payload (domain "sothon").
absl::Status WithReason(absl::StatusCode code, std::string_view message, std::string_view reason,
                        const std::map<std::string, std::string>& metadata);
// The ErrorInfo that a status carries; default-constructed (empty reason) when it carries none.
google::rpc::ErrorInfo ErrorInfoOf(const absl::Status& status);

// `status` with "context: " before its message; payloads kept. OK stays OK.
absl::Status Annotate(const absl::Status& status, std::string_view context);

grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);
google::rpc::Status ToProto(const absl::Status& status);
absl::Status FromProto(const google::rpc::Status& status);

// `doing` says what was tried, in words that make sense to an operator: "open the event log in /var/lib/sothon/log".
// A lock held by another process becomes FAILED_PRECONDITION, no space RESOURCE_EXHAUSTED, corruption DATA_LOSS.
absl::Status FromRocksDb(const rocksdb::Status& status, std::string_view doing);
absl::Status FromNats(natsStatus status, std::string_view doing);

}  // namespace sothon
