// Queries on small logs made by hand, and on random ones against fresh projections.
#include "projection-service/view/projection.h"

#include <algorithm>
#include <map>
#include <random>

#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using ::testing::ElementsAre;
using testing::FakeLog;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::unique_ptr<Projection> MustOpen(const TempDir& dir, ProjectionOptions options = {}) {
  options.data_directory = dir.Path("projection");
  auto projection = Projection::Open(std::move(options));
  EXPECT_TRUE(projection.ok()) << projection.status();
  return projection.ok() ? *std::move(projection) : nullptr;
}

absl::StatusOr<v1::GetProgressResponse> Get(const Projection& projection, const v1::GetProgressRequest& request) {
  v1::GetProgressResponse response;
  if (const absl::Status status = projection.GetProgress(request, &response); !status.ok()) return status;
  return response;
}

v1::GetProgressRequest Ask(const std::string& place, const std::string& period) {
  v1::GetProgressRequest request;
  request.set_place_id(place);
  request.set_period(period);
  return request;
}

const v1::ProgressRow* FindRow(const v1::GetProgressResponse& response, const std::string& place, v1::Scheme scheme,
                               v1::ProgressRow::Span span, int32_t month) {
  for (const v1::ProgressRow& row : response.rows()) {
    if (row.place_id() == place && row.scheme() == scheme && row.span() == span && row.month() == month) return &row;
  }
  return nullptr;
}

struct Counts {
  int64_t first, returned, renewed, repeat, collected, active;
  bool operator==(const Counts&) const = default;
  friend void PrintTo(const Counts& c, std::ostream* out) {
    *out << "first " << c.first << " returned " << c.returned << " renewed " << c.renewed << " repeat " << c.repeat
         << " collected " << c.collected << " active " << c.active;
  }
};

Counts CountsOf(const v1::ProgressRow* row) {
  EXPECT_NE(row, nullptr);
  if (row == nullptr) return {};
  const v1::Figures& f = row->figures();
  return {f.first(), f.returned(), f.renewed(), f.repeat(), f.collected(), f.active()};
}

std::vector<v1::Posting> ListAll(const Projection& projection, const v1::ExplainRequest& request, int64_t* sum) {
  auto explanation = projection.StartExplanation(request);
  EXPECT_TRUE(explanation.ok()) << explanation.status();
  std::vector<v1::Posting> postings;
  if (!explanation.ok()) return postings;
  while (!(*explanation)->AtEnd()) {
    v1::ExplainResponse response;
    EXPECT_TRUE((*explanation)->Next(7, &response).ok());
    EXPECT_LE(response.postings_size(), 7);
    postings.insert(postings.end(), response.postings().begin(), response.postings().end());
  }
  EXPECT_EQ(postings.size(), (*explanation)->posting_count());
  *sum = (*explanation)->sum();
  return postings;
}

// ---------------------------------------------------------------- the worked example (design, section 4)

TEST(WorkedExample, FiguresAtTheEndAndAtPositionEight) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());

  const auto now = Get(*projection, Ask("23500-01", "2025Q4"));
  ASSERT_TRUE(now.ok()) << now.status();
  const auto month = [](const v1::GetProgressResponse& r, int32_t m) {
    return CountsOf(FindRow(r, "23500-01", v1::BHXH_TN, v1::ProgressRow::MONTH, m));
  };
  EXPECT_EQ(month(*now, 202510), (Counts{3, 0, 0, 0, 3, 3}));
  EXPECT_EQ(month(*now, 202511), (Counts{0, 1, 2, 1, 3, 4}));
  EXPECT_EQ(month(*now, 202512), (Counts{0, 0, 0, 0, 0, 2}));
  EXPECT_EQ(CountsOf(FindRow(*now, "23500-01", v1::BHXH_TN, v1::ProgressRow::CUMULATIVE, 202511)),
            (Counts{3, 1, 2, 1, 6, 4}));
  for (const auto span : {v1::ProgressRow::QUARTER, v1::ProgressRow::PERIOD, v1::ProgressRow::CUMULATIVE}) {
    EXPECT_EQ(CountsOf(FindRow(*now, "23500-01", v1::BHXH_TN, span, 202512)), (Counts{3, 1, 2, 1, 6, 2}));
  }
  EXPECT_EQ(FindRow(*now, "23500-01", v1::BHXH_TN, v1::ProgressRow::YEAR, 202512), nullptr);
  EXPECT_EQ(now->freshness().position(), example.log.size());

  v1::GetProgressRequest published = Ask("23500-01", "2025Q4");
  published.mutable_as_of()->set_position(example.before + 8);
  const auto then = Get(*projection, published);
  ASSERT_TRUE(then.ok()) << then.status();
  EXPECT_EQ(then->freshness().position(), example.before + 8);
  EXPECT_EQ(then->freshness().recorded_at_us(), example.log.recorded_at_us(example.before + 8));
  EXPECT_EQ(then->freshness().lag_events(), 0u);
  EXPECT_EQ(month(*then, 202510).first, 2);
  EXPECT_EQ(month(*then, 202511), (Counts{2, 1, 1, 1, 4, month(*then, 202511).active}));

  v1::GetProgressRequest by_time = Ask("23500-01", "2025Q4");
  by_time.mutable_as_of()->set_recorded_at_us(example.log.recorded_at_us(example.before + 9) - 1);
  const auto at_time = Get(*projection, by_time);
  ASSERT_TRUE(at_time.ok()) << at_time.status();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*then, *at_time));
}

