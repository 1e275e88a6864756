// Proofs of events, and of the figures that follow from them, as `explain --proof` leaves them and `audit prove` takes
// them.
#include <sys/stat.h>

#include <optional>

#include "absl/strings/str_replace.h"
#include "cli/audit/figure_directory.h"
#include "cli/audit/witness_fixture.h"
#include "cli/testing/run_command.h"
#include "cli/views/event_text.h"
#include "common/note/tlog_proof.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kRecordedAtUs = 1'762'500'000'000'000;

class Nodes : public merkle::NodeReader {
 public:
  explicit Nodes(const FakeLog& log) : log_(log) {}
  absl::StatusOr<Hash> Node(uint32_t level, uint64_t index) const override {
    if (level == 0) return merkle::HashLeaf(log_.entries.at(index));
    return merkle::HashNode(*Node(level - 1, 2 * index), *Node(level - 1, 2 * index + 1));
  }

 private:
  const FakeLog& log_;
};

// Receipts at positions 4 and 5 of six: the first ones of two people, in November, in one village.
class ProveCommandTest : public ::testing::Test {
 protected:
  ProveCommandTest() {
    Fill(&log_, "BL-2");
    WriteFigure(figure_, log_, Json());
  }

  static void Fill(FakeLog* filled, const std::string& second_receipt) {
    FakeLog& log = *filled;
    log.Grow(3);
    for (const std::string& receipt : {std::string("BL-1"), second_receipt}) {
      sothon::testing::ContributionSpec spec;
      spec.receipt = receipt;
      spec.person = log.entries.size();
      spec.date = 20251105;
      std::string stored;
      AppendStoredEvent(Position{log.entries.size() + 1}, kRecordedAtUs,
                        SerializeBody(sothon::testing::Contribution(spec)), &stored);
      log.entries.push_back(stored);
    }
    log.Grow(1);
  }
  static std::string Proof(const FakeLog& log, uint64_t position, std::optional<std::string> checkpoint = {}) {
    note::TlogProof proof;
    proof.extra = log.entries[position - 1];
    proof.index = position - 1;
    proof.hashes = merkle::InclusionProof(position - 1, log.entries.size(), Nodes(log)).value();
    proof.checkpoint = checkpoint.value_or(log.Checkpoint());
    return note::FormatTlogProof(proof).value();
  }
  std::string Posting(uint64_t position) const {
    v1::Event event;
    event.ParseFromString(log_.entries[position - 1]);
    std::string json = StrCat("{\"position\": ", position,
                              ", \"change\": 1, \"month\": \"2025-11\", \"place_id\": \"23500-01\", \"scheme\": "
                              "\"BHXH_TN\", \"counter\": \"first\"");
    const std::vector<std::string> cells = EventCells(event);
    for (size_t i = 0; i < cells.size(); ++i) StrAppend(&json, ", \"", EventCellNames()[i], "\": \"", cells[i], "\"");
    return json + "}";
  }
  std::string Json() const {
    return StrCat(
        "{\"log_id\": \"test-log\", \"position\": 6, \"about\": \"23500-01\", \"period\": \"2025-11\", \"unit\": "
        "\"BHXH_TN\", \"counter\": \"first\", \"sum\": 2, \"postings\": [",
        Posting(4), ", ", Posting(5), "], \"trouble\": \"\", \"heard_seconds_ago\": 0.5}\n");
  }
  void WriteFigure(const std::string& directory, const FakeLog& log, const std::string& json) {
    WriteFile(directory + "/figure.json", json);
    for (const uint64_t position : {4, 5}) {
      WriteFile(StrCat(directory, "/", position, ".tlog-proof"), Proof(log, position));
    }
  }
  Outcome Prove(std::vector<std::string> paths, const std::string& key = LogKey().verifier().ToString()) {
    paths.insert(paths.begin(), {"audit", "prove"});
    if (!key.empty()) paths.insert(paths.end(), {"--key", key});
    return RunWith(paths);
  }
  // The figure with one text in place of another is not proven, and this is why.
  void ExpectFault(const std::string& text, const std::string& instead, const std::string& why) {
    const std::string json = absl::StrReplaceAll(Json(), {{text, instead}});
    ASSERT_NE(json, Json()) << text;
    WriteFile(figure_ + "/figure.json", json);
    const Outcome outcome = Prove({figure_});
    EXPECT_EQ(outcome.exit, kRefused) << text;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("NOT PROVEN"), HasSubstr(why))) << text;
    EXPECT_THAT(outcome.out, Not(HasSubstr("proven by")));
  }

  sothon::testing::TempDir temp_;
  FakeLog log_;
  const std::string figure_ = temp_.Path("figure");
  const std::string proof4_ = figure_ + "/4.tlog-proof";
  const std::string proof5_ = figure_ + "/5.tlog-proof";
};

