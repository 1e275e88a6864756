// plan#73, #74, #77: praise and blame rest on what the log shows, so that everybody can see why.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

// nullptr: a decision that neither praises nor blames.
const Words* KindOf(v1::DecisionRecorded::DecisionKind kind) {
  static const auto* const kCommendation = new Words{"biểu dương, khen thưởng", "commendation"};
  static const auto* const kViolation = new Words{"vi phạm", "violation"};
  static const auto* const kReminder = new Words{"nhắc nhở", "reminder"};
  static const auto* const kCriticism = new Words{"phê bình", "criticism"};
  static const auto* const kContractReview = new Words{"xem xét hợp đồng", "contract review"};
  switch (kind) {
    case v1::DecisionRecorded::COMMENDATION:
      return kCommendation;
    case v1::DecisionRecorded::VIOLATION:
      return kViolation;
    case v1::DecisionRecorded::REMINDER:
      return kReminder;
    case v1::DecisionRecorded::CRITICISM:
      return kCriticism;
    case v1::DecisionRecorded::CONTRACT_REVIEW:
      return kContractReview;
    default:
      return nullptr;
  }
}

class DecisionWithoutEvidence final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "decision_without_evidence",
            .severity = v1::NOTICE,
            .plan_items = {73, 74, 77},
            .title_vi = "Quyết định khen thưởng, phê bình không có căn cứ trong sổ",
            .title_en = "Praise or blame without evidence in the log",
            .reading = "Evidence is what was recorded before the decision."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    for (const v1::Event* event : situation.Facts(v1::Event::kDecisionRecorded)) {
      const v1::DecisionRecorded& decision = event->decision_recorded();
      const Words* kind = KindOf(decision.kind());
      if (kind == nullptr || !IsAsked(situation, *event) || HasEvidence(*event)) continue;
      const CivilDate date = ledger::DateOf(*event);
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = decision.about_party_id()},
                    {{StrCat(kind->vi, " ngày ", DayVi(date)), StrCat(kind->en, " of ", date.ToString())},
                     date,
                     {event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      const std::string about = subject.party_id.empty() ? "" : PartyWords(situation, subject.party_id) + ": ";
      return Words{
          StrCat(place, about, count, " quyết định không có căn cứ ghi trước đó trong sổ"),
          StrCat(place, about, count, Several(count, " decision", " decisions"), " without evidence recorded before")};
    });
  }

 private:
  static bool HasEvidence(const v1::Event& event) {
    const auto& evidence = event.decision_recorded().evidence_positions();
    return !evidence.empty() && std::all_of(evidence.begin(), evidence.end(), [&](uint64_t position) {
      return 0 < position && position < event.position();
    });
  }
};

}  // namespace

SOTHON_RULE(decision_without_evidence, DecisionWithoutEvidence)

}  // namespace sothon::rules
