// The worked example of the design, and questions that cannot be answered.
#include "projection-service/view/projection.h"

#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using testing::Ask;
using testing::Counts;
using testing::CountsOf;
using ::testing::ElementsAre;
using testing::FakeLog;
using testing::FindRow;
using testing::Get;
using testing::ListAll;
using testing::MustOpen;

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

// What a follower asks before it goes on with a log.
TEST(History, TheLastEventIsKnownWhileRunningAndAfterARestart) {
  TempDir dir;
  const testing::WorkedExample example = testing::MakeWorkedExample();
  const auto expect_last = [&](const Projection& projection, uint64_t last) {
    for (uint64_t position = 1; position <= example.log.size(); ++position) {
      EXPECT_EQ(projection.IsLast(example.log.stored(position)), position == last) << position << " of " << last;
    }
    EXPECT_FALSE(projection.IsLast(""));
  };
  {
    const auto projection = MustOpen(dir);
    expect_last(*projection, 0);
    ASSERT_TRUE(example.log.Feed(projection.get(), 1, 5, 2).ok());
    expect_last(*projection, 5);
    ASSERT_TRUE(example.log.Feed(projection.get(), 4, 7, 4).ok());  // two of them again
    expect_last(*projection, 7);
    ASSERT_TRUE(example.log.Feed(projection.get(), 8, 9, 2, /*catching_up=*/true).ok());
    expect_last(*projection, 9);
    ASSERT_TRUE(projection->Flush().ok());
    ASSERT_TRUE(example.log.Feed(projection.get(), 10, 11, 2, /*catching_up=*/true).ok());  // and never committed
  }
  const auto projection = MustOpen(dir);
  EXPECT_EQ(projection->position().value, 9u);
  expect_last(*projection, 9);
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  expect_last(*projection, example.log.size());
}

TEST(AsOf, PlacesAreNamedAsTheyWereThen) {
  TempDir dir;
  const auto projection = MustOpen(dir);
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry(1));
  const uint64_t before = log.size();
  v1::Event change;
  v1::PlaceChanged& changed = *change.mutable_place_changed();
  changed.set_place_id("23500-01");
  changed.set_change(v1::PlaceChanged::CONVERTED);
  changed.set_new_level(v1::RESIDENTIAL_GROUP);
  log.Add(change);
  changed.set_change(v1::PlaceChanged::RENAMED);
  changed.clear_new_level();
  changed.set_new_name("TDP Một");
  log.Add(change);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  const auto place_at = [&](uint64_t position) {
    v1::GetProgressRequest request = Ask("23500-01", "2025-10");
    if (position != 0) request.mutable_as_of()->set_position(position);
    const auto answer = Get(*projection, request);
    EXPECT_TRUE(answer.ok() && answer->places_size() == 1) << answer.status();
    return answer.ok() ? answer->places(0) : v1::PlaceInfo();
  };
  const std::string old_name = place_at(before).name();
  EXPECT_EQ(place_at(before).level(), v1::VILLAGE);
  EXPECT_NE(old_name, "TDP Một");
  EXPECT_EQ(place_at(before).aliases_size(), 0);
  EXPECT_EQ(place_at(before + 1).level(), v1::RESIDENTIAL_GROUP);
  EXPECT_EQ(place_at(before + 1).name(), old_name);
  for (const uint64_t present : {before + 2, uint64_t{0}}) {
    EXPECT_EQ(place_at(present).level(), v1::RESIDENTIAL_GROUP);
    EXPECT_EQ(place_at(present).name(), "TDP Một");
    EXPECT_THAT(place_at(present).aliases(), ElementsAre(old_name));
  }
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

TEST(Questions, FreshnessTellsTroubleAndWhenIngestWasHeardOf) {
  TempDir dir;
  int64_t now_us = 5'000'000;
  ProjectionOptions options;
  options.now_us = [&] { return now_us; };
  const auto projection = MustOpen(dir, options);
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  now_us += 1'500'000;
  EXPECT_DOUBLE_EQ(projection->GetStatus().freshness().heard_seconds_ago(), 1.5) << "not at all, since the start";
  projection->NoteHeard();
  EXPECT_DOUBLE_EQ(projection->GetStatus().freshness().heard_seconds_ago(), 0);
  now_us += 90'000'000;
  v1::GetProgressRequest past = Ask("23500-01", "2025Q4");
  past.mutable_as_of()->set_position(example.before + 8);
  for (const std::string trouble : {"", "the log has another event", "the disk is full", ""}) {
    projection->NoteTrouble(trouble);
    const auto progress = Get(*projection, Ask("23500-01", "2025Q4"));
    ASSERT_TRUE(progress.ok()) << progress.status();
    for (const v1::Freshness& freshness :
         {progress->freshness(), Get(*projection, past)->freshness(), projection->ListPlaces({})->freshness(),
          projection->GetDigests({})->freshness(), projection->GetStatus().freshness()}) {
      EXPECT_EQ(freshness.trouble(), trouble);
      EXPECT_DOUBLE_EQ(freshness.heard_seconds_ago(), 90);
    }
    EXPECT_EQ(projection->GetStatus().trouble(), trouble);
    EXPECT_EQ(progress->freshness().position(), example.log.size());
  }
}

}  // namespace
}  // namespace sothon::projection