TEST_F(ProveCommandTest, AFigureIsProvenByItsEvents) {
  const Outcome proven = Prove({figure_});
  EXPECT_EQ(proven.exit, kDone) << proven.err;
  EXPECT_THAT(proven.out, HasSubstr("figure: first · 23500-01 · 2025-11 · BHXH_TN = 2: proven by 2 events\n"));
  EXPECT_THAT(proven.out, HasSubstr("proven: 2 of 2\n"));
  EXPECT_THAT(proven.out, HasSubstr("BL-2"));
  EXPECT_THAT(proven.out, HasSubstr("signed by test-log+"));
  EXPECT_THAT(proven.out, Not(HasSubstr("NO SIGNATURE")));
  EXPECT_THAT(Prove({figure_}, "").out, HasSubstr("NO SIGNATURE WAS CHECKED"));
  // Both ways of naming them count each event once.
  const Outcome twice = Prove({figure_, proof4_});
  EXPECT_EQ(twice.exit, kDone);
  EXPECT_THAT(twice.out, HasSubstr("position 4 again, as in " + proof4_ + "; counted once\n"));
  EXPECT_THAT(twice.out, HasSubstr("proven: 2 of 2\n"));
}

TEST_F(ProveCommandTest, AProofThatIsMissingOrTooManyIsTold) {
  WriteFile(figure_ + "/3.tlog-proof", Proof(log_, 3));
  const Outcome more = Prove({figure_});
  EXPECT_EQ(more.exit, kRefused);
  EXPECT_THAT(more.err, HasSubstr("there is a proof of position 3, which is not behind the figure"));
  std::filesystem::remove(figure_ + "/3.tlog-proof");
  std::filesystem::remove(proof5_);
  const Outcome missing = Prove({figure_});
  EXPECT_EQ(missing.exit, kRefused);
  EXPECT_THAT(missing.err, HasSubstr("= 2: NOT PROVEN: there is no proof of position 5"));
  EXPECT_THAT(missing.out, HasSubstr("proven: 1 of 2\n"));
  // One that would stop a reader for ever counts as missing.
  ASSERT_EQ(mkfifo(proof5_.c_str(), 0600), 0);
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("there is no proof of position 5"));
  std::filesystem::remove(figure_ + "/figure.json");
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("there is no figure"));
}

TEST_F(ProveCommandTest, TheFigureMustFollowFromTheEvents) {
  ExpectFault("\"sum\": 2", "\"sum\": 3", "the postings add up to 2, not to 3");
  ExpectFault("test-log", "another-log", "position 4 is of the log test-log, the figure of the log another-log");
  ExpectFault("\"period\": \"2025-11\"", "\"period\": \"2025-12\"", "position 4: is of the month 202511");
  ExpectFault("\"about\": \"23500-01\"", "\"about\": \"23500-02\"", "position 4: is of the place 23500-01");
  ExpectFault("\"unit\": \"BHXH_TN\"", "\"unit\": \"BHYT_HGD\"", "position 4: is of the scheme BHXH_TN");
  ExpectFault("\"counter\": \"first\", \"sum\"", "\"counter\": \"renewed\", \"sum\"", "is of the counter first");
  ExpectFault("\"position\": 6", "\"position\": 7",
              "counted up to position 7, the proof of position 4 is of a log of 6");
  ExpectFault("\"position\": 6", "\"position\": 4", "position 5 is behind the figure, which was counted up to 4");
  ExpectFault("\"BL-1\"", "\"BL-9\"", "position 4: \"receipt\" is \"BL-9\", of the event in the log \"BL-1\"");
  ExpectFault("\"change\": 1", "\"change\": 2", "position 4: the event there cannot have caused");
  ExpectFault("\"scheme\": \"BHXH_TN\"", "\"scheme\": \"BHYT_HGD\"", "position 4: is of the scheme BHYT_HGD");
  ExpectFault(Posting(5), Posting(4), "there is a proof of position 5, which is not behind the figure");
}

