// plan#71: what the steering committee directs is answered by the day that it set.
#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DirectiveOverdue final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "directive_overdue",
            .severity = v1::WARNING,
            .plan_items = {71},
            .title_vi = "Chỉ đạo quá hạn chưa thực hiện",
            .title_en = "A directive that was not answered by its day",
            .reading =
                "A report or decision that names the directive's event as its cause answers it; a directive "
                "without a day is never overdue."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    absl::flat_hash_set<std::string> answered;  // ids of events
    for (const EventKind kind : {v1::Event::kReportFiled, v1::Event::kDecisionRecorded}) {
      for (const v1::Event* event : situation.Facts(kind)) {
        if (!event->causation_id().empty()) answered.insert(event->causation_id());
      }
    }
    Gathering gathering;
    for (const v1::Event* event : situation.Facts(v1::Event::kDecisionRecorded)) {
      const v1::DecisionRecorded& directive = event->decision_recorded();
      const auto due = CivilDate::FromWire(directive.due_date());
      if (directive.kind() != v1::DecisionRecorded::DIRECTIVE || !due || hearing->date() <= *due) continue;
      if (!IsAsked(situation, *event) || answered.contains(event->event_id())) continue;
      const CivilDate given = ledger::DateOf(*event);
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = directive.about_party_id()},
                    {{StrCat("ngày ", DayVi(given), ", hạn ", DayVi(*due)),
                      StrCat("of ", given.ToString(), ", due by ", due->ToString())},
                     std::max(given, due->Plus(1)),
                     {event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      const std::string to = subject.party_id.empty() ? "" : PartyWords(situation, subject.party_id) + ": ";
      return Words{StrCat(place, to, count, " chỉ đạo quá hạn chưa có báo cáo, quyết định trả lời"),
                   StrCat(place, to, count, Several(count, " directive", " directives"), " not answered in time")};
    });
  }
};

}  // namespace

SOTHON_RULE(directive_overdue, DirectiveOverdue)

}  // namespace sothon::rules
