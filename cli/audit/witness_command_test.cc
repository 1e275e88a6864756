// `sothon audit witness` without a service, and what `audit verify` makes of cosignatures.
#include <cstdlib>

#include "cli/audit/witness_fixture.h"
#include "cli/testing/run_command.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class WitnessCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const Outcome made = RunWith({"audit", "keygen", "witness-1", "--witness", "--out", key_file_});
    ASSERT_EQ(made.exit, kDone) << made.err;
    witness_key_ = made.out.substr(0, made.out.find('\n'));
  }
  Outcome Run(std::vector<std::string> more, const std::string& state = "state") {
    std::vector<std::string> arguments = {"audit", "witness", "--state", temp_.Path(state),
                                          "--key", key_file_, "--log",   log_key_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunWith(arguments);
  }

  sothon::testing::TempDir temp_;
  const std::string export_ = temp_.Path("export");
  const std::string key_file_ = temp_.Path("witness.key");
  const std::string log_key_ = LogKey().verifier().ToString();
  std::string witness_key_;
};

TEST_F(WitnessCommandTest, CosignsAnExportAndPrintsTheNoteAlone) {
  FakeLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const Outcome first = Run({"--export", export_});
  ASSERT_EQ(first.exit, kDone) << first.err;
  EXPECT_THAT(first.out, HasSubstr(log.Checkpoint()));
  EXPECT_THAT(first.out, HasSubstr("— witness-1 "));
  EXPECT_THAT(first.err, HasSubstr("First sight of the log test-log"));

  log.Grow(400);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const std::string out = temp_.Path("cosigned");
  const Outcome second = Run({"--export", export_, "--out", out});
  ASSERT_EQ(second.exit, kDone) << second.err;
  EXPECT_THAT(second.out, HasSubstr("cosigned test-log 700 "));
  EXPECT_THAT(second.err, Not(HasSubstr("First sight")));
  EXPECT_TRUE(
      note::OpenCheckpoint(ReadFile(out), {*note::VerifierKey::Parse(witness_key_)}, note::OriginRule::kAny).ok());
}

TEST_F(WitnessCommandTest, VerifyDemandsAWitness) {
  FakeLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const std::vector<std::string> demand = {"audit", "verify", export_, "--key", log_key_, "--witness", witness_key_};
  const Outcome without = RunWith(demand);
  EXPECT_EQ(without.exit, kRefused);
  EXPECT_THAT(without.out, HasSubstr("the witness witness-1+"));
  EXPECT_THAT(without.out, HasSubstr("did not cosign the checkpoint"));

  ASSERT_EQ(Run({"--export", export_, "--out", export_ + "/checkpoint"}).exit, kDone);
  const Outcome with = RunWith(demand);
  EXPECT_EQ(with.exit, kDone) << with.out;
  EXPECT_THAT(with.out, HasSubstr("signed by witness-1+"));
  EXPECT_THAT(with.out, HasSubstr("signed by test-log+"));
  // The witness's word alone will do, and whoever does not know it passes it over.
  const Outcome alone = RunWith({"audit", "verify", export_, "--witness", witness_key_});
  EXPECT_EQ(alone.exit, kDone) << alone.out;
  EXPECT_THAT(alone.out, Not(HasSubstr("NO SIGNATURE")));
  EXPECT_EQ(RunWith({"audit", "verify", export_, "--key", log_key_}).exit, kDone);

  note::Note note = *note::ParseNote(ReadFile(export_ + "/checkpoint"));
  note.signatures.back().bytes.back() ^= 1;
  WriteFile(export_ + "/checkpoint", note::FormatNote(note));
  EXPECT_EQ(RunWith(demand).exit, kRefused);
  EXPECT_EQ(RunWith({"audit", "verify", export_, "--witness", log_key_}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"audit", "verify", export_, "--witness", "x"}).exit, kWrongUsage);
}

