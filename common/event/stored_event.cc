#include "common/event/stored_event.h"

#include <cassert>

#include "common/base/strings.h"
#include "common/base/varint.h"

namespace sothon {
namespace {

constexpr uint8_t kPositionTag = 0x08;    // field 1, varint
constexpr uint8_t kRecordedAtTag = 0x10;  // field 2, varint

// Consumes `tag` and the shortest form of a varint.
bool ConsumeField(uint8_t tag, std::string_view* in, uint64_t* value) {
  if (in->empty() || static_cast<uint8_t>(in->front()) != tag) return false;
  in->remove_prefix(1);
  const std::string_view before = *in;
  if (!ConsumeVarint(in, value)) return false;
  const size_t size = before.size() - in->size();
  return size == 1 || before[size - 1] != 0;
}

}  // namespace

std::string SerializeBody(const v1::Event& event) {
  assert(event.position() == 0 && event.recorded_at_us() == 0);
  // Fields are written in the order of their numbers and no event has a map field, so equal events give equal bytes.
  std::string body;
  event.AppendToString(&body);
  return body;
}

void AppendStoredEvent(Position position, int64_t recorded_at_us, std::string_view body, std::string* out) {
  out->push_back(static_cast<char>(kPositionTag));
  AppendVarint(position.value, out);
  out->push_back(static_cast<char>(kRecordedAtTag));
  AppendVarint(static_cast<uint64_t>(recorded_at_us), out);
  out->append(body);
}

absl::StatusOr<StoredEventView> SplitStoredEvent(std::string_view stored) {
  StoredEventView view;
  std::string_view rest = stored;
  uint64_t recorded_at_us = 0;
  if (!ConsumeField(kPositionTag, &rest, &view.position.value) || view.position.value == 0) {
    return absl::DataLossError("stored event does not begin with its position");
  }
  if (!ConsumeField(kRecordedAtTag, &rest, &recorded_at_us) || static_cast<int64_t>(recorded_at_us) < 0) {
    return absl::DataLossError(
        StrCat("stored event at position ", view.position.value, " has no recorded time after its position"));
  }
  // A second position or time in the body would win over the first in a parser.
  if (!rest.empty() && static_cast<uint8_t>(rest.front()) < 0x18) {
    return absl::DataLossError(
        StrCat("stored event at position ", view.position.value, " has a body that begins with a field of the server"));
  }
  view.recorded_at_us = static_cast<int64_t>(recorded_at_us);
  view.body = rest;
  return view;
}

}  // namespace sothon
