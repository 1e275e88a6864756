#include "tests/harness/stream_messages.h"

#include "common/status/status.h"

namespace sothon::testing {

absl::StatusOr<std::vector<StreamMessage>> ReadStream(const BusOptions& options) {
  SOTHON_ASSIGN_OR_RETURN(auto connection, BusConnection::Connect(options, "test reader"));
  jsStreamInfo* raw_info = nullptr;
  const natsStatus found =
      js_GetStreamInfo(&raw_info, connection->jetstream(), options.stream.c_str(), nullptr, nullptr);
  JetStreamInfoPtr info(raw_info);
  if (found != NATS_OK) return FromNats(found, "read the stream");
  const uint64_t count = info->State.Msgs;

  SOTHON_ASSIGN_OR_RETURN(BusConnection::Inbox inbox, connection->OpenInbox(BusConnection::Reach::kExactly));
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.DeliverSubject = inbox.subject.c_str();
  config.DeliverPolicy = js_DeliverAll;
  config.AckPolicy = js_AckNone;
  const natsStatus added =
      js_AddConsumer(nullptr, connection->jetstream(), options.stream.c_str(), &config, nullptr, nullptr);
  if (added != NATS_OK) return FromNats(added, "read the stream");

  std::vector<StreamMessage> messages;
  while (messages.size() < count) {
    natsMsg* raw = nullptr;
    const natsStatus status = natsSubscription_NextMsg(&raw, inbox.subscription.get(), 5'000);
    NatsMsgPtr message(raw);
    if (status != NATS_OK) return FromNats(status, "read the stream");
    StreamMessage each;
    each.subject = natsMsg_GetSubject(raw);
    const char* id = nullptr;
    if (natsMsgHeader_Get(raw, "Nats-Msg-Id", &id) == NATS_OK) each.message_id = id;
    each.payload.assign(natsMsg_GetData(raw), static_cast<size_t>(natsMsg_GetDataLength(raw)));
    messages.push_back(std::move(each));
  }
  return messages;
}

absl::Status PublishRaw(BusConnection* connection, const std::string& subject, const std::string& message_id,
                        const std::string& payload) {
  natsMsg* raw = nullptr;
  natsStatus status = natsMsg_Create(&raw, subject.c_str(), nullptr, payload.data(), static_cast<int>(payload.size()));
  NatsMsgPtr message(raw);
  if (status == NATS_OK && !message_id.empty()) status = natsMsgHeader_Set(raw, "Nats-Msg-Id", message_id.c_str());
  if (status == NATS_OK) status = js_PublishMsg(nullptr, connection->jetstream(), raw, nullptr, nullptr);
  return FromNats(status, "publish");
}

}  // namespace sothon::testing
