// Findings however the state was reached: live and asked in between, as of the past, after a restart, after a rebuild.
#include "projection-service/view/overseer.h"

#include <random>
#include <set>

#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/oversight_log.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using testing::FakeLog;
using ::testing::HasSubstr;
using testing::MustOpen;

absl::Status List(const Projection& projection, const v1::ListFindingsRequest& request,
                  v1::ListFindingsResponse* response) {
  response->Clear();
  std::string findings;
  absl::Status status = projection.ListFindings(request, response, &findings);
  EXPECT_TRUE(response->MergeFromString(findings));
  return status;
}

v1::ListFindingsRequest AskFindings(int32_t date, uint64_t position = 0) {
  v1::ListFindingsRequest request;
  request.mutable_inquiry()->set_place_id("51");
  request.mutable_inquiry()->set_date(date);
  if (position != 0) request.mutable_inquiry()->mutable_as_of()->set_position(position);
  return request;
}

// All that is found, in words; equal states give equal bytes.
std::string Found(const Projection& projection, int32_t date, uint64_t position = 0) {
  v1::ListFindingsResponse response;
  const absl::Status status = List(projection, AskFindings(date, position), &response);
  EXPECT_TRUE(status.ok()) << status;
  response.clear_freshness();
  return response.DebugString();
}

constexpr int32_t kDates[] = {20250930, 20251015, 20251102, 20251231, 20260630};

TEST(OverseerProperty, FindingsAreAPureFunctionOfPrefixAndDate) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::mt19937_64 random(seed);
  std::set<std::string> codes;
  for (int round = 0; round < 6; ++round) {
    const FakeLog log = testing::MakeOversightLog(seed + static_cast<uint64_t>(round), 250);
    TempDir dir;
    auto live = MustOpen(dir);
    std::vector<std::pair<uint64_t, int32_t>> asked;
    std::vector<std::string> answers;
    for (uint64_t at = 1; at <= log.size();) {
      const uint64_t to = std::min<uint64_t>(log.size(), at + random() % 25);
      ASSERT_TRUE(log.Feed(live.get(), at, to, 1 + random() % 5).ok());
      at = to + 1;
      if (to < 2) continue;
      asked.emplace_back(to, kDates[random() % std::size(kDates)]);
      answers.push_back(Found(*live, asked.back().second));
    }
    for (size_t i = 0; i < asked.size(); i += 1 + random() % 4) {
      EXPECT_EQ(Found(*live, asked[i].second, asked[i].first), answers[i]) << "as of " << asked[i].first;
      TempDir fresh_dir;
      const auto fresh = MustOpen(fresh_dir);
      ASSERT_TRUE(log.Feed(fresh.get(), 1, asked[i].first, 1000).ok());
      EXPECT_EQ(Found(*fresh, asked[i].second), answers[i]) << "fresh at " << asked[i].first;
    }
    live.reset();
    live = MustOpen(dir);
    EXPECT_EQ(Found(*live, asked.back().second), answers.back()) << "restarted";
    v1::ListFindingsResponse response;
    ASSERT_TRUE(List(*live, AskFindings(20260630), &response).ok());
    for (const v1::FindingCount& count : response.counts()) codes.insert(count.code());
  }
  std::string found;
  for (const std::string& code : codes) found += " " + code;
  std::printf("found:%s\n", found.c_str());
  EXPECT_GE(codes.size(), 2u) << "the random logs break too few rules to show anything:" << found;
}

TEST(OverseerTest, SaysWhatIsWrongWithAQuestion) {
  const FakeLog log = testing::MakeOversightLog(1, 20);
  TempDir dir;
  const auto projection = MustOpen(dir);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::ListFindingsResponse response;
  EXPECT_THAT(std::string(List(*projection, AskFindings(20251331), &response).message()), HasSubstr("20251331"));
  EXPECT_EQ(List(*projection, AskFindings(20251231, 9'999), &response).code(), absl::StatusCode::kOutOfRange);
  v1::ListFindingsRequest nowhere = AskFindings(20251231);
  nowhere.mutable_inquiry()->set_place_id("99999");
  EXPECT_EQ(List(*projection, nowhere, &response).code(), absl::StatusCode::kNotFound);
}

// Who paid is not touched by an opening, and yet what is said of the receipt changes.
TEST(OverseerTest, ADriveThatIsOpenedAfterItsReceiptsReachesThem_Plan52) {
  FakeLog log;
  log.AddAll(sothon::testing::MinimalRegistry());
  v1::Event receipt = sothon::testing::Contribution({.date = 20251105});
  receipt.mutable_contribution_recorded()->set_drive_id("D-1");
  const uint64_t collected = log.Add(receipt).value;
  TempDir dir;
  const auto live = MustOpen(dir);
  ASSERT_TRUE(log.FeedAll(live.get()).ok());
  const auto count = [&](uint64_t position) {
    v1::ListFindingsRequest request = AskFindings(20251231, position);
    request.add_codes("collection_of_unknown_drive");
    v1::ListFindingsResponse response;
    EXPECT_TRUE(List(*live, request, &response).ok());
    return response.total();
  };
  EXPECT_EQ(count(0), 1u);
  v1::Event opening;
  opening.set_effective_date(20251105);
  opening.set_place_id("23500-01");
  opening.mutable_drive_opened()->set_drive_id("D-1");
  const uint64_t opened = log.Add(opening).value;
  ASSERT_TRUE(log.Feed(live.get(), opened, opened).ok());
  EXPECT_EQ(count(0), 0u);
  EXPECT_EQ(count(collected), 1u);
}

TEST(OverseerTest, WithoutADateItIsToday) {
  const FakeLog log = testing::MakeOversightLog(1, 20);
  TempDir dir;
  ProjectionOptions options;
  options.now_us = [] { return *ParseMoment("2025-11-05T23:30:00+07:00"); };
  const auto projection = MustOpen(dir, options);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::ListFindingsResponse response;
  ASSERT_TRUE(List(*projection, AskFindings(0), &response).ok());
  EXPECT_EQ(response.date(), 20251105);
  EXPECT_EQ(response.freshness().position(), log.size());
}

}  // namespace
}  // namespace sothon::projection
