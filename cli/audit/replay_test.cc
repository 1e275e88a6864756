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
  // An event whose bytes are those of `parts` behind each other.
  void AddInParts(const std::vector<v1::Event>& parts) {
    std::string body, stored;
    for (const v1::Event& part : parts) body += SerializeBody(part);
    const int64_t after_us = SplitStoredEvent(log_.stored(log_.size()))->recorded_at_us;
    AppendStoredEvent(Position{log_.size() + 1}, after_us, body, &stored);
    log_.AddRaw(stored);
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
  const auto publish = [&](const std::string& digest, const std::string& period = "2025-11",
                           const std::string& place_id = "23500", uint64_t at_position = 0) {
    v1::Event event;
    event.set_event_id(StrCat("published-", log_.size()));
    event.set_effective_date(20251205);
    event.set_place_id(place_id);
    event.mutable_period_published()->set_period(period);
    event.mutable_period_published()->set_at_position(at_position == 0 ? before->position : at_position);
    event.mutable_period_published()->set_digest(digest);
    log_.Add(event);
  };
  publish(digests->sha256());
  publish("not the digest");
  publish("");
  publish("", "2025-W45");
  // A digest of what has none: nobody can say whether it is right.
  publish("made up", "2025-W45");
  publish("made up", "x");
  publish(before->projection->GetDigests({})->sha256(), "");
  publish("made up", "2001-01..2025-12");
  publish("made up", "2025-11", "99999");
  publish("made up", "2025-11", "23500", 1'000'000);
  std::filesystem::remove_all(directory_.path() + "/export");
  Export();
  const auto after = Run();
  ASSERT_TRUE(after.ok()) << after.status();
  const auto checks = CheckPublications(*after);
  ASSERT_TRUE(checks.ok()) << checks.status();
  ASSERT_THAT(*checks, SizeIs(10));
  EXPECT_EQ(checks->at(0).result, PublicationCheck::Result::kHolds);
  EXPECT_EQ(checks->at(1).result, PublicationCheck::Result::kDiffers);
  EXPECT_EQ(checks->at(1).at_position, before->position);
  EXPECT_EQ(checks->at(2).result, PublicationCheck::Result::kNoDigest);
  EXPECT_EQ(checks->at(3).result, PublicationCheck::Result::kNoDigest);
  for (size_t i = 4; i < checks->size(); ++i) {
    EXPECT_EQ(checks->at(i).result, PublicationCheck::Result::kNotRemade) << checks->at(i).period;
    EXPECT_NE(checks->at(i).why, "") << checks->at(i).period;
  }
}

TEST_F(ReplayTest, TheDayOfTheLastEventIsADate) {
  Export();
  const auto replayed = Run();
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  const auto day = DayOfLastEvent(*replayed);
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(*day, CivilDate::AtMoment(SplitStoredEvent(Stored().back())->recorded_at_us));

  for (const int64_t recorded_at_us : {int64_t{7'258'118'400'000'000}, INT64_MAX}) {
    log_.Add(sothon::testing::Document(StrCat("KH-", recorded_at_us)), recorded_at_us);
    std::filesystem::remove_all(directory_.path() + "/export");
    Export();
    const auto late = Run();
    ASSERT_TRUE(late.ok()) << late.status();
    const absl::Status no_day = DayOfLastEvent(*late).status();
    EXPECT_EQ(no_day.code(), absl::StatusCode::kOutOfRange);
    EXPECT_THAT(std::string(no_day.message()), HasSubstr("--date"));
  }
}

// The envelope, and the number of the receipt apart from all the rest of it.
std::vector<v1::Event> InTwo(const v1::Event& paid) {
  v1::Event envelope = paid, number, rest;
  envelope.clear_contribution_recorded();
  *rest.mutable_contribution_recorded() = paid.contribution_recorded();
  rest.mutable_contribution_recorded()->clear_receipt_number();
  number.mutable_contribution_recorded()->set_receipt_number(paid.contribution_recorded().receipt_number());
  return {envelope, number, rest};
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
  paid.set_event_id("in two parts");  // which a parser merges
  AddInParts(InTwo(paid));
  // Each once, although their parts are alike, or are overruled by what comes after them.
  for (const char* receipt : {"GL-2", "GL-3"}) {
    paid.set_event_id(StrCat("of ", receipt));
    paid.mutable_contribution_recorded()->set_receipt_number(receipt);
    AddInParts(InTwo(paid));
  }
  paid.set_event_id("");
  v1::Event document = sothon::testing::Document("KH-1");
  document.set_event_id("");
  v1::Event id;
  for (const char* last : {"4", "5"}) {
    id.set_event_id("overruled");
    std::vector<v1::Event> parts = {id, paid, document};
    id.set_event_id(last);
    parts.push_back(id);
    AddInParts(parts);
  }
  Export();
  const auto replayed = Run();
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  std::vector<std::string> found;
  for (const Repeat& repeat : replayed->repeats.repeats()) {
    EXPECT_EQ(repeat.first_position, first);
    found.push_back(StrCat("+", repeat.position - first, " ", repeat.what));
  }
  const std::string receipt = StrCat("receipt GL-1 of ", sothon::testing::kAgencyId);
  EXPECT_THAT(found, ElementsAre("+1 event id twice", "+1 " + receipt, "+2 " + receipt, "+3 " + receipt));
}

TEST_F(ReplayTest, WhatIsNoExportIsAnError) { EXPECT_EQ(Run().status().code(), absl::StatusCode::kNotFound); }

}  // namespace
}  // namespace sothon::cli