TEST_F(ProveCommandTest, NothingIsGuessedWhereTheFigureIsNotWhole) {
  ExpectFault("\"log_id\"", "\"id\"", "figure.json: there is no \"log_id\"");
  ExpectFault("\"sum\": 2", "\"sum\": \"2\"", "figure.json: \"sum\" must be a whole number");
  ExpectFault("\"sum\": 2", "\"sum\": 2.5", "\"sum\" must be a whole number");
  ExpectFault("\"change\": 1", "\"change\": 1e300", "posting 1: \"change\" must be a whole number");
  ExpectFault("\"month\": \"2025-11\"", "\"month\": \"11/2025\"", "posting 1: \"month\" must be a month");
  ExpectFault("\"receipt\"", "\"bill\"", "posting 1: there is no \"receipt\"");
  ExpectFault("\"unit\": \"BHXH_TN\"", "\"unit\": \"BHXH_TN\\u001b[2J\"", "\"unit\" must be one line of text");
  ExpectFault("heard_seconds_ago\": 0.5}", "heard", "it is no JSON object");
}

TEST_F(ProveCommandTest, AnEventCountsOnceAndAllProofsAreOfOneLog) {
  // BL-1 twice instead of both: the sum holds, and so does each posting by itself.
  WriteFile(figure_ + "/figure.json", absl::StrReplaceAll(Json(), {{Posting(5), Posting(4)}}));
  std::filesystem::remove(proof5_);
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("position 4: is counted twice"));
  // Another log of the same name, which the same key signed.
  WriteFile(figure_ + "/figure.json", Json());
  FakeLog other;
  Fill(&other, "BL-3");
  WriteFile(proof5_, Proof(other, 5));
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("of another checkpoint"));
  WriteFile(temp_.Path("other") + "/5.tlog-proof", Proof(log_, 5));
  const Outcome forked = Prove({proof5_, temp_.Path("other") + "/5.tlog-proof"});
  EXPECT_EQ(forked.exit, kRefused);
  EXPECT_THAT(forked.err, HasSubstr("it has another event than " + proof5_));
}

TEST_F(ProveCommandTest, AFigureOfNothingIsSaidToBeUnproven) {
  WriteFile(temp_.Path("none") + "/figure.json",
            absl::StrReplaceAll(Json(), {{StrCat(Posting(4), ", ", Posting(5)), ""}, {"\"sum\": 2", "\"sum\": 0"}}));
  const Outcome none = Prove({temp_.Path("none")});
  EXPECT_EQ(none.exit, kRefused) << "whoever writes 0 instead of 5 has proven nothing";
  EXPECT_THAT(none.out, HasSubstr("= 0: NOTHING IS PROVEN: no event is behind it"));
  WriteFile(temp_.Path("none") + "/figure.json",
            absl::StrReplaceAll(Json(), {{StrCat(Posting(4), ", ", Posting(5)), ""}}));
  EXPECT_THAT(Prove({temp_.Path("none")}).err, HasSubstr("the postings add up to 0, not to 2"));
}

TEST_F(ProveCommandTest, SingleFilesCountOnceAndAreWhatTheyAreNamed) {
  const Outcome twice = Prove({proof4_, proof4_, proof5_});
  EXPECT_EQ(twice.exit, kDone);
  EXPECT_THAT(twice.out, HasSubstr("counted once"));
  EXPECT_THAT(twice.out, HasSubstr("proven: 2 of 2\n"));
  const std::string named = temp_.Path("45.tlog-proof");
  std::filesystem::copy_file(proof4_, named);
  const Outcome other = Prove({named});
  EXPECT_EQ(other.exit, kRefused);
  EXPECT_THAT(other.err, HasSubstr("NOT PROVEN: it is named after position 45, and is the proof of position 4"));
  const std::string free = temp_.Path("phieu-thu.tlog-proof");
  std::filesystem::copy_file(proof4_, free);
  EXPECT_EQ(Prove({free}).exit, kDone) << "any other name says nothing";
}

