#include "ingest-service/service/reject_counters.h"

#include "common/status/status.h"

namespace sothon::ingest {
namespace {

constexpr char kOther[] = "other";

std::string ReasonOf(const absl::Status& status) {
  const std::string reason = ErrorInfoOf(status).reason();
  if (!reason.empty()) return reason;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return "INVALID";
    case absl::StatusCode::kResourceExhausted:
      return "OVER_LIMIT";
    case absl::StatusCode::kUnavailable:
      return "UNAVAILABLE";
    default:
      return kOther;
  }
}

}  // namespace

// All of them at once, so that a reason that never occurred shows as 0.
RejectCounters::RejectCounters(Metrics* metrics) {
  for (const char* reason : {"INVALID", "OVER_LIMIT", "UNAVAILABLE", "EVENT_ID_REUSED", "RECEIPT_REUSED",
                             "ALREADY_REVERSED", "STREAM_VERSION", kOther}) {
    by_reason_[reason] =
        &metrics->Counter("sothon_ingest_rejects_total", "Requests refused, by reason", {{"reason", reason}});
  }
}

void RejectCounters::Count(const absl::Status& status) {
  const auto found = by_reason_.find(ReasonOf(status));
  (found == by_reason_.end() ? by_reason_.at(kOther) : found->second)->Increment();
}

}  // namespace sothon::ingest
