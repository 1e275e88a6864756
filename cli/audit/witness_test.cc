// What a witness cosigns, and what it keeps.
#include "cli/audit/witness.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/audit/witness_fixture.h"
#include "common/base/big_endian.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class WitnessTest : public WitnessTestBase {};

TEST_F(WitnessTest, CosignsWhatGoesOn) {
  OpenWitness();
  ProvingLog log(5);
  WitnessAnswer answer = Ask(&log);
  EXPECT_TRUE(answer.is_first_sight);
  ExpectCosigned(answer, 5);
  for (const uint64_t more : {1, 2, 8, 300}) {
    log.Grow(more);
    ++now_;
    answer = Ask(&log);
    EXPECT_FALSE(answer.is_first_sight);
    ExpectCosigned(answer, log.entries.size());
  }
  EXPECT_THAT(EvidenceFiles(), ElementsAre());
}

TEST_F(WitnessTest, TheSameAgainIsCosignedAgain) {
  OpenWitness();
  ProvingLog log(5);
  Ask(&log);
  now_ += 60;
  ExpectCosigned(Ask(&log), 5);
}

TEST_F(WitnessTest, ALogWithoutEntriesFirst) {
  OpenWitness();
  ProvingLog log(0);
  ExpectCosigned(Ask(&log), 0);
  ExpectCosigned(Ask(&log), 0);
  log.Grow(3);
  ExpectCosigned(Ask(&log), 3);
}

TEST_F(WitnessTest, SeveralLogsAreKeptApart) {
  const note::VerifierKey other = note::TestKey("other/log", note::KeyType::kNote, 'k').verifier();
  OpenWitness({LogKey().verifier(), other});
  ProvingLog log(5);
  ProvingLog other_log(3, "other/log");
  ExpectCosigned(Ask(&log), 5);
  EXPECT_EQ(Ask(&other_log).verdict, Verdict::kCosigned);
  EXPECT_EQ(witness_->Newest("other/log")->size, 3);
  EXPECT_EQ(witness_->Newest(kOrigin)->size, 5);
  EXPECT_TRUE(std::filesystem::exists(directory_ + "/logs/other%2flog.checkpoint"));
}

TEST_F(WitnessTest, WhatIsToldIsStoredFirst) {
  OpenWitness();
  ProvingLog log(5);
  Ask(&log);
  log.Grow(4);
  const WitnessAnswer answer = Ask(&log);
  EXPECT_EQ(Stored(), answer.note);
  EXPECT_EQ(CheckpointOf(Stored())->size, 9);
}

TEST_F(WitnessTest, ADirectoryThatTakesNothingMeansNoCosignature) {
  OpenWitness();
  ProvingLog log(5);
  Ask(&log);
  const std::string before = Stored();
  log.Grow(1);
  // What is written first cannot be: this holds for root, too.
  std::filesystem::create_directory(directory_ + "/logs/test-log.checkpoint.new");
  const auto refused = WitnessLog(witness_.get(), &log, Source::kLogNewest);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("nothing was cosigned"));
  EXPECT_EQ(Stored(), before);
  EXPECT_EQ(witness_->Newest(kOrigin)->size, 5);
  std::filesystem::remove(directory_ + "/logs/test-log.checkpoint.new");
  ExpectCosigned(Ask(&log), 6);
}

TEST_F(WitnessTest, WhatWasSeenIsSeenByTheNextProcess) {
  OpenWitness();
  ProvingLog log(5);
  Ask(&log);
  OpenWitness();
  EXPECT_EQ(witness_->Newest(kOrigin)->size, 5);
  ProvingLog shorter(4);
  EXPECT_EQ(Ask(&shorter).verdict, Verdict::kRolledBack);
  log.Grow(2);
  ExpectCosigned(Ask(&log), 7);
}

TEST_F(WitnessTest, KilledAtAnyMomentItRemembersWhatItCosigned) {
  std::vector<std::string> checkpoints;
  std::vector<std::vector<Hash>> proofs;
  ProvingLog log(1);
  for (uint64_t size = 1; size <= 200; ++size) {
    checkpoints.push_back(log.Checkpoint());
    proofs.push_back(size == 1 ? std::vector<Hash>() : *log.ConsistencyProof(size - 1, size));
    log.Grow(1);
  }
  for (int round = 0; round < 10; ++round) {
    int told[2];
    ASSERT_EQ(pipe(told), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto witness = TryOpen({LogKey().verifier()});
      if (!witness.ok()) _exit(1);
      const auto newest = (*witness)->Newest(kOrigin);
      for (uint64_t i = newest ? newest->size : 0; i < checkpoints.size(); ++i) {
        const auto answer = (*witness)->AddCheckpoint({i, proofs[i], checkpoints[i], Source::kLog, ""});
        if (!answer.ok() || answer->verdict != Verdict::kCosigned) _exit(2);
        const auto size = static_cast<uint8_t>(i + 1);
        if (write(told[1], &size, 1) != 1) _exit(3);
      }
      _exit(0);
    }
    close(told[1]);
    uint8_t cosigned = 0;
    for (int i = 0; i < 3 + round; ++i) {
      if (read(told[0], &cosigned, 1) != 1) break;
    }
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
    while (read(told[0], &cosigned, 1) == 1) continue;
    close(told[0]);
    OpenWitness();
    EXPECT_GE(witness_->Newest(kOrigin)->size, cosigned);
    witness_.reset();
  }
}

TEST_F(WitnessTest, OneProcessAtATime) {
  OpenWitness();
  EXPECT_THAT(std::string(TryOpen({LogKey().verifier()}).status().message()), HasSubstr("another"));
}

