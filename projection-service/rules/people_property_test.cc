// Rules about people, on random logs: however registers and findings came about, they are the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "common/base/strings.h"
#include "common/testing/seed.h"
#include "projection-service/rules/rates.h"
#include "projection-service/rules/testing/people.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using oversight::Registers;
using sothon::testing::VillageId;

constexpr int kVillages = 3;
constexpr int kEvents = 160;
constexpr int32_t kDates[] = {20250930, 20251015, 20251102, 20251231, 20260331, 20260930};

// What rules about people judge: everything that a person may have in a history, and what it is judged by.
class PeopleLog {
 public:
  explicit PeopleLog(uint64_t seed) : random_(seed) {
    for (v1::Event& event : sothon::testing::MinimalRegistry(kVillages)) Add(std::move(event));
    registry_ = events_.size();
    Party("NVT-02", v1::COLLECTOR, "TCDVT-02");
    Party("CB-01", v1::OFFICIAL, "");
    Parameter("duty.resident_collector", 1);
    Parameter("deadline.certificate", 5);
    Parameter("threshold.spike_people", 2);
    Parameter("support.months_max", 4);
    Parameter(kBaseSalary, 2'340'000);
    Parameter(kBhytRate, 45);
    Parameter(kBhxhRate, 220);
    Parameter(kIncomeFloor, 1'500'000);
    Parameter(kSupportMax, 15);
    Roster();
    for (int i = 0; i < kEvents; ++i) AddOne();
  }
  const std::vector<v1::Event>& events() const { return events_; }
  // The first so many of them, as a story: it has the registry already.
  testing::Story Told(size_t count) const {
    testing::Story story(kVillages);
    for (size_t i = registry_; i < count; ++i) story.Tell(events_[i]);
    return story;
  }
  size_t registry() const { return registry_; }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::string AnyVillage() { return VillageId(static_cast<int>(1 + Below(kVillages))); }
  int32_t AnyMonth() { return static_cast<int32_t>(202509 + Below(4)); }
  int32_t AnyDate() { return AnyMonth() * 100 + static_cast<int32_t>(1 + Below(28)); }
  uint64_t AnyPerson() { return 1 + Below(12); }

  void Add(v1::Event event, int32_t date = 0) {
    if (date != 0) event.set_effective_date(date);
    event.set_position(events_.size() + 1);
    if (event.has_contribution_reversed()) {
      v1::ContributionReversed* reversal = event.mutable_contribution_reversed();
      const auto paid = std::find_if(events_.begin(), events_.end(), [&](const v1::Event& earlier) {
        return earlier.contribution_recorded().receipt_number() == reversal->receipt_number();
      });
      reversal->set_reversed_position(paid->position());
      reversal->set_subject_id(paid->contribution_recorded().subject_id());
      reversal->set_scheme(paid->contribution_recorded().scheme());
    }
    events_.push_back(std::move(event));
  }
  void Party(const char* id, v1::PartyKind kind, const char* parent) {
    v1::Event event;
    event.mutable_party_registered()->set_party_id(id);
    event.mutable_party_registered()->set_kind(kind);
    event.mutable_party_registered()->set_parent_party_id(parent);
    Add(std::move(event), 20250101);
  }
  void Parameter(const char* name, int64_t value, int32_t date = 20250101) {
    v1::Event event;
    event.mutable_parameter_set()->set_name(name);
    event.mutable_parameter_set()->set_value(value);
    Add(std::move(event), date);
  }
  void Roster() {
    v1::Event target = sothon::testing::VillageTarget("T", sothon::testing::kCommuneId, v1::BHXH_TN, 202510, 2);
    target.mutable_target_set()->set_measure(v1::PER_PERSON_MINIMUM);
    Add(std::move(target));
    v1::Event roster;
    roster.set_place_id(sothon::testing::kCommuneId);
    roster.mutable_roster_declared()->set_roster_id("R");
    roster.mutable_roster_declared()->set_target_id("T");
    roster.mutable_roster_declared()->add_member_party_ids("CB-01");
    Add(std::move(roster), 20251001);
  }

