#include "common/bus/connection.h"

#include "common/base/strings.h"
#include "common/status/status.h"
#include "spdlog/spdlog.h"

namespace sothon {
namespace {

// A broker that hangs without closing the connection is noticed after two unanswered pings.
constexpr int64_t kPingIntervalMs = 5'000;
constexpr int kPingsUnansweredMax = 2;

absl::Status SetOptions(const BusOptions& bus, const char* client_name, natsOptions* options) {
  const int64_t timeout_ms = absl::ToInt64Milliseconds(bus.timeout);
  natsStatus status = natsOptions_SetURL(options, bus.url.c_str());
  if (status != NATS_OK) {
    return absl::InvalidArgumentError(StrCat("\"", bus.url,
                                             "\" is no address of a NATS server; write for example "
                                             "nats://127.0.0.1:7400"));
  }
  if (!bus.credentials_file.empty()) {
    status = natsOptions_SetUserCredentialsFromFiles(options, bus.credentials_file.c_str(), nullptr);
    if (status != NATS_OK) return FromNats(status, StrCat("use the credentials in ", bus.credentials_file));
  }
  for (natsStatus each :
       {natsOptions_SetName(options, client_name), natsOptions_SetTimeout(options, timeout_ms),
        natsOptions_SetAllowReconnect(options, false), natsOptions_SetWriteDeadline(options, timeout_ms),
        natsOptions_SetPingInterval(options, kPingIntervalMs),
        natsOptions_SetMaxPingsOut(options, kPingsUnansweredMax)}) {
    if (each != NATS_OK) return FromNats(each, "set up the connection to the broker");
  }
  return absl::OkStatus();
}

jsStreamConfig MakeStreamConfig(const BusOptions& bus, const StreamOptions& options, const char** subjects) {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = bus.stream.c_str();
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Discard = js_DiscardOld;
  config.MaxAge = absl::ToInt64Nanoseconds(options.max_age);
  config.MaxBytes = options.max_bytes;
  config.Duplicates = absl::ToInt64Nanoseconds(options.duplicate_window);
  config.Replicas = options.replicas;
  return config;
}

bool SameSettings(const jsStreamConfig& existing, const jsStreamConfig& wanted) {
  return existing.SubjectsLen == 1 && std::string_view(existing.Subjects[0]) == wanted.Subjects[0] &&
         existing.Discard == wanted.Discard && existing.MaxAge == wanted.MaxAge &&
         existing.MaxBytes == wanted.MaxBytes && existing.Duplicates == wanted.Duplicates &&
         existing.Replicas == wanted.Replicas;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BusConnection>> BusConnection::Connect(const BusOptions& bus, const char* client_name) {
  std::unique_ptr<BusConnection> connection(new BusConnection);
  natsOptions* options = nullptr;
  if (natsStatus status = natsOptions_Create(&options); status != NATS_OK) {
    return FromNats(status, "set up the connection to the broker");
  }
  connection->options_.reset(options);
  SOTHON_RETURN_IF_ERROR(SetOptions(bus, client_name, options));

  natsConnection* nats = nullptr;
  const natsStatus status = natsConnection_Connect(&nats, options);
  connection->connection_.reset(nats);
  if (status != NATS_OK) return FromNats(status, StrCat("connect to the broker at ", bus.url));

  jsOptions js_options;
  jsOptions_Init(&js_options);
  js_options.Wait = absl::ToInt64Milliseconds(bus.timeout);
  jsCtx* jetstream = nullptr;
  if (natsStatus js_status = natsConnection_JetStream(&jetstream, nats, &js_options); js_status != NATS_OK) {
    return FromNats(js_status, "set up JetStream");
  }
  connection->jetstream_.reset(jetstream);
  return connection;
}

bool BusConnection::alive() const { return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED; }

absl::Status BusConnection::EnsureStream(const BusOptions& bus, const StreamOptions& options) {
  const char* subjects[] = {kBusSubjects};
  jsStreamConfig wanted = MakeStreamConfig(bus, options, subjects);

  jsStreamInfo* raw = nullptr;
  jsErrCode error = static_cast<jsErrCode>(0);
  natsStatus status = js_GetStreamInfo(&raw, jetstream_.get(), wanted.Name, nullptr, &error);
  JetStreamInfoPtr info(raw);
  if (status == NATS_NOT_FOUND) {
    status = js_AddStream(nullptr, jetstream_.get(), &wanted, nullptr, &error);
    if (status == NATS_OK) spdlog::info("created the stream on the broker stream={} url={}", bus.stream, bus.url);
  } else if (status == NATS_OK && !SameSettings(*info->Config, wanted)) {
    natsStatus update = js_UpdateStream(nullptr, jetstream_.get(), &wanted, nullptr, &error);
    if (update != NATS_OK) {
      spdlog::warn("the broker keeps the old settings of the stream stream={} why=\"{}\"", bus.stream,
                   std::string(FromNats(update, "change the stream").message()));
    }
  }
  if (status == NATS_NO_RESPONDERS || error == JSNotEnabledErr || error == JSNotEnabledForAccountErr) {
    return absl::FailedPreconditionError(
        StrCat("the broker at ", bus.url, " runs without JetStream: start nats-server with -js"));
  }
  return FromNats(status, StrCat("open the stream ", bus.stream, " on the broker at ", bus.url));
}

absl::StatusOr<BusConnection::Inbox> BusConnection::OpenInbox(Reach reach) {
  natsInbox* name = nullptr;
  if (natsStatus status = natsInbox_Create(&name); status != NATS_OK) return FromNats(status, "name an inbox");
  Inbox inbox;
  inbox.subject = name;
  natsInbox_Destroy(name);

  natsSubscription* subscription = nullptr;
  const std::string pattern = reach == Reach::kBelow ? inbox.subject + ".>" : inbox.subject;
  natsStatus status = natsConnection_SubscribeSync(&subscription, connection_.get(), pattern.c_str());
  inbox.subscription.reset(subscription);
  // What is outstanding is bounded by our own windows.
  if (status == NATS_OK) status = natsSubscription_SetPendingLimits(subscription, -1, -1);
  if (status != NATS_OK) return FromNats(status, "subscribe to an inbox");
  return inbox;
}

}  // namespace sothon
