// What stands on the stream, read back without the code under test.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/bus/connection.h"

namespace sothon::testing {

struct StreamMessage {
  std::string subject;
  std::string message_id;  // Nats-Msg-Id
  std::string payload;
};

// Every message of the stream, in its order. NOT_FOUND: there is no stream.
absl::StatusOr<std::vector<StreamMessage>> ReadStream(const BusOptions& options);

// Puts one message on the stream and waits for its acknowledgement; `message_id` empty: without one.
absl::Status PublishRaw(BusConnection* connection, const std::string& subject, const std::string& message_id,
                        const std::string& payload);

}  // namespace sothon::testing
