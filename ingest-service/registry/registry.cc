#include "ingest-service/registry/registry.h"

#include <vector>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

// Deeper than province, commune, village: a cycle cannot be registered, but must not hang a reader either.
constexpr int kTreeDepthMax = 8;

template <typename Map>
auto FindValue(const Map& map, std::string_view key) -> decltype(&map.begin()->second) {
  const auto found = map.find(ToAbsl(key));
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

void RegistryFacts::Apply(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      documents_.insert(event.document_issued().document_id());
      break;
    case v1::Event::kPlaceRegistered: {
      const v1::PlaceRegistered& place = event.place_registered();
      places_.insert_or_assign(place.place_id(), KnownPlace{place.level(), place.parent_place_id()});
      break;
    }
    case v1::Event::kPlaceChanged: {
      const auto place = places_.find(event.place_changed().place_id());
      const bool converted = event.place_changed().change() == v1::PlaceChanged::CONVERTED;
      if (place != places_.end() && converted) place->second.level = event.place_changed().new_level();
      break;
    }
    case v1::Event::kPartyRegistered:
      parties_.insert_or_assign(
          event.party_registered().party_id(),
          KnownParty{event.party_registered().kind(), event.party_registered().parent_party_id()});
      break;
    case v1::Event::kRoleAssigned:
      roles_.insert(event.role_assigned().role_id());
      break;
    case v1::Event::kTargetSet:
      targets_.insert(event.target_set().target_id());
      break;
    case v1::Event::kDriveOpened:
      drives_.insert_or_assign(event.drive_opened().drive_id(),
                               KnownDrive{event.place_id(), event.effective_date(), true});
      break;
    case v1::Event::kDriveClosed:
      // Folded also without the opening, which an earlier event of the same request may be.
      drives_[event.drive_closed().drive_id()].is_open = false;
      break;
    case v1::Event::kErasureRequested:
      ApplyRequest(event);
      break;
    case v1::Event::kErasureCompleted: {
      open_erasures_.erase({event.erasure_completed().request_position()});
      const auto subject = SubjectId::FromBytes(event.erasure_completed().subject_id());
      if (subject) erased_.insert(*subject);
      break;
    }
    default:
      break;
  }
}

// One that is not recorded yet has no position.
void RegistryFacts::ApplyRequest(const v1::Event& event) {
  const auto subject = SubjectId::FromBytes(event.erasure_requested().subject_id());
  if (subject && event.position() > 0) open_erasures_.emplace(Position{event.position()}, *subject);
}

const KnownPlace* RegistryFacts::FindPlace(std::string_view id) const { return FindValue(places_, id); }
const KnownParty* RegistryFacts::FindParty(std::string_view id) const { return FindValue(parties_, id); }
const KnownDrive* RegistryFacts::FindDrive(std::string_view id) const { return FindValue(drives_, id); }
bool RegistryFacts::HasDocument(std::string_view id) const { return documents_.contains(ToAbsl(id)); }
bool RegistryFacts::HasTarget(std::string_view id) const { return targets_.contains(ToAbsl(id)); }
bool RegistryFacts::HasRole(std::string_view id) const { return roles_.contains(ToAbsl(id)); }

absl::Status Registry::Apply(std::string_view stored) {
  v1::Event event;
  if (!event.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
    return absl::DataLossError("a reference event of the log cannot be read");
  }
  absl::MutexLock lock(&mutex_);
  facts_.Apply(event);
  return absl::OkStatus();
}

absl::Status Registry::CatchUp(const EventLog& log) {
  const Position head = log.Head();
  Position folded_to;
  {
    absl::ReaderMutexLock lock(&mutex_);
    folded_to = folded_to_;
  }
  if (folded_to >= head) return absl::OkStatus();
  SOTHON_ASSIGN_OR_RETURN(const std::vector<Position> positions, log.ReferencePositions(folded_to.Next(), head));
  for (const Position position : positions) {
    SOTHON_ASSIGN_OR_RETURN(const std::string stored, log.Get(position));
    SOTHON_RETURN_IF_ERROR(Annotate(Apply(stored), StrCat("position ", position.value)));
  }
  absl::MutexLock lock(&mutex_);
  folded_to_ = head;
  return absl::OkStatus();
}

bool Registry::IsWithin(std::string_view place_id, std::string_view ancestor_id) const {
  const View view(*this);
  for (int depth = 0; depth < kTreeDepthMax && !place_id.empty(); ++depth) {
    const KnownPlace* const place = view.facts().FindPlace(place_id);
    if (place == nullptr) return false;
    if (place_id == ancestor_id) return true;
    place_id = place->parent_place_id;
  }
  return false;
}

}  // namespace sothon::ingest
