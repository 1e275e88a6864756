// plan#1: every target cites a document.
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class TargetWithoutDocument final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "target_without_document",
            .severity = v1::VIOLATION,
            .plan_items = {1},
            .title_vi = "Chỉ tiêu không có văn bản giao",
            .title_en = "A target without a document",
            .reading = "A document counts from the day on which it took effect."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    const DocumentsById documents = DocumentsOf(situation);
    Gathering gathering;
    for (const KnownTarget& known : KnownTargets(situation)) {
      const std::string& cited = known.target->document_id;
      if (!IsAsked(situation, *known.event) || documents.contains(cited)) continue;
      Words words{StrCat("chỉ tiêu ", known.target->id), StrCat("target ", known.target->id)};
      if (!cited.empty()) {
        StrAppend(&words.vi, " dẫn ", cited, ", văn bản chưa được ban hành");
        StrAppend(&words.en, " cites ", cited, ", which was never issued");
      }
      gathering.Add({.place = known.target->place, .party_id = known.target->party_id},
                    {std::move(words), ledger::DateOf(*known.event), {known.event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string whose =
          subject.party_id.empty() ? Before(situation, subject.place) : PartyWords(situation, subject.party_id) + ": ";
      return Words{StrCat(whose, count, " chỉ tiêu không có văn bản giao"),
                   StrCat(whose, count, Several(count, " target", " targets"), " without a document")};
    });
  }
};

}  // namespace

SOTHON_RULE(target_without_document, TargetWithoutDocument)

}  // namespace sothon::rules
