// What whoever has a log's key cannot do to its witness: put it out of action, or fill its disk.
#include <openssl/bn.h>
#include <openssl/sha.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "cli/audit/add_checkpoint.h"
#include "cli/audit/witness_fixture.h"
#include "common/note/ed25519.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

using BigNumber = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

BigNumber LittleEndian(const unsigned char* bytes, int size) { return {BN_lebin2bn(bytes, size, nullptr), &BN_free}; }

// RFC 8032, 5.1.5: what a seed's point is a multiple by.
BigNumber ScalarOf(const std::string& seed) {
  unsigned char hash[SHA512_DIGEST_LENGTH];
  SHA512(reinterpret_cast<const unsigned char*>(seed.data()), seed.size(), hash);
  hash[0] &= 248;
  hash[31] = static_cast<unsigned char>((hash[31] & 63) | 64);
  return LittleEndian(hash, 32);
}

// A good signature by the key of `seed` other than the usual one: its nonce is the scalar of another key, whose point
// is then known. Whoever has a key can make as many as he likes.
std::string SignAnew(const std::string& seed, const std::string& nonce_seed, const std::string& text) {
  const std::string point(note::PrivateKey::FromSeed(nonce_seed)->public_key().AsBytes());
  const std::string hashed = StrCat(point, note::PrivateKey::FromSeed(seed)->public_key().AsBytes(), text);
  unsigned char hash[SHA512_DIGEST_LENGTH];
  SHA512(reinterpret_cast<const unsigned char*>(hashed.data()), hashed.size(), hash);
  BIGNUM* order = nullptr;
  BN_hex2bn(&order, "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED");
  const BigNumber owned(order, &BN_free);
  const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(), &BN_CTX_free);
  const BigNumber response(BN_new(), &BN_free);
  BN_mod_mul(response.get(), LittleEndian(hash, sizeof hash).get(), ScalarOf(seed).get(), order, context.get());
  BN_mod_add(response.get(), response.get(), ScalarOf(nonce_seed).get(), order, context.get());
  unsigned char bytes[32];
  BN_bn2lebinpad(response.get(), bytes, sizeof bytes);
  return StrCat(point, std::string_view(reinterpret_cast<const char*>(bytes), sizeof bytes));
}

class WitnessLimitsTest : public WitnessTestBase {
 protected:
  static std::string SignText(const std::string& text) {
    const note::SignerKey key = LogKey();
    const note::SignerKey* const keys[] = {&key};
    return note::FormatNote(*note::SignNote(text, keys));
  }
  // A checkpoint of `log` that is exactly so long, by an extension line.
  static std::string PaddedTo(size_t bytes, const FakeLog& log) {
    note::Checkpoint checkpoint = *CheckpointOf(log.Checkpoint());
    checkpoint.extensions = {"x"};
    const size_t least = SignText(*note::FormatCheckpoint(checkpoint)).size();
    checkpoint.extensions[0].append(bytes - least, 'x');
    return SignText(*note::FormatCheckpoint(checkpoint));
  }
  size_t EvidenceFolders() const {
    size_t folders = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(directory_ + "/evidence")) ++folders;
    return folders;
  }
};

TEST_F(WitnessLimitsTest, ACheckpointThatLeavesNoRoomForTheCosignatureIsRefused) {
  OpenWitness();
  ProvingLog log(5);
  const std::string longest = PaddedTo(note::kNoteBytesMax, log);
  ASSERT_EQ(longest.size(), note::kNoteBytesMax);
  ASSERT_TRUE(note::ParseNote(longest).ok());
  const Submission submission = {0, {}, longest, Source::kAnybody, ""};
  const WitnessAnswer answer = Add(submission);
  EXPECT_EQ(answer.verdict, Verdict::kMalformed);
  EXPECT_THAT(answer.what, HasSubstr("262144"));
  EXPECT_TRUE(answer.note.empty());
  EXPECT_EQ(ToHttp(submission, witness_->AddCheckpoint(submission)).status, 400);
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/logs/test-log.checkpoint")) << "nothing was stored";
  OpenWitness();
  EXPECT_EQ(witness_->Newest(kOrigin), std::nullopt);
  ExpectCosigned(Ask(&log), 5);
}

TEST_F(WitnessLimitsTest, TheLongestOneThatHasRoomIsTakenUpAgain) {
  OpenWitness();
  ProvingLog log(5);
  const std::string plain = log.Checkpoint();
  const size_t cosignature = Add({0, {}, plain, Source::kAnybody, ""}).note.size() - plain.size();
  for (const size_t over : {0, 1}) {
    const Submission submission = {
        5, {}, PaddedTo(note::kNoteBytesMax - cosignature + over, log), Source::kAnybody, ""};
    EXPECT_EQ(Add(submission).verdict, over == 0 ? Verdict::kCosigned : Verdict::kMalformed);
    EXPECT_EQ(Stored().size(), note::kNoteBytesMax);
    OpenWitness();
  }
  log.Grow(1);
  ExpectCosigned(Ask(&log), 6);
}

TEST_F(WitnessLimitsTest, OfEachKeyOneSignatureIsKept) {
  OpenWitness();
  ProvingLog log(5);
  note::Note note = *note::ParseNote(log.Checkpoint());
  while (note.signatures.size() < note::kNoteSignaturesMax) {
    note::NoteSignature another = note.signatures[0];
    const auto nonce = static_cast<char>(note.signatures.size());
    another.bytes = SignAnew(std::string(32, 'k'), std::string(32, nonce), note.text);
    ASSERT_TRUE(note::Verify(LogKey().verifier().public_key, note.text, another.bytes));
    ASSERT_NE(another, note.signatures[0]);
    note.signatures.push_back(another);
  }
  log.checkpoint_told = note::FormatNote(note);
  ExpectCosigned(Ask(&log), 5);
  EXPECT_THAT(note::ParseNote(Stored())->signatures, SizeIs(2));
  OpenWitness();
  ExpectCosigned(Ask(&log), 5);
}

