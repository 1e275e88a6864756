// plan#78: no formalism: people signed up for a few months in one go, who then lapse.
#include <algorithm>
#include <map>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::Situation;
using oversight::Step;

constexpr char kPeople[] = "threshold.spike_people";
constexpr char kPercent[] = "threshold.spike_percent";
constexpr int32_t kMonthsMax = 3;
// The preset of the grace within which a payment counts as renewed, and not as returned (docs/counting.md). A rule does
// not know how its service is configured, so that every service finds the same in one log.
constexpr int32_t kGapDaysMax = 90;
constexpr int64_t kWhole = 100;

// The day from which on it is known that nothing continued `step`; nullopt: not on `date`.
std::optional<CivilDate> LapsedOn(const Step& step, CivilDate date) {
  if (step.months > kMonthsMax) return std::nullopt;
  const CivilDate last_chance = step.covered_until.Plus(1 + kGapDaysMax);  // for the first day of another cover
  const CivilDate lapsed = std::max(last_chance.Plus(1), step.date);
  if (date < lapsed) return std::nullopt;
  const bool next_is_known = step.until < date;
  if (next_is_known && step.next_first <= last_chance) return std::nullopt;
  return lapsed;
}

// What one desk brought in, in one village and month.
struct Enrolments {
  std::vector<CivilDate> dates;  // ascending
  std::vector<CivilDate> lapsed;
  std::vector<uint64_t> positions;  // of those
};

class EnrolmentSpike final : public Rule {
 public:
  RuleInfo info() const override {
    return {
        .code = "enrolment_spike",
        .severity = v1::WARNING,
        .plan_items = {78},
        .title_vi = "Tăng mới nhiều người rồi dừng đóng ngay",
        .title_en = "Many people enrolled who lapsed at once",
        .reading =
            "First and returned collections of one desk, village and month, of all schemes; lapsed at once: at "
            "most 3 months were paid for, and no other cover began after a gap of at most 90 days, the preset of the "
            "grace within which a payment counts as renewed; where the service counts with another grace "
            "(counting.grace_days), it is still these 90 days.",
        .parameters = {kPeople, kPercent}};
  }

  void Judge(Case* hearing) const override {
    const Situation& situation = hearing->situation();
    for (const ledger::Ordinal village : situation.villages_ever()) {
      std::map<std::pair<CivilMonth, uint32_t>, Enrolments> desks;
      const oversight::VillageRegister& people = situation.RegisterOf(village);
      for (const oversight::Collection& collection : people.collections) {
        if (collection.date > situation.date()) break;
        if (!collection.IsDeveloped()) continue;
        const Step& step = people.steps[collection.step];
        Enrolments& enrolments = desks[{step.date.Month(), step.named.desk}];
        enrolments.dates.push_back(step.date);
        const std::optional<CivilDate> lapsed = LapsedOn(step, situation.date());
        if (!lapsed) continue;
        enrolments.lapsed.push_back(*lapsed);
        enrolments.positions.push_back(step.position);
      }
      for (auto& [key, enrolments] : desks) JudgeDesk(village, key.first, key.second, &enrolments, hearing);
    }
  }

 private:
  static void JudgeDesk(ledger::Ordinal village, CivilMonth month, uint32_t desk, Enrolments* enrolments,
                        Case* hearing) {
    if (enrolments->lapsed.empty()) return;
    const Situation& situation = hearing->situation();
    const CivilDate judged = CivilDate::LastOf(month);
    const auto people_min = static_cast<size_t>(situation.parameters().Get(kPeople, village, judged));
    const int64_t percent_min = situation.parameters().Get(kPercent, village, judged);
    const auto people = static_cast<int64_t>(enrolments->dates.size());
    // So many of them make the share.
    const auto lapsed_min = static_cast<size_t>((people * percent_min + kWhole - 1) / kWhole);
    if (enrolments->dates.size() < people_min || enrolments->lapsed.size() < lapsed_min) return;
    std::sort(enrolments->lapsed.begin(), enrolments->lapsed.end());
    const std::string_view who = situation.AtDesk(desk);
    const std::string place = situation.NameOf(village);
    Finding finding;
    finding.place = village;
    finding.party_id = who;
    finding.period = month.ToString();
    finding.since = std::max(enrolments->lapsed[std::max<size_t>(lapsed_min, 1) - 1],
                             enrolments->dates[std::max<size_t>(people_min, 1) - 1]);
    finding.count = enrolments->lapsed.size();
    finding.positions = enrolments->positions;
    finding.text_vi =
        StrCat(place, ", ", MonthVi(month), ": ", who.empty() ? "người không rõ" : who, " phát triển ", people,
               " người, trong đó ", finding.count, " người chỉ đóng tối đa ", kMonthsMax, " tháng rồi dừng");
    finding.text_en =
        StrCat(place, ", ", finding.period, ": ", who.empty() ? "nobody named" : who, " brought in ", people,
               " people, of whom ", finding.count, " paid for at most ", kMonthsMax, " months and lapsed");
    hearing->Report(std::move(finding));
  }
};

}  // namespace

SOTHON_RULE(enrolment_spike, EnrolmentSpike)

}  // namespace sothon::rules
