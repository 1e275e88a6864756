#include "projection-service/answers/schools.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "common/base/strings.h"
#include "projection-service/answers/denominators.h"

namespace sothon::answers {
namespace {

using ledger::Names;
using oversight::Situation;
using oversight::VillageRegister;

constexpr int32_t kSeptember = 9;

struct School {
  const ledger::Party* party = nullptr;
  int64_t covered = 0;
  int64_t covered_twice = 0;
  int64_t sponsored = 0;
};

// Schools that are known to be elsewhere, of which something was declared at another place alone.
std::set<std::string_view> SchoolsElsewhere(const Situation& situation) {
  std::set<std::string_view> here;
  std::set<std::string_view> elsewhere;
  for (const v1::Event* event : situation.Facts(v1::Event::kDenominatorDeclared)) {
    const std::string& party_id = event->denominator_declared().party_id();
    if (party_id.empty() || event->place_id().empty()) continue;
    (situation.Covers(event->place_id()) ? here : elsewhere).insert(party_id);
  }
  for (const std::string_view id : here) elsewhere.erase(id);
  return elsewhere;
}

void CountPupils(const Situation& situation, const VillageInsured& insured,
                 const absl::flat_hash_map<uint32_t, School*>& credited) {
  const VillageRegister& people = situation.RegisterOf(insured.village);
  for (uint32_t person = 0; person < people.people.size(); ++person) {
    if (!insured.as_pupil.IsHere(person)) continue;
    const uint32_t credits = people.steps[insured.as_pupil.StepOf(person)].named.credits;
    for (const ledger::Ordinal party : situation.names().CreditList(credits)) {
      const auto school = credited.find(party.value);
      if (school == credited.end()) continue;
      ++school->second->covered;
      school->second->covered_twice += insured.otherwise.Is(person);
    }
  }
}

double Percent(int64_t part, int64_t whole) { return 100.0 * static_cast<double>(part) / static_cast<double>(whole); }

v1::SchoolState StateOf(const School& school, const Denominators& declared, const SchoolYear& year) {
  v1::SchoolState state;
  state.set_party_id(school.party->id);
  state.set_school_year(year.ToString());
  state.set_covered(school.covered);
  state.set_covered_twice(school.covered_twice);
  state.set_sponsored(school.sponsored);
  if (const v1::Event* pupils = declared.OfParty("pupils", school.party->id)) {
    state.set_pupils_known(true);
    state.set_pupils(pupils->denominator_declared().value());
  }
  if (const v1::Event* otherwise = declared.OfParty("pupils_insured_otherwise", school.party->id)) {
    state.set_insured_otherwise_known(true);
    state.set_insured_otherwise(otherwise->denominator_declared().value());
  }
  if (!state.pupils_known() || !state.insured_otherwise_known()) return state;
  const int64_t rest = state.pupils() - state.insured_otherwise();
  if (rest > 0) state.set_percent_of_rest(Percent(state.covered(), rest));
  if (state.pupils() > 0) {
    state.set_percent_of_all(Percent(state.covered() + state.insured_otherwise(), state.pupils()));
  }
  state.set_uncovered(std::max<int64_t>(0, rest - state.covered()));
  return state;
}

}  // namespace

std::vector<VillageInsured> InsuredOf(const Situation& situation) {
  std::vector<VillageInsured> insured;
  for (const ledger::Ordinal village : situation.villages_ever()) {
    const VillageRegister& people = situation.RegisterOf(village);
    insured.push_back({village, Insured(people, situation.date(), MaskOf(v1::BHYT_HSSV)),
                       Insured(people, situation.date(), kHealthInsurance & ~MaskOf(v1::BHYT_HSSV))});
  }
  return insured;
}

std::string SchoolYear::ToString() const { return StrCat(first.Month().Year(), "-", last.Month().Year()); }

SchoolYear SchoolYear::Of(CivilDate date) {
  const CivilMonth month = date.Month();
  const int32_t since_september = (month.Month() + 12 - kSeptember) % 12;
  const CivilMonth september = month.Plus(-since_september);
  return {CivilDate::FirstOf(september), CivilDate::LastOf(september.Plus(11))};
}

std::vector<v1::SchoolState> SchoolsOf(const Situation& situation, const std::vector<VillageInsured>& insured) {
  const SchoolYear year = SchoolYear::Of(situation.date());
  std::map<std::string_view, School> schools;
  absl::flat_hash_map<uint32_t, School*> credited;
  for (const ledger::Party& party : situation.reference().parties()) {
    if (party.kind != v1::SCHOOL || party.registered_at > situation.position()) continue;
    School& school = schools[party.id];
    school.party = &party;
    if (const auto named = situation.names().Find(Names::Kind::kCredited, party.id)) credited[named->value] = &school;
  }
  if (schools.empty()) return {};
  for (const VillageInsured& village : insured) CountPupils(situation, village, credited);
  for (const v1::Event* event : situation.Facts(v1::Event::kActivityRecorded)) {
    const v1::ActivityRecorded& activity = event->activity_recorded();
    const CivilDate day = ledger::DateOf(*event);
    if (activity.kind() != v1::SPONSORSHIP || day < year.first || year.last < day) continue;
    if (const auto school = schools.find(activity.party_id()); school != schools.end()) {
      school->second.sponsored += activity.people();
    }
  }
  const std::set<std::string_view> elsewhere = SchoolsElsewhere(situation);
  const Denominators declared(situation, year.first, year.last);
  std::vector<v1::SchoolState> states;
  for (const auto& [id, school] : schools) {
    if (elsewhere.count(id) == 0 || school.covered > 0) states.push_back(StateOf(school, declared, year));
  }
  return states;
}

}  // namespace sothon::answers
