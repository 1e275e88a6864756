#include "projection-service/follow/grpc_log_reader.h"

#include <vector>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "projection-service/follow/event_stream.h"

namespace sothon::projection {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(100);
// Ingest answers a bounded range without pause; silence for so long means that it hangs.
constexpr absl::Duration kQuietMax = absl::Seconds(30);
constexpr size_t kEventsAtOnceMax = 16'384;

}  // namespace

GrpcLogReader::GrpcLogReader(const std::shared_ptr<grpc::Channel>& ingest) : ingest_(ingest) {}

absl::Status GrpcLogReader::ReadRange(Position from, Position to,
                                      absl::FunctionRef<absl::Status(absl::Span<const std::string_view>)> visit) {
  if (to < from) return absl::OkStatus();
  v1::ReadEventsRequest request;
  request.set_from_position(from.value);
  request.set_to_position(to.value);
  EventStream stream(ingest_, request);

  Position next = from;
  absl::Time heard_at = absl::Now();
  std::vector<ReceivedEvents> messages;
  std::vector<std::string_view> stored;
  while (next <= to) {
    if (cancelled_.load(std::memory_order_acquire)) return absl::CancelledError("reading the log was cancelled");
    messages.clear();
    SOTHON_RETURN_IF_ERROR(stream.Next(kTick, kEventsAtOnceMax, &messages));
    if (messages.empty()) {
      if (stream.finished()) {
        return absl::OutOfRangeError(
            StrCat("the log ends before position ", next.value, ", asked for up to ", to.value));
      }
      if (absl::Now() - heard_at > kQuietMax) return absl::UnavailableError("ingest does not answer ReadEvents");
      continue;
    }
    heard_at = absl::Now();
    stored.clear();
    for (const ReceivedEvents& message : messages) {
      stored.insert(stored.end(), message.events().begin(), message.events().end());
    }
    if (stored.empty()) continue;
    SOTHON_ASSIGN_OR_RETURN(const StoredEventView first, SplitStoredEvent(stored.front()));
    SOTHON_ASSIGN_OR_RETURN(const StoredEventView last, SplitStoredEvent(stored.back()));
    if (first.position != next || last.position != next.Plus(stored.size() - 1)) {
      return absl::DataLossError(StrCat("ingest left out events between ", next.value, " and ", last.position.value));
    }
    SOTHON_RETURN_IF_ERROR(visit(stored));
    next = last.position.Next();
  }
  return absl::OkStatus();
}

}  // namespace sothon::projection
