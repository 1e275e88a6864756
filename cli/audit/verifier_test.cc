#include "cli/audit/verifier.h"

#include <functional>

#include "cli/audit/export_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

class VerifierTest : public ::testing::Test {
 protected:
  void Export(FakeLog* log) {
    const auto summary = ExportTo(directory_, log);
    ASSERT_TRUE(summary.ok()) << summary.status();
  }
  // An export of whatever `log` holds, which no honest exporter would write.
  void WriteRaw(const FakeLog& log) {
    std::string bundle;
    for (const std::string& entry : log.entries) ASSERT_EQ(AppendEntry(entry, &bundle), absl::OkStatus());
    const merkle::TreeEdge tree = log.Tree(log.entries.size());
    const auto width = static_cast<uint32_t>(log.entries.size());
    WriteFile(directory_ + "/" + ExportFile{ExportFile::kEntries, 0, width}.Path(), bundle);
    WriteFile(directory_ + "/" + ExportFile{0, 0, width}.Path(), TileBytes(tree.Partial(0)));
    WriteFile(directory_ + "/checkpoint", log.Checkpoint());
  }
  std::string Faults(std::optional<std::string> since = std::nullopt) {
    return FaultsOf(Verify(directory_, std::move(since)));
  }

  sothon::testing::TempDir temp_;
  const std::string directory_ = temp_.Path("export");
};

TEST_F(VerifierTest, WhoSigned) {
  FakeLog log(10);
  Export(&log);
  const VerifyReport report = Verify(directory_);
  ASSERT_EQ(report.signers.size(), 1);
  EXPECT_EQ(report.signers[0].key, LogKey().verifier());
  EXPECT_EQ(report.checkpoint->size, 10);

  const note::VerifierKey stranger = note::TestKey(kOrigin, note::KeyType::kNote, 'x').verifier();
  const auto by_stranger = VerifyExport({directory_, {stranger}, std::nullopt, nullptr});
  EXPECT_FALSE(by_stranger->ok());
  const auto by_nobody = VerifyExport({directory_, {}, std::nullopt, nullptr});
  EXPECT_TRUE(by_nobody->ok() && by_nobody->signers.empty());
  const auto by_either = VerifyExport({directory_, {stranger, LogKey().verifier()}, std::nullopt, nullptr});
  EXPECT_TRUE(by_either->ok());
}

TEST_F(VerifierTest, TheFirstBadEntryIsNamed) {
  FakeLog log(600);
  Export(&log);
  for (const uint64_t index : {599, 300, 299, 17}) {
    const ExportFile tile{0, index / 256, index < 512 ? 256u : 88u};
    std::string bytes = ReadFile(directory_ + "/" + tile.Path());
    char& byte = bytes[index % 256 * 32];
    byte = static_cast<char>(byte ^ 4);
    WriteFile(directory_ + "/" + tile.Path(), bytes);
    const VerifyReport report = Verify(directory_);
    ASSERT_TRUE(report.first_bad);
    EXPECT_EQ(report.first_bad->index, index);
    EXPECT_THAT(report.first_bad->what, HasSubstr(tile.Path()));
  }
  EXPECT_EQ(Verify(directory_).entries_checked, 600 - 4);
}

// Whoever has the key can sign what is no log.
TEST_F(VerifierTest, ASignedTreeOfEntriesThatAreNoLogIsRefused) {
  const std::vector<std::pair<std::string, std::function<void(FakeLog*)>>> cases = {
      {"3: it says that it stands at position 5", [](FakeLog* log) { log->entries[3] = SyntheticEvent(5); }},
      {"4: it says that it stands at position 6", [](FakeLog* log) { log->entries.erase(log->entries.begin() + 4); }},
      {"2: it is no stored event", [](FakeLog* log) { log->entries[2] = "holiday"; }},
      {"2: it is no stored event", [](FakeLog* log) { log->entries[2].clear(); }},
      {"0: it cannot be read as an event", [](FakeLog* log) { log->entries[0] += '\x1a'; }},
      {"7: it is an event of no kind", [](FakeLog* log) { log->entries[7].resize(5); }},
      {"6: it was recorded before",
       [](FakeLog* log) {
         log->entries[6].clear();
         AppendStoredEvent(Position{7}, 999, SerializeBody(v1::Event()), &log->entries[6]);
       }},
  };
  for (const auto& [expected, spoil] : cases) {
    std::filesystem::remove_all(directory_);
    FakeLog log(10);
    spoil(&log);
    WriteRaw(log);
    EXPECT_THAT(Faults(), HasSubstr(expected));
    EXPECT_EQ(Verify(directory_).entries_checked, expected[0] == '4' ? 4 : 9);
  }
}