TEST(WorkedExample, ExplainOfNovembersFirstSumsToNothing) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  v1::ExplainRequest request;
  request.set_place_id("23500-01");
  request.set_period("2025-11");
  request.set_scheme(v1::BHXH_TN);
  request.set_counter(v1::COUNTER_FIRST);
  int64_t sum = -1;
  std::vector<std::pair<uint64_t, int64_t>> listed;
  for (const v1::Posting& posting : ListAll(*projection, request, &sum)) {
    listed.emplace_back(posting.position() - example.before, posting.change());
    EXPECT_EQ(posting.month(), 202511);
    EXPECT_EQ(posting.place_id(), "23500-01");
    EXPECT_EQ(posting.counter(), v1::COUNTER_FIRST);
  }
  EXPECT_EQ(sum, 0);
  // E comes, D comes, D is taken back, E turns out to have come in October.
  EXPECT_THAT(listed, ElementsAre(std::pair(6, 1), std::pair(7, 1), std::pair(9, -1), std::pair(10, -1)));

  request.mutable_as_of()->set_position(example.before + 8);
  EXPECT_EQ(ListAll(*projection, request, &sum).size(), 2u);
  EXPECT_EQ(sum, 2);
}

// ---------------------------------------------------------------- targets

// Đăk Hà's 29 villages by month; they sum to 189 = 47 + 79 + 63 (plan#9).
constexpr int kTargets[29][3] = {{2, 3, 3}, {2, 3, 3}, {2, 3, 3}, {2, 3, 3}, {2, 3, 3}, {2, 3, 3}, {2, 3, 3}, {2, 3, 3},
                                 {2, 3, 3}, {2, 3, 3}, {2, 3, 3}, {1, 1, 1}, {1, 3, 2}, {1, 3, 2}, {1, 3, 2}, {1, 2, 1},
                                 {1, 2, 1}, {1, 3, 2}, {1, 2, 2}, {1, 2, 1}, {1, 2, 1}, {1, 2, 1}, {2, 3, 2}, {2, 3, 2},
                                 {2, 3, 2}, {2, 3, 2}, {2, 3, 2}, {2, 3, 2}, {2, 3, 2}};

