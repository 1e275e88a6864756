// Disks that are full or damaged: clear words, no lost event, and serving again when it is mended.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fault/small_disk.h"
#include "tests/harness/eventually.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr absl::Duration kEndMax = absl::Seconds(30);

class StorageTest : public ::testing::Test {
 protected:
  StorageTest() : stack_(WithoutBus()) {}
  static Stack::Options WithoutBus() {
    Stack::Options options;
    options.bus_enabled = false;
    return options;
  }

  void RecordRegistry() {
    std::vector<v1::Submission> registry;
    for (v1::Event& event : MinimalRegistry(2)) registry.push_back(Submit(std::move(event)));
    ASSERT_TRUE(stack_.Record(std::move(registry)).ok());
  }
  // A request of contributions, once; what ingest says.
  grpc::Status RecordOnce(int contributions = 20) {
    v1::RecordRequest request;
    for (int i = 0; i < contributions; ++i) {
      ContributionSpec spec;
      spec.person = ++people_;
      spec.receipt = StrCat("BL-", people_);
      *request.add_submissions() = SubmitFor(spec.person, Contribution(spec));
    }
    const grpc::Status status = Send(request);
    if (!status.ok()) refused_.push_back(std::move(request));
    return status;
  }
  grpc::Status Send(const v1::RecordRequest& request) {
    v1::RecordResponse response;
    const grpc::Status status = stack_.IngestStub()->Record(WithDeadline(absl::Seconds(10)).get(), request, &response);
    if (status.ok()) {
      for (int i = 0; i < request.submissions_size(); ++i) {
        acknowledged_.emplace_back(response.receipts(i).position(), request.submissions(i).event().event_id());
      }
    }
    return status;
  }
  // The first person again, with a BHXH number beside the number that is on file.
  static v1::RecordRequest Linking(const std::string& social_insurance_number) {
    ContributionSpec spec;
    spec.person = 1;
    spec.receipt = "BL-linking";
    v1::RecordRequest request;
    v1::Submission* submission = request.add_submissions();
    *submission = SubmitFor(spec.person, Contribution(spec));
    submission->mutable_identity()->set_social_insurance_number(social_insurance_number);
    return request;
  }
  void ExpectAcknowledgedEvents() {
    const auto events = stack_.ReadAll();
    ASSERT_TRUE(events.ok()) << events.status();
    for (const auto& [position, event_id] : acknowledged_) {
      ASSERT_LE(position, events->size());
      EXPECT_EQ((*events)[position - 1].event_id(), event_id) << "at " << position;
    }
  }
  // Each refused request is in the log as a whole, or nothing of it is.
  void ExpectNothingHalfApplied() {
    const auto events = stack_.ReadAll();
    ASSERT_TRUE(events.ok()) << events.status();
    std::set<std::string> recorded;
    for (const v1::Event& event : *events) EXPECT_TRUE(recorded.insert(event.event_id()).second) << event.event_id();
    for (const v1::RecordRequest& request : refused_) {
      const auto present = std::count_if(
          request.submissions().begin(), request.submissions().end(),
          [&](const v1::Submission& submission) { return recorded.contains(submission.event().event_id()); });
      EXPECT_THAT(present, AnyOf(0, request.submissions_size()));
    }
  }
  // The newest write-ahead log in which the events are.
  std::string NewestLogFile() {
    std::string newest;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(stack_.ingest().data_directory())) {
      const std::string path = entry.path().string();
      const bool of_events = path.find("vault") == std::string::npos;
      if (entry.path().extension() == ".log" && of_events && entry.file_size() > 0 &&
          (newest.empty() || entry.path().filename() > std::filesystem::path(newest).filename())) {
        newest = path;
      }
    }
    return newest;
  }

  Stack stack_;
  uint64_t people_ = 0;
  std::vector<std::pair<uint64_t, std::string>> acknowledged_;
  std::vector<v1::RecordRequest> refused_;
};

