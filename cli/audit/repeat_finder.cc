#include "cli/audit/repeat_finder.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "common/base/strings.h"
#include "common/base/wire_field.h"
#include "common/event/stored_event.h"

namespace sothon::cli {
namespace {

constexpr char kEventId = 'E';
constexpr char kReceipt = 'R';
constexpr char kReversal = 'V';

constexpr size_t kKeysOfAnEvent = 2;
// A checkpoint that nobody signed may name any size.
constexpr uint64_t kEventsReservedMax = 4'000'000;

std::string Describe(char kind, std::string_view one, std::string_view other) {
  if (kind == kEventId) return StrCat("event id ", one);
  return StrCat(kind == kReversal ? "reversal of " : "", "receipt ", other, " of ", one);
}

}  // namespace

RepeatFinder::RepeatFinder(uint64_t events) {
  positions_.reserve(kKeysOfAnEvent * std::min<uint64_t>(events, kEventsReservedMax));
}

void RepeatFinder::Look(absl::Span<const std::string_view> stored) {
  for (const std::string_view bytes : stored) {
    const absl::StatusOr<StoredEventView> view = SplitStoredEvent(bytes);
    if (!view.ok()) continue;  // the fold stops there
    std::string_view body = view->body;
    for (WireField field; ConsumeWireField(&body, &field);) {
      if (field.tag == BytesTag(v1::Event::kEventIdFieldNumber)) {
        Note(kEventId, field.bytes, "", view->position.value);
      } else if (field.tag == BytesTag(v1::Event::kContributionRecordedFieldNumber)) {
        NoteReceipt(kReceipt, field.bytes, v1::ContributionRecorded::kAgencyIdFieldNumber,
                    v1::ContributionRecorded::kReceiptNumberFieldNumber, view->position.value);
      } else if (field.tag == BytesTag(v1::Event::kContributionReversedFieldNumber)) {
        NoteReceipt(kReversal, field.bytes, v1::ContributionReversed::kAgencyIdFieldNumber,
                    v1::ContributionReversed::kReceiptNumberFieldNumber, view->position.value);
      }
    }
  }
}

void RepeatFinder::NoteReceipt(char kind, std::string_view message, int agency_field, int receipt_field,
                               uint64_t position) {
  std::string_view agency_id, receipt_number;
  for (WireField field; ConsumeWireField(&message, &field);) {
    if (field.tag == BytesTag(agency_field)) agency_id = field.bytes;
    if (field.tag == BytesTag(receipt_field)) receipt_number = field.bytes;
  }
  Note(kind, agency_id, receipt_number, position);
}

void RepeatFinder::Note(char kind, std::string_view one, std::string_view other, uint64_t position) {
  const std::pair<uint64_t, uint64_t> key(absl::HashOf(kind, one, other), absl::HashOf(other, one, kind, kind));
  const auto [at, is_new] = positions_.try_emplace(key, position);
  if (is_new) return;
  ++count_;
  if (repeats_.size() < kRepeatsTold) repeats_.push_back({position, at->second, Describe(kind, one, other)});
}

}  // namespace sothon::cli
