// Erasing that cannot be finished: no room for the vault's files, a completion that nobody takes, a service that stops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "ingest-service/testing/eraser_fixture.h"

namespace sothon::ingest {
namespace {

using ::testing::AllOf;
using testing::Citizen;
using testing::CrampedDisk;
using testing::Eventually;
using ::testing::HasSubstr;
using testing::kMint;
using testing::Request;

class EraserRoomTest : public testing::EraserTest {
 protected:
  // Enough that writing the files anew is several steps.
  void MeetMany() {
    for (int person = 100; person < 60'000; ++person) {
      ASSERT_TRUE(vault_->Resolve({Citizen(person), ""}, kMint).ok());
    }
    ASSERT_TRUE(vault_->Persist().ok());
    ASSERT_NO_FATAL_FAILURE(Restart());
  }
  bool AwaitTrouble() {
    return Eventually([&] { return !eraser_->trouble().empty(); });
  }
};

TEST_F(EraserRoomTest, WithoutRoomTheLinkGoesAtOnceAndTheRestWaits) {
  const SubjectId first = Meet(1), second = Meet(2);
  disk_.told_free = 10'000'000;
  StartErasing();
  Record(Request("erase-1", first));
  ASSERT_TRUE(AwaitTrouble());
  EXPECT_THAT(eraser_->trouble(), AllOf(HasSubstr("no number leads to them any more"), HasSubstr("10 MB are free"),
                                        HasSubstr("it goes on by itself")));
  const int tables = disk_.tables;
  Record(Request("erase-2", second));
  EXPECT_TRUE(Eventually([&] { return vault_->IsErased(second); }));
  EXPECT_FALSE(Knows(1));
  EXPECT_FALSE(Knows(2));
  EXPECT_TRUE(Completed().empty());
  EXPECT_EQ(disk_.tables, tables);
  // Recording is none the worse for it.
  Meet(3);
  disk_.told_free = CrampedDisk::kPlenty;
  ASSERT_TRUE(AwaitCompleted(2)) << "it goes on by itself";
  EXPECT_TRUE(Eventually([&] { return eraser_->trouble().empty(); }));
}

// One try, and the next one much later, whatever else is recorded and asked meanwhile.
TEST_F(EraserRoomTest, ATryThatFilledTheDiskIsNotRepeatedSoon) {
  ASSERT_NO_FATAL_FAILURE(MeetMany());
  const SubjectId first = Meet(1), second = Meet(2);
  disk_.left_for_tables = 64 << 10;
  eraser_options_.rewrite_after_min = absl::Hours(1);
  StartErasing();
  Record(Request("erase-1", first));
  ASSERT_TRUE(AwaitTrouble());
  EXPECT_THAT(eraser_->trouble(), HasSubstr("No space left on device"));
  const int tables = disk_.tables;
  Record(Request("erase-2", second));
  ASSERT_TRUE(Eventually([&] { return vault_->IsErased(second); }));
  for (int i = 0; i < 20; ++i) {
    Meet(10 + i);
    Record(testing::Paid("BL-" + std::to_string(i)));
  }
  EXPECT_EQ(disk_.tables, tables);
  EXPECT_TRUE(Completed().empty());
  disk_.left_for_tables = CrampedDisk::kPlenty;
  eraser_options_ = Quick();
  Restart();
  StartErasing();
  EXPECT_TRUE(AwaitCompleted(2));
}

// The room ends between the copy and the opening. Nobody records anything: whom a closed vault does not find does not
// get that far.
TEST_F(EraserRoomTest, AVaultThatCouldNotBeOpenedAgainIsTriedSoonAndNotCopiedSoon) {
  const SubjectId asked = Meet(1), other = Meet(2);
  const auto can_be_read = [&] {
    absl::flat_hash_set<SubjectId> strangers = {other};
    return vault_->RemoveKnown(&strangers).ok() && strangers.empty();
  };
  Append(Request("erase-1", asked));
  Restart();
  disk_.takes_manifests = false;
  eraser_options_.rewrite_after_min = eraser_options_.rewrite_after_max = absl::Hours(1);
  StartErasing();
  ASSERT_TRUE(AwaitTrouble());
  EXPECT_TRUE(vault_->failed());
  EXPECT_FALSE(can_be_read());
  const int tables = disk_.tables;
  const int manifests = disk_.manifests;
  ASSERT_TRUE(Eventually([&] { return disk_.manifests > manifests + 2; })) << "nobody tries to open it";
  disk_.takes_manifests = true;
  EXPECT_TRUE(Eventually(can_be_read)) << "it goes on by itself";
  EXPECT_TRUE(Eventually([&] { return !vault_->failed(); }));
  EXPECT_EQ(disk_.tables, tables) << "it was copied again";
  EXPECT_FALSE(vault_->IsErasedFromFiles(asked));
  EXPECT_EQ(batches_, 0);
}

// Before the copy, what is pending is written. Where that fails, no copy was begun that would have to be minutes apart.
TEST_F(EraserRoomTest, WhatWasNotBegunIsTriedAgainSoon) {
  Append(Request("erase-1", Meet(1)));
  Restart();
  disk_.told_free = 10'000'000;
  StartErasing();
  ASSERT_TRUE(AwaitTrouble());
  ASSERT_NO_FATAL_FAILURE(Restart());
  disk_.told_free = CrampedDisk::kPlenty;
  ASSERT_TRUE(vault_->Resolve({Citizen(9), ""}, kMint).ok());
  disk_.failure = testing::BadDisk::kAtSync;
  eraser_options_.rewrite_after_min = eraser_options_.rewrite_after_max = absl::Hours(1);
  StartErasing();
  ASSERT_TRUE(AwaitTrouble());
  disk_.failure = testing::BadDisk::kNone;
  EXPECT_TRUE(AwaitCompleted(1));
  EXPECT_TRUE(Eventually([&] { return eraser_->trouble().empty(); }));
}

// The first of them can never be recorded as done: it keeps nobody waiting, and costs no copy of the vault.
TEST_F(EraserRoomTest, ACompletionThatFailsKeepsNoOtherBack) {
  const Position request = Append(Request("erase-1", Meet(1)));
  for (uint32_t attempt = 0; attempt < 100; ++attempt) {
    v1::Event squatter = testing::Paid("BL-" + std::to_string(attempt));
    squatter.set_event_id(ErasureCompletedId("test", request, attempt));
    Append(squatter);
  }
  const Position second = Append(Request("erase-2", Meet(2)));
  const Position third = Append(Request("erase-3", Meet(3)));
  Restart();
  StartErasing();
  ASSERT_TRUE(AwaitCompleted(2));
  EXPECT_EQ(Completed()[0].erasure_completed().request_position(), second.value);
  EXPECT_EQ(Completed()[1].erasure_completed().request_position(), third.value);
  ASSERT_TRUE(AwaitTrouble());
  EXPECT_THAT(eraser_->trouble(), HasSubstr("are all taken by other events"));
  const int tables = disk_.tables;
  const int tried = batches_;
  ASSERT_TRUE(Eventually([&] { return batches_ > tried + 300; })) << "three times more";
  EXPECT_EQ(disk_.tables, tables);
}

TEST_F(EraserRoomTest, StopsWithinSecondsWhileFilesAreWritten) {
  ASSERT_NO_FATAL_FAILURE(MeetMany());
  const SubjectId subject = Meet(1);
  Append(Request("erase-1", subject));
  Restart();
  absl::Notification writing, go_on;
  // The first is what the deletion becomes, the second the first of the new files.
  disk_.at_table = [&, second = disk_.tables + 2] {
    if (disk_.tables != second) return;
    writing.Notify();
    go_on.WaitForNotification();
  };
  StartErasing();
  ASSERT_TRUE(writing.WaitForNotificationWithTimeout(absl::Seconds(30)));
  const absl::Time begun = absl::Now();
  std::thread stop([&] { eraser_->Stop(); });
  absl::SleepFor(absl::Milliseconds(50));
  go_on.Notify();
  stop.join();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  EXPECT_EQ(eraser_->trouble(), "") << "stopping is no trouble";
  EXPECT_FALSE(vault_->IsErasedFromFiles(subject)) << "it was broken off, not waited for";
  EXPECT_TRUE(Completed().empty());
  Close();
  disk_.at_table = nullptr;
  ASSERT_NO_FATAL_FAILURE(Open());
  StartErasing();
  EXPECT_TRUE(AwaitCompleted(1));
}

// However long there is no room: RocksDB tries on by itself beside it.
TEST_F(EraserRoomTest, StopsWithinSecondsOnAFullDisk) {
  ASSERT_NO_FATAL_FAILURE(MeetMany());
  Append(Request("erase-1", Meet(1)));
  Restart();
  disk_.left_for_tables = 64 << 10;
  StartErasing();
  ASSERT_TRUE(AwaitTrouble());
  for (int i = 0; i < 50; ++i) Meet(10 + i);
  const absl::Time begun = absl::Now();
  Close();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
}

}  // namespace
}  // namespace sothon::ingest