TEST_F(StorageTest, IngestOnAFullDiskRefusesTurnsNotServingAndComesBack) {
  stack_.ingest().LimitFileBytes(256 << 10);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ASSERT_TRUE(stack_.ingest().AwaitServing());
  RecordRegistry();
  grpc::Status status;
  for (int i = 0; i < 500 && status.ok(); ++i) status = RecordOnce();
  ASSERT_FALSE(status.ok()) << "the limit was never reached";
  EXPECT_THAT(status.error_code(), AnyOf(grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::RESOURCE_EXHAUSTED));
  EXPECT_FALSE(status.error_message().empty());
  EXPECT_TRUE(stack_.ingest().AwaitServing(false));
  EXPECT_FALSE(stack_.IngestStatus()->trouble().empty());
  EXPECT_FALSE(acknowledged_.empty());
  ExpectAcknowledgedEvents();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Send(Linking("0000000008")).error_code(), grpc::StatusCode::UNAVAILABLE);

  stack_.ingest().LiftLimit();
  EXPECT_TRUE(Eventually([&] { return RecordOnce().ok(); })) << "it goes on without a restart";
  const grpc::Status corrected = Send(Linking("0000000009"));
  EXPECT_TRUE(corrected.ok()) << "the wrong number was never written: " << corrected.error_message();
  EXPECT_TRUE(stack_.ingest().AwaitServing());
  EXPECT_TRUE(Eventually([&] { return stack_.IngestStatus()->trouble().empty(); }));
  ExpectAcknowledgedEvents();
  stack_.ingest().Kill();
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ExpectAcknowledgedEvents();
}

