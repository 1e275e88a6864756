#include "ingest-service/vault/vault.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "common/base/strings.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/bad_disk.h"

namespace sothon::ingest {
namespace {

constexpr auto kMint = Vault::WhenUnknown::kMint;
constexpr auto kLeave = Vault::WhenUnknown::kLeave;

class VaultTest : public ::testing::Test {
 protected:
  VaultOptions Options() const {
    VaultOptions options;
    options.directory = directory_.path() + "/vault";
    options.key_file = directory_.path() + "/vault.key";
    return options;
  }
  std::unique_ptr<Vault> Open() { return Open(Options()); }
  static std::unique_ptr<Vault> Open(const VaultOptions& options) {
    auto vault = Vault::Open(options);
    EXPECT_TRUE(vault.ok()) << vault.status();
    return *std::move(vault);
  }
  const sothon::testing::TempDir directory_;
};

TEST_F(VaultTest, TheSamePersonIsTheSameSubjectAndAnotherIsNot) {
  const auto vault = Open();
  const SubjectId a = *vault->Resolve({"000000000001", ""}, kMint);
  EXPECT_FALSE(a.IsZero());
  EXPECT_EQ(*vault->Resolve({"000000000001", ""}, kMint), a);
  EXPECT_NE(*vault->Resolve({"000000000002", ""}, kMint), a);
}

TEST_F(VaultTest, WhatWasPersistedSurvivesAndWhatWasNotDoesNot) {
  SubjectId kept, lost;
  {
    const auto vault = Open();
    kept = *vault->Resolve({"000000000001", ""}, kMint);
    ASSERT_TRUE(vault->Persist().ok());
    lost = *vault->Resolve({"000000000002", ""}, kMint);
  }
  const auto vault = Open();
  EXPECT_EQ(*vault->Resolve({"000000000001", ""}, kLeave), kept);
  EXPECT_TRUE(vault->Resolve({"000000000002", ""}, kLeave)->IsZero());
  EXPECT_NE(*vault->Resolve({"000000000002", ""}, kMint), lost);
}

TEST_F(VaultTest, AskingWithoutMintingReservesNothing) {
  const auto vault = Open();
  EXPECT_TRUE(vault->Resolve({"000000000001", ""}, kLeave)->IsZero());
  EXPECT_TRUE(vault->Resolve({"000000000001", ""}, kLeave)->IsZero());
}

TEST_F(VaultTest, ASecondNumberIsLinkedToTheSubjectOfTheFirst) {
  const auto vault = Open();
  const SubjectId subject = *vault->Resolve({"000000000001", ""}, kMint);
  EXPECT_EQ(*vault->Resolve({"000000000001", "0000000009"}, kMint), subject);
  EXPECT_EQ(*vault->Resolve({"", "0000000009"}, kMint), subject);
}

TEST_F(VaultTest, TwoNumbersOfTwoPersonsAreAConflict) {
  const auto vault = Open();
  ASSERT_TRUE(vault->Resolve({"000000000001", ""}, kMint).ok());
  ASSERT_TRUE(vault->Resolve({"", "0000000009"}, kMint).ok());
  EXPECT_EQ(vault->Resolve({"000000000001", "0000000009"}, kMint).status().code(), absl::StatusCode::kAlreadyExists);
}

// One mistyped BHXH number must not make two people one, whether the first link is still pending or stored.
TEST_F(VaultTest, ASubjectNeverGetsASecondNumberOfAKind) {
  for (const bool persisted : {false, true}) {
    const std::string a = persisted ? "000000000011" : "000000000021";
    const std::string b = persisted ? "000000000012" : "000000000022";
    const std::string shared = persisted ? "0000000031" : "0000000032";
    auto vault = Open();
    const SubjectId first = *vault->Resolve({a, shared}, kMint);
    if (persisted) {
      ASSERT_TRUE(vault->Persist().ok());
      vault.reset();
      vault = Open();
    }
    EXPECT_EQ(vault->Resolve({b, shared}, kMint).status().code(), absl::StatusCode::kAlreadyExists);
    // The refused caller left nobody behind, and is somebody else without the wrong number.
    EXPECT_TRUE(vault->Resolve({b, ""}, kLeave)->IsZero());
    EXPECT_NE(*vault->Resolve({b, ""}, kMint), first);
    EXPECT_EQ(*vault->Resolve({a, shared}, kMint), first);
  }
}

// Of three requests that rest on a new link, only one needs to be recorded for it to stay.
TEST_F(VaultTest, ALinkStaysWhenAnEventRestsOnItAndGoesWhenNoneDoes) {
  for (const bool persisted : {false, true}) {
    for (const bool one_recorded : {false, true}) {
      SCOPED_TRACE(StrCat("persisted ", persisted, ", recorded ", one_recorded));
      const std::string run = std::to_string(persisted) + std::to_string(one_recorded);
      const std::string citizen = "0000000001" + run, right = "00000010" + run, wrong = "00000002" + run;
      auto vault = Open();
      ASSERT_TRUE(vault->Resolve({citizen, ""}, kMint).ok());
      ASSERT_TRUE(vault->Persist().ok());
      const SubjectId subject = *vault->Resolve({citizen, ""}, kLeave);
      std::vector<NumberClaim> minted, both, single;
      EXPECT_EQ(*vault->Resolve({citizen, wrong}, kMint, &minted), subject);
      if (persisted) {
        ASSERT_TRUE(vault->Persist().ok());
      }
      EXPECT_EQ(*vault->Resolve({citizen, wrong}, kMint, &both), subject);
      EXPECT_EQ(*vault->Resolve({"", wrong}, kMint, &single), subject);
      vault->Settle(minted, false);
      EXPECT_EQ(*vault->Resolve({"", wrong}, kLeave), subject) << "others still rest on it";
      vault->Settle(single, one_recorded);
      vault->Settle(both, false);
      for (int opened = 0; opened < 2; ++opened) {
        EXPECT_EQ(*vault->Resolve({citizen, ""}, kLeave), subject);
        EXPECT_EQ(vault->Resolve({"", wrong}, kLeave)->IsZero(), !one_recorded);
        if (opened == 1) continue;
        ASSERT_TRUE(vault->Persist().ok());
        vault.reset();
        vault = Open();
      }
      // The right number is free to be linked now.
      EXPECT_EQ(vault->Resolve({citizen, right}, kMint).ok(), !one_recorded);
    }
  }
}

// Requests about few people, each with one or two numbers, are prepared, stored and settled by several threads in any
// order: what a recorded one rests on is there for ever, and what no recorded one rests on is not.
TEST_F(VaultTest, WhateverTheOrderRecordedEventsKeepTheirNumbers) {
  const unsigned seed = sothon::testing::SeedForThisRun();
  constexpr int kThreads = 4, kRounds = 1'500, kPeople = 3;
  VaultOptions options = Options();
  options.cache_entries_max = 7;
  auto vault = Open(options);
  const auto citizen = [](int person) { return std::to_string(100000000000 + person); };
  const auto insurance = [](int person) { return std::to_string(1000000000 + person); };
  std::mutex mutex;
  std::map<std::string, SubjectId> recorded;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(seed + static_cast<unsigned>(t));
      for (int round = 0; round < kRounds; ++round) {
        const int person = static_cast<int>(random() % kPeople) + round / 10 * kPeople;
        const unsigned numbers = random() % 3;
        const std::string a = numbers == 1 ? "" : citizen(person), b = numbers == 0 ? "" : insurance(person);
        std::vector<NumberClaim> claims;
        const auto subject = vault->Resolve({a, b}, kMint, &claims);
        // Each number may have become a person of its own before.
        const bool in_log = subject.ok() && random() % 2 == 0;
        if (random() % 4 == 0 || in_log) {
          EXPECT_TRUE(vault->Persist().ok());
        }
        vault->Settle(claims, in_log);
        if (!in_log) continue;
        const std::lock_guard<std::mutex> lock(mutex);
        for (const std::string& number : {a, b}) {
          if (number.empty()) continue;
          const auto [known, is_new] = recorded.emplace(number, *subject);
          EXPECT_EQ(known->second, *subject) << number;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(recorded.size(), 100u);
  for (int opened = 0; opened < 2; ++opened) {
    absl::flat_hash_set<SubjectId> subjects;
    for (const auto& [number, subject] : recorded) {
      const bool is_citizen = number.size() == 12;
      EXPECT_EQ(*vault->Resolve({is_citizen ? number : "", is_citizen ? "" : number}, kLeave), subject) << number;
      subjects.insert(subject);
    }
    EXPECT_TRUE(vault->RemoveKnown(&subjects).ok());
    EXPECT_TRUE(subjects.empty());
    vault.reset();
    vault = Open(options);
  }
}

// A link whose write failed, so that it may or may not be stored, and that nobody wants: it is as if it had never been,
// at once, after the disk is back, and after a restart; with everything in memory and with nothing.
TEST_F(VaultTest, ALinkThatAFailedWriteMayHaveStoredCanBeTakenBack) {
  int run = 10;
  for (const auto failure : {testing::BadDisk::kAtWriting, testing::BadDisk::kAtSync}) {
    for (const size_t cache_entries_max : {size_t{1'000}, size_t{1}}) {
      for (const bool settled_after : {false, true}) {
        ++run;
        SCOPED_TRACE(StrCat("failure ", static_cast<int>(failure), ", cache ", cache_entries_max,
                            ", settled after the next write ", settled_after));
        const std::string citizen = StrCat("0000000001", run), wrong = StrCat("00000002", run),
                          right = StrCat("00000003", run);
        testing::BadDisk disk;
        VaultOptions options = Options();
        options.cache_entries_max = cache_entries_max;
        options.env = &disk;
        auto vault = Open(options);
        const SubjectId subject = *vault->Resolve({citizen, ""}, kMint);
        ASSERT_TRUE(vault->Persist().ok());
        std::vector<NumberClaim> claims;
        ASSERT_EQ(*vault->Resolve({citizen, wrong}, kMint, &claims), subject);
        disk.failure = failure;
        ASSERT_FALSE(vault->Persist().ok());
        if (settled_after) {
          disk.failure = testing::BadDisk::kNone;
          ASSERT_TRUE(vault->Persist().ok());
          disk.failure = failure;
        }
        vault->Settle(claims, false);
        EXPECT_TRUE(vault->Resolve({"", wrong}, kLeave)->IsZero());
        disk.failure = testing::BadDisk::kNone;
        EXPECT_EQ(*vault->Resolve({citizen, right}, kMint), subject) << "the corrected row";
        ASSERT_TRUE(vault->Persist().ok());
        EXPECT_TRUE(vault->Resolve({"", wrong}, kLeave)->IsZero());
        vault.reset();
        vault = Open(options);
        EXPECT_TRUE(vault->Resolve({"", wrong}, kLeave)->IsZero());
        EXPECT_EQ(*vault->Resolve({"", right}, kLeave), subject);
        EXPECT_NE(*vault->Resolve({"", wrong}, kMint), subject);
        ASSERT_TRUE(vault->Persist().ok());
        vault.reset();
      }
    }
  }
}

TEST_F(VaultTest, AVaultBelongsToOneLogAndANewOneToAnEmptyOne) {
  const auto vault = Open();
  EXPECT_EQ(vault->BindLog("log-a", false).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(vault->BindLog("log-a", true).ok());
  EXPECT_TRUE(vault->BindLog("log-a", false).ok());
  EXPECT_EQ(vault->BindLog("log-b", true).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(VaultTest, ALostKeyFileOrAnotherKeyIsRefused) {
  { ASSERT_TRUE(Open()->Persist().ok()); }
  std::filesystem::remove(Options().key_file);
  EXPECT_EQ(Vault::Open(Options()).status().code(), absl::StatusCode::kFailedPrecondition);
  VaultOptions other = Options();
  other.directory += "-other";
  Open(other);  // makes a new key
  EXPECT_EQ(Vault::Open(Options()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(VaultTest, ASecondVaultOnTheSameDirectoryIsRefused) {
  const auto vault = Open();
  EXPECT_EQ(Vault::Open(Options()).status().code(), absl::StatusCode::kFailedPrecondition);
}

// Many threads meet the same new people while others persist, with a cache too small to help.
TEST_F(VaultTest, ConcurrentCallersNeverMintTwoSubjectsForOneNumber) {
  VaultOptions options = Options();
  options.cache_entries_max = 3;
  const auto vault = Open(options);
  constexpr int kThreads = 4, kPeople = 400;
  std::vector<std::vector<SubjectId>> seen(kThreads, std::vector<SubjectId>(kPeople));
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int person = 0; person < kPeople; ++person) {
        const std::string digits = std::to_string(100000000000 + person);
        seen[t][person] = *vault->Resolve({digits, ""}, kMint);
        if (person % 5 == t) {
          EXPECT_TRUE(vault->Persist().ok());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<SubjectId> all;
  for (int person = 0; person < kPeople; ++person) {
    for (int t = 1; t < kThreads; ++t) ASSERT_EQ(seen[t][person], seen[0][person]) << person;
    all.insert(seen[0][person]);
  }
  EXPECT_EQ(all.size(), static_cast<size_t>(kPeople));
}

}  // namespace
}  // namespace sothon::ingest
