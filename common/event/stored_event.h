// Stored bytes of an event: the serialised v1::Event, beginning with its position and its recorded time.
//
//   stored = 0x08 varint(position) 0x10 varint(recorded_at_us) body
//   body   = the deterministic serialisation of the Event without these two fields
//
// The body does not depend on when and where it was recorded: equal submissions have equal bodies, which is how a
// retried event id is told from a reused one. Golden bytes: common/event/stored_event_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "sothon/v1/event.pb.h"

namespace sothon {

// The longest stored event: the limit of an entry in the audit format (c2sp.org/tlog-tiles).
inline constexpr size_t kStoredEventBytesMax = 65'535;
// The most that position and time add to a body.
inline constexpr size_t kStoredEventHeaderBytesMax = 22;

struct StoredEventView {
  Position position;
  int64_t recorded_at_us = 0;
  std::string_view body;  // points into the stored bytes
};

// The deterministic body of `event`; its position and recorded_at_us must be unset.
std::string SerializeBody(const v1::Event& event);
// Appends the stored form to `*out`.
void AppendStoredEvent(Position position, int64_t recorded_at_us, std::string_view body, std::string* out);
// Splits stored bytes without parsing the body. DATA_LOSS when they do not begin as they must.
absl::StatusOr<StoredEventView> SplitStoredEvent(std::string_view stored);

}  // namespace sothon
