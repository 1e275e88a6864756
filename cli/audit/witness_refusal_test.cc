// What a witness does not cosign, and what it keeps as evidence.
#include "cli/audit/evidence.h"
#include "cli/audit/witness_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Has the first `same` events in common with a ProvingLog, and then others.
class ForkedLog : public ProvingLog {
 public:
  ForkedLog(uint64_t same, uint64_t size) : ProvingLog(same) { Grow(size - same, "other"); }
};

class WitnessRefusalTest : public WitnessTestBase {
 protected:
  void SetUp() override {
    OpenWitness();
    if (!HasFatalFailure()) ExpectCosigned(Ask(&log_), 10);
    before_ = Stored();
  }
  void TearDown() override {
    EXPECT_EQ(Stored(), before_) << "what is refused changes nothing";
    OpenWitness();
  }
  // The evidence holds both notes as they were signed.
  void ExpectEvidence(const WitnessAnswer& answer, const std::string& now) {
    ASSERT_NE(answer.evidence, "");
    EXPECT_EQ(ReadFile(answer.evidence + "/checkpoint-before"), before_);
    EXPECT_EQ(ReadFile(answer.evidence + "/checkpoint-now"), now);
    for (const char* file : {"/checkpoint-before", "/checkpoint-now"}) {
      EXPECT_TRUE(
          note::OpenCheckpoint(ReadFile(answer.evidence + file), {LogKey().verifier()}, note::OriginRule::kSignedByLog)
              .ok());
    }
    const std::string text = ReadFile(answer.evidence + "/evidence.txt");
    EXPECT_THAT(text, HasSubstr("Phải làm gì"));
    EXPECT_THAT(text, HasSubstr("What to do"));
    EXPECT_THAT(text, HasSubstr("2025-12-01T01:00:00Z"));
    EXPECT_THAT(text, HasSubstr(LogKey().verifier().ToString()));
  }
  ProvingLog log_{10};
  std::string before_;
};

TEST_F(WitnessRefusalTest, UnknownLogs) {
  ProvingLog other(3, "other-log");
  const WitnessAnswer answer = Ask(&other);
  EXPECT_EQ(answer.verdict, Verdict::kUnknownLog);
  EXPECT_THAT(answer.what, HasSubstr("other-log"));
  EXPECT_TRUE(answer.note.empty());
}

TEST_F(WitnessRefusalTest, WhatTheLogDidNotSign) {
  log_.Grow(1);
  note::Note note = *note::ParseNote(log_.Checkpoint());
  note.signatures[0].bytes[5] ^= 1;
  log_.checkpoint_told = note::FormatNote(note);
  EXPECT_EQ(Ask(&log_).verdict, Verdict::kNotSigned);
  // By another key of the log's name, and by the witness alone.
  const note::SignerKey stranger = note::TestKey(kOrigin, note::KeyType::kNote, 's');
  note.signatures = {*note::SignText(note.text, stranger)};
  log_.checkpoint_told = note::FormatNote(note);
  EXPECT_EQ(Ask(&log_).verdict, Verdict::kNotSigned);
  note.signatures = {*note::CosignText(note.text, WitnessKey(), now_)};
  log_.checkpoint_told = note::FormatNote(note);
  EXPECT_EQ(Ask(&log_).verdict, Verdict::kNotSigned);
  EXPECT_THAT(EvidenceFiles(), IsEmpty()) << "nobody signed it";
}

TEST_F(WitnessRefusalTest, WhatIsNoCheckpoint) {
  for (const char* bad : {"", "x", "test-log\n11\n\n"}) {
    EXPECT_EQ(Add({10, {}, bad, Source::kLogNewest, ""}).verdict, Verdict::kMalformed) << bad;
  }
  log_.Grow(1);
  EXPECT_EQ(Add({10, std::vector<Hash>(64), log_.Checkpoint(), Source::kAnybody, ""}).verdict, Verdict::kMalformed);
  EXPECT_EQ(Add({12, {}, log_.Checkpoint(), Source::kAnybody, ""}).verdict, Verdict::kMalformed);
}

