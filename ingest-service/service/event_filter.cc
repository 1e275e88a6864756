#include "ingest-service/service/event_filter.h"

#include <optional>

#include "common/base/strings.h"
#include "common/base/varint.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

constexpr uint64_t kFirstKindField = 20;
constexpr uint64_t kVarintType = 0;
constexpr uint64_t kBytesType = 2;

struct EventOutline {
  std::string_view place_id;
  uint64_t kind = 0;
  std::string_view payload;
};

// Place and kind of an event, without parsing the rest: its own fields are varints and bytes only.
bool Outline(std::string_view bytes, EventOutline* outline) {
  while (!bytes.empty()) {
    uint64_t tag = 0;
    uint64_t number = 0;
    if (!ConsumeVarint(&bytes, &tag) || !ConsumeVarint(&bytes, &number)) return false;
    if ((tag & 7) == kVarintType) continue;
    if ((tag & 7) != kBytesType || number > bytes.size()) return false;
    const uint64_t field = tag >> 3;
    if (field == v1::Event::kPlaceIdFieldNumber) outline->place_id = bytes.substr(0, number);
    if (field >= kFirstKindField) {
      outline->kind = field;
      outline->payload = bytes.substr(0, number);
    }
    bytes.remove_prefix(number);
  }
  return true;
}

// The place of an event that is about a place itself, which is the first field of its payload.
std::string_view OwnPlace(const EventOutline& outline) {
  static_assert(v1::PlaceRegistered::kPlaceIdFieldNumber == 1 && v1::PlaceChanged::kPlaceIdFieldNumber == 1 &&
                v1::JurisdictionAssigned::kPlaceIdFieldNumber == 1);
  if (outline.kind != v1::Event::kPlaceRegistered && outline.kind != v1::Event::kPlaceChanged &&
      outline.kind != v1::Event::kJurisdictionAssigned) {
    return {};
  }
  std::string_view payload = outline.payload;
  uint64_t tag = 0;
  uint64_t size = 0;
  const bool first = ConsumeVarint(&payload, &tag) && tag == (1 << 3 | kBytesType) && ConsumeVarint(&payload, &size);
  return first ? payload.substr(0, size) : std::string_view();
}

}  // namespace

absl::StatusOr<EventFilter> EventFilter::Create(const v1::ReadEventsRequest& request, const Registry* registry) {
  EventFilter filter(registry);
  std::vector<FieldViolation> violations;
  filter.reference_only_ = request.kinds_size() > 0;
  for (int i = 0; i < request.kinds_size(); ++i) {
    const std::optional<EventKind> kind = EventKindFromName(request.kinds(i));
    if (!kind) {
      violations.push_back({StrCat("kinds[", i, "]"), StrCat("\"", request.kinds(i),
                                                             "\" is no kind of event; give the name of its field in "
                                                             "Event, for example contribution_recorded")});
      continue;
    }
    const auto field = static_cast<size_t>(*kind);
    if (filter.kinds_.size() <= field) filter.kinds_.resize(field + 1);
    filter.kinds_[field] = true;
    filter.reference_only_ = filter.reference_only_ && IsReferenceKind(*kind);
  }
  filter.place_id_ = request.place_id();
  if (!filter.place_id_.empty() && !registry->IsWithin(filter.place_id_, filter.place_id_)) {
    violations.push_back({"place_id", StrCat("place \"", filter.place_id_, "\" is not registered; correct the id")});
  }
  if (!violations.empty()) return BadRequest(violations);
  return filter;
}

bool EventFilter::Takes(std::string_view stored) const {
  if (takes_all()) return true;
  EventOutline outline;
  // What cannot be read is not left out: the reader shall see it.
  if (!Outline(stored, &outline)) return true;
  if (!kinds_.empty() && (outline.kind >= kinds_.size() || !kinds_[outline.kind])) return false;
  if (place_id_.empty()) return true;
  const std::string_view own = OwnPlace(outline);
  const std::string_view place = own.empty() ? outline.place_id : own;
  return !place.empty() && registry_->IsWithin(place, place_id_);
}

}  // namespace sothon::ingest