TEST_F(VerifierTest, AnEarlierCheckpoint) {
  FakeLog log(300);
  const std::string since = log.Checkpoint();
  const std::string since_nothing = FakeLog(0).Checkpoint();
  log.Grow(400);
  Export(&log);
  EXPECT_EQ(Faults(since), "");
  EXPECT_EQ(Faults(since_nothing), "");
  EXPECT_EQ(Faults(log.Checkpoint()), "");

  FakeLog other;
  other.Grow(300, "other");
  EXPECT_THAT(Faults(other.Checkpoint()), HasSubstr("the log was rewritten"));
  log.Grow(1);
  EXPECT_THAT(Faults(log.Checkpoint()), HasSubstr("rolled back"));
  EXPECT_THAT(Faults("holiday"), HasSubstr("the earlier checkpoint is no signed checkpoint"));
  std::string spoilt = since;
  spoilt[0] = 'T';
  EXPECT_THAT(Faults(spoilt), HasSubstr("the earlier checkpoint"));
}

TEST_F(VerifierTest, WhatTheLogIsNotKnownToHaveSignedContradictsNobody) {
  FakeLog log(300);
  Export(&log);
  FakeLog other;
  other.Grow(300, "other");
  EXPECT_EQ(Verify(directory_, other.Checkpoint()).contradiction, EvidenceKind::kFork);
  const note::VerifierKey stranger = note::TestKey(kOrigin, note::KeyType::kNote, 'x').verifier();
  const auto of_stranger = VerifyExport({directory_, {stranger}, other.Checkpoint(), nullptr});
  EXPECT_THAT(FaultsOf(*of_stranger), HasSubstr("the log was rewritten"));
  EXPECT_EQ(of_stranger->contradiction, std::nullopt);

  const note::SignerKey witness = note::TestKey("witness", note::KeyType::kCosignature, 'w');
  const auto cosigned = [&](const std::string& checkpoint) {
    note::Note note = *note::ParseNote(checkpoint);
    note.signatures.push_back(*note::CosignCheckpoint(note.text, witness, 1'764'550'800));
    return note::FormatNote(note);
  };
  WriteFile(directory_ + "/checkpoint", cosigned(log.Checkpoint()));
  const std::string since = cosigned(other.Checkpoint());
  const auto by_witness = VerifyExport({directory_, {witness.verifier()}, since, nullptr});
  EXPECT_THAT(FaultsOf(*by_witness), HasSubstr("the log was rewritten"));
  EXPECT_EQ(by_witness->contradiction, std::nullopt);
  EXPECT_EQ(VerifyExport({directory_, {LogKey().verifier(), witness.verifier()}, since, nullptr})->contradiction,
            EvidenceKind::kFork);
}

TEST_F(VerifierTest, ASizeThatNobodyCanHave) {
  FakeLog log(10);
  Export(&log);
  for (const uint64_t size : {uint64_t{11}, uint64_t{1} << 40, UINT64_MAX}) {
    WriteFile(directory_ + "/checkpoint", log.SignCheckpoint(size, Hash{}));
    EXPECT_THAT(Faults(), HasSubstr("is missing"));
  }
}

TEST_F(VerifierTest, NoExport) {
  EXPECT_EQ(VerifyExport({directory_, {}, std::nullopt, nullptr}).status().code(), absl::StatusCode::kNotFound);
  std::filesystem::create_directory(directory_);
  EXPECT_THAT(Faults(), HasSubstr("there is no checkpoint"));
}

TEST_F(VerifierTest, FilesThatDoNotBelongThere) {
  FakeLog log(300);
  Export(&log);
  for (const std::string stray : {"holiday.jpg", "tile/entries/002", "tile/entries/001.p/43", "tile/entries/001",
                                  "tile/2/000.p/1", "checkpoint.new", "tile/0/0000"}) {
    WriteFile(directory_ + "/" + stray, "x");
    EXPECT_THAT(Faults(), HasSubstr(stray + " does not belong"));
    std::filesystem::remove(directory_ + "/" + stray);
  }
  std::filesystem::create_symlink("checkpoint", directory_ + "/link");
  EXPECT_THAT(Faults(), HasSubstr("link does not belong"));
}

// Signed by whoever holds the key: a parser would read the position at the end, everybody else the one at the
// beginning.
TEST_F(VerifierTest, AnEventWithTwoPositionsOrTimesIsNone) {
  for (const std::string& second : {std::string("\x08\x05", 2), std::string("\x10\x05", 2)}) {
    FakeLog log(10);
    log.entries[6] += second;
    const std::string directory = temp_.Path(StrCat("twice-", static_cast<int>(second[0])));
    ASSERT_TRUE(ExportTo(directory, &log).ok());
    EXPECT_THAT(FaultsOf(Verify(directory)), HasSubstr("6: it says its position or time a second time"));
  }
}

}  // namespace
}  // namespace sothon::cli
