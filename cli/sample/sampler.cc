#include "cli/sample/sampler.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "cli/csv/csv_reader.h"
#include "cli/sample/random.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

// What a plan without a minimum for BHYT is taken to mean, so that every village has some.
constexpr int64_t kBhytPerVillageMonth = 120;
constexpr int64_t kBhxhPerVillageMonth = 2;

// Amounts are illustrative: BHXH_TN 22 % of a chosen income, of which the State pays a share of the poverty line's
// contribution; BHYT 4.5 % of the base salary of 2.34 million, less for each further member of a household.
constexpr int64_t kBhxhFloorVnd = 330'000;
constexpr int64_t kBhxhIncomesVnd[] = {1'500'000, 1'500'000, 1'500'000, 2'000'000, 2'500'000, 3'000'000, 5'000'000};
constexpr int64_t kBhxhSupportPercent[] = {20, 20, 20, 20, 20, 20, 20, 30, 40, 50};
constexpr int64_t kBhytMonthVnd = 105'300;
constexpr int64_t kHouseholdPercent[] = {100, 70, 60, 50, 40};
constexpr int64_t kPupilSupportPercent = 50;
constexpr int64_t kFarmSupportPercent = 30;

struct Village {
  std::string id;
  std::map<CivilMonth, int64_t> bhxh_target;
  std::map<CivilMonth, int64_t> bhyt_target;
};

struct Person {
  std::string identity;
  const Village* village = nullptr;
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  int64_t variant = 0;  // income, household order: what stays the same from receipt to receipt
};

struct Opening {
  Person person;
  CivilDate covered_until;
};

struct Collection {
  CivilDate date;
  Person person;
  CivilMonth from;
  int64_t months = 0;
  bool is_declared_new = false;
};

class Sampler {
 public:
  Sampler(std::vector<Village> villages, std::vector<std::string> collectors, MonthRange months,
          const SampleOptions& options)
      : villages_(std::move(villages)),
        collectors_(std::move(collectors)),
        months_(months),
        options_(options),
        random_(options.seed) {}

  Sample Make();

 private:
  Person NewPerson(const Village& village, v1::Scheme scheme);
  CivilDate DayIn(CivilMonth month);
  void Collect(const Person& person, CivilMonth month, CivilMonth from, int64_t months, bool is_new);
  void MakeBhxh(const Village& village, int64_t zeal_per_mille);
  void MakeBhyt(const Village& village, int64_t zeal_per_mille, int64_t scale_numerator, int64_t scale_denominator);
  int64_t Zeal();
  void WriteCollection(const Collection& collection, uint64_t number, std::string* out);
  std::string Collector(const Village& village);

  const std::vector<Village> villages_;
  const std::vector<std::string> collectors_;
  const MonthRange months_;
  const SampleOptions& options_;
  Random random_;
  uint64_t people_ = 0;
  std::vector<Opening> openings_;
  std::vector<Collection> collections_;
};

