// plan#75: who is blamed repeatedly has their contract reviewed. The rule opens the question; people decide.
#include <algorithm>
#include <map>
#include <tuple>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

constexpr std::string_view kThreshold = "threshold.contract_review";
constexpr int32_t kDays = 365;

bool IsBlame(v1::DecisionRecorded::DecisionKind kind) {
  return kind == v1::DecisionRecorded::VIOLATION || kind == v1::DecisionRecorded::REMINDER ||
         kind == v1::DecisionRecorded::CRITICISM;
}

// Of one party, by date, then position.
struct Record {
  std::vector<const v1::Event*> blames;
  const v1::Event* review = nullptr;  // the last one
};

auto Order(const v1::Event* event) { return std::tuple(event->effective_date(), event->position()); }

// Blames within a year that reach the threshold with the last of them.
struct Repeated {
  std::vector<const v1::Event*> blames;
  CivilDate since;  // when the threshold was reached first, after the last review
};

class ContractReviewDue final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "contract_review_due",
            .severity = v1::WARNING,
            .plan_items = {75},
            .title_vi = "Vi phạm nhiều lần, cần xem xét hợp đồng",
            .title_en = "Repeated blame that calls for a contract review",
            .reading =
                "Violations, reminders and criticisms within the 365 days up to one of them reach the threshold, "
                "and no contract review was recorded since; those before an earlier review count again. The "
                "finding opens the question, people decide.",
            .parameters = {kThreshold}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    for (const auto& [party_id, record] : RecordsOf(situation)) {
      const Repeated repeated = FindRepeated(situation, record);
      const auto& blames = repeated.blames;
      if (std::none_of(blames.begin(), blames.end(), [&](const auto* event) { return IsAsked(situation, *event); }))
        continue;
      hearing->Report(FindingOf(situation, party_id, repeated));
    }
  }

 private:
  static std::map<std::string_view, Record> RecordsOf(const oversight::Situation& situation) {
    std::map<std::string_view, Record> records;
    for (const v1::Event* event : situation.Facts(v1::Event::kDecisionRecorded)) {
      const v1::DecisionRecorded& decision = event->decision_recorded();
      if (decision.about_party_id().empty()) continue;
      if (IsBlame(decision.kind())) records[decision.about_party_id()].blames.push_back(event);
      if (decision.kind() != v1::DecisionRecorded::CONTRACT_REVIEW) continue;
      const v1::Event*& last = records[decision.about_party_id()].review;
      if (last == nullptr || Order(last) < Order(event)) last = event;
    }
    for (auto& [party_id, record] : records) {
      std::sort(record.blames.begin(), record.blames.end(),
                [](const v1::Event* a, const v1::Event* b) { return Order(a) < Order(b); });
    }
    return records;
  }

  static Repeated FindRepeated(const oversight::Situation& situation, const Record& record) {
    Repeated repeated;
    auto first = record.blames.begin();
    for (auto last = first; last != record.blames.end(); ++last) {
      const CivilDate date = ledger::DateOf(**last);
      while (ledger::DateOf(**first).Plus(kDays) <= date) ++first;
      if (record.review != nullptr && Order(*last) < Order(record.review)) continue;
      const int64_t threshold = situation.parameters().Get(kThreshold, PlaceOf(situation, **last), date);
      if (last - first + 1 < threshold) continue;
      if (repeated.blames.empty()) repeated.since = date;
      repeated.blames.assign(first, last + 1);
    }
    return repeated;
  }

  static Finding FindingOf(const oversight::Situation& situation, std::string_view party_id, const Repeated& repeated) {
    Finding finding;
    finding.party_id = party_id;
    finding.place = PlaceOf(situation, *repeated.blames.back());
    finding.since = repeated.since;
    finding.count = repeated.blames.size();
    for (const v1::Event* event : repeated.blames) {
      finding.positions.push_back(event->position());
      if (PlaceOf(situation, *event) != finding.place) finding.place.reset();  // not of one place
    }
    const std::string who = Before(situation, finding.place) + PartyWords(situation, party_id);
    const CivilDate newest = ledger::DateOf(*repeated.blames.back());
    finding.text_vi = StrCat(who, ": ", finding.count, " lần vi phạm, nhắc nhở, phê bình trong 365 ngày đến ",
                             DayVi(newest), ", chưa xem xét hợp đồng");
    finding.text_en = StrCat(who, ": blamed ", finding.count, Several(finding.count, " time", " times"),
                             " in the 365 days up to ", newest.ToString(), ", and the contract was not reviewed since");
    return finding;
  }
};

}  // namespace

SOTHON_RULE(contract_review_due, ContractReviewDue)

}  // namespace sothon::rules
