// Targets held against figures: revisions, rates, the calendar, and what does not add up.
#include "projection-service/view/targets.h"

#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using testing::Ask;
using ::testing::ElementsAre;
using testing::FakeLog;
using testing::FindRow;
using testing::Get;
using ::testing::HasSubstr;
using testing::MustOpen;
using testing::OnlyTarget;

TEST(Targets, ARevisionReplacesFromItsPositionOnPlan26) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(2));
  using sothon::testing::VillageTarget;
  const uint64_t first = log.Add(VillageTarget("CT-1", "23500-01", v1::BHXH_TN, 202510, 5)).value;
  v1::Event revision = VillageTarget("CT-1b", "23500-01", v1::BHXH_TN, 202510, 8);
  revision.mutable_target_set()->set_revises_target_id("CT-1");
  log.Add(revision);
  v1::Event commune = VillageTarget("CT-XA", "23500", v1::BHXH_TN, 202510, 12);
  log.Add(commune);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("23500-01", "2025-10");
  EXPECT_EQ(OnlyTarget(FindRow(*Get(*projection, request), "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, 202510))
                ->target(),
            8);
  request.mutable_as_of()->set_position(first);
  EXPECT_EQ(OnlyTarget(FindRow(*Get(*projection, request), "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, 202510))
                ->target(),
            5);
  // The commune's own number stands beside the sum of its villages (plan#25).
  const auto both = Get(*projection, Ask("23500", "2025-10"));
  const auto* row = FindRow(*both, "23500", v1::BHXH_TN, v1::ProgressRow::MONTH, 202510);
  ASSERT_NE(row, nullptr);
  ASSERT_EQ(row->targets_size(), 2);
  EXPECT_EQ(row->targets(0).target(), 12);
  EXPECT_FALSE(row->targets(0).summed());
  EXPECT_EQ(row->targets(1).target(), 8);
  EXPECT_TRUE(row->targets(1).summed());
}

TEST(Targets, WhatDoesNotAddUpOrCannotBeComputedIsSaid) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(1));
  using sothon::testing::VillageTarget;
  for (int month = 0; month < 3; ++month) {
    v1::Event target = VillageTarget("CT-" + std::to_string(month), "23500-01", v1::BHXH_TN, 202510 + month, 2);
    target.mutable_target_set()->set_declared_row_total(7);
    log.Add(target);
  }
  v1::Event rate = VillageTarget("CT-R", "23500-01", v1::BHXH_TN, 202512, 9500);
  rate.mutable_target_set()->set_measure(v1::COVERAGE_RATE);
  log.Add(rate);
  v1::Event nothing = VillageTarget("CT-0", "23500-01", v1::BHYT_HGD, 202512, 0);
  nothing.set_synthetic(true);
  log.Add(nothing);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  const auto progress = Get(*projection, Ask("23500-01", "2025Q4"));
  ASSERT_TRUE(progress.ok());
  EXPECT_TRUE(progress->contains_synthetic());
  EXPECT_THAT(progress->notices(), ElementsAre(HasSubstr("synthetic"), HasSubstr("tổng ghi 7, cộng các tháng được 6"),
                                               HasSubstr("denominator is unknown")));
  const auto* row = FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, 202512);
  ASSERT_NE(row, nullptr);
  ASSERT_EQ(row->targets_size(), 2);
  EXPECT_EQ(row->targets(1).measure(), v1::COVERAGE_RATE);
  EXPECT_FALSE(row->targets(1).has_attainment_percent());
  EXPECT_EQ(row->targets(1).months_met(), 0u);
  const auto* zero = OnlyTarget(FindRow(*progress, "23500-01", v1::BHYT_HGD, v1::ProgressRow::MONTH, 202512));
  ASSERT_NE(zero, nullptr);
  EXPECT_FALSE(zero->has_attainment_percent());
  EXPECT_EQ(zero->months_met(), 1u);
}