// No limit of the process here: the file system itself has no room left, for the events, their tables or the vault.
TEST_F(StorageTest, WhenTheDiskIsReallyFullNothingIsLostAndRoomIsEnoughToGoOn) {
  constexpr size_t kDiskBytes = 64 << 20;
  constexpr size_t kBallastBytes = 32 << 20;
  const SmallDisk disk(stack_.ingest().data_directory(), kDiskBytes);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ASSERT_TRUE(disk.PutBallast(kBallastBytes));
  stack_.ingest().SetConfig(StrCat("[bus]\nenabled = false\n[log]\nid = \"", kLogId,
                                   "\"\nprovince_id = \"51\"\nwrite_buffer_bytes = ", 4 << 20,
                                   "\nindex_events_in_memory = 8192\n"));
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  RecordRegistry();

  grpc::Status status;
  for (int i = 0; i < 1'000 && status.ok(); ++i) status = RecordOnce(500);
  ASSERT_FALSE(status.ok()) << "the disk was never full";
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_THAT(status.error_message(), HasSubstr(stack_.ingest().data_directory()));
  EXPECT_THAT(status.error_message(), HasSubstr("No space left on device"));
  EXPECT_TRUE(stack_.ingest().AwaitServing(false));
  EXPECT_TRUE(Eventually([&] {
    const std::string trouble = stack_.IngestStatus()->trouble();
    return trouble.find("No space left on device") != std::string::npos &&
           trouble.find("free space there; it goes on by itself") != std::string::npos;
  })) << stack_.IngestStatus()->trouble();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(RecordOnce(500).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_GT(acknowledged_.size(), 10'000u);
  ExpectAcknowledgedEvents();

  ASSERT_TRUE(disk.DropBallast());
  ASSERT_TRUE(Eventually([&] { return RecordOnce(1).ok(); }, absl::Seconds(10))) << "it goes on without a restart";
  ExpectNothingHalfApplied();
  for (const v1::RecordRequest& request : refused_) EXPECT_TRUE(Send(request).ok());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(RecordOnce(500).ok());
  EXPECT_TRUE(stack_.ingest().AwaitServing());
  EXPECT_TRUE(Eventually([&] { return stack_.IngestStatus()->trouble().empty(); }));
  ExpectAcknowledgedEvents();
  ExpectNothingHalfApplied();
  stack_.ingest().Kill();
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ExpectAcknowledgedEvents();
  EXPECT_EQ(stack_.Head(), acknowledged_.back().first);
}

TEST_F(StorageTest, AProjectionOnAFullDiskTurnsNotServingAndComesBack) {
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  stack_.projection().LimitFileBytes(256 << 10);
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  RecordRegistry();
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(RecordOnce().ok());
  EXPECT_TRUE(stack_.projection().AwaitServing(false)) << "the limit was never reached";
  EXPECT_FALSE(stack_.ProjectionStatus()->trouble().empty());
  stack_.projection().LiftLimit();
  EXPECT_TRUE(stack_.AwaitProjected());
  EXPECT_TRUE(stack_.projection().AwaitServing());
  v1::RebuildResponse rebuilt;
  v1::RebuildRequest compare_only;
  compare_only.set_dry_run(true);
  const grpc::Status status =
      stack_.ProgressStub()->Rebuild(WithDeadline(absl::Minutes(1)).get(), compare_only, &rebuilt);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(StorageTest, AWriteCutShortByACrashIsDroppedAndEverythingAcknowledgedStays) {
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  RecordRegistry();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(RecordOnce().ok());
  const uint64_t head = stack_.Head();
  stack_.ingest().Kill();
  {
    // A record that says it has 1,000 bytes, and ends after 10: as a crash in the middle of a write leaves it.
    const char torn[] =
        "\x12\x34\x56\x78\xe8\x03\x01"
        "0123456789";
    std::ofstream(NewestLogFile(), std::ios::binary | std::ios::app).write(torn, sizeof torn - 1);
  }
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  EXPECT_EQ(stack_.Head(), head);
  ExpectAcknowledgedEvents();
  EXPECT_TRUE(RecordOnce().ok());
  ExpectAcknowledgedEvents();
}

TEST_F(StorageTest, ADamagedWriteAheadLogIsRefusedNotShortened) {
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  RecordRegistry();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(RecordOnce().ok());
  stack_.ingest().Kill();
  const std::string path = NewestLogFile();
  ASSERT_FALSE(path.empty());
  std::string bytes = ReadWholeFile(path);
  ASSERT_GT(bytes.size(), 4'000u);
  for (size_t i = 0; i < 8; ++i) bytes[bytes.size() / 3 + i] = static_cast<char>(~bytes[bytes.size() / 3 + i]);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  const ProcessResult result =
      RunProcess({ProgramPath("sothon-ingest"), "--config", stack_.ingest().config_path()}, kEndMax);
  EXPECT_EQ(result.exit_status, 1) << result.standard_error;
  EXPECT_THAT(result.standard_error, HasSubstr(stack_.ingest().data_directory()));
}

TEST_F(StorageTest, ALogRestoredFromAnOlderCopyStopsTheProjectionVisibly) {
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  RecordRegistry();
  stack_.ingest().Kill();
  const std::string backup = stack_.directory() + "/backup";
  std::filesystem::copy(stack_.ingest().data_directory(), backup, std::filesystem::copy_options::recursive);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(RecordOnce().ok());
  ASSERT_TRUE(stack_.AwaitProjected());
  const uint64_t projected = stack_.Projected();
  stack_.ingest().Kill();
  std::filesystem::remove_all(stack_.ingest().data_directory());
  std::filesystem::copy(backup, stack_.ingest().data_directory(), std::filesystem::copy_options::recursive);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  EXPECT_TRUE(stack_.projection().AwaitServing(false));
  const auto status = stack_.ProjectionStatus();
  ASSERT_TRUE(status.ok()) << "what it knows can still be read: " << status.status();
  EXPECT_EQ(status->freshness().position(), projected);
  EXPECT_THAT(status->trouble(), HasSubstr("older copy of the log"));
}

}  // namespace
}  // namespace sothon::testing
