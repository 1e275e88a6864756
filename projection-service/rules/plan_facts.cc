#include "projection-service/rules/plan_facts.h"

#include "absl/container/flat_hash_set.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

std::string GroupName(const oversight::Situation& situation, std::string_view group_id) {
  for (const SchemeGroupDefinition& group : situation.groups()) {
    if (group.id == group_id) return group.name;
  }
  return std::string(group_id);
}

}  // namespace

DocumentsById DocumentsOf(const oversight::Situation& situation) {
  DocumentsById documents;
  for (const v1::Event* event : situation.Facts(v1::Event::kDocumentIssued)) {
    documents.insert_or_assign(event->document_issued().document_id(), event);
  }
  return documents;
}

std::vector<const v1::Event*> DocumentsAsked(const oversight::Situation& situation) {
  const DocumentsById newest = DocumentsOf(situation);
  std::vector<const v1::Event*> asked;
  for (const v1::Event* event : situation.Facts(v1::Event::kDocumentIssued)) {
    if (newest.at(event->document_issued().document_id()) == event && IsAsked(situation, *event))
      asked.push_back(event);
  }
  return asked;
}

const std::string& LabelOf(const v1::DocumentIssued& document) {
  if (!document.number_verbatim().empty()) return document.number_verbatim();
  return document.title().empty() ? document.document_id() : document.title();
}

PartiesById PartiesOf(const oversight::Situation& situation) {
  PartiesById parties;
  for (const v1::Event* event : situation.Facts(v1::Event::kPartyRegistered)) {
    parties.try_emplace(event->party_registered().party_id(), event);  // the first one holds, as in the ledger
  }
  return parties;
}

std::vector<KnownTarget> TargetsEverSet(const oversight::Situation& situation) {
  std::vector<KnownTarget> known;
  const std::vector<ledger::Target>& targets = situation.reference().targets();
  size_t at = 0;
  for (const v1::Event* event : situation.Facts(v1::Event::kTargetSet)) {
    while (at < targets.size() && targets[at].set_at.value < event->position()) ++at;
    if (at < targets.size() && targets[at].set_at.value == event->position()) known.push_back({&targets[at], event});
  }
  absl::flat_hash_set<std::string_view> revised;
  for (const KnownTarget& one : known) revised.insert(one.target->revises);
  for (KnownTarget& one : known) one.in_force = !revised.contains(one.target->id);
  return known;
}

std::vector<KnownTarget> KnownTargets(const oversight::Situation& situation) {
  std::vector<KnownTarget> known = TargetsEverSet(situation);
  std::erase_if(known, [](const KnownTarget& one) { return !one.in_force; });
  return known;
}

ProductKey ProductOf(const ledger::Target& target) { return {target.scheme, target.scheme_group_id, target.measure}; }

std::string ProductVi(const oversight::Situation& situation, const ProductKey& product) {
  return product.group_id.empty() ? std::string(SchemeVi(product.scheme)) : GroupName(situation, product.group_id);
}

std::string ProductEn(const oversight::Situation& situation, const ProductKey& product) {
  return product.group_id.empty() ? std::string(SchemeEn(product.scheme)) : GroupName(situation, product.group_id);
}

}  // namespace sothon::rules