TEST_F(WitnessTest, AStateThatWasChangedIsNotBelieved) {
  OpenWitness();
  ProvingLog log(5);
  Ask(&log);
  const std::string good = Stored();
  witness_.reset();
  for (const std::string& bad :
       {std::string(), std::string("x"), good.substr(0, good.size() - 1), FakeLog(4, "other").Checkpoint()}) {
    WriteFile(directory_ + "/logs/test-log.checkpoint", bad);
    EXPECT_EQ(TryOpen({LogKey().verifier()}).status().code(), absl::StatusCode::kDataLoss) << bad;
  }
  std::string smaller = good;
  smaller.replace(smaller.find("\n5\n"), 3, "\n4\n");
  WriteFile(directory_ + "/logs/test-log.checkpoint", smaller);
  EXPECT_EQ(TryOpen({LogKey().verifier()}).status().code(), absl::StatusCode::kDataLoss);
  WriteFile(directory_ + "/logs/test-log.checkpoint", good);
  OpenWitness();
}

TEST_F(WitnessTest, TimeDoesNotGoBack) {
  OpenWitness();
  ProvingLog log(5);
  Ask(&log);
  const int64_t first = now_;
  log.Grow(1);
  now_ -= 100;
  const WitnessAnswer answer = Ask(&log);
  ASSERT_EQ(answer.verdict, Verdict::kCosigned);
  EXPECT_EQ(ReadBigEndian64(answer.signature.bytes), static_cast<uint64_t>(first));
  now_ = first - 3600;
  EXPECT_THAT(std::string(WitnessLog(witness_.get(), &log, Source::kLogNewest).status().message()),
              HasSubstr("set the clock right"));
  // A new key does not make it younger.
  witness_.reset();
  OpenWitness({LogKey().verifier()}, 'x');
  EXPECT_FALSE(WitnessLog(witness_.get(), &log, Source::kLogNewest).ok());
  now_ = first + 10;
  EXPECT_EQ(Ask(&log).verdict, Verdict::kCosigned);
}

TEST_F(WitnessTest, WhileALogChangesItsKey) {
  const note::SignerKey old_key = LogKey();
  const note::SignerKey new_key = note::TestKey(kOrigin, note::KeyType::kNote, 'n');
  ProvingLog log(5);
  const auto signed_by = [&](std::vector<const note::SignerKey*> keys) {
    const std::string text = note::ParseNote(log.Checkpoint())->text;
    return note::FormatNote(*note::SignNote(text, keys));
  };
  OpenWitness({old_key.verifier(), new_key.verifier()});
  log.checkpoint_told = signed_by({&old_key, &new_key});
  ExpectCosigned(Ask(&log), 5);
  log.checkpoint_told.clear();
  log.Grow(1);
  log.checkpoint_told = signed_by({&new_key});
  EXPECT_EQ(Ask(&log).verdict, Verdict::kCosigned);
  // Known by the new key alone; then the old one signs nothing any more.
  OpenWitness({new_key.verifier()});
  log.checkpoint_told = signed_by({&old_key});
  EXPECT_EQ(Ask(&log).verdict, Verdict::kNotSigned);
}

TEST_F(WitnessTest, OtherWitnessesStayAndItsOwnEarlierCosignatureGoes) {
  OpenWitness();
  ProvingLog log(5);
  const note::SignerKey other = note::TestKey("witness-2", note::KeyType::kCosignature, 'o');
  note::Note note = *note::ParseNote(Ask(&log).note);
  note.signatures.push_back(*note::CosignCheckpoint(note.text, other, now_));
  log.checkpoint_told = note::FormatNote(note);
  now_ += 10;
  const WitnessAnswer answer = Ask(&log);
  ASSERT_EQ(answer.verdict, Verdict::kCosigned);
  const note::Note given = *note::ParseNote(answer.note);
  ASSERT_EQ(given.signatures.size(), 3);
  EXPECT_EQ(given.signatures[0].name, kOrigin);
  EXPECT_EQ(given.signatures[1].name, "witness-2");
  EXPECT_EQ(given.signatures[2].name, "witness-1");
  EXPECT_EQ(note::ParseNote(Stored())->signatures.size(), 2) << "the state holds nothing that a stranger added";
  // Full of strangers it is still a note.
  while (note.signatures.size() < note::kNoteSignaturesMax) {
    note.signatures.push_back({StrCat("stranger-", note.signatures.size()), {7}, "x"});
  }
  log.checkpoint_told = note::FormatNote(note);
  ExpectCosigned(Ask(&log), 5);
}

TEST_F(WitnessTest, TheSpecificationsMessageIsWhatOpensslVerifies) {
  if (std::system("openssl version > /dev/null 2>&1") != 0) GTEST_SKIP() << "there is no openssl";
  OpenWitness();
  ProvingLog log(5);
  const WitnessAnswer answer = Ask(&log);
  // RFC 8410: what stands before an Ed25519 key in DER.
  const std::string spki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  WriteFile(temp_.Path("key"), spki + std::string(WitnessKey().verifier().public_key.AsBytes()));
  const std::string text = note::ParseNote(answer.note)->text;
  WriteFile(temp_.Path("message"), StrCat("cosignature/v1\ntime ", now_, "\n", text));
  WriteFile(temp_.Path("signature"), answer.signature.bytes.substr(8));
  const std::string command =
      StrCat("openssl pkeyutl -verify -pubin -keyform DER -inkey ", temp_.Path("key"), " -rawin -in ",
             temp_.Path("message"), " -sigfile ", temp_.Path("signature"), " > /dev/null 2>&1");
  EXPECT_EQ(std::system(command.c_str()), 0);
  WriteFile(temp_.Path("message"), StrCat("cosignature/v1\ntime ", now_ + 1, "\n", text));
  EXPECT_NE(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace sothon::cli