TEST_F(WitnessRefusalTest, AnotherOldSizeIsToldTheStoredOne) {
  log_.Grow(5);
  for (const uint64_t old : {0, 9, 11, 15}) {
    const WitnessAnswer answer = Add({old, {}, log_.Checkpoint(), Source::kLog, ""});
    EXPECT_EQ(answer.verdict, Verdict::kOtherOldSize) << old;
    EXPECT_EQ(answer.stored_size, 10);
  }
  EXPECT_THAT(EvidenceFiles(), IsEmpty());
}

TEST_F(WitnessRefusalTest, TwoRootsOfOneSizeAreAFork) {
  ForkedLog other(9, 10);
  const WitnessAnswer answer = Ask(&other);
  EXPECT_EQ(answer.verdict, Verdict::kForked);
  EXPECT_THAT(answer.what, HasSubstr("FORK"));
  ExpectEvidence(answer, other.Checkpoint());
  EXPECT_THAT(ReadFile(answer.evidence + "/evidence.txt"), HasSubstr("KHÔNG THỂ CÙNG ĐÚNG"));
  EXPECT_THAT(FilesOf(answer.evidence), ElementsAre("checkpoint-before", "checkpoint-now", "evidence.txt"));
  // Whoever hands it in, and with whatever old size: two signatures prove it.
  for (const uint64_t old : {0, 10, 20}) {
    const WitnessAnswer again = Add({old, {}, other.Checkpoint(), Source::kAnybody, ""});
    EXPECT_EQ(again.verdict, Verdict::kForked) << old;
    EXPECT_EQ(again.evidence, answer.evidence) << "the same pair, once";
  }
  EXPECT_THAT(EvidenceFiles(), SizeIs(3));
}

TEST_F(WitnessRefusalTest, EvidenceIsNeverOverwritten) {
  ForkedLog other(9, 10);
  const WitnessAnswer answer = Ask(&other);
  const std::string text = ReadFile(answer.evidence + "/evidence.txt");
  now_ += 100;
  EXPECT_EQ(Ask(&other).evidence, answer.evidence);
  EXPECT_EQ(ReadFile(answer.evidence + "/evidence.txt"), text);
  ForkedLog third(8, 10);
  EXPECT_NE(Ask(&third).evidence, answer.evidence);
  EXPECT_THAT(EvidenceFiles(), SizeIs(6));
}

TEST_F(WitnessRefusalTest, ALargerForkCannotProveThatItGoesOn) {
  for (const uint64_t same : {0, 7, 9}) {
    ForkedLog other(same, 13);
    const WitnessAnswer answer = Ask(&other);
    EXPECT_EQ(answer.verdict, Verdict::kNotConsistent) << same;
    ExpectEvidence(answer, other.Checkpoint());
    EXPECT_THAT(FilesOf(answer.evidence),
                ElementsAre("checkpoint-before", "checkpoint-now", "consistency-proof", "evidence.txt"));
    std::string proof;
    const std::vector<Hash> hashes = *other.ConsistencyProof(10, 13);
    for (const Hash& hash : hashes) {
      proof += note::EncodeBase64(merkle::AsBytes(hash)) + "\n";
    }
    EXPECT_EQ(ReadFile(answer.evidence + "/consistency-proof"), proof);
  }
}

TEST_F(WitnessRefusalTest, ALogThatGivesNoProofOfWhatItSigned) {
  log_.Grow(3);
  log_.proof_told = absl::OutOfRangeError("the log has 9 events, not 13");
  const WitnessAnswer answer = Ask(&log_);
  EXPECT_EQ(answer.verdict, Verdict::kNotConsistent);
  ExpectEvidence(answer, log_.Checkpoint());
  EXPECT_THAT(ReadFile(answer.evidence + "/evidence.txt"), HasSubstr("the log has 9 events, not 13"));
}

