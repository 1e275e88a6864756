// The ledger: apply(state, event) -> postings, and nothing else. No clock, no I/O, no randomness.
//
// Operation
//   The postings of an event are the difference between what the history of its participant said before the event and
//   what it says after it. Late receipts, reversals and moves need no special case: they post corrections.
// Concurrency
//   Thread-compatible: one writer, no readers beside it.
#pragma once

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/history.h"
#include "projection-service/ledger/names.h"
#include "projection-service/ledger/reference.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ledger {

using Participants = absl::flat_hash_map<SubjectId, History>;

class Ledger {
 public:
  explicit Ledger(CountingRules rules = CountingRules()) : rules_(rules) {}

  // Applies one event, whose `position` must be set, and appends its postings, consolidated. Events of kinds that post
  // nothing are fine. `*touched` is the participant whose history changed, or zero.
  // UNIMPLEMENTED: a kind this version does not know. DATA_LOSS: the event cannot have come through ingest (a subject
  // id of the wrong length, an unregistered place, a reversal of nothing). On error the state is unchanged.
  absl::Status Apply(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched);

  // Histories lie all over the memory. Who knows what is to be applied next hides most of the way there by calling
  // PrefetchSlot() for a contribution about eight events ahead, and PrefetchHistory() about four.
  void PrefetchSlot(const v1::Event& event) const;
  void PrefetchHistory(const v1::Event& event) const;

  const Reference& reference() const { return reference_; }
  const Participants& participants() const { return participants_; }
  const Names& names() const { return names_; }
  const Facts& facts() const { return facts_; }
  bool contains_synthetic() const { return contains_synthetic_; }

  // For restart: histories, reference events and names as stored.
  void RestoreParticipant(const SubjectId& subject, History history);
  void RestoreReference(const v1::Event& event);
  void RestoreName(Names::Kind kind, std::string name) { names_.Restore(kind, std::move(name)); }
  void RestoreContainsSynthetic(bool value) { contains_synthetic_ = value; }
  void ReserveParticipants(size_t count) { participants_.reserve(count); }

 private:
  absl::StatusOr<Ordinal> PlaceOf(const v1::Event& event) const;
  // Puts `entry` into the history of `subject` and appends the difference that makes.
  void Enter(const SubjectId& subject, const HistoryEntry& entry, std::vector<Posting>* postings);
  absl::Status ApplyOpening(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched);
  absl::Status ApplyContribution(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched);
  absl::Status ApplyReversal(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched);
  absl::Status ApplyMove(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched);
  // What is kept in the history and counts for nothing.
  absl::Status Keep(const v1::Event& event, std::string_view subject_id, HistoryEntry::Kind kind, SubjectId* touched);

  CountingRules rules_;
  Participants participants_;
  Reference reference_;
  Facts facts_;
  Names names_;
  bool contains_synthetic_ = false;
  std::vector<Posting> difference_;  // scratch of Enter and ApplyReversal
};

}  // namespace sothon::ledger
