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
// The table is larger than the processor's caches, so most places come from memory: so many of them at a time.
constexpr size_t kAwaitedMax = 32;
// A checkpoint that nobody signed may name any size.
constexpr uint64_t kEventsReservedMax = 4'000'000;

std::string Describe(char kind, std::string_view one, std::string_view other) {
  if (kind == kEventId) return StrCat("event id ", one);
  return StrCat(kind == kReversal ? "reversal of " : "", "receipt ", other, " of ", one);
}

}  // namespace

RepeatFinder::RepeatFinder(uint64_t events) {
  awaited_.reserve(kAwaitedMax);
  positions_.reserve(kKeysOfAnEvent * std::min<uint64_t>(events, kEventsReservedMax));
}

void RepeatFinder::Look(absl::Span<const std::string_view> stored) {
  for (const std::string_view bytes : stored) {
    const absl::StatusOr<StoredEventView> view = SplitStoredEvent(bytes);
    if (!view.ok()) continue;  // the fold stops there
    Keys keys;
    if (!TakeApart(view->body, &keys)) {
      Settle();  // what is awaited may point into the event before
      const absl::StatusOr<const v1::Event*> event = parser_.Parse(bytes);
      if (!event.ok()) continue;  // and there
      keys = KeysOf(**event);
    }
    if (!keys.event_id.empty()) Note(kEventId, keys.event_id, "", view->position.value);
    if (keys.kind != 0) Note(keys.kind, keys.agency_id, keys.receipt_number, view->position.value);
  }
  Settle();
}

// False: a parser may see something else in it than what stands there.
bool RepeatFinder::TakeApart(std::string_view body, Keys* keys) {
  bool has_kind = false;
  WireField field;
  while (ConsumeWireField(&body, &field)) {
    if (field.tag == BytesTag(v1::Event::kEventIdFieldNumber)) {
      if (!keys->event_id.empty()) return false;
      keys->event_id = field.bytes;
    } else if (field.tag >= BytesTag(v1::Event::kDocumentIssuedFieldNumber)) {  // the kinds have the highest numbers
      if (has_kind) return false;
      has_kind = true;
      const bool is_receipt = field.tag == BytesTag(v1::Event::kContributionRecordedFieldNumber);
      const bool is_reversal = field.tag == BytesTag(v1::Event::kContributionReversedFieldNumber);
      if (!is_receipt && !is_reversal) continue;
      if (!TakeReceiptApart(is_receipt ? kReceipt : kReversal, field.bytes, keys)) return false;
    }
  }
  return body.empty();
}

bool RepeatFinder::TakeReceiptApart(char kind, std::string_view message, Keys* keys) {
  uint64_t agency = BytesTag(v1::ContributionRecorded::kAgencyIdFieldNumber);
  uint64_t number = BytesTag(v1::ContributionRecorded::kReceiptNumberFieldNumber);
  if (kind == kReversal) {
    agency = BytesTag(v1::ContributionReversed::kAgencyIdFieldNumber);
    number = BytesTag(v1::ContributionReversed::kReceiptNumberFieldNumber);
  }
  keys->kind = kind;
  WireField field;
  while (ConsumeWireField(&message, &field)) {  // of a field twice the last one holds, as a parser has it
    if (field.tag == agency) keys->agency_id = field.bytes;
    if (field.tag == number) keys->receipt_number = field.bytes;
  }
  return message.empty();
}

RepeatFinder::Keys RepeatFinder::KeysOf(const v1::Event& event) {
  Keys keys;
  keys.event_id = event.event_id();
  if (event.has_contribution_recorded()) {
    keys.kind = kReceipt;
    keys.agency_id = event.contribution_recorded().agency_id();
    keys.receipt_number = event.contribution_recorded().receipt_number();
  } else if (event.has_contribution_reversed()) {
    keys.kind = kReversal;
    keys.agency_id = event.contribution_reversed().agency_id();
    keys.receipt_number = event.contribution_reversed().receipt_number();
  }
  return keys;
}

void RepeatFinder::Note(char kind, std::string_view one, std::string_view other, uint64_t position) {
  const Hashes hashes(absl::HashOf(kind, one, other), absl::HashOf(other, one, kind, kind));
  positions_.prefetch(hashes);
  awaited_.push_back({hashes, position, kind, one, other});
  if (awaited_.size() == kAwaitedMax) Settle();
}

void RepeatFinder::Settle() {
  for (const Awaited& each : awaited_) {
    const auto [at, is_new] = positions_.try_emplace(each.hashes, each.position);
    if (is_new) continue;
    ++count_;
    if (repeats_.size() >= kRepeatsTold) continue;
    repeats_.push_back({each.position, at->second, Describe(each.kind, each.one, each.other)});
  }
  awaited_.clear();
}

}  // namespace sothon::cli
