#include "ingest-service/outbox/publisher.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

// The arena is emptied when it has grown beyond this.
constexpr uint64_t kArenaBytesMax = 256 << 10;

}  // namespace

absl::StatusOr<std::unique_ptr<Publisher>> Publisher::Open(const OutboxOptions& options, const std::string& log_id,
                                                           Position acknowledged) {
  std::unique_ptr<Publisher> publisher(new Publisher(options, log_id, acknowledged));
  SOTHON_ASSIGN_OR_RETURN(publisher->connection_, BusConnection::Connect(options.bus, "sothon-ingest outbox"));
  SOTHON_RETURN_IF_ERROR(publisher->connection_->EnsureStream(options.bus, options.stream));
  SOTHON_ASSIGN_OR_RETURN(publisher->inbox_, publisher->connection_->OpenInbox(BusConnection::Reach::kBelow));
  return publisher;
}

absl::Status Publisher::Publish(Position position, std::string_view stored) {
  if (arena_.SpaceUsed() > kArenaBytesMax) arena_.Reset();
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
  if (!event->ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
    return absl::DataLossError(StrCat("the log's bytes at position ", position.value, " are no event"));
  }
  const std::string subject = BusSubject(options_.province_id, *event);
  reply_subject_.clear();
  StrAppend(&reply_subject_, inbox_.subject, ".", position.value);
  message_id_.clear();
  StrAppend(&message_id_, message_id_prefix_, position.value);

  natsMsg* raw = nullptr;
  natsStatus status =
      natsMsg_Create(&raw, subject.c_str(), reply_subject_.c_str(), stored.data(), static_cast<int>(stored.size()));
  NatsMsgPtr message(raw);
  if (status == NATS_OK) status = natsMsgHeader_Set(raw, "Nats-Msg-Id", message_id_.c_str());
  if (status == NATS_OK) status = natsConnection_PublishMsg(connection_->nats(), raw);
  if (status != NATS_OK) return FromNats(status, StrCat("publish position ", position.value));
  in_flight_.push_back({absl::Now(), false});
  return absl::OkStatus();
}

absl::Status Publisher::Flush() {
  // A flush is a ping whose answer is waited for; the acknowledgements of what was published before come ahead of it.
  return FromNats(natsConnection_FlushTimeout(connection_->nats(), absl::ToInt64Milliseconds(options_.bus.timeout)),
                  "flush to the broker");
}

absl::Status Publisher::CollectAcknowledgements(absl::Duration wait) {
  int64_t wait_ms = absl::ToInt64Milliseconds(wait);
  while (!in_flight_.empty()) {
    natsMsg* raw = nullptr;
    const natsStatus status = natsSubscription_NextMsg(&raw, inbox_.subscription.get(), wait_ms);
    NatsMsgPtr message(raw);
    if (status == NATS_TIMEOUT) {
      if (absl::Now() - in_flight_.front().at > options_.acknowledgement_wait) {
        return absl::DeadlineExceededError(
            StrCat("the broker has not acknowledged position ", acknowledged_.Next().value, " in time"));
      }
      break;
    }
    if (status == NATS_NO_RESPONDERS) {
      return absl::NotFoundError(StrCat("the broker has lost the stream ", options_.bus.stream));
    }
    if (status != NATS_OK) return FromNats(status, "receive the broker's acknowledgements");
    SOTHON_RETURN_IF_ERROR(TakeAcknowledgement(raw));
    wait_ms = 0;
  }
  return absl::OkStatus();
}

absl::Status Publisher::TakeAcknowledgement(natsMsg* message) {
  // {"stream":"SOTHON","seq":7}, or, when it was refused, an object that begins with its "error".
  const std::string_view answer(natsMsg_GetData(message), static_cast<size_t>(natsMsg_GetDataLength(message)));
  if (answer.find("\"error\":{") != std::string_view::npos) {
    return absl::UnavailableError(StrCat("the broker refuses events: ", answer));
  }
  uint64_t position = 0;
  const std::string_view subject = natsMsg_GetSubject(message);
  if (!absl::SimpleAtoi(ToAbsl(subject.substr(subject.rfind('.') + 1)), &position)) return absl::OkStatus();
  if (position <= acknowledged_.value || position > acknowledged_.value + in_flight_.size()) return absl::OkStatus();
  // A cluster may acknowledge a duplicate before the new message ahead of it.
  in_flight_[position - acknowledged_.value - 1].acknowledged = true;
  while (!in_flight_.empty() && in_flight_.front().acknowledged) {
    in_flight_.pop_front();
    acknowledged_ = acknowledged_.Next();
  }
  return absl::OkStatus();
}

}  // namespace sothon::ingest