FakeLog MakeDakHa() {
  FakeLog log;
  for (v1::Event event : sothon::testing::MinimalRegistry(29)) {
    if (event.has_place_registered() && event.place_registered().level() == v1::VILLAGE) {
      v1::PlaceRegistered& place = *event.mutable_place_registered();
      const int row = std::stoi(place.place_id().substr(6));
      event.set_document_id(sothon::testing::kDocumentId);
      place.set_source_row(static_cast<uint32_t>(30 - row));  // the source lists them the other way round
      place.set_former_unit("thị trấn Đăk Hà (cũ)");
      place.set_former_unit_provenance(row <= 12 ? v1::INFERRED : v1::CONFIRMED);
    }
    log.Add(event);
  }
  for (int village = 1; village <= 29; ++village) {
    for (int month = 0; month < 3; ++month) {
      const std::string id = "CT-" + std::to_string(village) + "-" + std::to_string(month);
      v1::Event target = sothon::testing::VillageTarget(id, sothon::testing::VillageId(village), v1::BHXH_TN,
                                                        202510 + month, kTargets[village - 1][month]);
      const int* row = kTargets[village - 1];
      target.mutable_target_set()->set_declared_row_total(row[0] + row[1] + row[2]);
      log.Add(target);
    }
  }
  v1::Event minimum =
      sothon::testing::VillageTarget("CT-BHYT", sothon::testing::kCommuneId, v1::SCHEME_UNSPECIFIED, 202510, 120);
  v1::TargetSet& set = *minimum.mutable_target_set();
  set.set_each_village(true);
  set.set_measure(v1::MAINTAINED_OR_DEVELOPED);
  set.set_scheme_group_id("BHYT_TU_DONG");
  set.set_to_month(202512);
  set.set_reading("mỗi thôn, BHYT tự đóng, tối thiểu mỗi tháng");
  log.Add(minimum);
  return log;
}

const v1::TargetProgress* OnlyTarget(const v1::ProgressRow* row) {
  EXPECT_NE(row, nullptr);
  EXPECT_TRUE(row == nullptr || row->targets_size() == 1) << (row == nullptr ? "" : row->DebugString());
  return row == nullptr || row->targets_size() != 1 ? nullptr : &row->targets(0);
}

TEST(DakHa, VillageTargetsSumTo189Plan9) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  const FakeLog log = MakeDakHa();
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("23500", "2025Q4");
  request.set_depth(1);
  const auto progress = Get(*projection, request);
  ASSERT_TRUE(progress.ok()) << progress.status();
  const int64_t expected[3] = {47, 79, 63};
  for (int month = 0; month < 3; ++month) {
    const auto* target = OnlyTarget(FindRow(*progress, "23500", v1::BHXH_TN, v1::ProgressRow::MONTH, 202510 + month));
    ASSERT_NE(target, nullptr);
    EXPECT_EQ(target->target(), expected[month]);
    EXPECT_TRUE(target->summed());
    EXPECT_EQ(target->target_id(), "");
    EXPECT_EQ(target->document_id(), sothon::testing::kDocumentId);
  }
  const auto* quarter = OnlyTarget(FindRow(*progress, "23500", v1::BHXH_TN, v1::ProgressRow::QUARTER, 202512));
  ASSERT_NE(quarter, nullptr);
  EXPECT_EQ(quarter->target(), 189);
  EXPECT_EQ(quarter->remaining(), 189);
  EXPECT_EQ(quarter->attainment_percent(), 0);
  EXPECT_EQ(quarter->months_with_target(), 3u);
  const auto* village = OnlyTarget(FindRow(*progress, "23500-12", v1::BHXH_TN, v1::ProgressRow::MONTH, 202511));
  ASSERT_NE(village, nullptr);
  EXPECT_EQ(village->target(), 1);
  EXPECT_EQ(village->target_id(), "CT-12-1");
  EXPECT_FALSE(village->summed());

  // Places in the order of the source document, after their commune.
  ASSERT_EQ(progress->places_size(), 30);
  EXPECT_EQ(progress->places(0).place_id(), "23500");
  EXPECT_EQ(progress->places(1).place_id(), "23500-29");
  EXPECT_EQ(progress->places(29).place_id(), "23500-01");
  std::vector<std::string> row_places;
  for (const auto& row : progress->rows()) {
    if (row_places.empty() || row_places.back() != row.place_id()) row_places.push_back(row.place_id());
  }
  ASSERT_EQ(row_places.size(), 30u);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(row_places[static_cast<size_t>(i)], progress->places(i).place_id());
  EXPECT_THAT(progress->notices(), ElementsAre(HasSubstr("12 thôn")));
}

