#include "ingest-service/log/rocks_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/status/status.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using testing::AppendOne;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Paid;
using testing::Prepare;
using testing::PrepareAll;
using testing::ReadAll;
using testing::Reversed;
using testing::StoredAt;

class RocksLogTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    log_.reset();
    EventLogOptions options;
    options.directory = directory_.path();
    options.log_id = "test";
    options.index_events_in_memory = index_events_in_memory_;
    auto log = RocksLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  AppendOutcome Append(const std::vector<v1::Event>& events, int64_t now_us = 1'000) {
    return AppendOne(log_.get(), PrepareAll(events), now_us);
  }
  // Refused with `reason`, and the metadata says so.
  static void ExpectConflict(const AppendOutcome& outcome, const std::string& reason, uint64_t position,
                             const std::string& submission) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.status().code(), absl::StatusCode::kAlreadyExists);
    const auto info = ErrorInfoOf(outcome.status());
    EXPECT_EQ(info.reason(), reason) << outcome.status();
    EXPECT_EQ(info.metadata().at("position"), std::to_string(position));
    EXPECT_EQ(info.metadata().at("submission"), submission);
  }

  const sothon::testing::TempDir directory_;
  size_t index_events_in_memory_ = 1'000;
  std::unique_ptr<RocksLog> log_;
};

