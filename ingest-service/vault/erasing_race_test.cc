// Erasing at the very moment at which others use what is erased: each test stops one of them at its disk.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/erase.h"
#include "ingest-service/vault/key_file.h"
#include "ingest-service/vault/vault.h"
#include "rocksdb/env.h"

namespace sothon::ingest {
namespace {

using testing::Erase;

constexpr auto kMint = Vault::WhenUnknown::kMint;
constexpr auto kLeave = Vault::WhenUnknown::kLeave;

// A disk that calls a test back, once, at the next read of a sorted file or the next write to a write-ahead log.
class WatchedDisk : public rocksdb::EnvWrapper {
 public:
  WatchedDisk() : EnvWrapper(rocksdb::Env::Default()) {}
  void AtNextRead(std::function<void()> call) { Arm(&at_read_, std::move(call)); }
  void AtNextLogWrite(std::function<void()> call) { Arm(&at_log_write_, std::move(call)); }
  bool called() const { return called_; }
  std::atomic<bool> takes_sorted_files{true};

  rocksdb::Status NewRandomAccessFile(const std::string& name, std::unique_ptr<rocksdb::RandomAccessFile>* file,
                                      const rocksdb::EnvOptions& options) override {
    std::unique_ptr<rocksdb::RandomAccessFile> real;
    const rocksdb::Status status = target()->NewRandomAccessFile(name, &real, options);
    if (status.ok()) *file = std::make_unique<Sorted>(std::move(real), this);
    return status;
  }
  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    if (name.ends_with(".sst") && !takes_sorted_files) return rocksdb::Status::IOError("bad disk");
    std::unique_ptr<rocksdb::WritableFile> real;
    const rocksdb::Status status = target()->NewWritableFile(name, &real, options);
    if (!status.ok()) return status;
    *file = name.ends_with(".log") ? std::make_unique<Log>(std::move(real), this) : std::move(real);
    return status;
  }

 private:
  class Sorted : public rocksdb::RandomAccessFile {
   public:
    Sorted(std::unique_ptr<rocksdb::RandomAccessFile> real, WatchedDisk* disk) : real_(std::move(real)), disk_(disk) {}
    rocksdb::Status Read(uint64_t offset, size_t n, rocksdb::Slice* result, char* scratch) const override {
      disk_->Call(&disk_->at_read_);
      return real_->Read(offset, n, result, scratch);
    }

   private:
    const std::unique_ptr<rocksdb::RandomAccessFile> real_;
    WatchedDisk* const disk_;
  };
  class Log : public rocksdb::WritableFileWrapper {
   public:
    Log(std::unique_ptr<rocksdb::WritableFile> real, WatchedDisk* disk)
        : WritableFileWrapper(real.get()), real_(std::move(real)), disk_(disk) {}
    using WritableFileWrapper::Append;
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      disk_->Call(&disk_->at_log_write_);
      return WritableFileWrapper::Append(data);
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> real_;
    WatchedDisk* const disk_;
  };
  void Arm(std::function<void()>* slot, std::function<void()> call) {
    absl::MutexLock lock(&mutex_);
    called_ = false;
    *slot = std::move(call);
  }
  void Call(std::function<void()>* slot) {
    std::function<void()> call;
    {
      absl::MutexLock lock(&mutex_);
      std::swap(call, *slot);
    }
    if (call == nullptr) return;
    called_ = true;
    call();
  }

