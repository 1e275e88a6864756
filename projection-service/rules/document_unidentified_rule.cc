// plan#5: a document whose number or date is unknown. It is stored as unknown and shown, never invented.
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class DocumentUnidentified final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "document_unidentified",
            .severity = v1::NOTICE,
            .plan_items = {5},
            .title_vi = "Văn bản chưa rõ số hoặc ngày",
            .title_en = "A document whose number or date is unknown"};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    for (const v1::Event* event : DocumentsAsked(situation)) {
      const v1::DocumentIssued& document = event->document_issued();
      const bool numbered = !document.number_verbatim().empty() || !document.number_normalised().empty();
      const bool dated = document.issued_date() != 0;
      if (numbered && dated) continue;
      const std::string& label = LabelOf(document);
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = document.issuer_party_id()},
                    {{StrCat(label, dated      ? " (chưa rõ số)"
                                    : numbered ? " (chưa rõ ngày)"
                                               : " (chưa rõ số và ngày)"),
                      StrCat(label, dated      ? " (no number)"
                                    : numbered ? " (no date)"
                                               : " (neither number nor date)")},
                     ledger::DateOf(*event),
                     {event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      return Words{StrCat(place, count, " văn bản chưa rõ số hoặc ngày ban hành"),
                   StrCat(place, count, Several(count, " document", " documents"), " of unknown number or date")};
    });
  }
};

}  // namespace

SOTHON_RULE(document_unidentified, DocumentUnidentified)

}  // namespace sothon::rules
