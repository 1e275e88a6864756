// plan#4: a document that refers to what does not exist, as the sections 3.1 and 3.3 of the plan of Đăk Hà.
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class ReferenceUnresolved final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "reference_unresolved",
            .severity = v1::NOTICE,
            .plan_items = {4},
            .title_vi = "Dẫn chiếu không tìm thấy",
            .title_en = "A reference that points at nothing known"};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    for (const v1::Event* event : DocumentsAsked(situation)) {
      const v1::DocumentIssued& document = event->document_issued();
      for (const v1::DocumentIssued::DocumentReference& reference : document.references()) {
        if (reference.resolved() || reference.attachment()) continue;
        const std::string words = StrCat("“", reference.text_verbatim(), "” (", LabelOf(document), ")");
        gathering.Add({.place = PlaceOf(situation, *event), .party_id = document.issuer_party_id()},
                      {{words, words}, ledger::DateOf(*event), {event->position()}});
      }
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      return Words{StrCat(place, count, " dẫn chiếu trong văn bản không tìm thấy"),
                   StrCat(place, count,
                          Several(count, " reference points at nothing known", " references point at nothing known"))};
    });
  }
};

}  // namespace

SOTHON_RULE(reference_unresolved, ReferenceUnresolved)

}  // namespace sothon::rules