TEST_F(ProveCommandTest, AWitnessMayBeTrustedAlone) {
  const note::SignerKey witness = WitnessKey();
  note::Note cosigned = *note::ParseNote(log_.Checkpoint());
  cosigned.signatures.push_back(*note::CosignCheckpoint(cosigned.text, witness, 1'769'860'800));
  WriteFile(proof4_, Proof(log_, 4, note::FormatNote(cosigned)));
  const Outcome proven = Prove({proof4_}, witness.verifier().ToString());
  EXPECT_EQ(proven.exit, kDone) << proven.err;
  EXPECT_THAT(proven.out, HasSubstr(StrCat("  signed by witness-1+", witness.verifier().Id().ToHex(),
                                           ", a witness, at 2026-01-31T12:00:00Z\n")));
  EXPECT_EQ(Prove({proof5_}, witness.verifier().ToString()).exit, kRefused) << "it did not cosign that one";
  // With a key of a log among them, that log must have signed.
  const note::SignerKey other = note::TestKey("another-log", note::KeyType::kNote, 'o');
  EXPECT_EQ(Prove({proof4_, "--key", other.verifier().ToString()}, witness.verifier().ToString()).exit, kRefused);
}

TEST_F(ProveCommandTest, OneEventCountsAPersonOnce) {
  const std::string renewed = absl::StrReplaceAll(Posting(4), {{"\"first\"", "\"renewed\""}});
  const auto with = [&](const std::string& counter, const std::string& postings, int sum) {
    return absl::StrReplaceAll(
        Json(), {{StrCat(Posting(4), ", ", Posting(5)), postings},
                 {"\"counter\": \"first\", \"sum\": 2", StrCat("\"counter\": \"", counter, "\", \"sum\": ", sum)}});
  };
  std::filesystem::remove(proof5_);
  WriteFile(figure_ + "/figure.json", with("renewed", renewed, 1));
  EXPECT_EQ(Prove({figure_}).exit, kDone) << "which class it is of, one event does not show";
  WriteFile(figure_ + "/figure.json", with("collected", StrCat(renewed, ", ", Posting(4)), 2));
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("position 4: is counted twice"));
  for (const char* counter : {"returned", "renewed", "repeat", "active", "paid_vnd"}) {
    const std::string change = std::string(counter) == "paid_vnd" ? "264000" : "1";
    const std::string posting = absl::StrReplaceAll(
        Posting(4), {{"\"first\"", StrCat("\"", counter, "\"")}, {"\"change\": 1", "\"change\": " + change}});
    WriteFile(figure_ + "/figure.json", with(counter, StrCat(posting, ", ", posting), 2 * std::stoi(change)));
    EXPECT_THAT(Prove({figure_}).err, HasSubstr("position 4: is counted twice")) << counter;
    const std::string many = absl::StrReplaceAll(posting, {{"\"change\": " + change, "\"change\": 50"}});
    WriteFile(figure_ + "/figure.json", with(counter, many, 50));
    EXPECT_THAT(Prove({figure_}).err, HasSubstr("cannot have caused")) << counter;
    // Later months hold what a late receipt makes of other ones, one of each.
    const std::string later = absl::StrReplaceAll(many, {{"2025-11\"", "2025-12\""}});
    WriteFile(figure_ + "/figure.json",
              absl::StrReplaceAll(with(counter, later, 50), {{"\"period\": \"2025-11\"", "\"period\": \"2025-12\""}}));
    EXPECT_THAT(Prove({figure_}).err, HasSubstr("cannot have caused")) << counter;
  }
}

TEST_F(ProveCommandTest, AFigureIsOfWhomItsReceiptsName) {
  const auto about = [&](const std::string& who) {
    WriteFile(figure_ + "/figure.json",
              absl::StrReplaceAll(Json(), {{"\"about\": \"23500-01\"", StrCat("\"about\": \"", who, "\"")}}));
    return Prove({figure_});
  };
  EXPECT_EQ(about("23500").exit, kDone);
  EXPECT_THAT(about("23501").err, HasSubstr("position 4: is of the place 23500-01"));
  EXPECT_EQ(about(sothon::testing::kAgencyId).exit, kDone);
  const Outcome other = about("another-agency");
  EXPECT_EQ(other.exit, kRefused);
  EXPECT_THAT(other.err, HasSubstr("position 4: the receipt does not name another-agency"));
  WriteFile(figure_ + "/figure.json",
            absl::StrReplaceAll(Json(),
                                {{"\"about\": \"23500-01\"", StrCat("\"about\": \"", sothon::testing::kAgencyId, "\"")},
                                 {"\"place_id\": \"23500-01\"", "\"place_id\": \"23500-02\""}}));
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("is of the place 23500-02, the event in the log of 23500-01"));
}

