// Erasing where there is no room to write the vault's files anew: who asked is forgotten all the same, and recording
// goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/cramped_disk.h"
#include "ingest-service/testing/erase.h"
#include "ingest-service/vault/vault.h"

namespace sothon::ingest {
namespace {

using ::testing::AllOf;
using testing::CrampedDisk;
using testing::Erase;
using ::testing::HasSubstr;

constexpr auto kMint = Vault::WhenUnknown::kMint;
constexpr auto kLeave = Vault::WhenUnknown::kLeave;
constexpr int kPeople = 60'000;
// Enough for the table that a deletion becomes, and not for the others.
constexpr int64_t kLittle = 64 << 10;

std::string Citizen(int person) { return StrCat(100'000'000'000 + person); }

class EraseRoomTest : public ::testing::Test {
 protected:
  void SetUp() override {
    disk_.at_table = [this] {
      if (canceled_at_table_ && disk_.tables == canceled_at_table_) canceled_ = true;
    };
    ASSERT_NO_FATAL_FAILURE(Open());
    for (int person = 0; person < kPeople; ++person) ASSERT_TRUE(vault_->Resolve({Citizen(person), ""}, kMint).ok());
    ASSERT_TRUE(vault_->Persist().ok());
    ASSERT_NO_FATAL_FAILURE(Open());
    subject_ = *vault_->Resolve({Citizen(7), ""}, kLeave);
  }
  void Open() {
    vault_.reset();
    VaultOptions options;
    options.directory = directory_.Path("vault");
    options.key_file = directory_.Path("vault.key");
    options.env = &disk_;
    auto vault = Vault::Open(options);
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
  }
  void ExpectForgotten() {
    EXPECT_TRUE(vault_->IsErased(subject_));
    EXPECT_FALSE(vault_->IsErasedFromFiles(subject_));
    EXPECT_TRUE(vault_->HasFilesToRewrite());
    EXPECT_TRUE(vault_->Resolve({Citizen(7), ""}, kLeave)->IsZero());
  }
  // `people` more are recorded, without the vault being opened anew for it.
  void ExpectRecordingGoesOn(int people) {
    const int manifests = disk_.manifests;
    for (int i = 0; i < people; ++i) {
      ASSERT_TRUE(vault_->Resolve({Citizen(kPeople + more_++), ""}, kMint).ok());
      if (i % 1'000 == 0) {
        ASSERT_EQ(vault_->Persist(), absl::OkStatus());
      }
    }
    ASSERT_EQ(vault_->Persist(), absl::OkStatus());
    EXPECT_EQ(disk_.manifests, manifests) << "the vault was taken for failed";
  }

  const sothon::testing::TempDir directory_;
  CrampedDisk disk_;
  std::atomic<bool> canceled_{false};
  std::atomic<int> canceled_at_table_{0};
  std::unique_ptr<Vault> vault_;
  SubjectId subject_;
  int more_ = 0;
};

TEST_F(EraseRoomTest, WithoutRoomNothingIsWrittenAndTheLinkIsGone) {
  disk_.told_free = 100'000'000;
  const int tables = disk_.tables;
  const absl::Status refused = Erase(vault_.get(), {{subject_}});
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(refused.message(), AllOf(HasSubstr("135 MB that recording keeps"), HasSubstr("100 MB are free"),
                                       HasSubstr(directory_.Path("vault")), HasSubstr("MB more there")));
  EXPECT_EQ(disk_.tables, tables);
  ExpectForgotten();
  ExpectRecordingGoesOn(10);
  ASSERT_NO_FATAL_FAILURE(Open());
  ExpectForgotten();
  // The reserve alone is not enough: there is a copy beside it.
  disk_.told_free = 128 << 20;
  EXPECT_EQ(vault_->RewriteFiles().code(), absl::StatusCode::kResourceExhausted);
  disk_.told_free = (128 << 20) + (64 << 20);
  EXPECT_EQ(vault_->RewriteFiles(), absl::OkStatus());
  EXPECT_TRUE(vault_->IsErasedFromFiles(subject_));
  EXPECT_FALSE(vault_->HasFilesToRewrite());
  const int written = disk_.tables;
  EXPECT_EQ(Erase(vault_.get(), {{subject_}}), absl::OkStatus());
  EXPECT_EQ(disk_.tables, written) << "what is done was done again";
}

TEST_F(EraseRoomTest, RoomThatEndsInTheMiddleIsNoFailureOfTheVault) {
  disk_.left_for_tables = kLittle;
  const absl::Status failed = Erase(vault_.get(), {{subject_}});
  EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable) << failed;
  EXPECT_THAT(failed.message(), HasSubstr("No space left on device"));
  ExpectForgotten();
  ExpectRecordingGoesOn(100);
  disk_.left_for_tables = CrampedDisk::kPlenty;
  // Over several of RocksDB's buffers: they are flushed, and nothing stalls.
  ExpectRecordingGoesOn(100'000);
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  absl::Status status;
  do {
    status = vault_->RewriteFiles();  // RocksDB looks every few seconds whether there is room again
  } while (!status.ok() && absl::Now() < deadline);
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_TRUE(vault_->IsErasedFromFiles(subject_));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_TRUE(vault_->Resolve({Citizen(7), ""}, kLeave)->IsZero());
  EXPECT_FALSE(vault_->Resolve({Citizen(8), ""}, kLeave)->IsZero());
}

// A table that RocksDB cannot flush is more than a compaction that failed: then the vault has to be opened anew.
TEST_F(EraseRoomTest, AnErrorOfTheDatabaseItselfStillLeadsToRecovery) {
  disk_.left_for_tables = 0;
  EXPECT_EQ(Erase(vault_.get(), {{subject_}}).code(), absl::StatusCode::kUnavailable);
  ExpectForgotten();
  disk_.left_for_tables = CrampedDisk::kPlenty;
  const int manifests = disk_.manifests;
  ASSERT_TRUE(vault_->Resolve({Citizen(kPeople), ""}, kMint).ok());
  EXPECT_EQ(vault_->Persist(), absl::OkStatus());
  EXPECT_GT(disk_.manifests, manifests);
  EXPECT_EQ(vault_->RewriteFiles(), absl::OkStatus());
}

TEST_F(EraseRoomTest, WritingAnewIsBrokenOffAndDoneAgain) {
  ASSERT_EQ(vault_->Forget({{subject_}}), absl::OkStatus());
  // The first is what the deletion becomes, the second the first of the new files.
  canceled_at_table_ = disk_.tables + 2;
  EXPECT_EQ(vault_->RewriteFiles(&canceled_).code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(canceled_);
  ExpectForgotten();
  ExpectRecordingGoesOn(100);
  EXPECT_EQ(vault_->RewriteFiles(&canceled_).code(), absl::StatusCode::kCancelled);
  canceled_ = false;
  EXPECT_EQ(vault_->RewriteFiles(&canceled_), absl::OkStatus());
  EXPECT_TRUE(vault_->IsErasedFromFiles(subject_));
}

}  // namespace
}  // namespace sothon::ingest
