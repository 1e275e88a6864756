// Parses stored events, and refuses what this version does not know.
//
// Operation
//   Contributions are nearly all of a log. They are taken apart here, into a message whose strings keep their memory
//   from one event to the next; protobuf's own parser spends most of its time on giving that memory back. Anything out
//   of the ordinary, and every other kind, goes through protobuf. event_parser_test.cc holds the two against each
//   other.
// Concurrency
//   Thread-compatible.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "sothon/v1/event.pb.h"

namespace sothon::projection {

class EventParser {
 public:
  // Valid until the next Parse(). DATA_LOSS: bytes that are no event. UNIMPLEMENTED: a field, here or in a message
  // inside, that this version does not have; it may be one that decides what is counted.
  absl::StatusOr<const v1::Event*> Parse(std::string_view stored);

  // How many went through protobuf; for tests.
  uint64_t slowly_parsed() const { return slowly_parsed_; }

 private:
  v1::Event contribution_;  // the last one parsed here
  v1::Event other_;
  uint64_t slowly_parsed_ = 0;
};

}  // namespace sothon::projection
