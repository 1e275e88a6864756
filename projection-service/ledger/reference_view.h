// Places and targets as readers see them: a copy that never changes, with what queries look up.
#pragma once

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/ids.h"
#include "projection-service/ledger/reference.h"

namespace sothon::ledger {

// Immutable, so thread-safe.
class ReferenceView {
 public:
  explicit ReferenceView(const Reference& reference);
  ReferenceView(const ReferenceView&) = delete;
  ReferenceView& operator=(const ReferenceView&) = delete;

  const Reference& reference() const { return reference_; }
  // nullptr when no such place was registered up to `as_of`.
  const Place* FindPlace(std::string_view id, Position as_of) const;
  // Villages and residential groups at or below `place`, registered up to `as_of`, in order of the source document.
  std::vector<Ordinal> LeavesUnder(Ordinal place, Position as_of) const;
  // `place` and what is below it down to `depth` levels, registered up to `as_of`: each before what is below it,
  // siblings in order of the source document.
  std::vector<Ordinal> TreeUnder(Ordinal place, uint32_t depth, Position as_of) const;
  // Places without a registered parent.
  std::vector<Ordinal> Roots() const;
  // Targets set for `place`, whenever in force, in order of the log.
  const std::vector<const Target*>& TargetsOf(Ordinal place) const;

 private:
  void Descend(Ordinal place, uint32_t depth, Position as_of, std::vector<Ordinal>* out) const;

  const Reference reference_;
  absl::flat_hash_map<uint32_t, std::vector<const Target*>> targets_;  // by ordinal; point into reference_
};

// Whether `target` holds for one who knows the log up to `as_of`; the rule of Reference::TargetsAsOf for one target.
inline bool InForce(const Target& target, Position as_of) {
  return target.set_at <= as_of && !(target.revised_at && *target.revised_at <= as_of);
}

}  // namespace sothon::ledger
