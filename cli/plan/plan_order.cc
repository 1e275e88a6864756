// Puts the events of a plan in an order in which each names only what stands before it: a document names the bodies
// that issue and receive it, and a body the document that founded it.
#include <map>
#include <set>

#include "absl/strings/str_join.h"
#include "cli/plan/plan_builder.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::string Name(std::string_view kind, std::string_view id) { return StrCat(kind, " \"", id, "\""); }

// What an event brings into the book; empty: nothing that others name.
std::string Provides(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      return Name("document", event.document_issued().document_id());
    case v1::Event::kPartyRegistered:
      return Name("party", event.party_registered().party_id());
    case v1::Event::kPlaceRegistered:
      return Name("place", event.place_registered().place_id());
    case v1::Event::kTargetSet:
      return Name("target", event.target_set().target_id());
    case v1::Event::kRoleAssigned:
      return Name("role", event.role_assigned().role_id());
    case v1::Event::kDenominatorDeclared:
      return Name("denominator", event.denominator_declared().denominator_id());
    case v1::Event::kRosterDeclared:
      return Name("roster", event.roster_declared().roster_id());
    case v1::Event::kParameterSet:
      return Name("parameter",
                  StrCat(event.parameter_set().name(), " of ",
                         event.place_id().empty() ? "everywhere" : event.place_id(), " from ", event.effective_date()));
    default:
      return "";
  }
}

std::set<std::string> Needs(const v1::Event& event) {
  std::set<std::string> needs;
  const auto need = [&](std::string_view kind, const std::string& id) {
    if (!id.empty()) needs.insert(Name(kind, id));
  };
  need("document", event.document_id());
  need("place", event.place_id());
  if (event.has_document_issued()) {
    const v1::DocumentIssued& document = event.document_issued();
    need("party", document.issuer_party_id());
    need("party", document.successor_party_id());
    for (const auto& reference : document.references()) need("document", reference.document_id());
    for (const auto& recipient : document.recipients()) need("party", recipient.party_id());
  }
  if (event.has_party_registered()) {
    need("party", event.party_registered().parent_party_id());
    need("document", event.party_registered().founding_document_id());
  }
  if (event.has_place_registered()) need("place", event.place_registered().parent_place_id());
  if (event.has_jurisdiction_assigned()) need("party", event.jurisdiction_assigned().office_party_id());
  if (event.has_role_assigned()) {
    need("party", event.role_assigned().party_id());
    need("party", event.role_assigned().of_party_id());
    need("party", event.role_assigned().nominator_party_id());
  }
  if (event.has_target_set()) {
    need("party", event.target_set().party_id());
    need("target", event.target_set().revises_target_id());
  }
  if (event.has_denominator_declared()) need("party", event.denominator_declared().party_id());
  if (event.has_roster_declared()) {
    const v1::RosterDeclared& roster = event.roster_declared();
    need("party", roster.of_party_id());
    need("target", roster.target_id());
    for (const std::string& member : roster.member_party_ids()) need("party", member);
  }
  needs.erase(Provides(event));
  return needs;
}

}  // namespace

void PlanBuilder::PutInOrder() {
  std::map<std::string, std::string> waiting;  // provided by an item not yet placed -> its origin
  for (const PlanItem& item : plan_.items) {
    const std::string name = Provides(item.event);
    if (name.empty()) continue;
    const auto [earlier, is_new] = waiting.emplace(name, item.origin);
    if (!is_new) {
      problems_.push_back({item.origin, StrCat(name, " stands at ", earlier->second, " too; keep one")});
    }
  }
  std::vector<PlanItem> ordered;
  std::vector<PlanItem> left = std::move(plan_.items);
  bool has_moved = true;
  while (has_moved && !left.empty()) {
    has_moved = false;
    std::vector<PlanItem> still_left;
    for (PlanItem& item : left) {
      // What the plan does not bring must be in the book already; the service checks that.
      bool is_ready = true;
      for (const std::string& name : Needs(item.event)) is_ready = is_ready && waiting.count(name) == 0;
      if (!is_ready) {
        still_left.push_back(std::move(item));
        continue;
      }
      waiting.erase(Provides(item.event));
      ordered.push_back(std::move(item));
      has_moved = true;
    }
    left = std::move(still_left);
  }
  for (const PlanItem& item : left) {
    problems_.push_back({item.origin, StrCat("names what in turn names it: ", Provides(item.event), " needs ",
                                             absl::StrJoin(Needs(item.event), ", "))});
  }
  plan_.items = std::move(ordered);
}

}  // namespace sothon::cli