TEST(DakHa, TheBhytMinimumHoldsForEachVillageAndMonthPlan18) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log = MakeDakHa();
  sothon::testing::ContributionSpec spec;
  uint64_t person = 1;
  // 130 in October, 119 in November, of two of the group's schemes; and many of the State's, which do not fill it.
  for (const auto& [date, count] : {std::pair(20251020, 130), std::pair(20251120, 119)}) {
    for (int i = 0; i < count; ++i) {
      spec.person = person++;
      spec.receipt = "BL-" + std::to_string(person);
      spec.scheme = i % 2 == 0 ? v1::BHYT_HGD : v1::BHYT_NLNN;
      spec.date = date;
      log.Add(sothon::testing::Contribution(spec));
      spec.receipt += "-N";
      spec.scheme = v1::BHYT_NSNN;
      log.Add(sothon::testing::Contribution(spec));
    }
  }
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("23500", "2025Q4");
  request.set_depth(1);
  request.add_scheme_group_ids("BHYT_TU_DONG");
  const auto progress = Get(*projection, request);
  ASSERT_TRUE(progress.ok()) << progress.status();
  const auto find = [&](const std::string& place, v1::ProgressRow::Span span, int32_t month) {
    return OnlyTarget(FindRow(*progress, place, v1::SCHEME_UNSPECIFIED, span, month));
  };
  const auto* october = find("23500-01", v1::ProgressRow::MONTH, 202510);
  ASSERT_NE(october, nullptr);
  EXPECT_EQ(october->target(), 120);
  EXPECT_EQ(october->achieved(), 130);
  EXPECT_EQ(october->remaining(), 0);
  EXPECT_NEAR(october->attainment_percent(), 108.33, 0.01);  // more than 100 % is shown as it is, plan#29
  EXPECT_EQ(october->months_met(), 1u);
  EXPECT_EQ(october->reading(), "mỗi thôn, BHYT tự đóng, tối thiểu mỗi tháng");
  const auto* november = find("23500-01", v1::ProgressRow::MONTH, 202511);
  ASSERT_NE(november, nullptr);
  EXPECT_EQ(november->achieved(), 119);
  EXPECT_EQ(november->months_met(), 0u);  // October's surplus is not carried over
  const auto* quarter = find("23500-01", v1::ProgressRow::QUARTER, 202512);
  ASSERT_NE(quarter, nullptr);
  EXPECT_EQ(quarter->target(), 360);
  EXPECT_EQ(quarter->achieved(), 249);
  EXPECT_EQ(quarter->months_with_target(), 3u);
  EXPECT_EQ(quarter->months_met(), 1u);
  const auto* commune = find("23500", v1::ProgressRow::MONTH, 202510);
  ASSERT_NE(commune, nullptr);
  EXPECT_EQ(commune->target(), 29 * 120);
  EXPECT_TRUE(commune->summed());

  const auto all = Get(*projection, Ask("23500-02", "2025Q4"));
  ASSERT_TRUE(all.ok());
  std::vector<std::string> units;
  for (const auto& row : all->rows()) {
    const std::string unit = row.scheme_group_id().empty() ? v1::Scheme_Name(row.scheme()) : row.scheme_group_id();
    if (units.empty() || units.back() != unit) units.push_back(unit);
  }
  // No figures here: the two that have targets.
  EXPECT_THAT(units, ElementsAre("BHXH_TN", "BHYT_TU_DONG"));
}

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

// ---------------------------------------------------------------- properties

v1::GetProgressResponse Comparable(v1::GetProgressResponse response) {
  response.clear_freshness();
  for (v1::ProgressRow& row : *response.mutable_rows()) row.clear_last_change_position();
  return response;
}

TEST(ProjectionProperty, AsOfEqualsAFreshProjectionOfThatPrefix) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const FakeLog log = testing::MakeRandomLog(seed, 500);
  TempDir dir;
  const auto whole = MustOpen(dir);
  for (uint64_t at = 1; at <= log.size();) {
    const uint64_t to = std::min<uint64_t>(log.size(), at + random() % 40);
    ASSERT_TRUE(log.Feed(whole.get(), at, to, 50).ok());
    at = to + 1;
  }
  for (int round = 0; round < 12; ++round) {
    const uint64_t prefix = 3 + random() % (log.size() - 2);
    TempDir fresh_dir;
    const auto fresh = MustOpen(fresh_dir);
    ASSERT_TRUE(log.Feed(fresh.get(), 1, prefix, 1000).ok());
    for (const char* period : {"2025Q4", "2025", "2025-09..2025-11", "2026-01"}) {
      v1::GetProgressRequest request = Ask(round % 2 == 0 ? "51" : "23500-01", period);
      request.set_depth(static_cast<uint32_t>(random() % 3));
      const auto expected = Get(*fresh, request);
      request.mutable_as_of()->set_position(prefix);
      const auto actual = Get(*whole, request);
      ASSERT_EQ(expected.ok(), actual.ok()) << expected.status() << actual.status();
      if (!expected.ok()) continue;
      EXPECT_EQ(Comparable(*expected).DebugString(), Comparable(*actual).DebugString()) << prefix << " " << period;
      EXPECT_EQ(actual->freshness().recorded_at_us(), log.recorded_at_us(prefix));
    }
  }
}

