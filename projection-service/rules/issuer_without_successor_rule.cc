// plan#3: a document whose issuer no longer exists names the body that answers for it now.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class IssuerWithoutSuccessor final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "issuer_without_successor",
            .severity = v1::WARNING,
            .plan_items = {3},
            .title_vi = "Văn bản của cơ quan không còn, chưa có cơ quan kế thừa",
            .title_en = "A document of a body that no longer exists, without a successor"};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    const PartiesById parties = PartiesOf(situation);
    Gathering gathering;
    for (const v1::Event* event : DocumentsAsked(situation)) {
      const v1::DocumentIssued& document = event->document_issued();
      const auto issuer = parties.find(document.issuer_party_id());
      if (issuer == parties.end() || !document.successor_party_id().empty()) continue;
      const auto dissolved = CivilDate::FromWire(issuer->second->party_registered().dissolved_date());
      if (!dissolved || hearing->date() < *dissolved) continue;
      const std::string& label = LabelOf(document);
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = document.issuer_party_id()},
                    {{label, label},
                     std::max({*dissolved, ledger::DateOf(*event), ledger::DateOf(*issuer->second)}),
                     {issuer->second->position(), event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      const std::string issuer = PartyWords(situation, subject.party_id);
      const auto dissolved =
          CivilDate::FromWire(parties.at(subject.party_id)->party_registered().dissolved_date()).value();
      return Words{
          StrCat(place, issuer, " không còn từ ", DayVi(dissolved), ", ", count, " văn bản chưa ghi cơ quan kế thừa"),
          StrCat(place, issuer, " no longer exists since ", dissolved.ToString(), ", and ", count,
                 Several(count, " document names", " documents name"), " no successor")};
    });
  }
};

}  // namespace

SOTHON_RULE(issuer_without_successor, IssuerWithoutSuccessor)

}  // namespace sothon::rules
