#include "ingest-service/audit/checkpointer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "common/base/durable_file.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using testing::AppendOne;
using ::testing::HasSubstr;
using testing::Paid;
using testing::PrepareAll;
using ::testing::SizeIs;

class CheckpointerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OpenLog("log");
    first_ = MakeKey("first.key", "test");
  }
  void OpenLog(const char* name) {
    log_.reset();
    EventLogOptions options;
    options.directory = directory_.path() + "/" + name;
    options.log_id = "test";
    auto log = EventLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  void Append(int events, const char* note = "") {
    for (int i = 0; i < events; ++i) {
      ASSERT_TRUE(AppendOne(log_.get(), PrepareAll({Paid(StrCat(++receipts_), note)}), receipts_).ok());
    }
  }
  note::VerifierKey MakeKey(const char* file, const char* name) {
    auto key = note::SignerKey::Generate(name, note::KeyType::kNote);
    EXPECT_TRUE(note::CreateSignerKeyFile(directory_.path() + "/" + file, *key).ok());
    return key->verifier();
  }
  absl::StatusOr<std::unique_ptr<Checkpointer>> Open(std::vector<std::string> files = {"first.key"}) {
    CheckpointerOptions options;
    options.directory = directory_.path();
    for (const std::string& file : files) options.key_files.push_back(directory_.path() + "/" + file);
    return Checkpointer::Open(std::move(options), log_.get());
  }
  merkle::Hash RootNow() const {
    merkle::TreeEdge edge;
    for (const std::string& stored : testing::ReadAll(*log_)) {
      edge.Append(merkle::HashLeaf(stored), [](auto...) {});
    }
    return edge.Root();
  }

  sothon::testing::TempDir directory_;
  std::unique_ptr<EventLog> log_;
  note::VerifierKey first_;
  int receipts_ = 0;
};

TEST_F(CheckpointerTest, SaysHowLongTheLogIsAndWhatItsRootIs) {
  Append(300);
  auto checkpointer = Open();
  ASSERT_TRUE(checkpointer.ok()) << checkpointer.status();
  const auto made = (*checkpointer)->Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const auto opened = note::OpenCheckpoint(made->note, {first_}, note::OriginRule::kSignedByLog);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->checkpoint.origin, "test");
  EXPECT_EQ(opened->checkpoint.size, 300u);
  EXPECT_EQ(opened->checkpoint.root, RootNow());
  EXPECT_EQ(ReadWholeFile(directory_.path() + "/checkpoint").value(), made->note) << "durable";
  Append(1);
  EXPECT_EQ((*checkpointer)->Newest()->checkpoint.size, 300u);
  EXPECT_EQ((*checkpointer)->Make()->checkpoint.size, 301u);
  EXPECT_EQ((*checkpointer)->Newest()->checkpoint.size, 301u);
}

TEST_F(CheckpointerTest, AnEmptyLogHasOneToo) {
  const auto made = Open().value()->Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->checkpoint.root, merkle::EmptyRoot());
}

TEST_F(CheckpointerTest, MakesThemByItself) {
  CheckpointerOptions options;
  options.directory = directory_.path();
  options.key_files = {directory_.path() + "/first.key"};
  options.every = absl::Milliseconds(5);
  auto checkpointer = Checkpointer::Open(std::move(options), log_.get());
  ASSERT_TRUE(checkpointer.ok()) << checkpointer.status();
  (*checkpointer)->Start();
  Append(3);
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  const auto size = [&] {
    const auto newest = (*checkpointer)->Newest();
    return newest.ok() ? newest->checkpoint.size : 0;
  };
  while (size() < 3 && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(2));
  EXPECT_EQ(size(), 3u);
  EXPECT_EQ((*checkpointer)->trouble(), "");
}

TEST_F(CheckpointerTest, TwoKeysSignWhileOneTakesThePlaceOfTheOther) {
  const note::VerifierKey second = MakeKey("second.key", "test");
  Append(2);
  const std::string old = Open().value()->Make()->note;
  const auto both = Open({"first.key", "second.key"}).value()->Make();
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_NE(both->note, old) << "the new key signs what the old one has signed";
  for (const note::VerifierKey& key : {first_, second}) {
    EXPECT_TRUE(note::OpenCheckpoint(both->note, {key}, note::OriginRule::kSignedByLog).ok());
  }
  EXPECT_THAT(note::OpenCheckpoint(both->note, {first_, second}, note::OriginRule::kAny)->signers, SizeIs(2));
  const auto after = Open({"second.key"}).value()->Make();
  EXPECT_FALSE(note::OpenCheckpoint(after->note, {first_}, note::OriginRule::kAny).ok());
}

// Nothing comes any more, and auditors know the new key only.
TEST_F(CheckpointerTest, AfterAChangeOfKeysWhatTheOldOneSignedIsNotShownAgain) {
  Append(2);
  ASSERT_TRUE(Open().value()->Make().ok());
  EXPECT_EQ(Open().value()->Newest()->checkpoint.size, 2u) << "by the same key it is";
  const note::VerifierKey second = MakeKey("second.key", "test");
  auto checkpointer = Open({"first.key", "second.key"}).value();
  EXPECT_EQ(checkpointer->Newest().status().code(), absl::StatusCode::kUnavailable);
  checkpointer->Start();
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!checkpointer->Newest().ok() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(2));
  ASSERT_TRUE(checkpointer->Newest().ok());
  EXPECT_TRUE(note::OpenCheckpoint(checkpointer->Newest()->note, {second}, note::OriginRule::kSignedByLog).ok());
}

TEST_F(CheckpointerTest, WhoeverAsksIsAnsweredOnce) {
  Append(2);
  auto checkpointer = Open().value();
  std::atomic<int> good = 0, refused = 0;
  const auto count = [&](const absl::StatusOr<Checkpointer::Signed>& made) { ++(made.ok() ? good : refused); };
  checkpointer->MakeSoon(count);
  EXPECT_EQ(refused, 1) << "it was not started";
  checkpointer->Start();
  for (int i = 0; i < 100; ++i) checkpointer->MakeSoon(count);
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (good < 100 && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(2));
  EXPECT_EQ(good, 100);
  checkpointer->Stop();
  checkpointer->MakeSoon(count);
  EXPECT_EQ(refused, 2);
}

TEST_F(CheckpointerTest, WithoutAKeyThereIsNone) {
  Append(1);
  const auto refused = Open({}).value()->Newest();
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("sothon audit keygen test"));
}

TEST_F(CheckpointerTest, AKeyOfAnotherLogOrThatOthersMayReadIsRefused) {
  MakeKey("other.key", "another-log");
  EXPECT_THAT(std::string(Open({"other.key"}).status().message()), HasSubstr("the log is \"test\""));
  std::filesystem::permissions(directory_.path() + "/first.key", std::filesystem::perms(0644));
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("chmod 600"));
  EXPECT_EQ(Open({"missing.key"}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(CheckpointerTest, ALogThatIsNotWhatWasSignedIsRefused) {
  Append(20);
  ASSERT_TRUE(Open().value()->Make().ok());
  OpenLog("shorter");
  receipts_ = 0;
  Append(19);
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("a checkpoint of 20 events was signed"));
  Append(1, "otherwise");
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("are not those that a checkpoint was signed for"));
  OpenLog("log");
  EXPECT_TRUE(Open().ok());
}

}  // namespace
}  // namespace sothon::ingest