TEST_F(RocksLogTest, AnEmptyLogHasHeadZero) {
  EXPECT_EQ(log_->Head(), Position{0});
  EXPECT_THAT(ReadAll(*log_), IsEmpty());
  EXPECT_EQ(log_->Get({1}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(log_->Get({0}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RocksLogTest, StoredBytesAreReadBackUnchangedAlsoAfterReopening) {
  const auto first = Append({Paid("1"), Paid("2")}, 1'000);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->at(0).position, Position{1});
  EXPECT_EQ(first->at(1).position, Position{2});
  ASSERT_TRUE(Append({Paid("3")}, 2'000).ok());
  const std::vector<std::string> expected{StoredAt({1}, 1'000, Paid("1")), StoredAt({2}, 1'000, Paid("2")),
                                          StoredAt({3}, 2'000, Paid("3"))};
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(ReadAll(*log_), expected);
    EXPECT_EQ(*log_->Get({2}), expected[1]);
    EXPECT_EQ(log_->Head(), Position{3});
    EXPECT_EQ(log_->HeadRecordedAtUs(), 2'000);
    Reopen();
  }
}

TEST_F(RocksLogTest, RecordedTimeNeverGoesBack) {
  ASSERT_TRUE(Append({Paid("1")}, 5'000).ok());
  ASSERT_TRUE(Append({Paid("2")}, 3'000).ok());
  EXPECT_EQ(*log_->Get({2}), StoredAt({2}, 5'000, Paid("2")));
}

TEST_F(RocksLogTest, ARepeatedEventGetsItsFirstReceiptForEver) {
  for (int round = 0; round < 3; ++round) {
    const auto outcome = Append({Paid("1"), Paid("2")}, 1'000 + round);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->at(1).position, Position{2});
    EXPECT_EQ(outcome->at(1).duplicate, round > 0);
    if (round == 1) Reopen();
  }
  EXPECT_EQ(log_->Head(), Position{2});
}

TEST_F(RocksLogTest, RepeatsAndNewEventsMayStandInOneRequest) {
  ASSERT_TRUE(Append({Paid("1")}).ok());
  const auto outcome = Append({Paid("2"), Paid("1"), Paid("2"), Paid("3")});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->at(0).position, Position{2});
  EXPECT_EQ(outcome->at(1).position, Position{1});
  EXPECT_TRUE(outcome->at(1).duplicate);
  EXPECT_EQ(outcome->at(2).position, Position{2});
  EXPECT_TRUE(outcome->at(2).duplicate);
  EXPECT_EQ(outcome->at(3).position, Position{3});
}

TEST_F(RocksLogTest, AnEventIdWithAnotherBodyIsRefused) {
  ASSERT_TRUE(Append({Paid("1")}).ok());
  ExpectConflict(Append({Paid("2"), Paid("1", "another note")}), "EVENT_ID_REUSED", 1, "1");
  EXPECT_EQ(log_->Head(), Position{1}) << "nothing of the request was recorded";
  Reopen();
  ExpectConflict(Append({Paid("1", "another note")}), "EVENT_ID_REUSED", 1, "0");
}

// plan#59: a receipt number is unique per agency.
TEST_F(RocksLogTest, AReceiptOnAnotherEventIsRefused) {
  v1::Event same_receipt = Paid("1");
  same_receipt.set_event_id("another-id");
  ExpectConflict(Append({Paid("1"), same_receipt}), "RECEIPT_REUSED", 1, "1");
  ASSERT_TRUE(Append({Paid("1")}).ok());
  ExpectConflict(Append({same_receipt}), "RECEIPT_REUSED", 1, "0");
  Reopen();
  ExpectConflict(Append({same_receipt}), "RECEIPT_REUSED", 1, "0");
  same_receipt.mutable_contribution_recorded()->set_agency_id("another-agency");
  EXPECT_TRUE(Append({same_receipt}).ok());
}

TEST_F(RocksLogTest, ReceiptsLeadToTheirPositions) {
  ASSERT_TRUE(Append({Paid("1"), Paid("2")}).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(*log_->FindReceipt(Prepare(Paid("2")).receipt_key), Position{2});
    EXPECT_EQ(*log_->FindReceipt("nobody"), std::nullopt);
    Reopen();
  }
}

TEST_F(RocksLogTest, AContributionIsReversedOnce) {
  ASSERT_TRUE(Append({Paid("1"), Paid("2")}).ok());
  ExpectConflict(Append({Reversed("r1", {1}), Reversed("r2", {1})}), "ALREADY_REVERSED", 3, "1");
  ASSERT_TRUE(Append({Reversed("r1", {1})}).ok());
  EXPECT_TRUE(Append({Reversed("r1", {1})})->front().duplicate) << "a retry is no second reversal";
  Reopen();
  ExpectConflict(Append({Reversed("r2", {1})}), "ALREADY_REVERSED", 3, "0");
  EXPECT_TRUE(Append({Reversed("r2", {2})}).ok());
}

TEST_F(RocksLogTest, StreamsCountTheirEventsAndHoldClientsToTheirExpectation) {
  const auto place = [](int number, std::optional<uint64_t> expected, const std::string& id) {
    v1::Event event = sothon::testing::Village(1, StrCat("Thôn ", number));
    event.set_event_id(id);
    PreparedRequest request = PrepareAll({event});
    request.events[0].expected_version = expected;
    return request;
  };
  ASSERT_TRUE(AppendOne(log_.get(), place(1, 0, "a")).ok());
  ASSERT_TRUE(AppendOne(log_.get(), place(2, 1, "b")).ok());
  Reopen();
  ASSERT_TRUE(AppendOne(log_.get(), place(3, std::nullopt, "c")).ok());
  const auto stale = AppendOne(log_.get(), place(4, 2, "d"));
  EXPECT_EQ(stale.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorInfoOf(stale.status()).reason(), "STREAM_VERSION");
  EXPECT_EQ(ErrorInfoOf(stale.status()).metadata().at("version"), "3");
  EXPECT_FALSE(AppendOne(log_.get(), place(4, 0, "d")).ok());
  EXPECT_TRUE(AppendOne(log_.get(), place(1, 0, "a"))->front().duplicate) << "a retry needs no expectation any more";
}

TEST_F(RocksLogTest, ARefusedRequestLeavesNothingBehindForThoseAfterItInTheBatch) {
  PreparedRequest refused =
      PrepareAll({sothon::testing::Village(1, "a"), Paid("1"), Reversed("r", {9}), Paid("1", "x")});
  PreparedRequest good = PrepareAll({sothon::testing::Village(1, "a"), Paid("1"), Reversed("r", {9})});
  good.events[0].expected_version = 0;
  const PreparedRequest* const both[] = {&refused, &good};
  const auto outcomes = log_->Append(both, 1'000);
  ASSERT_TRUE(outcomes.ok()) << outcomes.status();
  EXPECT_FALSE(outcomes->at(0).ok());
  ASSERT_TRUE(outcomes->at(1).ok()) << outcomes->at(1).status();
  EXPECT_EQ(outcomes->at(1)->at(0).position, Position{1});
  EXPECT_EQ(log_->Head(), Position{3});
}

TEST_F(RocksLogTest, CheckingDecidesTheSameAndRecordsNothing) {
  ASSERT_TRUE(Append({Paid("1")}).ok());
  const auto outcome = log_->Check(PrepareAll({Paid("1"), Paid("2"), Paid("2")}));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->at(0).position, Position{1});
  EXPECT_EQ(outcome->at(1).position, Position{0});
  EXPECT_FALSE(outcome->at(1).duplicate);
  EXPECT_TRUE(outcome->at(2).duplicate);
  ExpectConflict(log_->Check(PrepareAll({Paid("1", "x")})), "EVENT_ID_REUSED", 1, "0");
  EXPECT_EQ(log_->Head(), Position{1});
}

TEST_F(RocksLogTest, ReadsAnyRangeAndStopsWhenAsked) {
  std::vector<v1::Event> events;
  for (int i = 1; i <= 300; ++i) events.push_back(Paid(StrCat(i), std::string(100, 'n')));  // several blocks
  ASSERT_TRUE(Append(events).ok());
  ASSERT_TRUE(Append({Paid("301")}).ok());
  for (const auto& [from, to] : {std::pair(1, 301), {1, 1}, {57, 58}, {299, 1'000}, {301, 301}, {302, 400}}) {
    std::vector<uint64_t> seen;
    ASSERT_TRUE(log_->Read({static_cast<uint64_t>(from)}, {static_cast<uint64_t>(to)},
                           [&](Position position, auto stored) {
                             EXPECT_EQ(stored,
                                       StoredAt(position, 1'000,
                                                position.value == 301 ? Paid("301") : events[position.value - 1]));
                             seen.push_back(position.value);
                             return true;
                           })
                    .ok());
    const int last = std::min(to, 301);
    ASSERT_EQ(seen.size(), static_cast<size_t>(std::max(0, last - from + 1)));
    for (size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], static_cast<uint64_t>(from) + i);
  }
  int visits = 0;
  ASSERT_TRUE(log_->Read({1}, {301}, [&](Position, std::string_view) { return ++visits < 5; }).ok());
  EXPECT_EQ(visits, 5);
}

TEST_F(RocksLogTest, ReferenceEventsAreListed) {
  ASSERT_TRUE(Append({sothon::testing::Province(), Paid("1"), sothon::testing::Commune(), Paid("2")}).ok());
  EXPECT_THAT(*log_->ReferencePositions({1}, {99}), ElementsAre(Position{1}, Position{3}));
  EXPECT_THAT(*log_->ReferencePositions({2}, {3}), ElementsAre(Position{3}));
  EXPECT_THAT(*log_->ReferencePositions({4}, {4}), IsEmpty());
}

TEST_F(RocksLogTest, WaitingEndsWithANewEventATimeoutOrAnInterrupt) {
  EXPECT_EQ(log_->AwaitBeyond({0}, absl::Milliseconds(5)), Position{0});
  std::thread writer([&] { EXPECT_TRUE(Append({Paid("1")}).ok()); });
  EXPECT_EQ(log_->AwaitBeyond({0}, absl::Seconds(60)), Position{1});
  writer.join();
  std::thread interrupter([&] { log_->Interrupt(); });
  EXPECT_EQ(log_->AwaitBeyond({1}, absl::InfiniteDuration()), Position{1});
  interrupter.join();
}

TEST_F(RocksLogTest, TheOutboxCursorIsKept) {
  EXPECT_EQ(*log_->LoadOutboxCursor(), Position{0});
  ASSERT_TRUE(Append({Paid("1"), Paid("2")}).ok());
  ASSERT_TRUE(log_->StoreOutboxCursor({2}).ok());
  Reopen();
  EXPECT_EQ(*log_->LoadOutboxCursor(), Position{2});
}

TEST_F(RocksLogTest, TheIndexGoesToDiskAndComesBackWithoutMissingAKey) {
  index_events_in_memory_ = 50;
  Reopen();
  for (int i = 0; i < 40; ++i) {
    std::vector<v1::Event> events;
    for (int j = 0; j < 10; ++j) events.push_back(Paid(StrCat(i * 10 + j)));
    ASSERT_TRUE(Append(events).ok());
    if (i == 20) Reopen();
  }
  Reopen();
  for (int i = 0; i < 400; ++i) {
    const auto outcome = Append({Paid(StrCat(i))});
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    ASSERT_TRUE(outcome->front().duplicate);
    ASSERT_EQ(outcome->front().position.value, static_cast<uint64_t>(i) + 1);
    ExpectConflict(Append({Paid(StrCat(i), "x")}), "EVENT_ID_REUSED", static_cast<uint64_t>(i) + 1, "0");
  }
}

TEST_F(RocksLogTest, AnotherLogIdIsRefused) {
  log_.reset();
  EventLogOptions options;
  options.directory = directory_.path();
  options.log_id = "another";
  const auto opened = RocksLog::Open(options);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(opened.status().ToString(), HasSubstr("is log test"));
  options.log_id = "not a log id";
  EXPECT_EQ(RocksLog::Open(options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RocksLogTest, ASecondOpeningOfTheDirectoryIsRefused) {
  EventLogOptions options;
  options.directory = directory_.path();
  options.log_id = "test";
  const auto second = RocksLog::Open(options);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().ToString(), HasSubstr(directory_.path()));
  EXPECT_TRUE(Append({Paid("1")}).ok());
}

}  // namespace
}  // namespace sothon::ingest