TEST_F(ProveCommandTest, AFigureIsOfASchemeOrAKnownGroup) {
  ExpectFault("\"unit\": \"BHXH_TN\"", "\"unit\": \"BHYT_TU_DONG\"", "position 4: is of the scheme BHXH_TN");
  ExpectFault("\"unit\": \"BHXH_TN\"", "\"unit\": \"TAT_CA\"", "\"unit\" TAT_CA is neither a scheme nor a known group");
  ExpectFault("\"unit\": \"BHXH_TN\"", "\"unit\": \"\"", "is neither a scheme nor a known group");
  ExpectFault("\"about\": \"23500-01\"", "\"about\": \"\"", "\"about\" names nobody");
  WriteFile(figure_ + "/figure.json", absl::StrReplaceAll(Json(), {{"\"unit\": \"BHXH_TN\"", "\"unit\": \"TAT_CA\""}}));
  WriteFile(temp_.Path("projection.toml"),
            "[data]\ndirectory = \"p\"\n[counting]\nscheme_groups = [\"TAT_CA|Tất cả|BHXH_TN,BHYT_HGD\"]\n");
  const Outcome own = Prove({figure_, "--config", temp_.Path("projection.toml")});
  EXPECT_EQ(own.exit, kDone) << own.out << own.err;
  EXPECT_EQ(Prove({figure_, "--config", temp_.Path("not-there")}).exit, kWrongUsage);
}

TEST_F(ProveCommandTest, ADirectoryThatMeansHarmIsOnlyNotProven) {
  std::filesystem::remove(proof5_);
  std::filesystem::create_symlink("5.tlog-proof", proof5_);
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("there is no proof of position 5"));
  std::filesystem::remove(proof5_);
  std::filesystem::create_symlink("/dev/zero", proof5_);
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("5.tlog-proof is no file"));
  WriteFile(figure_ + "/\x1b[2J.tlog-proof", "");
  const Outcome named = Prove({figure_});
  EXPECT_THAT(named.err, HasSubstr("\\x1b[2J.tlog-proof is not named after a position"));
  EXPECT_THAT(named.err + named.out, Not(HasSubstr("\x1b")));
  std::filesystem::remove(figure_ + "/figure.json");
  ASSERT_EQ(mkfifo((figure_ + "/figure.json").c_str(), 0600), 0);
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("figure.json is no file"));
  std::filesystem::remove(figure_ + "/figure.json");
  std::filesystem::create_symlink("/dev/zero", figure_ + "/figure.json");
  EXPECT_THAT(Prove({figure_}).err, HasSubstr("figure.json is no file"));
}

TEST_F(ProveCommandTest, TheNextFigureTakesThePlaceOfTheOneBefore) {
  WriteFile(figure_ + "/notes.txt", "mine");
  {
    auto broken_off = FigureWriter::Open(figure_);
    ASSERT_TRUE(broken_off.ok()) << broken_off.status();
    WriteFile(broken_off->folder() + "/4.tlog-proof", "half of it");
  }
  EXPECT_THAT(FilesOf(figure_),
              ::testing::UnorderedElementsAre("4.tlog-proof", "5.tlog-proof", "figure.json", "notes.txt"));
  EXPECT_EQ(Prove({figure_}).exit, kDone) << "a figure that could not be written leaves the one before";
  auto writer = FigureWriter::Open(figure_);
  ASSERT_TRUE(writer.ok()) << writer.status();
  WriteFile(writer->folder() + "/6.tlog-proof", "a proof");
  ASSERT_EQ(writer->Replace("{}\n"), absl::OkStatus());
  { const FigureWriter gone = *std::move(writer); }
  EXPECT_THAT(FilesOf(figure_), ::testing::UnorderedElementsAre("6.tlog-proof", "figure.json", "notes.txt"));
  // Now 6 is a proof of nothing that the figure names: it is somebody else's.
  const auto foreign = FigureWriter::Open(figure_);
  EXPECT_EQ(foreign.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(foreign.status().message()), HasSubstr("6.tlog-proof is no proof of a figure there"));
  EXPECT_TRUE(FigureWriter::Open(temp_.Path("not-there/yet")).ok());
}

}  // namespace
}  // namespace sothon::cli
