// plan#50: a list that a document says it comes with, and that is not there.
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class AttachmentMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "attachment_missing",
            .severity = v1::WARNING,
            .plan_items = {50},
            .title_vi = "Phụ lục kèm theo văn bản không có",
            .title_en = "An attachment that did not come with its document"};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    for (const v1::Event* event : DocumentsAsked(situation)) {
      const v1::DocumentIssued& document = event->document_issued();
      for (const v1::DocumentIssued::DocumentReference& reference : document.references()) {
        if (reference.resolved() || !reference.attachment()) continue;
        const std::string words = StrCat("“", reference.text_verbatim(), "” (", LabelOf(document), ")");
        gathering.Add({.place = PlaceOf(situation, *event), .party_id = document.issuer_party_id()},
                      {{words, words}, ledger::DateOf(*event), {event->position()}});
      }
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      return Words{StrCat(place, count, " phụ lục, danh sách kèm theo văn bản không có"),
                   StrCat(place, count,
                          Several(count, " attachment did not come with its document",
                                  " attachments did not come with their documents"))};
    });
  }
};

}  // namespace

SOTHON_RULE(attachment_missing, AttachmentMissing)

}  // namespace sothon::rules