// plan#26: what another document revised stays one line, so that sums stay sums.
TEST(Targets, ARevisionByAnotherDocumentStandsInTheSameLine) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(2));
  log.Add(sothon::testing::Document("QD-2"));
  using sothon::testing::VillageTarget;
  for (const char* village : {"23500-01", "23500-02"}) {
    for (int32_t month = 202510; month <= 202512; ++month) {
      log.Add(VillageTarget("CT-" + std::string(village) + std::to_string(month), village, v1::BHXH_TN, month, 3));
    }
  }
  v1::Event revision = VillageTarget("CT-R", "23500-01", v1::BHXH_TN, 202512, 6, "QD-2");
  revision.mutable_target_set()->set_revises_target_id("CT-23500-01202512");
  log.Add(revision);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("23500", "2025Q4");
  request.set_depth(1);
  const auto progress = Get(*projection, request);
  ASSERT_TRUE(progress.ok());
  const auto* quarter = OnlyTarget(FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::QUARTER, 202512));
  ASSERT_NE(quarter, nullptr);
  EXPECT_EQ(quarter->target(), 3 + 3 + 6);
  EXPECT_EQ(quarter->document_id(), sothon::testing::kDocumentId);
  const auto* december = OnlyTarget(FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, 202512));
  ASSERT_NE(december, nullptr);
  EXPECT_EQ(december->document_id(), "QD-2");
  const auto* sum = OnlyTarget(FindRow(*progress, "23500", v1::BHXH_TN, v1::ProgressRow::QUARTER, 202512));
  ASSERT_NE(sum, nullptr);
  EXPECT_EQ(sum->target(), 12 + 9);
}

// plan#19: covered over declared; before the declaration is known the rate is not.
TEST(Targets, ACoverageRateIsOfTheDeclaredPopulation) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(1));
  v1::Event rate = sothon::testing::VillageTarget("CT-R", "23500-01", v1::BHXH_TN, 202511, 5000);
  rate.mutable_target_set()->set_to_month(202512);
  rate.mutable_target_set()->set_measure(v1::COVERAGE_RATE);
  log.Add(rate);
  for (uint64_t person = 1; person <= 3; ++person) {
    log.Add(sothon::testing::Contribution(
        {.receipt = "BL-" + std::to_string(person), .person = person, .date = 20251105, .months = 2}));
  }
  const auto declare = [&](const char* place, int64_t people, int32_t day) {
    v1::Event event;
    event.set_place_id(place);
    event.set_effective_date(20251201);
    event.mutable_denominator_declared()->set_denominator_id("D-" + std::to_string(log.size()));
    event.mutable_denominator_declared()->set_of("population");
    event.mutable_denominator_declared()->set_value(people);
    event.mutable_denominator_declared()->set_as_of_date(day);
    log.Add(event);
  };
  const uint64_t unknown = log.size();
  declare("23500-01", 7, 20251115);
  declare("23500-01", 4, 20251201);
  declare("23500", 100, 20251101);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("23500-01", "2025Q4");
  const auto of_month = [&](int32_t month) {
    const auto progress = Get(*projection, request);
    EXPECT_TRUE(progress.ok());
    return *OnlyTarget(FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, month));
  };
  EXPECT_EQ(of_month(202511).achieved(), 4285) << "three of seven, rounded down";
  EXPECT_EQ(of_month(202511).remaining(), 715);
  EXPECT_EQ(of_month(202511).months_met(), 0u);
  EXPECT_EQ(of_month(202512).achieved(), 7500) << "three of four";
  EXPECT_EQ(of_month(202512).attainment_percent(), 150.0);
  request.mutable_as_of()->set_position(unknown);
  EXPECT_FALSE(of_month(202511).has_attainment_percent());
}

// The basis of October's targets is of 17 October; who joined before it counts all the same.
TEST(Targets, AMonthsTargetCountsTheWholeMonthWhateverTheDateOfItsBasis_Plan17) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(1));
  v1::Event target = sothon::testing::VillageTarget("CT", "23500-01", v1::BHXH_TN, 202510, 2);
  target.set_effective_date(20251017);
  log.Add(target);
  log.Add(sothon::testing::Contribution({.receipt = "BL-1", .person = 1, .date = 20251001}));
  log.Add(sothon::testing::Contribution({.receipt = "BL-2", .person = 2, .date = 20251016}));
  log.Add(sothon::testing::Contribution({.receipt = "BL-3", .person = 3, .date = 20250930}));
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  const auto progress = Get(*projection, Ask("23500-01", "2025-10"));
  ASSERT_TRUE(progress.ok());
  const auto* october = OnlyTarget(FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, 202510));
  ASSERT_NE(october, nullptr);
  EXPECT_EQ(october->achieved(), 2);
  EXPECT_EQ(october->months_met(), 1u);
}

