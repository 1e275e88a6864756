#include "projection-service/follow/bus_feed.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"

namespace sothon::projection {
namespace {

constexpr char kAckPrefix[] = "$JS.ACK.";
// Longer than any commit; what is redelivered after it is skipped as a duplicate.
constexpr absl::Duration kAckWait = absl::Seconds(60);
// How long the broker keeps a consumer that nobody listens to.
constexpr absl::Duration kInactiveThreshold = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::unique_ptr<BusFeed>> BusFeed::Open(const BusOptions& options, std::string log_id,
                                                       int64_t pending_events_max) {
  std::unique_ptr<BusFeed> feed(new BusFeed);
  feed->message_id_prefix_ = std::move(log_id) + ":";
  SOTHON_ASSIGN_OR_RETURN(feed->connection_, BusConnection::Connect(options, "sothon-projection follower"));
  SOTHON_ASSIGN_OR_RETURN(feed->inbox_, feed->connection_->OpenInbox(BusConnection::Reach::kExactly));
  SOTHON_RETURN_IF_ERROR(feed->AddConsumer(options, pending_events_max));
  return feed;
}

absl::Status BusFeed::AddConsumer(const BusOptions& options, int64_t pending_events_max) {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.DeliverSubject = inbox_.subject.c_str();
  config.DeliverPolicy = js_DeliverNew;
  config.AckPolicy = js_AckAll;
  config.AckWait = absl::ToInt64Nanoseconds(kAckWait);
  config.MaxAckPending = pending_events_max;
  config.FilterSubject = kBusSubjects;
  config.InactiveThreshold = absl::ToInt64Nanoseconds(kInactiveThreshold);
  config.MemoryStorage = true;
  jsErrCode error = static_cast<jsErrCode>(0);
  const auto add = [&] {
    return js_AddConsumer(nullptr, connection_->jetstream(), options.stream.c_str(), &config, nullptr, &error);
  };
  natsStatus status = add();
  if (error == JSMemoryResourcesExceededErr) {
    // A broker that is given no memory for JetStream keeps the state on its disk.
    config.MemoryStorage = false;
    status = add();
  }
  if (error == JSStreamNotFoundErr) {
    return absl::NotFoundError(StrCat("the broker at ", options.url, " has no stream ", options.stream, " yet"));
  }
  return FromNats(status, StrCat("subscribe to the stream ", options.stream, " at ", options.url));
}

absl::Status BusFeed::Gather(absl::Duration timeout, size_t events_max, std::vector<Message>* messages) {
  int64_t wait_ms = absl::ToInt64Milliseconds(timeout);
  while (taken_.size() < events_max) {
    natsMsg* raw = nullptr;
    const natsStatus status = natsSubscription_NextMsg(&raw, inbox_.subscription.get(), wait_ms);
    if (status == NATS_TIMEOUT) break;
    if (status != NATS_OK) return FromNats(status, "receive from the broker");
    wait_ms = 0;
    taken_.emplace_back(raw);
    Message message;
    if (IsOurs(raw, &message)) {
      messages->push_back(message);
    } else {
      ++foreign_;
    }
  }
  return absl::OkStatus();
}

bool BusFeed::IsOurs(natsMsg* message, Message* out) const {
  const char* id = nullptr;
  if (natsMsgHeader_Get(message, "Nats-Msg-Id", &id) != NATS_OK) return false;
  const std::string_view rest = id;
  uint64_t position = 0;
  if (!rest.starts_with(message_id_prefix_)) return false;
  if (!absl::SimpleAtoi(ToAbsl(rest.substr(message_id_prefix_.size())), &position)) return false;
  out->stored = {natsMsg_GetData(message), static_cast<size_t>(natsMsg_GetDataLength(message))};
  const absl::StatusOr<StoredEventView> event = SplitStoredEvent(out->stored);
  out->position = Position{position};
  return event.ok() && event->position == out->position;
}

void BusFeed::Acknowledge() {
  for (auto message = taken_.rbegin(); message != taken_.rend(); ++message) {
    const char* reply = natsMsg_GetReply(message->get());
    if (reply == nullptr || !std::string_view(reply).starts_with(kAckPrefix)) continue;
    // A lost acknowledgement costs a redelivery; a lost connection shows at the next Gather().
    natsConnection_PublishString(connection_->nats(), reply, "+ACK");
    break;
  }
  taken_.clear();
}

}  // namespace sothon::projection
