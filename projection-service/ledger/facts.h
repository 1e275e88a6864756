// What the log says beside the collections of single people: documents, places, parties, targets, drives, activities,
// reports, decisions, as the events themselves. Whatever judges or lists them reads the events of a prefix of the log.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "common/event/event_kind.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ledger {

using FactSpan = absl::Span<const v1::Event* const>;

// Grows only. A copy is cheap (a pointer for each event), never changes, and shares the events with what it was copied
// from; so readers hold a copy while one thread adds.
class Facts {
 public:
  Facts() : events_(std::make_shared<std::deque<v1::Event>>()) {}

  // Kinds that are no facts (IsFactKind) are left alone. In order of position.
  void Add(const v1::Event& event);

  // Recorded up to `as_of`, in order of position.
  FactSpan Of(EventKind kind, Position as_of) const;
  size_t size() const { return size_; }

 private:
  static constexpr size_t kKindNumbers = 128;  // more than the largest field number of Event's kinds

  std::shared_ptr<std::deque<v1::Event>> events_;  // a deque never moves what it holds
  std::array<std::vector<const v1::Event*>, kKindNumbers> by_kind_;
  size_t size_ = 0;
};

// Facts of a prefix of the log that took effect up to a date: what was known at a position, as far as a question about
// that date may know it. Never changes. Borrows the facts.
class KnownFacts {
 public:
  // `date` unset: whatever their date.
  KnownFacts(const Facts* facts, Position as_of, std::optional<CivilDate> date = {});

  // In order of position.
  FactSpan Of(EventKind kind) const;
  Position as_of() const { return as_of_; }

 private:
  const Facts* facts_;
  Position as_of_;
  bool dated_ = false;
  std::map<EventKind, std::vector<const v1::Event*>> in_time_;  // where there is a date
};

// The civil date of `event`'s effective date. Ingest refuses events without a real one.
inline CivilDate DateOf(const v1::Event& event) {
  return CivilDate::FromWire(event.effective_date()).value_or(CivilDate{});
}

}  // namespace sothon::ledger
