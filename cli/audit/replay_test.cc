// A replay of an export leads to the figures of the log that it is of, and tells every one that differs.
#include "cli/audit/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/audit/export_fixture.h"
#include "common/testing/event_builders.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/testing/oversight_log.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() : log_(projection::testing::MakeOversightLog(20251105, 2'000)) {}

  void Export() {
    FakeLog source;
    source.entries = Stored();
    ASSERT_TRUE(ExportTo(directory_.path() + "/export", &source).ok());
  }
  std::vector<std::string> Stored() const {
    std::vector<std::string> stored;
    for (uint64_t position = 1; position <= log_.size(); ++position) stored.push_back(log_.stored(position));
    return stored;
  }
  absl::StatusOr<Replayed> Run(uint64_t until = 0, int64_t until_us = 0) {
    ReplayOptions options;
    options.export_directory = directory_.path() + "/export";
    options.work_directory = StrCat(directory_.path(), "/work", ++runs_);
    options.until = until;
    options.until_recorded_at_us = until_us;
    return Replay(options);
  }

  sothon::testing::TempDir directory_;
  projection::testing::FakeLog log_;
  int runs_ = 0;
};

TEST_F(ReplayTest, LeadsToTheSameFiguresEveryTime) {
  Export();
  auto one = Run();
  auto other = Run();
  ASSERT_TRUE(one.ok() && other.ok()) << one.status() << other.status();
  EXPECT_EQ(one->position, Stored().size());
  EXPECT_EQ(one->repeats.count(), 0u);
  v1::GetDigestsRequest request;
  const auto served = other->projection->GetDigests(request);
  ASSERT_TRUE(served.ok());
  const auto differences = CompareCells(*one, *served, [&](const v1::GetProgressRequest&) {
    ADD_FAILURE() << "nothing differs, so nothing is asked";
    return v1::GetProgressResponse();
  });
  ASSERT_TRUE(differences.ok());
  EXPECT_THAT(*differences, IsEmpty());
}

TEST_F(ReplayTest, NamesEveryFigureThatDiffers) {
  Export();
  auto now = Run();
  ASSERT_TRUE(now.ok()) << now.status();
  auto earlier = Run(now->position - 300);
  ASSERT_TRUE(earlier.ok()) << earlier.status();
  EXPECT_EQ(earlier->position, now->position - 300);
  // As if a service showed the figures of 300 events before.
  const auto served = earlier->projection->GetDigests(v1::GetDigestsRequest());
  const auto differences = CompareCells(*now, *served, [&](v1::GetProgressRequest request) {
    v1::GetProgressResponse response;
    request.clear_as_of();
    const absl::Status status = earlier->projection->GetProgress(request, &response);
    return status.ok() ? absl::StatusOr<v1::GetProgressResponse>(response) : status;
  });
  ASSERT_TRUE(differences.ok()) << differences.status();
  ASSERT_FALSE(differences->empty());
  for (const CellDifference& one : *differences) {
    EXPECT_NE(one.served, one.replayed) << one.place_id << " " << one.month << " " << one.scheme << " " << one.figure;
  }
}

TEST_F(ReplayTest, UntilAMomentOrBeyondTheEnd) {
  Export();
  const auto all = Run();
  ASSERT_TRUE(all.ok());
  const auto some = Run(0, SplitStoredEvent(Stored()[99])->recorded_at_us);
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_GE(some->position, 100u);
  EXPECT_LT(some->position, all->position);
  EXPECT_EQ(Run(0, 1).status().code(), absl::StatusCode::kOutOfRange) << "nothing was recorded by then";
  EXPECT_EQ(Run(all->position + 1).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(ReplayTest, HoldsEveryPublishedPeriodAgainstItsDigest) {
  Export();
  auto before = Run();
  ASSERT_TRUE(before.ok());
  v1::GetDigestsRequest request;
  request.set_place_id("23500");
  request.set_period("2025-11");
  const auto digests = before->projection->GetDigests(request);
  ASSERT_TRUE(digests.ok()) << digests.status();
  const auto publish = [&](const std::string& digest) {
    v1::Event event;
    event.set_event_id(StrCat("published-", digest.size()));
    event.set_effective_date(20251205);
    event.set_place_id("23500");
    event.mutable_period_published()->set_period("2025-11");
    event.mutable_period_published()->set_at_position(before->position);
    event.mutable_period_published()->set_digest(digest);
    log_.Add(event);
  };
  publish(digests->sha256());
  publish("not the digest");
  publish("");
  std::filesystem::remove_all(directory_.path() + "/export");
  Export();
  const auto after = Run();
  ASSERT_TRUE(after.ok()) << after.status();
  const auto checks = CheckPublications(*after);
  ASSERT_TRUE(checks.ok()) << checks.status();
  ASSERT_THAT(*checks, SizeIs(3));
  EXPECT_EQ(checks->at(0).result, PublicationCheck::Result::kHolds);
  EXPECT_EQ(checks->at(1).result, PublicationCheck::Result::kDiffers);
  EXPECT_EQ(checks->at(1).at_position, before->position);
  EXPECT_EQ(checks->at(2).result, PublicationCheck::Result::kNoDigest);
}

// A log that was not written by the service: it refuses these.
TEST_F(ReplayTest, WhatStandsTwiceIsFound) {
  v1::Event paid = sothon::testing::Contribution({.receipt = "GL-1", .person = 1, .place_id = "23500-01"});
  paid.set_event_id("twice");
  log_.Add(paid);
  const uint64_t first = log_.size();
  log_.Add(paid);
  paid.set_event_id("another id");
  log_.Add(paid);
  Export();
  const auto replayed = Run();
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  std::vector<std::string> found;
  for (const Repeat& repeat : replayed->repeats.repeats()) {
    EXPECT_EQ(repeat.first_position, first);
    found.push_back(StrCat("+", repeat.position - first, " ", repeat.what));
  }
  const std::string receipt = StrCat("receipt GL-1 of ", sothon::testing::kAgencyId);
  EXPECT_THAT(found, ElementsAre("+1 event id twice", "+1 " + receipt, "+2 " + receipt));
}

TEST_F(ReplayTest, WhatIsNoExportIsAnError) { EXPECT_EQ(Run().status().code(), absl::StatusCode::kNotFound); }

}  // namespace
}  // namespace sothon::cli