Person Sampler::NewPerson(const Village& village, v1::Scheme scheme) {
  // Multiplication by a number prime to 10 scatters the counter and keeps it unique.
  const uint64_t n = ++people_;
  char identity[16];
  if (n % 8 == 0) {
    std::snprintf(identity, sizeof identity, "00%08llu",
                  static_cast<unsigned long long>(n * 45'678'917ULL % 100'000'000ULL));
  } else {
    std::snprintf(identity, sizeof identity, "000%09llu",
                  static_cast<unsigned long long>(n * 482'451'653ULL % 1'000'000'000ULL));
  }
  return {identity, &village, scheme, random_.Below(1000)};
}

CivilDate Sampler::DayIn(CivilMonth month) {
  const CivilDate first = CivilDate::FirstOf(month);
  return first.Plus(static_cast<int32_t>(random_.Below(CivilDate::LastOf(month).value - first.value + 1)));
}

void Sampler::Collect(const Person& person, CivilMonth month, CivilMonth from, int64_t months, bool is_new) {
  // One declaration in a hundred is wrong, as they are in life.
  collections_.push_back({DayIn(month), person, from, months, is_new != random_.PerMille(10)});
  // Now and then somebody pays for the next months at once: a repeat, never a new person.
  if (random_.PerMille(20)) {
    collections_.push_back({DayIn(month), person, from.Plus(static_cast<int32_t>(months)), months, false});
  }
}

// How well a village does against its targets: some lag, most come close, some exceed.
int64_t Sampler::Zeal() {
  const int64_t kind = random_.Below(100);
  if (kind < 30) return random_.Between(350, 800);
  if (kind < 60) return random_.Between(800, 1000);
  if (kind < 88) return random_.Between(1000, 1200);
  return random_.Between(1300, 1700);
}

void Sampler::MakeBhxh(const Village& village, int64_t zeal_per_mille) {
  static constexpr int64_t kMonthsPaid[] = {1, 1, 3, 3, 6, 12};
  int64_t wanted_in_all = 0;
  for (CivilMonth month = months_.first; month <= months_.last; month = month.Plus(1)) {
    const auto target = village.bhxh_target.find(month);
    const int64_t wanted = target == village.bhxh_target.end() ? kBhxhPerVillageMonth : target->second;
    wanted_in_all += wanted;
    for (int64_t n = random_.Share(wanted * zeal_per_mille, 1000); n > 0; --n) {
      const Person person = NewPerson(village, v1::BHXH_TN);
      const int64_t months = kMonthsPaid[random_.Below(6)];
      if (random_.PerMille(180)) {  // insured once, lapsed for long
        openings_.push_back({person, CivilDate::FirstOf(month).Plus(-static_cast<int32_t>(random_.Between(120, 700)))});
      }
      Collect(person, month, month, months, true);
      for (CivilMonth next = month.Plus(1); months == 1 && next <= months_.last && random_.PerMille(850);
           next = next.Plus(1)) {
        Collect(person, next, next, 1, false);
      }
    }
  }
  // Those who were insured before, and mostly stay.
  for (int64_t n = wanted_in_all * random_.Between(2, 4); n > 0; --n) {
    const Person person = NewPerson(village, v1::BHXH_TN);
    const int64_t months = kMonthsPaid[random_.Below(6)];
    CivilMonth due = months_.first.Plus(static_cast<int32_t>(random_.Below(std::max<int64_t>(months, 1))));
    openings_.push_back({person, CivilDate::LastOf(due.Plus(-1))});
    for (; due <= months_.last && random_.PerMille(900); due = due.Plus(static_cast<int32_t>(months))) {
      Collect(person, due, due, months, false);
    }
  }
}

void Sampler::MakeBhyt(const Village& village, int64_t zeal_per_mille, int64_t scale_numerator,
                       int64_t scale_denominator) {
  for (CivilMonth month = months_.first; month <= months_.last; month = month.Plus(1)) {
    const auto target = village.bhyt_target.find(month);
    const int64_t wanted = target == village.bhyt_target.end() ? kBhytPerVillageMonth : target->second;
    // Near the minimum, whatever the village is like; November is the peak month (plan#33).
    const int64_t zeal = 790 + zeal_per_mille / 5 + (month.Month() == 11 ? 50 : 0) + random_.Between(-60, 60);
    for (int64_t n = random_.Share(wanted * zeal / 1000 * scale_numerator, scale_denominator); n > 0; --n) {
      const int64_t kind = random_.Below(100);
      const Person person = NewPerson(village, kind < 78 ? v1::BHYT_HGD : kind < 90 ? v1::BHYT_HSSV : v1::BHYT_NLNN);
      const int64_t length = random_.Below(100);
      const int64_t months = length < 80 ? 12 : length < 92 ? 6 : 3;
      const int64_t past = random_.Below(100);
      if (past < 85) {  // the card runs out, and is renewed
        openings_.push_back({person, CivilDate::LastOf(month.Plus(-1))});
      } else if (past < 90) {  // ran out long ago
        openings_.push_back({person, CivilDate::FirstOf(month).Plus(-static_cast<int32_t>(random_.Between(120, 500)))});
      }
      Collect(person, month, month, months, past >= 85);
    }
  }
  // Cards that the State pays: never a self-paid one (plan#30).
  for (int64_t n = random_.Share(10 * scale_numerator, scale_denominator); n > 0; --n) {
    openings_.push_back({NewPerson(village, v1::BHYT_NSNN), CivilDate::LastOf(months_.last)});
  }
}

std::string Sampler::Collector(const Village& village) {
  if (collectors_.empty()) return "";
  const auto index = static_cast<size_t>(&village - villages_.data());
  // Mostly the village's own collector.
  const auto other = static_cast<size_t>(random_.PerMille(50) ? random_.Below(8) : 0);
  return collectors_[(index + other) % collectors_.size()];
}

void Sampler::WriteCollection(const Collection& collection, uint64_t number, std::string* out) {
  const Person& person = collection.person;
  int64_t due = 0;
  int64_t support = 0;
  if (person.scheme == v1::BHXH_TN) {
    due = kBhxhIncomesVnd[person.variant % 7] * 22 / 100 * collection.months;
    support = kBhxhFloorVnd * kBhxhSupportPercent[person.variant % 10] / 100 * collection.months;
  } else {
    const int64_t percent = person.scheme == v1::BHYT_HGD ? kHouseholdPercent[person.variant % 5] : 100;
    due = kBhytMonthVnd * percent / 100 * collection.months;
    const int64_t share = person.scheme == v1::BHYT_HSSV   ? kPupilSupportPercent
                          : person.scheme == v1::BHYT_NLNN ? kFarmSupportPercent
                                                           : 0;
    support = due * share / 100;
  }
  char receipt[24];
  std::snprintf(receipt, sizeof receipt, "GL-%07llu", static_cast<unsigned long long>(number));
  AppendCsvRecord(
      {receipt, collection.date.ToString(), person.identity, person.village->id, v1::Scheme_Name(person.scheme),
       StrCat(collection.months), collection.from.ToString(), StrCat(due), StrCat(due - support), StrCat(support), "0",
       Collector(*person.village), collection.is_declared_new ? "new" : "continuing", "1"},
      ',', out);
}

Sample Sampler::Make() {
  const int64_t usual_people =
      kBhytPerVillageMonth * static_cast<int64_t>(villages_.size()) * static_cast<int64_t>(months_.Size());
  const int64_t wanted_people = options_.people > 0 ? options_.people : usual_people;
  for (const Village& village : villages_) {
    const int64_t zeal = Zeal();
    MakeBhxh(village, zeal);
    MakeBhyt(village, zeal, wanted_people, usual_people);
  }
  // By date, as receipts come; the order of equal dates is that of their making.
  std::stable_sort(collections_.begin(), collections_.end(),
                   [](const Collection& a, const Collection& b) { return a.date < b.date; });
  Sample sample;
  const std::string label = StrCat("# DỮ LIỆU GIẢ LẬP (synthetic data) - sothon sample, seed ", options_.seed, "\n");
  sample.opening_csv = label;
  AppendCsvRecord({"ref", "identity_number", "village", "scheme", "covered_until", "opening_date", "synthetic"}, ',',
                  &sample.opening_csv);
  const std::string opening_date = CivilDate::LastOf(months_.first.Plus(-1)).ToString();
  for (const Opening& opening : openings_) {
    AppendCsvRecord({StrCat("GL-", ++sample.openings), opening.person.identity, opening.person.village->id,
                     v1::Scheme_Name(opening.person.scheme), opening.covered_until.ToString(), opening_date, "1"},
                    ',', &sample.opening_csv);
  }
  sample.collections_csv = label;
  AppendCsvRecord({"receipt_number", "receipt_date", "identity_number", "village", "scheme", "months", "from_month",
                   "due", "paid", "central_support", "local_support", "collector", "declared", "synthetic"},
                  ',', &sample.collections_csv);
  for (const Collection& collection : collections_) {
    WriteCollection(collection, ++sample.collections, &sample.collections_csv);
  }
  sample.people = people_;
  return sample;
}

bool IsLeaf(v1::PlaceLevel level) { return level == v1::VILLAGE || level == v1::RESIDENTIAL_GROUP; }

// Villages in the plan's order, with what it wants of each.
std::vector<Village> VillagesOf(const Plan& plan) {
  std::vector<Village> villages;
  for (const PlanItem& item : plan.items) {
    if (IsLeaf(item.event.place_registered().level())) villages.push_back({item.event.place_id(), {}, {}});
  }
  for (const PlanItem& item : plan.items) {
    const v1::TargetSet& target = item.event.target_set();
    const auto from = CivilMonth::FromWire(target.from_month());
    const auto to = CivilMonth::FromWire(target.to_month());
    if (!item.event.has_target_set() || !from || !to) continue;
    const bool is_bhxh = target.scheme() == v1::BHXH_TN;
    for (Village& village : villages) {
      if (!target.each_village() && item.event.place_id() != village.id) continue;
      auto& months = is_bhxh ? village.bhxh_target : village.bhyt_target;
      for (CivilMonth month = *from; month <= *to; month = month.Plus(1)) months[month] = target.value();
    }
  }
  return villages;
}

}  // namespace

absl::StatusOr<Sample> MakeSample(const Plan& plan, const Plan* parties, const SampleOptions& options) {
  std::vector<Village> villages = VillagesOf(plan);
  if (villages.empty()) return absl::InvalidArgumentError("the plan has no villages; name the plan that lists them");
  std::optional<MonthRange> months = options.months;
  std::string agency = options.agency_id;
  for (const PlanItem& item : plan.items) {
    if (agency.empty() && item.event.party_registered().kind() == v1::AGENCY) {
      agency = item.event.party_registered().party_id();
    }
    const auto from = CivilMonth::FromWire(item.event.target_set().from_month());
    const auto to = CivilMonth::FromWire(item.event.target_set().to_month());
    if (options.months || !from || !to) continue;
    months = months ? MonthRange{std::min(months->first, *from), std::max(months->last, *to)} : MonthRange{*from, *to};
  }
  if (!months) return absl::InvalidArgumentError("the plan has no targets; name the months with --months");
  if (agency.empty()) return absl::InvalidArgumentError("the plan has no agency; name one with --agency");
  std::vector<std::string> collectors;
  for (const PlanItem& item : parties != nullptr ? parties->items : std::vector<PlanItem>{}) {
    if (item.event.party_registered().kind() == v1::COLLECTOR) {
      collectors.push_back(item.event.party_registered().party_id());
    }
  }
  Sample sample = Sampler(std::move(villages), std::move(collectors), *months, options).Make();
  sample.agency_id = agency;
  return sample;
}

}  // namespace sothon::cli
