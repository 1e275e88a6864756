// Forgetting people: at once, on the disk, and whatever is in flight.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "common/base/strings.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/bad_disk.h"
#include "ingest-service/testing/erase.h"
#include "ingest-service/vault/key_file.h"
#include "ingest-service/vault/vault.h"
#include "rocksdb/db.h"

namespace sothon::ingest {
namespace {

using testing::BadDisk;
using testing::Erase;

constexpr auto kMint = Vault::WhenUnknown::kMint;
constexpr auto kLeave = Vault::WhenUnknown::kLeave;

std::string Citizen(int person) { return std::to_string(100'000'000'000 + person); }
std::string Insurance(int person) { return std::to_string(1'000'000'000 + person); }

class EraseTest : public ::testing::Test {
 protected:
  VaultOptions Options() const {
    VaultOptions options;
    options.directory = directory_.Path("vault");
    options.key_file = directory_.Path("vault.key");
    return options;
  }
  void Open() { Open(Options()); }
  void Open(const VaultOptions& options) {
    vault_.reset();
    auto vault = Vault::Open(options);
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
  }
  SubjectId Known(const std::string& citizen, const std::string& insurance = "") {
    const auto subject = vault_->Resolve({citizen, insurance}, kLeave);
    EXPECT_TRUE(subject.ok()) << subject.status();
    return subject.ok() ? *subject : SubjectId{};
  }
  SubjectId Stored(const std::string& citizen, const std::string& insurance = "") {
    const auto subject = vault_->Resolve({citizen, insurance}, kMint);
    EXPECT_TRUE(subject.ok()) << subject.status();
    EXPECT_TRUE(vault_->Persist().ok());
    return subject.ok() ? *subject : SubjectId{};
  }
  std::string HashOf(NumberKind kind, const std::string& digits) const {
    return std::string(NumberHasher(*ReadKeyFile(Options().key_file)).Hash(kind, digits).AsBytes());
  }

  // How often `bytes` stand in the files of the vault; not counted where `except` takes the bytes before them.
  size_t Occurrences(std::string_view bytes, bool (*except)(std::string_view before) = nullptr) const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(Options().directory)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      for (size_t at = content.find(bytes); at != content.npos; at = content.find(bytes, at + 1)) {
        const std::string_view before = std::string_view(content).substr(0, at);
        if (except == nullptr || !except(before)) ++count;
      }
    }
    return count;
  }
  // A key in a sorted file stands without what it shares with the one before it.
  size_t HashOccurrences(NumberKind kind, const std::string& digits) const {
    return Occurrences(HashOf(kind, digits).substr(8));
  }
  // Behind the letter of a fence, or the lengths of one that shares just that letter with the fence before it.
  static bool IsFence(std::string_view before) {
    using namespace std::string_view_literals;
    return before.ends_with('F') || before.ends_with("\x01\x18\x00"sv) || before.ends_with("\x01\x18\x01"sv);
  }
  void ExpectNoTrace(const SubjectId& subject, const std::string& citizen, const std::string& insurance = "") {
    EXPECT_EQ(HashOccurrences(NumberKind::kCitizen, citizen), 0u) << citizen;
    if (!insurance.empty()) {
      EXPECT_EQ(HashOccurrences(NumberKind::kSocialInsurance, insurance), 0u) << insurance;
    }
    EXPECT_EQ(Occurrences(subject.AsBytes(), IsFence), 0u) << citizen;
    EXPECT_GT(Occurrences(subject.AsBytes()), 0u) << "the fence of " << citizen;
  }

  const sothon::testing::TempDir directory_;
  std::unique_ptr<Vault> vault_;
};

TEST_F(EraseTest, WhoIsErasedIsUnknownAndAfterwardsSomebodyNew) {
  ASSERT_NO_FATAL_FAILURE(Open());
  const SubjectId erased = Stored(Citizen(1), Insurance(1));
  const SubjectId other = Stored(Citizen(2), Insurance(2));
  EXPECT_FALSE(vault_->has_erased());
  ASSERT_EQ(Erase(vault_.get(), {{erased}}), absl::OkStatus());
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_TRUE(Known(Citizen(1)).IsZero());
    EXPECT_TRUE(Known("", Insurance(1)).IsZero());
    EXPECT_EQ(Known(Citizen(2), Insurance(2)), other);
    EXPECT_TRUE(vault_->has_erased());
    EXPECT_TRUE(vault_->IsErased(erased));
    EXPECT_FALSE(vault_->IsErased(other));
    EXPECT_FALSE(*vault_->KnowsAll(vault_->Hash({Citizen(2), Insurance(1)})));
    EXPECT_TRUE(*vault_->KnowsAll(vault_->Hash({Citizen(2), Insurance(2)})));
    absl::flat_hash_set<SubjectId> subjects = {erased, other};
    EXPECT_TRUE(vault_->RemoveKnown(&subjects).ok());
    EXPECT_TRUE(subjects.empty()) << "the fence stands for whom it keeps out";
    if (opened == 0) {
      ASSERT_NO_FATAL_FAILURE(Open());
    }
  }
  // Neither number is bound to the other any more.
  const SubjectId again = Stored(Citizen(1), Insurance(3));
  EXPECT_NE(again, erased);
  EXPECT_NE(Stored("", Insurance(1)), again);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Known(Citizen(1), Insurance(3)), again);
  EXPECT_TRUE(Erase(vault_.get(), {{erased}}).ok()) << "once more, as after a crash";
  EXPECT_EQ(Known(Citizen(1), Insurance(3)), again);
}

// In a vault of several files, at their edges, which the manifest names, too; flushed or only in the write-ahead log.
TEST_F(EraseTest, NoFileHoldsWhatLedToThem) {
  constexpr int kPeople = 60'000;
  for (const bool only_in_log : {false, true}) {
    SCOPED_TRACE(only_in_log);
    ASSERT_NO_FATAL_FAILURE(Open());
    for (int person = 0; person < kPeople && !only_in_log; ++person) {
      ASSERT_TRUE(vault_->Resolve({Citizen(person), ""}, kMint).ok());
      if (person % 5'000 == 0) {
        ASSERT_TRUE(vault_->Persist().ok());
      }
    }
    std::vector<int> people = {100'001, 100'002};
    if (!only_in_log) {
      const auto by_hash = [&](int a, int b) {
        return HashOf(NumberKind::kCitizen, Citizen(a)) < HashOf(NumberKind::kCitizen, Citizen(b));
      };
      std::vector<int> order(2'000);
      std::iota(order.begin(), order.end(), 0);
      std::sort(order.begin(), order.end(), by_hash);
      people = {order.front(), order.back(), 7, kPeople - 1};
    }
    std::vector<SubjectId> subjects;
    for (const int person : people) subjects.push_back(Stored(Citizen(person), Insurance(person)));
    const SubjectId other = Stored(Citizen(200'000), Insurance(200'000));
    for (const int person : people) {
      EXPECT_GT(HashOccurrences(NumberKind::kCitizen, Citizen(person)), 0u);
      EXPECT_GT(HashOccurrences(NumberKind::kSocialInsurance, Insurance(person)), 0u);
    }
    ASSERT_EQ(Erase(vault_.get(), subjects), absl::OkStatus());
    for (size_t i = 0; i < people.size(); ++i) ExpectNoTrace(subjects[i], Citizen(people[i]), Insurance(people[i]));
    EXPECT_EQ(Known(Citizen(200'000), Insurance(200'000)), other);
    // Nor later, whatever is written then.
    Stored(Citizen(200'001));
    ASSERT_NO_FATAL_FAILURE(Open());
    for (size_t i = 0; i < people.size(); ++i) ExpectNoTrace(subjects[i], Citizen(people[i]), Insurance(people[i]));
    if (!only_in_log) {
      EXPECT_FALSE(Known(Citizen(8)).IsZero());
    }
  }
}

// The claims of a request that was under way when its person was erased say nothing about who has the number now.
TEST_F(EraseTest, OldClaimsDoNotTouchANewPerson) {
  for (const bool old_one_recorded : {false, true}) {
    SCOPED_TRACE(old_one_recorded);
    ASSERT_NO_FATAL_FAILURE(Open());
    const int person = old_one_recorded ? 1 : 2;
    std::vector<NumberClaim> old_claims, new_claims;
    const SubjectId erased = *vault_->Resolve({Citizen(person), Insurance(person)}, kMint, &old_claims);
    ASSERT_TRUE(vault_->Persist().ok());
    ASSERT_EQ(Erase(vault_.get(), {{erased}}), absl::OkStatus());
    const SubjectId now = *vault_->Resolve({Citizen(person), Insurance(person)}, kMint, &new_claims);
    EXPECT_NE(now, erased);
    vault_->Settle(old_claims, old_one_recorded);
    EXPECT_EQ(Known(Citizen(person), Insurance(person)), now);
    ASSERT_TRUE(vault_->Persist().ok());
    EXPECT_EQ(Known(Citizen(person), Insurance(person)), now);
    vault_->Settle(new_claims, false);
    EXPECT_TRUE(Known(Citizen(person)).IsZero());
    EXPECT_TRUE(Known("", Insurance(person)).IsZero());
  }
}

// Since somebody was erased, a single number is tentative, too: it may be that person's, on an old receipt.
TEST_F(EraseTest, ASingleNumberThatNothingRestsOnIsTakenOutAgain) {
  ASSERT_NO_FATAL_FAILURE(Open());
  std::vector<NumberClaim> claims;
  const SubjectId erased = *vault_->Resolve({Citizen(1), ""}, kMint, &claims);
  EXPECT_TRUE(claims.empty());
  ASSERT_EQ(Erase(vault_.get(), {{erased}}), absl::OkStatus());
  for (const bool persisted : {false, true}) {
    for (const bool recorded : {false, true}) {
      claims.clear();
      ASSERT_TRUE(vault_->Resolve({Citizen(1), ""}, kMint, &claims).ok());
      EXPECT_EQ(claims.size(), 1u);
      if (persisted) {
        ASSERT_TRUE(vault_->Persist().ok());
      }
      vault_->Settle(claims, recorded);
      EXPECT_EQ(Known(Citizen(1)).IsZero(), !recorded);
      if (recorded) {
        ASSERT_EQ(Erase(vault_.get(), {{Known(Citizen(1))}}), absl::OkStatus());
      }
    }
  }
}

// While the disk fails, nobody finds the person any more; once it is back, or the machine was started again, the next
// try leaves no trace, also of entries whose own write had failed.
TEST_F(EraseTest, AFailingDiskIsNoWayBack) {
  int person = 0;
  for (const auto failure : {BadDisk::kAtWriting, BadDisk::kAtSync}) {
    for (const bool already_failed : {false, true}) {
      for (const bool restarted : {false, true}) {
        ++person;
        SCOPED_TRACE(StrCat("failure ", static_cast<int>(failure), ", already failed ", already_failed, ", restarted ",
                            restarted));
        BadDisk disk;
        VaultOptions options = Options();
        options.env = &disk;
        options.cache_entries_max = 1;
        ASSERT_NO_FATAL_FAILURE(Open(options));
        const SubjectId subject = Stored(Citizen(person));
        disk.failure = failure;
        if (already_failed) {
          ASSERT_EQ(*vault_->Resolve({Citizen(person), Insurance(person)}, kMint), subject);
          ASSERT_FALSE(vault_->Persist().ok());
        }
        EXPECT_EQ(Erase(vault_.get(), {{subject}}).code(), absl::StatusCode::kUnavailable);
        EXPECT_TRUE(Known(Citizen(person)).IsZero());
        const SubjectId again = *vault_->Resolve({Citizen(person), ""}, kMint);
        EXPECT_NE(again, subject);
        disk.failure = BadDisk::kNone;
        if (restarted) {
          ASSERT_NO_FATAL_FAILURE(Open(options));
        }
        EXPECT_EQ(Erase(vault_.get(), {{subject}}), absl::OkStatus());
        EXPECT_EQ(Known(Citizen(person)), restarted ? SubjectId{} : again);
        EXPECT_TRUE(Known("", Insurance(person)).IsZero());
        if (!restarted) {
          ASSERT_EQ(Erase(vault_.get(), {{again}}), absl::OkStatus());
        }
        ExpectNoTrace(subject, Citizen(person), Insurance(person));
        vault_.reset();
      }
    }
  }
}

// Requests about few people are prepared, stored and settled by several threads while the people are erased: who is
// erased is never found again, and no entry of theirs is left.
TEST_F(EraseTest, WhateverIsInFlightStoresNothingForThem) {
  const unsigned seed = sothon::testing::SeedForThisRun();
  constexpr int kThreads = 3, kErasures = 60, kPeople = 3;
  VaultOptions options = Options();
  options.cache_entries_max = 4;
  ASSERT_NO_FATAL_FAILURE(Open(options));
  std::mutex mutex;
  std::vector<SubjectId> gone;
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(seed + static_cast<unsigned>(t));
      while (!over) {
        const int person = static_cast<int>(random() % kPeople);
        const unsigned numbers = random() % 3;
        size_t gone_before = 0;
        {
          const std::lock_guard<std::mutex> lock(mutex);
          gone_before = gone.size();
        }
        std::vector<NumberClaim> claims;
        const auto subject = vault_->Resolve(
            {numbers == 1 ? "" : Citizen(person), numbers == 0 ? "" : Insurance(person)}, kMint, &claims);
        if (subject.ok()) {
          const std::lock_guard<std::mutex> lock(mutex);
          const auto end = gone.begin() + static_cast<std::ptrdiff_t>(gone_before);
          EXPECT_EQ(std::find(gone.begin(), end, *subject), end) << "an erased subject was found";
        } else {
          EXPECT_EQ(subject.status().code(), absl::StatusCode::kAlreadyExists) << subject.status();
        }
        if (random() % 2 == 0) {
          EXPECT_TRUE(vault_->Persist().ok());
        }
        vault_->Settle(claims, subject.ok() && random() % 2 == 0);
      }
    });
  }
  std::mt19937 random(seed + 99);
  while (gone.size() < kErasures) {
    const int person = static_cast<int>(random() % kPeople);
    const SubjectId subject = random() % 2 == 0 ? Known(Citizen(person)) : Known("", Insurance(person));
    if (subject.IsZero()) continue;
    ASSERT_EQ(Erase(vault_.get(), {{subject}}), absl::OkStatus());
    const std::lock_guard<std::mutex> lock(mutex);
    gone.push_back(subject);
  }
  over = true;
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(vault_->Persist().ok());
  vault_.reset();
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::OpenForReadOnly(rocksdb::Options(), options.directory, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  const std::unique_ptr<rocksdb::Iterator> entries(db->NewIterator(rocksdb::ReadOptions()));
  size_t fences = 0;
  for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
    const std::string key = entries->key().ToString(), value = entries->value().ToString();
    fences += key[0] == 'F';
    for (const SubjectId& subject : gone) {
      if (key[0] == 'S') {
        EXPECT_NE(key.substr(1, 16), subject.AsBytes());
      }
      if (key[0] == 'N') {
        EXPECT_NE(value, subject.AsBytes());
      }
    }
  }
  EXPECT_EQ(fences, gone.size());
}

}  // namespace
}  // namespace sothon::ingest