TEST(ProjectionProperty, ExplainSumsToTheFigureAndListsByPosition) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const FakeLog log = testing::MakeRandomLog(seed, 600);
  TempDir dir;
  const auto projection = MustOpen(dir);
  ASSERT_TRUE(log.Feed(projection.get(), 1, log.size(), 9).ok());
  const std::map<v1::Counter, int64_t (*)(const v1::Figures&)> counters = {
      {v1::COUNTER_FIRST, [](const v1::Figures& f) { return f.first(); }},
      {v1::COUNTER_RETURNED, [](const v1::Figures& f) { return f.returned(); }},
      {v1::COUNTER_RENEWED, [](const v1::Figures& f) { return f.renewed(); }},
      {v1::COUNTER_REPEAT, [](const v1::Figures& f) { return f.repeat(); }},
      {v1::COUNTER_COLLECTED, [](const v1::Figures& f) { return f.collected(); }},
      {v1::COUNTER_DEVELOPED, [](const v1::Figures& f) { return f.first() + f.returned(); }},
      {v1::COUNTER_ACTIVE, [](const v1::Figures& f) { return f.active(); }},
      {v1::COUNTER_PAID_VND, [](const v1::Figures& f) { return f.paid_vnd(); }},
      {v1::COUNTER_CENTRAL_SUPPORT_VND, [](const v1::Figures& f) { return f.central_support_vnd(); }},
      {v1::COUNTER_LOCAL_SUPPORT_VND, [](const v1::Figures& f) { return f.local_support_vnd(); }}};
  for (int round = 0; round < 40; ++round) {
    const auto counter = std::next(counters.begin(), static_cast<std::ptrdiff_t>(random() % counters.size()));
    v1::GetProgressRequest ask =
        Ask(random() % 2 == 0 ? "23500" : "23500-02", random() % 2 == 0 ? "2025Q4" : "2025-11");
    v1::ExplainRequest explain;
    explain.set_place_id(ask.place_id());
    explain.set_period(ask.period());
    explain.set_counter(counter->first);
    if (random() % 2 == 0) {
      ask.add_schemes(v1::BHYT_HGD);
      explain.set_scheme(v1::BHYT_HGD);
    } else {
      ask.add_scheme_group_ids("BHYT_TU_DONG");
      explain.set_scheme_group_id("BHYT_TU_DONG");
    }
    if (random() % 2 == 0) {
      ask.mutable_as_of()->set_position(10 + random() % (log.size() - 9));
      *explain.mutable_as_of() = ask.as_of();
    }
    const auto progress = Get(*projection, ask);
    ASSERT_TRUE(progress.ok()) << progress.status();
    const v1::ProgressRow& period = progress->rows(progress->rows_size() - 1);
    ASSERT_EQ(period.span(), v1::ProgressRow::PERIOD);
    int64_t sum = 0;
    int64_t listed = 0;
    uint64_t last = 0;
    for (const v1::Posting& posting : ListAll(*projection, explain, &sum)) {
      listed += posting.change();
      EXPECT_GE(posting.position(), last);
      last = posting.position();
    }
    EXPECT_EQ(sum, counter->second(period.figures())) << explain.DebugString();
    EXPECT_EQ(listed, sum);
    EXPECT_LE(last, progress->freshness().position());
  }
}

