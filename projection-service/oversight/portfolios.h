// To whom people were handed over to be collected from (PortfolioHandedOver, plan#54). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/reference.h"

namespace sothon::oversight {

// A handover names people, or nobody and then everybody of its place, which may be a commune; and a scheme, or none and
// then all. The newest by its date holds, of one day the later in the log, whether it names the person or the place.
// Borrows facts and reference.
class Portfolios {
 public:
  Portfolios(const ledger::KnownFacts& facts, const ledger::Reference& reference);

  // In force on `date`; nullptr: there is none. Of `id` by name alone, and of everybody of `home`.
  const v1::Event* OfPerson(const SubjectId& id, v1::Scheme scheme, CivilDate date) const;
  const v1::Event* OfEverybody(ledger::Ordinal home, v1::Scheme scheme, CivilDate date) const;
  // The newer of two; either may be nullptr.
  static const v1::Event* Newer(const v1::Event* a, const v1::Event* b);

  // Whether any handover names people.
  bool NamesPeople() const { return !newest_of_.empty(); }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Link {
    const v1::Event* event;
    uint32_t before;  // of the same person; kNone: there is none
  };

  const ledger::Reference& reference_;
  std::vector<Link> links_;
  absl::flat_hash_map<SubjectId, uint32_t> newest_of_;                     // the last in the log: index into links_
  absl::flat_hash_map<uint32_t, std::vector<const v1::Event*>> of_place_;  // by ordinal; in order of the log
};

}  // namespace sothon::oversight
