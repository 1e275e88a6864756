// What the log says of places, documents, parties and targets. Pure fold over reference events.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ledger {

// How a place was named up to a change of it.
struct EarlierNaming {
  Position before;  // the change
  std::string name;
  v1::PlaceLevel level = v1::PLACE_LEVEL_UNSPECIFIED;
  size_t aliases = 0;  // so many of them were known
};

struct Place {
  std::string id;
  Ordinal ordinal;
  v1::PlaceLevel level = v1::PLACE_LEVEL_UNSPECIFIED;
  std::optional<Ordinal> parent;
  std::string name;
  std::string former_unit;
  v1::Provenance former_unit_provenance = v1::PROVENANCE_UNSPECIFIED;
  std::string document_id;
  uint32_t source_row = 0;
  std::vector<std::string> aliases;
  std::vector<Ordinal> children;  // in order of (document, source row), then registration
  Position registered_at;
  std::vector<EarlierNaming> earlier;  // ascending; name, level and aliases are those after the last change
  // nullptr: as it is named now.
  const EarlierNaming* NamingAsOf(Position as_of) const;
  const std::string& NameAsOf(Position as_of) const;
  // A village can only become a residential group and the other way round, so this holds at any position.
  bool IsLeaf() const { return level == v1::VILLAGE || level == v1::RESIDENTIAL_GROUP; }
};

struct Party {
  std::string id;
  v1::PartyKind kind = v1::PARTY_KIND_UNSPECIFIED;
  std::string name;
  std::string parent_id;
  Position registered_at;
};

struct Target {
  std::string id;
  Position set_at;
  std::optional<Ordinal> place;  // unset: for a party
  std::string party_id;
  bool each_village = false;
  v1::Measure measure = v1::MEASURE_UNSPECIFIED;
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;  // or
  std::string scheme_group_id;
  MonthRange months;
  int64_t value = 0;
  std::string document_id;
  std::string reading;
  std::string revises;
  std::optional<Position> revised_at;  // from this position on it no longer holds
  int64_t declared_row_total = 0;
};

// A period that was closed for a place and all below it.
struct Publication {
  Ordinal place;
  MonthRange months;
  Position at;       // the figures were those of this position
  Position event;    // of the PeriodPublished
  int32_t date = 0;  // YYYYMMDD
  std::string by_party_id;
  std::string digest;  // empty: published without one
};

// Thread-compatible.
class Reference {
 public:
  // Folds a reference event; other kinds are left alone. `position` is the event's.
  void Apply(const v1::Event& event, Position position);

  const Place* FindPlace(std::string_view id) const;
  const Place& place(Ordinal ordinal) const { return places_[ordinal.value]; }
  const std::vector<Place>& places() const { return places_; }
  // Villages and residential groups at or below `ordinal`, in order of the source document.
  std::vector<Ordinal> LeavesUnder(Ordinal ordinal) const;

  const Party* FindParty(std::string_view id) const;
  // In order of the log.
  const std::vector<Party>& parties() const { return parties_; }

  // The newest one of exactly this place and these months, recorded up to `as_of`; nullptr: there is none.
  const Publication* FindPublication(Ordinal place, MonthRange months, Position as_of) const;

  // Targets in force at `as_of`, in order of the log.
  std::vector<const Target*> TargetsAsOf(Position as_of) const;
  const std::vector<Target>& targets() const { return targets_; }

 private:
  void RegisterPlace(const v1::Event& event, Position position);
  void ChangePlace(const v1::PlaceChanged& change, Position position);
  void RegisterParty(const v1::PartyRegistered& registered, Position position);
  void SetTarget(const v1::Event& event, Position position);

  std::vector<Place> places_;
  absl::flat_hash_map<std::string, uint32_t> place_by_id_;
  void Publish(const v1::Event& event, Position position);

  std::vector<Publication> publications_;
  std::vector<Party> parties_;
  absl::flat_hash_map<std::string, size_t> party_by_id_;
  std::vector<Target> targets_;
  absl::flat_hash_map<std::string, size_t> target_by_id_;
};

}  // namespace sothon::ledger