TEST(ProjectionProperty, DigestsAreEqualHoweverTheStateWasReached) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  FakeLog log = testing::MakeRandomLog(seed, 300);
  TempDir live_dir, bulk_dir;
  const auto bulk = MustOpen(bulk_dir);
  ASSERT_TRUE(log.Feed(bulk.get(), 1, log.size(), 64, true).ok());
  ASSERT_TRUE(bulk->Flush().ok());
  {
    const auto live = MustOpen(live_dir);
    ASSERT_TRUE(log.Feed(live.get(), 1, log.size() / 2).ok());
  }
  const auto live = MustOpen(live_dir);
  ASSERT_TRUE(log.Feed(live.get(), 1, log.size()).ok());
  const auto a = live->GetDigests({});
  const auto b = bulk->GetDigests({});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_GT(a->cells_size(), 5);
  EXPECT_EQ(a->sha256().size(), 32u);
  EXPECT_EQ(a->DebugString(), b->DebugString());
  sothon::testing::ContributionSpec spec;
  spec.receipt = "one more";
  log.Add(sothon::testing::Contribution(spec));
  ASSERT_TRUE(log.FeedAll(live.get()).ok());
  EXPECT_NE(live->GetDigests({})->sha256(), a->sha256());
}

// ---------------------------------------------------------------- questions that cannot be answered

TEST(Questions, BadOnesNameTheField) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  const auto field_of = [&](const v1::GetProgressRequest& request) {
    const auto answer = Get(*projection, request);
    const auto violations = FieldViolationsOf(answer.status());
    return violations.empty() ? answer.status().ToString() : violations[0].field;
  };
  EXPECT_EQ(field_of(Ask("", "2025Q4")), "place_id");
  for (const char* period : {"", "2025-13", "2025Q5", "2025-12..2025-10", "2010-01..2025-12"}) {
    EXPECT_EQ(field_of(Ask("23500", period)), "period") << period;
  }
  v1::GetProgressRequest request = Ask("23500", "2025Q4");
  request.add_schemes(v1::BHXH_TN);
  request.add_schemes(static_cast<v1::Scheme>(77));
  EXPECT_EQ(field_of(request), "schemes[1]");
  request = Ask("23500", "2025Q4");
  request.add_scheme_group_ids("BHYT");
  EXPECT_EQ(field_of(request), "scheme_group_ids[0]");
  EXPECT_EQ(Get(*projection, Ask("99999", "2025Q4")).status().code(), absl::StatusCode::kNotFound);
  request = Ask("23500", "2025Q4");
  request.mutable_as_of()->set_position(example.log.size() + 1);
  EXPECT_EQ(Get(*projection, request).status().code(), absl::StatusCode::kOutOfRange);
  request.mutable_as_of()->set_position(1);  // the province alone
  EXPECT_EQ(Get(*projection, request).status().code(), absl::StatusCode::kNotFound);

  v1::ExplainRequest explain;
  explain.set_place_id("23500");
  explain.set_period("2025Q4");
  explain.set_scheme(v1::BHXH_TN);
  EXPECT_EQ(FieldViolationsOf(projection->StartExplanation(explain).status()).at(0).field, "counter");
  explain.set_counter(v1::COUNTER_FIRST);
  explain.set_scheme_group_id("BHYT_TU_DONG");
  EXPECT_EQ(FieldViolationsOf(projection->StartExplanation(explain).status()).at(0).field, "scheme");
}

TEST(Questions, FreshnessTellsTheLag) {
  TempDir dir;
  int64_t now_us = 0;
  ProjectionOptions options;
  options.now_us = [&] { return now_us; };
  const auto projection = MustOpen(dir, options);
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(projection->BindLog("quang-ngai").ok());
  ASSERT_TRUE(example.log.Feed(projection.get(), 1, 10).ok());
  projection->NoteHead({12}, example.log.recorded_at_us(12));
  projection->NoteHead({15}, example.log.recorded_at_us(15));
  now_us = example.log.recorded_at_us(12) + 2'500'000;
  const auto behind = projection->GetStatus().freshness();
  EXPECT_EQ(behind.log_id(), "quang-ngai");
  EXPECT_EQ(behind.position(), 10u);
  EXPECT_EQ(behind.head_position(), 15u);
  EXPECT_EQ(behind.lag_events(), 5u);
  EXPECT_DOUBLE_EQ(behind.lag_seconds(), 2.5);
  ASSERT_TRUE(example.log.Feed(projection.get(), 11, 15).ok());
  const auto level = projection->GetStatus().freshness();
  EXPECT_EQ(level.lag_events(), 0u);
  EXPECT_DOUBLE_EQ(level.lag_seconds(), 0);
}

}  // namespace
}  // namespace sothon::projection