TEST(Targets, SeveralYearsAndPlansStandSideBySide_Plan79) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(1));
  log.Add(sothon::testing::Document("KH-2026", "Kế hoạch năm 2026"));
  log.Add(sothon::testing::Document("KH-2030", "Kế hoạch 2026-2030"));
  log.Add(sothon::testing::VillageTarget("CT-2025", "23500-01", v1::BHXH_TN, 202512, 3));
  log.Add(sothon::testing::VillageTarget("CT-2026", "23500-01", v1::BHXH_TN, 202601, 5, "KH-2026"));
  log.Add(sothon::testing::VillageTarget("CT-2030", "23500-01", v1::BHXH_TN, 202601, 9, "KH-2030"));
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  const auto progress = Get(*projection, Ask("23500-01", "2025-12..2026-01"));
  ASSERT_TRUE(progress.ok());
  const auto given = [&](int32_t month) {
    std::vector<std::string> lines;
    const auto* row = FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, month);
    if (row == nullptr) return lines;
    for (const v1::TargetProgress& target : row->targets()) {
      lines.push_back(target.document_id() + " " + std::to_string(target.target()));
    }
    return lines;
  };
  EXPECT_THAT(given(202512), ElementsAre(std::string(sothon::testing::kDocumentId) + " 3"));
  EXPECT_THAT(given(202601), ElementsAre("KH-2026 5", "KH-2030 9")) << "neither replaces the other";
}

TEST(Targets, ThePeakMonthIsMarked_Plan33) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(2));
  const uint64_t before = log.size();
  v1::Event peak;
  peak.set_event_id("peak");
  peak.set_place_id("23500");
  peak.set_effective_date(20251001);
  peak.mutable_parameter_set()->set_name("calendar.peak_month");
  peak.mutable_parameter_set()->set_value(11);
  log.Add(peak);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  const auto notices = [&](const char* place, const char* period, uint64_t position = 0) {
    v1::GetProgressRequest request = Ask(place, period);
    if (position > 0) request.mutable_as_of()->set_position(position);
    const auto progress = Get(*projection, request);
    EXPECT_TRUE(progress.ok()) << progress.status();
    return progress.ok() ? std::vector<std::string>(progress->notices().begin(), progress->notices().end())
                         : std::vector<std::string>();
  };
  EXPECT_THAT(notices("23500", "2025Q4"), ElementsAre(HasSubstr("Đăk Hà: tháng 11/2025 là tháng cao điểm")));
  EXPECT_THAT(notices("23500-02", "2025-11..2026-11"),
              ElementsAre(HasSubstr("tháng 11/2025"), HasSubstr("tháng 11/2026")))
      << "every year";
  EXPECT_THAT(notices("51", "2025-11"), ElementsAre(HasSubstr("Đăk Hà: tháng 11/2025")));
  EXPECT_THAT(notices("23500", "2025-12"), ElementsAre());
  EXPECT_THAT(notices("23500", "2024-11"), ElementsAre()) << "before it was said";
  EXPECT_THAT(notices("23500", "2025Q4", before), ElementsAre()) << "nor known by then";
}

TEST(Targets, ATargetForThreeMonthsIsNotMetByAYear) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(1));
  log.Add(sothon::testing::VillageTarget("CT", "23500-01", v1::BHXH_TN, 202510, 2));
  for (int month = 1; month <= 10; ++month) {
    sothon::testing::ContributionSpec spec;
    spec.person = static_cast<uint64_t>(month);
    spec.receipt = "BL-" + std::to_string(month);
    spec.date = 20250000 + month * 100 + 17;
    log.Add(sothon::testing::Contribution(spec));
  }
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  const auto progress = Get(*projection, Ask("23500-01", "2025"));
  ASSERT_TRUE(progress.ok());
  const auto* year = FindRow(*progress, "23500-01", v1::BHXH_TN, v1::ProgressRow::YEAR, 202512);
  ASSERT_NE(OnlyTarget(year), nullptr);
  EXPECT_EQ(year->figures().first(), 10);
  EXPECT_EQ(year->targets(0).target(), 2);
  EXPECT_EQ(year->targets(0).achieved(), 1);
  int quarters = 0;
  for (const auto& row : progress->rows()) quarters += row.span() == v1::ProgressRow::QUARTER ? 1 : 0;
  EXPECT_EQ(quarters, 4);
}

