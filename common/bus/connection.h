// One connection to the broker, and the stream that carries the events. docs/formats/bus.md has subjects and settings.
//
// Operation
//   The broker is disposable, so a connection is too: it never reconnects by itself and never keeps messages for later.
//   When it is lost, its owner drops it with everything that hung on it, opens another one and goes on from what is
//   stored on our own side. That leaves one way to recover instead of several.
// Concurrency
//   Thread-compatible: owned by one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/bus/nats_handles.h"

namespace sothon {

// Everything that is published, whatever the province.
inline constexpr char kBusSubjects[] = "sothon.v1.>";

struct BusOptions {
  // One server, or several of one cluster, separated by commas.
  std::string url = "nats://127.0.0.1:7400";
  // A NATS .creds file; empty: none.
  std::string credentials_file;
  std::string stream = "SOTHON";
  // How long connecting, a request to JetStream, a flush or a blocked write may take.
  absl::Duration timeout = absl::Seconds(2);
};

// What the stream is created with. Only the outbox creates it; the log is the truth, so old messages may go.
struct StreamOptions {
  absl::Duration max_age = absl::Hours(24 * 7);
  int64_t max_bytes = int64_t{1} << 30;
  // Within this window the broker itself drops a message published twice. An optimisation, never relied upon.
  absl::Duration duplicate_window = absl::Minutes(2);
  int64_t replicas = 1;
};

class BusConnection {
 public:
  // UNAVAILABLE when no server answers in time; the message names the address. `client_name` is what the broker lists.
  static absl::StatusOr<std::unique_ptr<BusConnection>> Connect(const BusOptions& options, const char* client_name);

  natsConnection* nats() const { return connection_.get(); }
  jsCtx* jetstream() const { return jetstream_.get(); }
  // False once the broker has gone; it never becomes true again.
  bool alive() const;

  // Creates the stream, or brings an existing one to these settings (a refused change is only logged: the stream that
  // is there does the work as well). FAILED_PRECONDITION: the broker runs without JetStream.
  absl::Status EnsureStream(const BusOptions& bus, const StreamOptions& options);

  // A fresh subject of this connection's own and a synchronous subscription, without a pending limit, to exactly it or
  // to everything below it. A consumer's deliver subject must be subscribed to exactly: the broker does not see
  // interest through a wildcard there.
  enum class Reach { kExactly, kBelow };
  struct Inbox {
    std::string subject;
    NatsSubscriptionPtr subscription;
  };
  absl::StatusOr<Inbox> OpenInbox(Reach reach);

 private:
  BusConnection() = default;

  // In this order, so that they are destroyed from the last to the first.
  NatsOptionsPtr options_;
  NatsConnectionPtr connection_;
  JetStreamPtr jetstream_;
};

}  // namespace sothon
