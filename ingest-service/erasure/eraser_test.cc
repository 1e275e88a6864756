// Requests to erase somebody, carried out over a real log and a real vault: once each, through crashes and bad disks.
#include "ingest-service/erasure/eraser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "ingest-service/testing/erase.h"
#include "ingest-service/testing/eraser_fixture.h"

namespace sothon::ingest {
namespace {

using testing::BadDisk;
using testing::Citizen;
using testing::CrampedDisk;
using testing::Erase;
using testing::EraserTest;
using testing::Eventually;
using ::testing::HasSubstr;
using testing::kLeave;
using ::testing::MatchesRegex;
using testing::Request;

TEST_F(EraserTest, WhoAsksIsErasedAndTheLogIsTold) {
  const SubjectId subject = Meet(1);
  Meet(2);
  StartErasing();
  Record(Request("erase-1", subject));
  ASSERT_TRUE(AwaitCompleted(1));
  EXPECT_FALSE(Knows(1));
  EXPECT_TRUE(Knows(2));
  const v1::Event completed = Completed()[0];
  EXPECT_EQ(completed.erasure_completed().subject_id(), subject.AsBytes());
  EXPECT_EQ(completed.erasure_completed().request_position(), 1u);
  EXPECT_EQ(completed.position(), 2u);
  EXPECT_EQ(completed.effective_date(), 20251120);
  EXPECT_EQ(completed.place_id(), "23500-01");
  EXPECT_EQ(completed.causation_id(), "erase-1");
  EXPECT_EQ(completed.correlation_id(), "case-7");
  EXPECT_TRUE(completed.synthetic());
  EXPECT_EQ(completed.event_id(), ErasureCompletedId("test", {1}, 0));
  // Another wish about the same person is answered, too.
  Record(Request("erase-2", subject));
  ASSERT_TRUE(AwaitCompleted(2));
  EXPECT_EQ(Completed()[1].erasure_completed().request_position(), 3u);
  EXPECT_EQ(eraser_->trouble(), "");
}

TEST_F(EraserTest, AnIdIsAUuidOfLogAndPosition) {
  const std::string id = ErasureCompletedId("test", {7}, 0);
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]+-[0-9a-f]+-8[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id, ErasureCompletedId("test", {7}, 0));
  EXPECT_NE(id, ErasureCompletedId("test2", {7}, 0));
  EXPECT_NE(id, ErasureCompletedId("test", {8}, 0));
  EXPECT_NE(id, ErasureCompletedId("test", {7}, 1));
}

TEST_F(EraserTest, WhereverTheProcessDiesThereIsOneCompletion) {
  const SubjectId asked_only = Meet(1), erased = Meet(2), done = Meet(3);
  Append(Request("erase-1", asked_only));
  Append(Request("erase-2", erased));
  ASSERT_EQ(Erase(vault_.get(), {{erased}}), absl::OkStatus());
  const Position third = Append(Request("erase-3", done));
  ASSERT_EQ(Erase(vault_.get(), {{done}}), absl::OkStatus());
  v1::Event completed;
  completed.set_event_id(ErasureCompletedId("test", third, 0));
  completed.set_effective_date(20251119);
  completed.mutable_erasure_completed()->set_subject_id(std::string(done.AsBytes()));
  completed.mutable_erasure_completed()->set_request_position(third.value);
  Append(completed);
  for (int started = 0; started < 3; ++started) {
    Restart();
    StartErasing();
    ASSERT_TRUE(AwaitCompleted(3));
  }
  Close();
  ASSERT_NO_FATAL_FAILURE(Open());
  std::set<uint64_t> requests;
  for (const v1::Event& event : Completed()) requests.insert(event.erasure_completed().request_position());
  EXPECT_EQ(requests, (std::set<uint64_t>{1, 2, 3}));
  EXPECT_EQ(log_->Head(), Position{6});
  for (int person = 1; person <= 3; ++person) EXPECT_FALSE(Knows(person));
}

// Written, and the answer lost: on another day it would be another event under the same id.
TEST_F(EraserTest, ACompletionThatWasRecordedWithoutAnAnswerIsNotRepeated) {
  const SubjectId subject = Meet(1);
  const Position request = Append(Request("erase-1", subject));
  ASSERT_TRUE(registry_->CatchUp(*log_).ok());
  v1::Event completed;
  completed.set_event_id(ErasureCompletedId("test", request, 0));
  completed.set_effective_date(20251101);
  completed.mutable_erasure_completed()->set_subject_id(std::string(subject.AsBytes()));
  completed.mutable_erasure_completed()->set_request_position(request.value);
  Append(completed);  // which the registry has not seen
  StartErasing();
  EXPECT_TRUE(Eventually([&] {
    const Registry::View view(*registry_);
    return view.facts().open_erasures().empty();
  }));
  EXPECT_EQ(Completed().size(), 1u);
  EXPECT_FALSE(Knows(1));
}

TEST_F(EraserTest, AnEventOfSomebodyElseUnderTheIdIsNoCompletion) {
  const Position request = Append(Request("erase-1", Meet(1)));
  v1::Event squatter = testing::Paid("BL-1");
  squatter.set_event_id(ErasureCompletedId("test", request, 0));
  Append(squatter);
  Restart();
  StartErasing();
  ASSERT_TRUE(AwaitCompleted(1));
  EXPECT_EQ(Completed()[0].event_id(), ErasureCompletedId("test", request, 1));
}

TEST_F(EraserTest, ABadDiskIsToldAndTriedAgain) {
  const Position request = Append(Request("erase-1", Meet(1)));
  Restart();
  disk_.failure = BadDisk::kAtSync;
  StartErasing();
  EXPECT_TRUE(Eventually([&] { return !eraser_->trouble().empty(); }));
  EXPECT_THAT(eraser_->trouble(), HasSubstr("not erased yet"));
  prometheus::Gauge& open = metrics_->Gauge("sothon_ingest_open_erasures", "");
  EXPECT_EQ(open.Value(), 1);
  EXPECT_TRUE(Completed().empty());
  EXPECT_FALSE(Knows(1)) << "nobody is found by a number whose deletion is under way";
  disk_.failure = BadDisk::kNone;
  ASSERT_TRUE(AwaitCompleted(1));
  EXPECT_TRUE(Eventually([&] { return eraser_->trouble().empty() && open.Value() == 0; }));
  EXPECT_EQ(Completed()[0].erasure_completed().request_position(), request.value);
}

TEST_F(EraserTest, AVaultFromAnOlderBackupForgetsThemAgain) {
  const SubjectId subject = Meet(1);
  const SubjectId other = Meet(2);
  Close();
  const std::string backup = directory_.Path("backup"), vault = VaultFiles().directory;
  std::filesystem::copy(vault, backup);
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(Request("erase-1", subject));
  Restart();
  StartErasing();
  ASSERT_TRUE(AwaitCompleted(1));
  Close();
  std::filesystem::remove_all(vault);
  std::filesystem::copy(backup, vault);
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Knows(1)) << "the backup is older";
  // Without room for its files it is served all the same.
  disk_.told_free = 10'000'000;
  ASSERT_EQ(EraseAgain(*registry_, vault_.get()), absl::OkStatus());
  EXPECT_FALSE(Knows(1));
  EXPECT_TRUE(vault_->IsErased(subject));
  EXPECT_FALSE(vault_->IsErasedFromFiles(subject));
  disk_.told_free = CrampedDisk::kPlenty;
  EXPECT_EQ(*vault_->Resolve({Citizen(2), ""}, kLeave), other);
  EXPECT_EQ(EraseAgain(*registry_, vault_.get()), absl::OkStatus());
  EXPECT_EQ(Completed().size(), 1u);
  // No request is open, and the files are written anew all the same.
  StartErasing();
  EXPECT_TRUE(Eventually([&] { return vault_->IsErasedFromFiles(subject); }));
  EXPECT_EQ(Completed().size(), 1u);
}

}  // namespace
}  // namespace sothon::ingest
