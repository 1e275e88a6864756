// plan#22, plan#23: each official, each member of a union brings in at least so many; never an average.
#include "common/base/strings.h"
#include "projection-service/oversight/rosters.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::Roster;
using oversight::RosterMember;
using oversight::Situation;

constexpr int32_t kMonthsOfYear = 12;
constexpr int32_t kMonthsOfQuarter = 3;

// As MonthRange::Parse reads it.
std::string PeriodOf(const MonthRange& months) {
  const int32_t in_year = months.first.Month() - 1;
  if (months.Size() == 1) return months.first.ToString();
  if (months.Size() == kMonthsOfYear && in_year == 0) return std::to_string(months.first.Year());
  if (months.Size() == kMonthsOfQuarter && in_year % kMonthsOfQuarter == 0)
    return StrCat(months.first.Year(), "Q", in_year / kMonthsOfQuarter + 1);
  return StrCat(months.first.ToString(), "..", months.last.ToString());
}

struct What {
  std::string vi;
  std::string en;
};

What WhatOf(const Situation& situation, const ledger::Target& target) {
  if (target.scheme != v1::SCHEME_UNSPECIFIED) {
    return {std::string(SchemeVi(target.scheme)), std::string(SchemeEn(target.scheme))};
  }
  for (const SchemeGroupDefinition& group : situation.groups()) {
    if (group.id == target.scheme_group_id) return {group.name, group.name};
  }
  return {"BHXH, BHYT", "any insurance"};
}

Finding FindingOf(const Situation& situation, const Roster& roster, const RosterMember& member) {
  const What what = WhatOf(situation, *roster.target);
  Finding finding;
  finding.place = roster.place;
  finding.party_id = member.party_id;
  finding.scheme = roster.target->scheme;
  finding.period = PeriodOf(roster.target->months);
  finding.since = roster.JudgedFrom();
  finding.count = static_cast<uint64_t>(roster.minimum() - member.credited);
  finding.positions = {roster.declared->position(), roster.target_set->position()};
  finding.text_vi =
      StrCat(member.party_id, " phát triển được ", member.credited, "/", roster.minimum(), " người tham gia ", what.vi,
             " từ ", MonthVi(roster.target->months.first), " đến ", MonthVi(roster.target->months.last));
  finding.text_en = StrCat(member.party_id, " brought in ", member.credited, " of at least ", roster.minimum(), " ",
                           PeopleEn(static_cast<uint64_t>(roster.minimum())), " for ", what.en, " in ", finding.period);
  return finding;
}

class RosterMemberShort final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "roster_member_short",
            .severity = v1::VIOLATION,
            .plan_items = {22, 23},
            .title_vi = "Cán bộ, hội viên chưa đạt số người tối thiểu phải vận động",
            .title_en = "Members of a roster short of what each of them has to bring in",
            .reading =
                "Each member by itself, never an average (plan#23: also of unions); first and returned collections "
                "credited to the member in the target's months, wherever they were made. Judged when the months are "
                "over."};
  }

  void Judge(Case* hearing) const override {
    for (const Roster& roster : oversight::RostersOf(hearing->situation())) {
      if (hearing->date() < roster.JudgedFrom()) continue;
      for (const RosterMember& member : roster.members) {
        if (!roster.IsMetBy(member)) hearing->Report(FindingOf(hearing->situation(), roster, member));
      }
    }
  }
};

}  // namespace

SOTHON_RULE(roster_member_short, RosterMemberShort)

}  // namespace sothon::rules