TEST_F(WitnessRefusalTest, ALogThatIsAwayDidNothingWrong) {
  log_.Grow(3);
  log_.proof_told = absl::UnavailableError("gone");
  EXPECT_EQ(WitnessLog(witness_.get(), &log_, Source::kLogNewest).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(EvidenceFiles(), IsEmpty());
}

TEST_F(WitnessRefusalTest, AStrangersBadProofSaysNothingOfTheLog) {
  log_.Grow(3);
  std::vector<Hash> proof = *log_.ConsistencyProof(10, 13);
  proof[0][0] ^= 1;
  EXPECT_EQ(Add({10, proof, log_.Checkpoint(), Source::kAnybody, ""}).verdict, Verdict::kNotConsistent);
  EXPECT_EQ(Add({10, {}, log_.Checkpoint(), Source::kAnybody, ""}).verdict, Verdict::kNotConsistent);
  EXPECT_THAT(EvidenceFiles(), IsEmpty());
}

TEST_F(WitnessRefusalTest, ASmallerOneIsEvidenceOnlyAsTheNewest) {
  ProvingLog shorter(6);
  EXPECT_EQ(Ask(&shorter, Source::kLog).verdict, Verdict::kRolledBack);
  EXPECT_EQ(Add({6, {}, shorter.Checkpoint(), Source::kAnybody, ""}).verdict, Verdict::kRolledBack);
  EXPECT_THAT(EvidenceFiles(), IsEmpty()) << "it may be an honest old one";
  const WitnessAnswer answer = Ask(&shorter);
  EXPECT_EQ(answer.verdict, Verdict::kRolledBack);
  EXPECT_THAT(answer.what, HasSubstr("ROLLBACK"));
  ExpectEvidence(answer, shorter.Checkpoint());
  EXPECT_THAT(ReadFile(answer.evidence + "/evidence.txt"), HasSubstr("can be an honest old one"));
}

TEST_F(WitnessRefusalTest, EvidenceThatCannotBeWrittenIsTold) {
  WriteFile(directory_ + "/evidence", "in the way");
  ForkedLog other(9, 10);
  const WitnessAnswer answer = Ask(&other);
  EXPECT_EQ(answer.verdict, Verdict::kForked);
  EXPECT_EQ(answer.evidence, "");
  EXPECT_THAT(answer.what, HasSubstr(other.Checkpoint()));
  EXPECT_THAT(answer.what, HasSubstr(before_));
}

TEST_F(WitnessRefusalTest, KeysThatAreNone) {
  witness_.reset();
  EXPECT_EQ(TryOpen({}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(TryOpen({WitnessKey().verifier()}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Witness::Open({directory_, {LogKey().verifier()}, nullptr}, LogKey()).status().code(),
            absl::StatusCode::kInvalidArgument);
  const note::VerifierKey long_name = note::TestKey(std::string(300, 'a'), note::KeyType::kNote, 'k').verifier();
  EXPECT_EQ(TryOpen({long_name}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(WitnessRefusalTest, AnExportProvesByItsTiles) {
  const std::string directory = temp_.Path("export");
  log_.Grow(700);
  ASSERT_TRUE(ExportTo(directory, &log_).ok());
  ExportedLog exported(directory);
  // A damaged one is no lie of the log, wherever it is damaged.
  for (const char* file : {"/tile/0/000", "/tile/0/002.p/198", "/tile/1/000.p/2"}) {
    const std::string tile = ReadFile(directory + file);
    WriteFile(directory + file, std::string(tile.size(), 'x'));
    EXPECT_EQ(WitnessLog(witness_.get(), &exported, Source::kLog).status().code(), absl::StatusCode::kDataLoss) << file;
    WriteFile(directory + file, tile);
  }
  const auto good = WitnessLog(witness_.get(), &exported, Source::kLog);
  ASSERT_TRUE(good.ok()) << good.status();
  ExpectCosigned(*good, 710);
  before_ = Stored();
  log_.Grow(1);
  const auto behind = WitnessCheckpoint(witness_.get(), &exported, log_.Checkpoint(), Source::kLog);
  EXPECT_EQ(behind.status().code(), absl::StatusCode::kFailedPrecondition) << "the export does not reach so far";
  EXPECT_THAT(EvidenceFiles(), IsEmpty());

  ForkedLog other(9, 800);
  const std::string forked = temp_.Path("forked");
  ASSERT_TRUE(ExportTo(forked, &other).ok());
  ExportedLog lie(forked);
  const auto answer = WitnessLog(witness_.get(), &lie, Source::kLog);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->verdict, Verdict::kNotConsistent);
  ExpectEvidence(*answer, other.Checkpoint());
}

}  // namespace
}  // namespace sothon::cli
