// plan#6: a body acts only once it exists.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

struct Act {
  const v1::Event* event;
  std::string_view body;
  std::optional<CivilDate> on;  // nullopt: nobody knows
  Words words;
};

// What a body did, or what was done in it, of one of the kinds that Acts() takes.
Act ActOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued: {
      const v1::DocumentIssued& document = event.document_issued();
      const std::string& label = LabelOf(document);
      return {&event, document.issuer_party_id(), CivilDate::FromWire(document.issued_date()), {label, label}};
    }
    case v1::Event::kRoleAssigned: {
      const v1::RoleAssigned& role = event.role_assigned();
      return {&event,
              role.of_party_id(),
              ledger::DateOf(event),
              {StrCat("phân công ", role.role_id()), StrCat("role ", role.role_id())}};
    }
    case v1::Event::kDecisionRecorded:
      return {&event, event.decision_recorded().by_party_id(), ledger::DateOf(event), {"quyết định", "a decision"}};
    default:
      return {&event, event.report_filed().by_party_id(), ledger::DateOf(event), {"báo cáo", "a report"}};
  }
}

class ActBeforeFounding final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "act_before_founding",
            .severity = v1::VIOLATION,
            .plan_items = {6},
            .title_vi = "Việc làm đề ngày trước khi cơ quan được thành lập",
            .title_en = "An act dated before its body was founded",
            .reading =
                "Acts are documents issued, roles given in the body, decisions and reports. A document without a "
                "date is not judged."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    const PartiesById parties = PartiesOf(situation);
    Gathering gathering;
    for (const v1::Event* event : Acts(situation)) {
      const Act act = ActOf(*event);
      const auto body = parties.find(std::string(act.body));
      if (body == parties.end() || !act.on) continue;
      const auto founded = CivilDate::FromWire(body->second->party_registered().founded_date());
      if (!founded || *founded <= *act.on) continue;
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = std::string(act.body)},
                    {{StrCat(act.words.vi, " ngày ", DayVi(*act.on)), StrCat(act.words.en, " of ", act.on->ToString())},
                     std::max(ledger::DateOf(*event), ledger::DateOf(*body->second)),
                     {body->second->position(), event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      const std::string body = PartyWords(situation, subject.party_id);
      const auto founded = CivilDate::FromWire(parties.at(subject.party_id)->party_registered().founded_date()).value();
      return Words{StrCat(place, count, " việc đề ngày trước khi ", body, " được thành lập (", DayVi(founded), ")"),
                   StrCat(place, count, Several(count, " act", " acts"), " dated before ", body, " was founded (",
                          founded.ToString(), ")")};
    });
  }

 private:
  static std::vector<const v1::Event*> Acts(const oversight::Situation& situation) {
    std::vector<const v1::Event*> acts = DocumentsAsked(situation);
    for (const EventKind kind : {v1::Event::kRoleAssigned, v1::Event::kDecisionRecorded, v1::Event::kReportFiled}) {
      for (const v1::Event* event : situation.Facts(kind)) {
        if (IsAsked(situation, *event)) acts.push_back(event);
      }
    }
    return acts;
  }
};

}  // namespace

SOTHON_RULE(act_before_founding, ActBeforeFounding)

}  // namespace sothon::rules