  void AddOne() {
    const uint64_t kind = Below(100);
    if (kind < 60) return AddContribution();
    if (kind < 68 && !receipts_.empty()) {
      const size_t chosen = Below(receipts_.size());
      Add(sothon::testing::Reversal(receipts_[chosen], AnyDate()));
      receipts_.erase(receipts_.begin() + static_cast<std::ptrdiff_t>(chosen));
    } else if (kind < 72) {
      Add(sothon::testing::Move(AnyPerson(), AnyVillage(), AnyDate()));
    } else if (kind < 78) {
      sothon::testing::OpeningSpec opening{.person = AnyPerson(), .place_id = AnyVillage(), .covered_until = AnyDate()};
      opening.scheme = static_cast<v1::Scheme>(1 + Below(4));
      Add(sothon::testing::Opening(opening));
    } else if (kind < 84) {
      Add(testing::CertificateOf(AnyPerson(), static_cast<v1::Scheme>(Below(4)), AnyDate(), AnyVillage()));
    } else if (kind < 92) {
      static constexpr const char* kGroups[] = {"ho_ngheo", "can_ngheo", "tre_em"};
      Add(testing::ClassificationOf(AnyPerson(), kGroups[Below(3)], AnyDate(), Below(2) == 0 ? 20251231 : 0,
                                    AnyVillage()));
    } else {
      AddCircumstance();
    }
  }
  void AddContribution() {
    sothon::testing::ContributionSpec spec;
    spec.receipt = StrCat("BL-", events_.size());
    spec.person = AnyPerson();
    spec.scheme = static_cast<v1::Scheme>(1 + Below(5));
    spec.place_id = AnyVillage();
    spec.date = AnyDate();
    spec.from_month = Below(3) == 0 ? AnyMonth() : 0;
    spec.months = static_cast<uint32_t>(1 + Below(4));
    spec.due_vnd = Below(3) == 0 ? 0 : 330'000 * static_cast<int64_t>(spec.months);
    spec.central_support_vnd = Below(2) == 0 ? 0 : 66'000;
    spec.declared = static_cast<v1::Declared>(Below(3));
    if (Below(2) == 0) spec.collector_id = "NVT-02";
    v1::Event event = sothon::testing::Contribution(spec);
    if (Below(3) == 0) event.mutable_contribution_recorded()->add_credited_party_ids("CB-01");
    if (Below(3) == 0) event.mutable_contribution_recorded()->set_income_base_vnd(1'500'000);
    receipts_.push_back(spec.receipt);
    Add(std::move(event));
  }
  void AddCircumstance() {
    v1::Event event;
    const uint64_t kind = Below(5);
    if (kind == 0) return Add(testing::MergerOf(VillageId(kVillages), VillageId(1), AnyDate()));
    if (kind == 1) return Parameter(kBaseSalary, 2'530'000, AnyDate());
    if (kind == 2 && roles_ > 0) {
      event.mutable_role_ended()->set_role_id(StrCat("R-", Below(roles_)));
      return Add(std::move(event), AnyDate());
    }
    event.set_place_id(AnyVillage());
    event.mutable_role_assigned()->set_role_id(StrCat("R-", roles_++));
    event.mutable_role_assigned()->set_role(kind == 3 ? v1::CONTRACTED_AGENCY : v1::RESIDENT_COLLECTOR);
    event.mutable_role_assigned()->set_party_id(kind == 3 ? "TCDVT-01" : "NVT-01");
    Add(std::move(event), AnyDate());
  }

  std::mt19937_64 random_;
  std::vector<v1::Event> events_;
  size_t registry_ = 0;
  std::vector<std::string> receipts_;
  uint64_t roles_ = 0;
};

std::string InWords(const oversight::Step& step) {
  return StrCat(step.position, " ", step.date.value, " ", step.until.value, " ", step.cover_first.value, " ",
                step.covered_until.value, " ", step.next_first.value, " ", step.place.value, " ", step.named.desk, " ",
                step.sequence, " ", step.scheme, " ", step.months, " ", static_cast<int>(step.what));
}

std::string InWords(const oversight::Trace& trace) {
  return StrCat(trace.rule, " ", trace.scheme, " ", trace.place.value, " ", trace.since.value, " ", trace.until.value,
                " ", trace.desk, " ", trace.drive, " ", trace.month.value, " ", trace.positions[0], " ",
                trace.positions[1]);
}

// People have numbers in the order in which they came; everything else has to be equal. In the order in which it is
// kept, but for what is equal in that order.
std::multiset<std::string> InWords(const Registers& registers) {
  std::multiset<std::string> lines;
  for (size_t place = 0; place < registers.size(); ++place) {
    if (registers[place] == nullptr) continue;
    const oversight::VillageRegister& village = *registers[place];
    const auto add = [&](const char* what, uint32_t person, const std::string& words) {
      lines.insert(StrCat(place, " ", what, " ", village.people[person].ToHex(), " ", words));
    };
    for (const oversight::Step& step : village.steps) add("step", step.person, InWords(step));
    for (const oversight::Trace& trace : village.traces) add("trace", trace.person, InWords(trace));
    for (const oversight::Classification& one : village.classifications)
      add("group", one.person,
          StrCat(one.position, " ", one.from.value, " ", one.until.value, " ", one.group, " ", one.place.value, " ",
                 one.there_since.value, " ", one.there_until.value));
    for (const oversight::Stay& one : village.stays)
      add("stay", one.person, StrCat(one.scheme, " ", one.place.value, " ", one.since.value, " ", one.until.value));
    for (const oversight::Collection& one : village.collections) {
      const oversight::Step& step = village.steps[one.step];
      add("collection", step.person, StrCat(one.date.value, " ", one.scheme, " ", step.position));
    }
    for (const oversight::Cover& one : village.covers)
      add("cover", one.person,
          StrCat(one.first.value, " ", one.last.value, " ", one.here_since.value, " ", one.here_until.value, " ",
                 village.steps[one.step].position));
  }
  return lines;
}