// Only the villages, and of them only the months, that the sum of targets speaks of.
TEST(Targets, ASumHoldsOnlyTheVillageMonthsThatHaveATarget) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(3));
  log.Add(sothon::testing::VillageTarget("CT-1", "23500-01", v1::BHXH_TN, 202510, 2));
  log.Add(sothon::testing::VillageTarget("CT-2", "23500-02", v1::BHXH_TN, 202511, 3));
  log.Add(sothon::testing::VillageTarget("CT-XA", "23500", v1::BHXH_TN, 202510, 20));
  uint64_t person = 0;
  const int october_and_november[3][2] = {{1, 4}, {5, 2}, {7, 8}};
  for (int village = 1; village <= 3; ++village) {
    for (int month = 0; month < 2; ++month) {
      for (int i = 0; i < october_and_november[village - 1][month]; ++i) {
        sothon::testing::ContributionSpec spec;
        spec.person = ++person;
        spec.receipt = "BL-" + std::to_string(person);
        spec.place_id = sothon::testing::VillageId(village);
        spec.date = 20251015 + 100 * month;
        log.Add(sothon::testing::Contribution(spec));
      }
    }
  }
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  for (const std::string place : {"23500", "51"}) {
    const auto progress = Get(*projection, Ask(place, "2025Q4"));
    ASSERT_TRUE(progress.ok()) << progress.status();
    const struct {
      v1::ProgressRow::Span span;
      int32_t month;
      int64_t all, target, achieved;
    } cases[] = {{v1::ProgressRow::MONTH, 202510, 13, 2, 1},
                 {v1::ProgressRow::MONTH, 202511, 14, 3, 2},
                 {v1::ProgressRow::CUMULATIVE, 202510, 13, 2, 1},
                 {v1::ProgressRow::QUARTER, 202512, 27, 5, 3}};
    for (const auto& expected : cases) {
      const auto* row = FindRow(*progress, place, v1::BHXH_TN, expected.span, expected.month);
      ASSERT_NE(row, nullptr);
      EXPECT_EQ(row->figures().first(), expected.all);
      ASSERT_GE(row->targets_size(), 1);
      const v1::TargetProgress& sum = row->targets(row->targets_size() - 1);
      EXPECT_TRUE(sum.summed());
      EXPECT_EQ(sum.target(), expected.target);
      EXPECT_EQ(sum.achieved(), expected.achieved) << row->DebugString();
      EXPECT_EQ(sum.remaining(), expected.target - expected.achieved);
      EXPECT_DOUBLE_EQ(sum.attainment_percent(),
                       100.0 * static_cast<double>(expected.achieved) / static_cast<double>(expected.target));
      EXPECT_EQ(sum.months_met(), 0u);
    }
    // A number given to the place itself is held against all villages below it.
    const auto* october = FindRow(*progress, place, v1::BHXH_TN, v1::ProgressRow::MONTH, 202510);
    if (place == "51") continue;
    ASSERT_EQ(october->targets_size(), 2);
    EXPECT_FALSE(october->targets(0).summed());
    EXPECT_EQ(october->targets(0).achieved(), 13);
  }
}

TEST(Targets, ARowTellsTheReadingsOfItsOwnMonthsOnly) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(2));
  const auto add = [&](const char* id, const char* village, int32_t month, const char* reading) {
    v1::Event target = sothon::testing::VillageTarget(id, village, v1::BHXH_TN, month, 2);
    target.mutable_target_set()->set_reading(reading);
    log.Add(target);
  };
  add("CT-1", "23500-01", 202510, "một");
  add("CT-2", "23500-01", 202511, "hai");
  add("CT-3", "23500-02", 202511, "ba");
  add("CT-4", "23500-02", 202512, "");
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("23500", "2025Q4");
  request.set_depth(1);
  const auto progress = Get(*projection, request);
  ASSERT_TRUE(progress.ok()) << progress.status();
  const auto reading = [&](const char* place, v1::ProgressRow::Span span, int32_t month) {
    const auto* target = OnlyTarget(FindRow(*progress, place, v1::BHXH_TN, span, month));
    return target == nullptr ? "none" : target->reading();
  };
  EXPECT_EQ(reading("23500-01", v1::ProgressRow::MONTH, 202510), "một");
  EXPECT_EQ(reading("23500-01", v1::ProgressRow::MONTH, 202511), "hai");
  EXPECT_EQ(reading("23500-01", v1::ProgressRow::CUMULATIVE, 202510), "một");
  EXPECT_EQ(reading("23500-01", v1::ProgressRow::QUARTER, 202512), "một; hai");
  EXPECT_EQ(reading("23500", v1::ProgressRow::MONTH, 202510), "một");
  EXPECT_EQ(reading("23500", v1::ProgressRow::MONTH, 202511), "hai; ba");
  EXPECT_EQ(reading("23500", v1::ProgressRow::MONTH, 202512), "");
  EXPECT_EQ(reading("23500", v1::ProgressRow::QUARTER, 202512), "một; hai; ba");
}

}  // namespace
}  // namespace sothon::projection
