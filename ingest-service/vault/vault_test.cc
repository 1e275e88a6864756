#include "ingest-service/vault/vault.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <thread>

#include "common/testing/temp_dir.h"

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
  const testing::TempDir directory_;
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