TEST_F(WitnessCommandTest, TheOtherVerifierPassesCosignaturesOver) {
  const char* const source = std::getenv("SOTHON_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "SOTHON_SOURCE is not set; run it with ctest";
  FakeLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  ASSERT_EQ(Run({"--export", export_, "--out", export_ + "/checkpoint"}).exit, kDone);
  const std::string command =
      StrCat("python3 ", source, "/tools/verify_export.py ", export_, " '", log_key_, "' > ", temp_.Path("said"));
  EXPECT_EQ(std::system(command.c_str()), 0) << ReadFile(temp_.Path("said"));
}

TEST_F(WitnessCommandTest, CheckpointsFromFilesInOrder) {
  FakeLog log(5);
  WriteFile(temp_.Path("five"), log.Checkpoint());
  log.Grow(295);
  WriteFile(temp_.Path("all"), log.Checkpoint());
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const Outcome both =
      Run({"--export", export_, "--checkpoint", temp_.Path("five"), "--checkpoint", temp_.Path("all")});
  EXPECT_EQ(both.exit, kDone) << both.err;
  EXPECT_THAT(both.out, HasSubstr("test-log\n5\n"));
  EXPECT_THAT(both.out, HasSubstr("test-log\n300\n"));
  // An old one is refused; that it is old proves nothing.
  const Outcome old = Run({"--export", export_, "--checkpoint", temp_.Path("five")});
  EXPECT_EQ(old.exit, kRefused);
  EXPECT_THAT(old.out, IsEmpty());
  EXPECT_THAT(old.err, Not(HasSubstr("Evidence")));
  FakeLog other(5, "other-log");
  WriteFile(temp_.Path("other"), other.Checkpoint());
  const Outcome mixed = Run({"--export", export_, "--checkpoint", temp_.Path("other")});
  EXPECT_EQ(mixed.exit, kRefused);
  EXPECT_THAT(mixed.err, HasSubstr("the proofs would be those of test-log"));
}

TEST_F(WitnessCommandTest, AForkIsRefusedWithEvidence) {
  FakeLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  ASSERT_EQ(Run({"--export", export_}).exit, kDone);
  FakeLog other(299);
  other.Grow(2, "other");
  const std::string forked = temp_.Path("forked");
  ASSERT_TRUE(ExportTo(forked, &other).ok());
  const std::string out = temp_.Path("cosigned");
  const Outcome refused = Run({"--export", forked, "--out", out});
  EXPECT_EQ(refused.exit, kRefused);
  EXPECT_THAT(refused.err, HasSubstr("NOT PROVEN"));
  EXPECT_THAT(refused.err, HasSubstr(temp_.Path("state") + "/evidence/not-proven-300-301-"));
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(WitnessCommandTest, VerifyKeepsTheSameEvidence) {
  FakeLog log(300);
  const std::string since = temp_.Path("since");
  WriteFile(since, log.Checkpoint());
  for (const uint64_t more : {0, 200}) {
    FakeLog other(250);
    other.Grow(50 + more, "other");
    const std::string forked = temp_.Path(StrCat("forked-", more));
    ASSERT_TRUE(ExportTo(forked, &other).ok());
    const std::string evidence = temp_.Path(StrCat("evidence-", more));
    const Outcome bad =
        RunWith({"audit", "verify", forked, "--key", log_key_, "--since", since, "--evidence", evidence});
    EXPECT_EQ(bad.exit, kRefused);
    EXPECT_THAT(bad.out, HasSubstr(evidence + (more == 0 ? "/fork-300-300-" : "/not-proven-300-500-")));
    ASSERT_TRUE(std::filesystem::exists(evidence)) << bad.err;
    EXPECT_EQ(FilesOf(evidence).size(), more == 0 ? 3 : 4);
  }
  // No evidence of what is only damaged, of another log, or the smaller one of two.
  log.Grow(100);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  FakeLog stranger(300, "other-log");
  WriteFile(temp_.Path("stranger"), stranger.Checkpoint());
  WriteFile(temp_.Path("damaged"), StrCat("x", log.Checkpoint()));
  FakeLog longer(500);
  WriteFile(temp_.Path("longer"), longer.Checkpoint());
  for (const char* file : {"stranger", "damaged", "longer"}) {
    const std::string evidence = temp_.Path("none");
    EXPECT_EQ(
        RunWith({"audit", "verify", export_, "--key", log_key_, "--since", temp_.Path(file), "--evidence", evidence})
            .exit,
        kRefused);
    EXPECT_FALSE(std::filesystem::exists(evidence)) << file;
  }
}

TEST_F(WitnessCommandTest, AnExportKeepsTheSameEvidence) {
  ProvingLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const std::string evidence = temp_.Path("evidence");
  for (const auto& [size, kind] :
       {std::pair{299, "rollback-300-299-"}, {300, "fork-300-300-"}, {301, "not-proven-300-301-"}}) {
    ProvingLog other(100);
    other.Grow(size - 100, "other");
    const auto refused = ExportLog({export_, nullptr, evidence}, &other);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(StrCat("Evidence: ", evidence, "/", kind)));
  }
}

TEST_F(WitnessCommandTest, WhatCannotBe) {
  const Outcome away = RunWith({"--ingest", "127.0.0.1:1", "audit", "witness", "--state", temp_.Path("state"), "--key",
                                key_file_, "--log", log_key_});
  EXPECT_EQ(away.exit, kRefused);
  EXPECT_THAT(away.err, HasSubstr("cannot reach sothon-ingest"));
  EXPECT_EQ(Run({"--every", "5", "--checkpoint", "x"}).exit, kWrongUsage);
  EXPECT_EQ(Run({"--listen", "127.0.0.1:0", "--checkpoint", "x"}).exit, kWrongUsage);
  EXPECT_EQ(Run({"--listen", "127.0.0.1:0", "--out", "x"}).exit, kWrongUsage);
  EXPECT_EQ(Run({"--listen", "nowhere"}).exit, kWrongUsage);
  EXPECT_EQ(Run({"--listen", "192.0.2.1:7480"}).exit, kRefused);
  EXPECT_EQ(Run({"--log", "nonsense"}).exit, kWrongUsage);
  EXPECT_EQ(Run({"--log", witness_key_}).exit, kWrongUsage);
  EXPECT_EQ(Run({"--checkpoint", temp_.Path("nothing")}).exit, kRefused);
  EXPECT_EQ(RunWith({"audit", "witness", "--state", temp_.Path("state"), "--log", log_key_}).exit, kWrongUsage);
  const std::string log_key_file = temp_.Path("log.key");
  ASSERT_EQ(RunWith({"audit", "keygen", "test-log", "--out", log_key_file}).exit, kDone);
  EXPECT_EQ(
      RunWith({"audit", "witness", "--state", temp_.Path("state"), "--key", log_key_file, "--log", log_key_}).exit,
      kWrongUsage);
}

}  // namespace
}  // namespace sothon::cli