// A ledger with the registers that stand on it.
class Reader {
 public:
  void Apply(const v1::Event& event) {
    std::vector<ledger::Posting> postings;
    SubjectId touched;
    const absl::Status status = ledger_.Apply(event, &postings, &touched);
    ASSERT_TRUE(status.ok()) << status.message();
    if (!touched.IsZero()) touched_.insert(touched);
    at_ = {event.position()};
  }
  // With only those put whose histories changed, unless what they are judged by changed, too.
  const Registers& Finish() {
    const oversight::Circumstances known(ledger_.facts(), ledger_.reference(), ledger_.names(), at_);
    const size_t decisive = oversight::CountOfDecisiveFacts(ledger_.facts(), at_);
    if (decisive != decisive_) {
      builder_.Clear();
      for (const auto& [id, history] : ledger_.participants()) touched_.insert(id);
    }
    decisive_ = decisive;
    for (const SubjectId& id : touched_) {
      builder_.Put(id, ledger_.participants().at(id),
                   [&](const oversight::Person& person, auto* traces) { ExaminePerson(person, known, traces); });
    }
    touched_.clear();
    return builder_.Finish();
  }

 private:
  ledger::Ledger ledger_;
  oversight::RegisterBuilder builder_{ledger::CountingRules()};
  std::set<SubjectId> touched_;
  Position at_;
  size_t decisive_ = 0;
};

TEST(PeopleProperty, RegistersOfChangesEqualRegistersOfEverybody) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  for (uint64_t round = 0; round < 5; ++round) {
    std::mt19937_64 random(seed + round);
    const PeopleLog log(seed + round);
    Reader live;
    for (size_t i = 0; i < log.events().size(); ++i) {
      live.Apply(log.events()[i]);
      if (random() % 7 != 0 && i + 1 < log.events().size()) continue;
      Reader fresh;
      for (size_t j = 0; j <= i; ++j) fresh.Apply(log.events()[j]);
      ASSERT_EQ(InWords(live.Finish()), InWords(fresh.Finish())) << "seed " << seed + round << " at " << i + 1;
    }
  }
}

// All that is found, byte by byte.
std::string Found(const testing::Story& story, int32_t date, uint64_t position, std::set<std::string>* codes) {
  std::string found;
  const oversight::Situation& situation = story.SituationOn(date, position);
  for (const Judged& judged : Judge(situation)) {
    const Finding& finding = judged.finding;
    StrAppend(&found, judged.info.code, " ", judged.info.severity, " ",
              finding.place ? situation.reference().place(*finding.place).id : "-", " ", finding.party_id, " ",
              finding.drive_id, " ", finding.scheme, " ", finding.period, " ", finding.since.value, " ", finding.count,
              " ", finding.text_vi, " ", finding.text_en);
    for (const uint64_t at : finding.positions) {
      EXPECT_LE(at, position) << judged.info.code << " is proved by what nobody knew";
      StrAppend(&found, " ", at);
    }
    EXPECT_LE(finding.since, situation.date()) << judged.info.code;
    EXPECT_FALSE(finding.positions.empty()) << judged.info.code;
    found += "\n";
    codes->emplace(judged.info.code);
  }
  return found;
}

TEST(PeopleProperty, FindingsOfThePastAreThoseOfTheShorterLog) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::set<std::string> codes;
  for (uint64_t round = 0; round < 6; ++round) {
    std::mt19937_64 random(seed + round);
    const PeopleLog log(seed + round);
    const size_t size = log.events().size();
    const testing::Story whole = log.Told(size);
    for (int i = 0; i < 8; ++i) {
      const size_t count = log.registry() + 1 + random() % (size - log.registry());
      const int32_t date = kDates[random() % std::size(kDates)];
      const testing::Story shorter = log.Told(count);
      EXPECT_EQ(Found(whole, date, count, &codes), Found(shorter, date, count, &codes))
          << "seed " << seed + round << " at " << count << " on " << date;
    }
  }
  EXPECT_GE(codes.size(), 12u) << "the random logs break too few rules to show anything";
}

}  // namespace
}  // namespace sothon::rules
