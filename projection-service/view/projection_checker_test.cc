// A stored projection that was changed behind the service's back is found out, and what differs is named.
#include "absl/strings/escaping.h"
#include "common/testing/seed.h"
#include "projection-service/view/projection_checker_fixture.h"

namespace sothon::projection {
namespace {

using testing::FakeLog;
using ::testing::HasSubstr;
using testing::kLogId;
using testing::ProjectionCheckerTest;

TEST_F(ProjectionCheckerTest, AGoodProjectionIsGoodAndAllOfItIsCounted) {
  Project(testing::MakeRandomLog(20251101, 800));
  const auto report = Check();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->ok()) << Faults();
  EXPECT_THAT(report->remarks(), ::testing::IsEmpty());
  std::map<std::string, uint64_t> counts;
  for (const CheckedArea& area : report->areas()) {
    EXPECT_EQ(area.good, area.total) << area.things;
    counts[area.things] = area.total;
  }
  EXPECT_EQ(counts["events folded"], log_.size());
  EXPECT_EQ(counts["times of events"], log_.size());
  for (const char* things : {"marks and names", "accounts", "postings", "histories of people", "events kept whole"}) {
    EXPECT_GT(counts[things], 0u) << things;
  }
}

TEST_F(ProjectionCheckerTest, NothingIsChangedAlsoBesideAServiceThatWrites) {
  FakeLog log = testing::MakeRandomLog(7, 900);
  const auto projection = testing::MustOpen(dir_);
  ASSERT_TRUE(projection->BindLog(kLogId).ok());
  log_ = log;
  for (uint64_t from = 1; from <= log.size(); from += 90) {
    ASSERT_TRUE(log.Feed(projection.get(), from, std::min(log.size(), from + 89), 5).ok());
    std::map<std::string, std::pair<uintmax_t, std::filesystem::file_time_type>> files[2];
    for (auto& all : files) {
      for (const auto& each : std::filesystem::recursive_directory_iterator(data_)) {
        if (each.is_regular_file()) all[each.path()] = {each.file_size(), each.last_write_time()};
      }
      if (&all == &files[0]) {
        EXPECT_EQ(Faults(), "") << from;
      }
    }
    EXPECT_EQ(files[0], files[1]);
  }
}

TEST_F(ProjectionCheckerTest, AChangedFigureIsNamedWithBothValues) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  Project(example.log);
  const ledger::AccountKey october(ledger::Dimension::kVillage, {2}, v1::BHXH_TN, *CivilMonth::FromWire(202510));
  const std::map<std::string, std::string> cells = All(StoreFamily::kCells);
  ledger::AccountKey account;
  ledger::Cell cell;
  for (const auto& [key, value] : cells) {
    account = ledger::AccountKey(ReadBigEndian64(key));
    if (account.dimension() != ledger::Dimension::kVillage || account.month() != october.month()) continue;
    ASSERT_TRUE(DecodeCell(value, &cell));
    if (cell.counters[ledger::Counter::kFirst] == 3) break;
  }
  ASSERT_EQ(cell.counters[ledger::Counter::kFirst], 3);
  cell.counters[ledger::Counter::kFirst] = 4;
  Change(StoreFamily::kCells, AccountKeyBytes(account), EncodeCell(cell));
  EXPECT_THAT(Faults(), HasSubstr("(23500-01), 2025-10, BHXH_TN: first is 4, by the log 3\n"));
  Change(StoreFamily::kCells, AccountKeyBytes(account), std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr("2025-10, BHXH_TN: is missing: first is 0, by the log 3"));
  Change(StoreFamily::kCells, AccountKeyBytes(account), cells.at(AccountKeyBytes(account)));
  EXPECT_EQ(Faults(), "");
  const ledger::AccountKey none(ledger::Dimension::kVillage, account.ordinal(), v1::BHXH_TN,
                                *CivilMonth::FromWire(203001));
  Change(StoreFamily::kCells, AccountKeyBytes(none), EncodeCell(cell));
  EXPECT_THAT(Faults(), HasSubstr("2030-01, BHXH_TN: the log knows nothing of it: first is 4, by the log 0"));
}

