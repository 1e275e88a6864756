// ListDocuments: what the log says rests on which paper (plan#1 to #5, #7).
#pragma once

#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// The documents that concern the place of a situation. Borrows the situation.
//
// A document concerns a place when it was issued for it, or an event that rests on it is about it, or a document that
// concerns it refers to it; a commune's concern its villages, and a province's its communes, too. So does one of which
// nothing tells a place.
class KnownDocuments {
 public:
  explicit KnownDocuments(const oversight::Situation& situation);

  // DocumentIssued, in order of the log.
  const std::vector<const v1::Event*>& events() const { return events_; }
  bool Has(std::string_view document_id) const { return concerning_.contains(document_id); }
  // Events that rest on it: that cite it, or a party that it founded. Of all places. Events of single people
  // (collections, openings...) are not counted: they rest on receipts.
  uint64_t CitedBy(std::string_view document_id) const;

 private:
  // What is known of a document's places.
  struct Reach {
    bool is_placed = false;
    bool concerns = false;
    uint64_t cited_by = 0;
  };
  void CountCitations(const oversight::Situation& situation);
  void FollowReferences(ledger::FactSpan issued);

  std::vector<const v1::Event*> events_;
  absl::flat_hash_map<std::string_view, Reach> reach_;
  absl::flat_hash_map<std::string_view, bool> concerning_;
};

// Fills in everything but freshness and contains_synthetic; documents in order of the log.
absl::Status FillDocuments(const oversight::Situation& situation, const v1::ListDocumentsRequest& request,
                           v1::ListDocumentsResponse* response);

}  // namespace sothon::answers
