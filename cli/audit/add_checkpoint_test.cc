#include "cli/audit/add_checkpoint.h"

#include "absl/strings/escaping.h"
#include "cli/audit/witness_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

// Requests of a log of another project, with its key: from the tests of the witness of github.com/FiloSottile/torchwood
// (internal/witness/witness_test.go).
constexpr char kTheirOrigin[] = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
constexpr char kTheirKey[] = "ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f";
constexpr char kOne[] =
    "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562\n"
    "1\n"
    "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    "\n"
    "— sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562 "
    "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=\n";
constexpr char kThree[] =
    "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562\n"
    "3\n"
    "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n"
    "\n"
    "— sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562 "
    "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=\n";
constexpr char kFive[] =
    "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562\n"
    "5\n"
    "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=\n"
    "\n"
    "— sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562 "
    "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=\n";
constexpr char kOneToThree[] =
    "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
constexpr char kOneToFive[] =
    "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=\n"
    "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

class AddCheckpointTest : public WitnessTestBase {
 protected:
  HttpAnswer Post(const std::string& body) {
    const auto submission = ParseAddCheckpoint(body);
    if (!submission.ok()) return {400, "", std::string(submission.status().message())};
    return ToHttp(*submission, witness_->AddCheckpoint(*submission));
  }
  void OpenForTheirs() {
    note::VerifierKey key{kTheirOrigin, note::KeyType::kNote, {}};
    const std::string bytes = absl::HexStringToBytes(kTheirKey);
    std::copy(bytes.begin(), bytes.end(), key.public_key.bytes.begin());
    OpenWitness({key});
  }
  // The last line of `answer` under the checkpoint verifies with the witness's key.
  void ExpectCosigns(const HttpAnswer& answer, std::string checkpoint) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto opened =
        note::OpenCheckpoint(checkpoint + answer.body, {WitnessKey().verifier()}, note::OriginRule::kAny);
    EXPECT_TRUE(opened.ok()) << opened.status();
  }
};

TEST_F(AddCheckpointTest, ALogOfAnotherProject) {
  OpenForTheirs();
  ExpectCosigns(Post(StrCat("old 0\n\n", kOne)), kOne);
  const HttpAnswer conflict = Post(StrCat("old 0\n\n", kThree));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "1\n");
  EXPECT_EQ(Post(StrCat("old 1\n\n", kThree)).status, 422);
  EXPECT_EQ(Post(StrCat("old 1\n", kOneToFive, "\n", kThree)).status, 422);
  std::string unsigned_text = kThree;
  unsigned_text.replace(unsigned_text.find("6go="), 4, "6gs=");
  EXPECT_EQ(Post(StrCat("old 1\n", kOneToThree, "\n", unsigned_text)).status, 403);
  ExpectCosigns(Post(StrCat("old 1\n", kOneToThree, "\n", kThree)), kThree);
  EXPECT_EQ(Post(StrCat("old 1\n", kOneToFive, "\n", kFive)).body, "3\n");
}

TEST_F(AddCheckpointTest, ALogOfAnotherProjectFromOneToFive) {
  OpenForTheirs();
  ExpectCosigns(Post(StrCat("old 0\n\n", kOne)), kOne);
  ExpectCosigns(Post(StrCat("old 1\n", kOneToFive, "\n", kFive)), kFive);
  // A race that another one has won.
  const HttpAnswer late = Post(StrCat("old 1\n", kOneToThree, "\n", kThree));
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(late.body, "5\n");
  EXPECT_EQ(Post(StrCat("old 5\n\n", kThree)).status, 400) << "old size beyond the checkpoint's";
  ExpectCosigns(Post(StrCat("old 5\n\n", kFive)), kFive);
}

TEST_F(AddCheckpointTest, StatusesOfWhatIsRefused) {
  OpenWitness();
  ProvingLog log(4);
  ExpectCosigns(Post(StrCat("old 0\n\n", log.Checkpoint())), log.Checkpoint());
  ProvingLog unknown(4, "other-log");
  EXPECT_EQ(Post(StrCat("old 0\n\n", unknown.Checkpoint())).status, 404);
  EXPECT_EQ(Post(StrCat("old 5\n\n", log.Checkpoint())).status, 400);
  EXPECT_EQ(Post("old 4\n\nno checkpoint\n").status, 400);
  ProvingLog forked(3);
  forked.Grow(1, "other");
  const HttpAnswer fork = Post(StrCat("old 4\n\n", forked.Checkpoint()));
  EXPECT_EQ(fork.status, 409);
  EXPECT_THAT(fork.content_type, HasSubstr("text/plain"));
  EXPECT_EQ(Post(StrCat("old 3\n\n", forked.Checkpoint())).body, "4\n");
  EXPECT_EQ(Post(StrCat("old 5\n\n", forked.Checkpoint())).status, 400);
  std::filesystem::create_directory(directory_ + "/logs/test-log.checkpoint.new");
  EXPECT_EQ(Post(StrCat("old 4\n\n", log.Checkpoint())).status, 500);
}

TEST_F(AddCheckpointTest, TheEmptyTree) {
  OpenWitness();
  ProvingLog log(0);
  const std::string hash = std::string(kOneToThree).substr(0, 45);
  EXPECT_EQ(Post(StrCat("old 0\n", hash, "\n", log.Checkpoint())).status, 422);
  ExpectCosigns(Post(StrCat("old 0\n\n", log.Checkpoint())), log.Checkpoint());
  log.Grow(1);
  EXPECT_EQ(Post(StrCat("old 0\n", hash, "\n", log.Checkpoint())).status, 422);
  ExpectCosigns(Post(StrCat("old 0\n\n", log.Checkpoint())), log.Checkpoint());
  EXPECT_THAT(EvidenceFiles(), ::testing::IsEmpty());
}

TEST(ParseAddCheckpointTest, OneSpellingOnly) {
  const std::string hash = std::string(kOneToThree).substr(0, 45);
  std::string hashes;
  for (int i = 0; i < 63; ++i) hashes += hash;
  const auto good = ParseAddCheckpoint(StrCat("old 18446744073709551615\n", hashes, "\nrest"));
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(good->old_size, UINT64_MAX);
  EXPECT_EQ(good->proof.size(), 63);
  EXPECT_EQ(good->checkpoint, "rest");
  EXPECT_EQ(good->source, Source::kAnybody);
  const std::pair<std::string, const char*> cases[] = {
      {"", "line 1"},
      {"old 1", "line 1"},
      {"old 01\n\n", "line 1: the old size"},
      {"old  1\n\n", "line 1: the old size"},
      {"old -1\n\n", "line 1: the old size"},
      {"old 18446744073709551616\n\n", "line 1: the old size"},
      {"new 1\n\n", "line 1: it begins"},
      {"old 1\n", "line 2: an empty line"},
      {StrCat("old 1\n", hash), "line 3: an empty line"},
      {"old 1\nx\n\n", "line 2: a line of the consistency proof"},
      {StrCat("old 1\r\n", hash, "\n"), "line 1: the old size"},
      {StrCat("old 1\n", hashes, hash, "\nrest"), "line 65: a consistency proof has at most 63"},
  };
  for (const auto& [body, error] : cases) {
    EXPECT_THAT(std::string(ParseAddCheckpoint(body).status().message()), HasSubstr(error)) << body;
  }
}

}  // namespace
}  // namespace sothon::cli
