// plan#6: a body acts only once it exists.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

// Who did it, or in whom it was done, of one of the kinds that Acts() takes.
const std::string& BodyOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      return event.document_issued().issuer_party_id();
    case v1::Event::kRoleAssigned:
      return event.role_assigned().of_party_id();
    case v1::Event::kDecisionRecorded:
      return event.decision_recorded().by_party_id();
    default:
      return event.report_filed().by_party_id();
  }
}

// nullopt: nobody knows.
std::optional<CivilDate> DayOf(const v1::Event& event) {
  if (!event.has_document_issued()) return ledger::DateOf(event);
  return CivilDate::FromWire(event.document_issued().issued_date());
}

Words NameOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      return {LabelOf(event.document_issued()), LabelOf(event.document_issued())};
    case v1::Event::kRoleAssigned:
      return {StrCat("phân công ", event.role_assigned().role_id()), StrCat("role ", event.role_assigned().role_id())};
    case v1::Event::kDecisionRecorded:
      return {"quyết định", "a decision"};
    default:
      return {"báo cáo", "a report"};
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
      const auto body = parties.find(BodyOf(*event));
      if (body == parties.end()) continue;
      const auto founded = CivilDate::FromWire(body->second->party_registered().founded_date());
      const std::optional<CivilDate> day = DayOf(*event);
      if (!founded || !day || *founded <= *day) continue;
      const Words name = NameOf(*event);
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = BodyOf(*event)},
                    {{StrCat(name.vi, " ngày ", DayVi(*day)), StrCat(name.en, " of ", day->ToString())},
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