TEST_F(WitnessLimitsTest, ForksThatDifferInAnExtensionLineAreOnePair) {
  OpenWitness();
  ProvingLog log(10);
  ExpectCosigned(Ask(&log), 10);
  ProvingLog other(9);
  other.Grow(1, "other");
  const WitnessAnswer first = Ask(&other);
  ASSERT_EQ(first.verdict, Verdict::kForked);
  ASSERT_NE(first.evidence, "");
  note::Checkpoint checkpoint = *CheckpointOf(other.Checkpoint());
  for (const char* line : {"1", "2"}) {
    checkpoint.extensions = {line};
    const WitnessAnswer again = Add({10, {}, SignText(*note::FormatCheckpoint(checkpoint)), Source::kAnybody, ""});
    EXPECT_EQ(again.verdict, Verdict::kForked);
    EXPECT_EQ(again.evidence, first.evidence);
  }
  EXPECT_EQ(EvidenceFolders(), 1);
}

TEST_F(WitnessLimitsTest, AHundredForksOfALogAreEnough) {
  const note::VerifierKey other = note::TestKey("other-log", note::KeyType::kNote, 'k').verifier();
  OpenWitness({LogKey().verifier(), other});
  ProvingLog log(10);
  ExpectCosigned(Ask(&log), 10);
  WitnessAnswer answer;
  for (uint8_t i = 0; i < 105; ++i) {
    Hash root{};
    root[0] = i;
    answer = Add({10, {}, log.SignCheckpoint(10, root), Source::kAnybody, ""});
    ASSERT_EQ(answer.verdict, Verdict::kForked);
    if (i == 99) {
      EXPECT_THAT(answer.evidence, HasSubstr("/fork-10-10-"));
    }
  }
  EXPECT_EQ(EvidenceFolders(), 100);
  EXPECT_EQ(answer.evidence, directory_ + "/evidence") << "so that whoever goes on until there is evidence ends";
  EXPECT_THAT(answer.what, HasSubstr("100"));
  // Those of another log are counted by themselves.
  ProvingLog other_log(10, "other-log");
  EXPECT_EQ(Ask(&other_log).verdict, Verdict::kCosigned);
  EXPECT_THAT(Add({10, {}, other_log.SignCheckpoint(10, Hash{}), Source::kAnybody, ""}).evidence,
              HasSubstr("/fork-10-10-"));
  EXPECT_EQ(EvidenceFolders(), 101);
}

// Writing it takes several waits for the disk.
TEST_F(WitnessLimitsTest, WhileEvidenceIsWrittenOthersAreCosigned) {
  absl::Notification reached;
  absl::Notification others_are_done;
  std::atomic<bool> is_held = false;
  std::atomic<bool> waited_in_vain = false;
  auto opened = Witness::Open({directory_,
                               {LogKey().verifier()},
                               [&] {
                                 if (is_held.exchange(false)) {
                                   reached.Notify();
                                   if (!others_are_done.WaitForNotificationWithTimeout(absl::Seconds(10))) {
                                     waited_in_vain = true;
                                   }
                                 }
                                 return now_;
                               }},
                              WitnessKey());
  ASSERT_TRUE(opened.ok()) << opened.status();
  witness_ = *std::move(opened);
  ProvingLog log(10);
  ExpectCosigned(Ask(&log), 10);
  is_held = true;
  std::thread stranger([&] {
    EXPECT_NE(Add({10, {}, log.SignCheckpoint(10, Hash{}), Source::kAnybody, ""}).evidence, "");
  });
  reached.WaitForNotification();
  ProvingLog longer(11);
  ExpectCosigned(Ask(&longer), 11);
  others_are_done.Notify();
  stranger.join();
  EXPECT_FALSE(waited_in_vain);
}

TEST_F(WitnessLimitsTest, AClockThatWasFarAheadHasAWayOut) {
  OpenWitness();
  ProvingLog log(5);
  constexpr int64_t kTenYears = 10 * 365 * 86'400;
  now_ += kTenYears;
  ExpectCosigned(Ask(&log), 5);
  now_ -= kTenYears;
  log.Grow(1);
  for (const char seed : {'w', 'x'}) {
    OpenWitness({LogKey().verifier()}, seed);
    const std::string told(WitnessLog(witness_.get(), &log, Source::kLogNewest).status().message());
    EXPECT_THAT(told, HasSubstr(directory_ + "/logs/test-log.checkpoint")) << "with a new key it is the same";
    EXPECT_THAT(told, HasSubstr("docs/audit.md"));
  }
  // What docs/audit.md says: what was seen stays, the time goes.
  witness_.reset();
  const std::string stored = Stored();
  const size_t own = stored.find("\u2014 witness-1 ");
  ASSERT_NE(own, std::string::npos);
  WriteFile(directory_ + "/logs/test-log.checkpoint", stored.substr(0, own));
  OpenWitness();
  ProvingLog shorter(4);
  EXPECT_EQ(Ask(&shorter, Source::kLog).verdict, Verdict::kRolledBack);
  ExpectCosigned(Ask(&log), 6);
}

}  // namespace
}  // namespace sothon::cli
