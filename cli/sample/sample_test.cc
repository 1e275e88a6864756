// Samples are the same for a seed, plainly synthetic, and shaped like a quarter.
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "cli/csv/csv_reader.h"
#include "cli/sample/sampler.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class SampleOfDakHa : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("SOTHON_SOURCE");
    auto plan = ReadPlan(std::string(source != nullptr ? source : ".") + "/deploy/plans/dak-ha-2025q4", {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    auto parties = ReadPlan(plan->sample_parties_path, {});
    ASSERT_TRUE(parties.ok()) << parties.status();
    plan_ = *std::move(plan);
    parties_ = *std::move(parties);
  }

  Sample Make(uint64_t seed, int64_t people = 0) {
    SampleOptions options;
    options.seed = seed;
    options.people = people;
    const auto sample = MakeSample(plan_, &parties_, options);
    EXPECT_TRUE(sample.ok()) << sample.status();
    return *sample;
  }

  static std::vector<CsvRecord> Rows(const std::string& csv) {
    std::istringstream in(csv);
    CsvReader reader(&in);
    EXPECT_TRUE(reader.ReadHeader().ok());
    std::vector<CsvRecord> rows;
    CsvRecord record;
    while (reader.Next(&record)) {
      EXPECT_EQ(record.problem, "");
      rows.push_back(record);
    }
    return rows;
  }

  Plan plan_;
  Plan parties_;
};

TEST_F(SampleOfDakHa, EqualSeedsGiveEqualBytesAndOthersDoNot) {
  const Sample one = Make(42);
  const Sample two = Make(42);
  EXPECT_EQ(one.opening_csv, two.opening_csv);
  EXPECT_EQ(one.collections_csv, two.collections_csv);
  EXPECT_NE(one.collections_csv, Make(43).collections_csv);
}

TEST_F(SampleOfDakHa, EveryRowIsMarkedAndEveryNumberIsNobodys) {
  const Sample sample = Make(7);
  EXPECT_THAT(sample.opening_csv, StartsWith("# DỮ LIỆU GIẢ LẬP (synthetic data)"));
  EXPECT_THAT(sample.collections_csv, StartsWith("# DỮ LIỆU GIẢ LẬP (synthetic data)"));
  std::set<std::string> receipts;
  size_t social_numbers = 0;
  for (const CsvRecord& row : Rows(sample.collections_csv)) {
    EXPECT_TRUE(receipts.insert(row.fields[0]).second);
    const std::string& number = row.fields[2];
    ASSERT_TRUE(number.size() == 12 || number.size() == 10) << number;
    EXPECT_THAT(number, StartsWith(number.size() == 12 ? "000" : "00"));
    social_numbers += number.size() == 10 ? 1 : 0;
    EXPECT_EQ(row.fields.back(), "1");
    EXPECT_THAT(row.fields[11], StartsWith("NVT-"));
    // due = paid + support
    EXPECT_EQ(std::stoll(row.fields[7]), std::stoll(row.fields[8]) + std::stoll(row.fields[9]));
  }
  EXPECT_EQ(receipts.size(), sample.collections);
  EXPECT_GT(social_numbers, sample.collections / 20);
}

TEST_F(SampleOfDakHa, SomeVillagesLagSomeMeetSomeExceed) {
  const Sample sample = Make(2025);
  std::set<std::string> insured;
  for (const CsvRecord& row : Rows(sample.opening_csv)) insured.insert(row.fields[1]);
  std::map<std::string, std::set<std::string>> developed;
  for (const CsvRecord& row : Rows(sample.collections_csv)) {
    if (row.fields[4] == "BHXH_TN" && insured.count(row.fields[2]) == 0) developed[row.fields[3]].insert(row.fields[2]);
  }
  std::map<std::string, int64_t> targets;
  for (const PlanItem& item : plan_.items) {
    if (item.event.target_set().scheme() == v1::BHXH_TN)
      targets[item.event.place_id()] += item.event.target_set().value();
  }
  int lagging = 0, exceeding = 0;
  for (const auto& [village, target] : targets) {
    const auto done = static_cast<int64_t>(developed[village].size());
    lagging += done * 10 < target * 8 ? 1 : 0;
    exceeding += done > target ? 1 : 0;
  }
  EXPECT_GE(lagging, 3);
  EXPECT_GE(exceeding, 3);
  EXPECT_LE(lagging + exceeding, 29);
}

TEST_F(SampleOfDakHa, RepeatsRenewalsAndLapsesAreThere) {
  const Sample sample = Make(1);
  std::map<std::string, std::map<std::string, int>> receipts_by_month;
  for (const CsvRecord& row : Rows(sample.collections_csv)) {
    ++receipts_by_month[row.fields[2]][row.fields[1].substr(0, 7)];
  }
  int repeats = 0;
  for (const auto& [person, months] : receipts_by_month) {
    for (const auto& [month, count] : months) repeats += count > 1 ? 1 : 0;
  }
  EXPECT_GT(repeats, 20);
  int renewing = 0, lapsed = 0;
  for (const CsvRecord& row : Rows(sample.opening_csv)) {
    if (receipts_by_month.count(row.fields[1]) == 0) continue;
    (row.fields[4] >= "2025-09-01" ? renewing : lapsed) += 1;
  }
  EXPECT_GT(renewing, 1000);
  EXPECT_GT(lapsed, 100);
}

TEST_F(SampleOfDakHa, PeopleAreAboutAsManyAsAskedFor) {
  const Sample sample = Make(3, 40'000);
  EXPECT_GT(sample.people, 34'000u);
  EXPECT_LT(sample.people, 48'000u);
  std::set<std::string> numbers;
  for (const CsvRecord& row : Rows(sample.opening_csv)) numbers.insert(row.fields[1]);
  for (const CsvRecord& row : Rows(sample.collections_csv)) numbers.insert(row.fields[2]);
  EXPECT_EQ(numbers.size(), sample.people);
}

TEST(SampleOfNothing, APlanWithoutVillagesIsRefused) {
  EXPECT_THAT(MakeSample(Plan(), nullptr, {}).status().message(), HasSubstr("no villages"));
}

}  // namespace
}  // namespace sothon::cli