TEST_F(ProjectionCheckerTest, PostingsHistoriesTimesAndKeptEvents) {
  Project(testing::MakeRandomLog(11, 300));
  const auto postings = All(StoreFamily::kPostings);
  const auto& [key, value] = *postings.begin();
  const ledger::AccountKey account(ReadBigEndian64(key));
  const Position first{ReadBigEndian64(key.substr(8))};
  PostingBlockReader reader(first, value);
  PostedChange change;
  ASSERT_TRUE(reader.Next(&change));
  PostingBlockWriter writer;
  writer.Begin(first, reader.totals_before());
  const ledger::Posting forged{account, change.counter, change.change + 1};
  writer.Append(first, {&forged, 1});
  Change(StoreFamily::kPostings, key, writer.value());
  EXPECT_THAT(Faults(), HasSubstr(StrCat(": at position ", first.value)));
  EXPECT_THAT(Faults(), HasSubstr(StrCat("posted is ", change.change + 1, ", by the log ", change.change)));
  Change(StoreFamily::kPostings, key, std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr(StrCat("nothing is posted, by the log ", change.change)));
  Change(StoreFamily::kPostings, key, value);

  const auto people = All(StoreFamily::kParticipants);
  Change(StoreFamily::kParticipants, people.begin()->first, std::nullopt);
  const std::string missing = Faults();
  EXPECT_THAT(missing, HasSubstr("person of the event at position "));
  EXPECT_THAT(missing, HasSubstr(": the history is missing\n"));
  Change(StoreFamily::kParticipants, people.begin()->first, std::next(people.begin())->second);
  EXPECT_THAT(Faults(), HasSubstr("history"));
  Change(StoreFamily::kParticipants, people.begin()->first, people.begin()->second);

  const auto times = All(StoreFamily::kTimes);
  Change(StoreFamily::kTimes, times.rbegin()->first, std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr("time of position "));
  Change(StoreFamily::kTimes, times.rbegin()->first, times.rbegin()->second);
  const auto kept = All(StoreFamily::kReference);
  Change(StoreFamily::kReference, kept.begin()->first, std::next(kept.begin())->second);
  EXPECT_EQ(Faults(), StrCat("kept event at position ", ReadBigEndian64(kept.begin()->first), ": is not the log's\n"));
  Change(StoreFamily::kReference, kept.begin()->first, kept.begin()->second);
  EXPECT_EQ(Faults(), "");
}

TEST_F(ProjectionCheckerTest, AMovedPositionIsNamedWithTheTrueOne) {
  Project(testing::MakeRandomLog(3, 200));
  const auto meta = All(StoreFamily::kMeta);
  Applied applied;
  std::string hash;
  ASSERT_TRUE(DecodeApplied(meta.at(kMetaApplied), &applied, &hash));
  for (const uint64_t moved : {applied.position.value - 1, applied.position.value + 7}) {
    Change(StoreFamily::kMeta, kMetaApplied, EncodeApplied({{moved}, applied.recorded_at_us}, hash));
    EXPECT_THAT(Faults(), HasSubstr(StrCat("position: the projection says that it stands at ", moved)));
    EXPECT_THAT(Faults(), HasSubstr(StrCat("the event that was applied last is that at ", log_.size())));
  }
  // Together with the hash: then the figures are not those of that position.
  Change(StoreFamily::kMeta, kMetaApplied,
         EncodeApplied({{150}, log_.recorded_at_us(150)}, LeafHash(log_.stored(150))));
  EXPECT_THAT(Faults(), HasSubstr("by the log"));
}

TEST_F(ProjectionCheckerTest, WhatCannotBeHeldAgainstTheLogIsAnErrorWithARemedy) {
  Project(testing::MakeRandomLog(5, 50));
  const auto other = Check(std::nullopt, "another");
  EXPECT_EQ(other.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(other.status().ToString(), HasSubstr("name the data directories that belong together"));
  EXPECT_EQ(StoredView::Open(dir_.Path("nowhere")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(StoredView::Open(dir_.path()).status().code(), absl::StatusCode::kNotFound);
  Change(StoreFamily::kMeta, kMetaFormat, EncodeNumber(99));
  EXPECT_THAT(Check().status().ToString(), HasSubstr("run the version that wrote it"));
}

TEST_F(ProjectionCheckerTest, RulesAreThoseItWasCountedWithUnlessConfigured) {
  Project(testing::MakeRandomLog(5, 300));
  ledger::CountingRules others;
  others.grace_days[v1::BHXH_TN] = 1;
  const auto configured = Check(others);
  ASSERT_TRUE(configured.ok());
  EXPECT_FALSE(configured->ok());
  EXPECT_THAT(configured->faults().front().what, HasSubstr("other days of grace"));
}

// One byte of any value anywhere.
TEST_F(ProjectionCheckerTest, AChangedByteOfAnyValueIsFound) {
  Project(testing::MakeRandomLog(13, 250));
  std::vector<std::pair<StoreFamily, std::map<std::string, std::string>>> families;
  for (size_t i = 0; i < kStoreFamilyCount; ++i) {
    families.emplace_back(static_cast<StoreFamily>(i), All(static_cast<StoreFamily>(i)));
  }
  std::mt19937 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 60; ++round) {
    const auto& [family, entries] = families[static_cast<size_t>(round) % families.size()];
    const auto& [key, value] = *std::next(entries.begin(), static_cast<std::ptrdiff_t>(random() % entries.size()));
    ASSERT_FALSE(value.empty());
    std::string changed = value;
    const size_t byte = random() % changed.size();
    changed[byte] = static_cast<char>(changed[byte] ^ static_cast<char>(1 + random() % 255));
    Change(family, key, changed);
    EXPECT_NE(Faults(), "") << "family " << static_cast<int>(family) << ", byte " << byte << " of " << changed.size()
                            << " of " << absl::BytesToHexString(key);
    Change(family, key, value);
  }
  EXPECT_EQ(Faults(), "");
}

}  // namespace
}  // namespace sothon::projection
