// Fields of an event that this version of the proto does not have.
#pragma once

#include "absl/status/status.h"
#include "sothon/v1/event.pb.h"

namespace sothon::projection {

// UNIMPLEMENTED when `event`, or a message in it, has such a field: it may be one that decides what is counted, so a
// reader that does not know it stops there. An unknown kind is one too.
absl::Status CheckNoUnknownFields(const v1::Event& event);

}  // namespace sothon::projection