  absl::Mutex mutex_;
  std::function<void()> at_read_, at_log_write_;
  std::atomic<bool> called_{false};
};

class EraseRaceTest : public ::testing::Test {
 protected:
  void Open() {
    vault_.reset();
    VaultOptions options;
    options.directory = directory_.Path("vault");
    options.key_file = directory_.Path("vault.key");
    options.cache_entries_max = 1;
    options.env = &disk_;
    auto vault = Vault::Open(options);
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
  }
  // Enough people that the first and the last do not stand in one block; then everything is read from the disk anew.
  void Fill() {
    ASSERT_NO_FATAL_FAILURE(Open());
    const NumberHasher hasher(*ReadKeyFile(directory_.Path("vault.key")));
    std::vector<std::pair<std::array<uint8_t, 32>, std::string>> people;
    for (int person = 0; person < 3'000; ++person) {
      const std::string number = std::to_string(100'000'000'000 + person);
      people.emplace_back(hasher.Hash(NumberKind::kCitizen, number).bytes, number);
      ASSERT_TRUE(vault_->Resolve({number, ""}, kMint).ok());
    }
    ASSERT_TRUE(vault_->Persist().ok());
    std::sort(people.begin(), people.end());
    first_ = people.front().second;
    last_ = people.back().second;
  }
  SubjectId Known(const std::string& citizen, const std::string& insurance = "") {
    const auto subject = vault_->Resolve({citizen, insurance}, kLeave);
    EXPECT_TRUE(subject.ok()) << subject.status();
    return subject.ok() ? *subject : SubjectId{};
  }
  void BeginErasing(const SubjectId& subject) {
    erasing_ = std::thread([this, subject] { EXPECT_EQ(Erase(vault_.get(), {{subject}}), absl::OkStatus()); });
  }
  bool AwaitFence(const SubjectId& subject, absl::Duration timeout) {
    const absl::Time deadline = absl::Now() + timeout;
    while (!vault_->IsErased(subject) && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
    return vault_->IsErased(subject);
  }

  const sothon::testing::TempDir directory_;
  WatchedDisk disk_;
  std::unique_ptr<Vault> vault_;
  std::thread erasing_;
  std::string first_, last_;  // the numbers whose hashes are the smallest and the largest
};

// One number has led to the person, the other is still being looked for: the new link must not be theirs.
TEST_F(EraseRaceTest, ASecondNumberIsNotLinkedToWhoWasErasedMeanwhile) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  // Far from the first one, so that it stands in another block.
  const NumberHasher hasher(*ReadKeyFile(directory_.Path("vault.key")));
  int insured = 0;
  while (hasher.Hash(NumberKind::kSocialInsurance, StrCat(1'000'000'000 + insured)).bytes[0] < 0x80) ++insured;
  const std::string insurance = StrCat(1'000'000'000 + insured);
  // The second number was withdrawn: what is left of it on the disk has to be read to know.
  std::vector<NumberClaim> claims;
  const SubjectId subject = *vault_->Resolve({first_, insurance}, kMint, &claims);
  ASSERT_TRUE(vault_->Persist().ok());
  vault_->Settle(claims, false);
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_EQ(Known(first_), subject) << "in the cache now";
  disk_.AtNextRead([&] {
    BeginErasing(subject);
    EXPECT_TRUE(AwaitFence(subject, absl::Seconds(20)));
  });
  const SubjectId found = *vault_->Resolve({first_, insurance}, kMint);
  EXPECT_TRUE(disk_.called());
  erasing_.join();
  EXPECT_NE(found, subject);
  ASSERT_TRUE(vault_->Persist().ok());
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Known(first_, insurance), found);
}

// While the vault is searched for the person's entries, the number becomes somebody new's, and is stored.
TEST_F(EraseRaceTest, ANumberThatIsSomebodyElsesMeanwhileIsNotDeleted) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const SubjectId subject = Known(last_);
  ASSERT_NO_FATAL_FAILURE(Open());
  SubjectId now;
  disk_.AtNextRead([&] {
    now = *vault_->Resolve({last_, ""}, kMint);
    EXPECT_TRUE(vault_->Persist().ok());
  });
  EXPECT_EQ(Erase(vault_.get(), {{subject}}), absl::OkStatus());
  EXPECT_TRUE(disk_.called());
  EXPECT_NE(now, subject);
  EXPECT_EQ(Known(last_), now);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Known(last_), now);
}

// The person's first entry is being written: erasing waits for it, and takes it out.
TEST_F(EraseRaceTest, AnEntryThatIsBeingWrittenIsErasedToo) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const std::string number = "200000000000";
  const SubjectId subject = *vault_->Resolve({number, ""}, kMint);
  disk_.AtNextLogWrite([&] {
    BeginErasing(subject);
    EXPECT_FALSE(AwaitFence(subject, absl::Milliseconds(50)));
  });
  EXPECT_TRUE(vault_->Persist().ok());
  EXPECT_TRUE(disk_.called());
  erasing_.join();
  EXPECT_TRUE(Known(number).IsZero());
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_TRUE(Known(number).IsZero());
}

// Deleted and fenced, but the files could not be written anew before the process ended: that is remembered.
TEST_F(EraseRaceTest, FilesThatWereNotWrittenAnewAreRemembered) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const SubjectId subject = Known(last_);
  disk_.AtNextLogWrite([&] { disk_.takes_sorted_files = false; });
  EXPECT_EQ(Erase(vault_.get(), {{subject}}).code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(disk_.called());
  EXPECT_TRUE(vault_->IsErased(subject));
  EXPECT_FALSE(vault_->IsErasedFromFiles(subject));
  disk_.takes_sorted_files = true;
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_TRUE(Known(last_).IsZero());
  EXPECT_TRUE(vault_->IsErased(subject));
  EXPECT_FALSE(vault_->IsErasedFromFiles(subject));
  EXPECT_EQ(Erase(vault_.get(), {{subject}}), absl::OkStatus());
  EXPECT_TRUE(vault_->IsErasedFromFiles(subject));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_TRUE(vault_->IsErasedFromFiles(subject));
}

}  // namespace
}  // namespace sothon::ingest
