// A log that was changed behind the service's back is found out, whatever was changed, and what it is is named.
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "common/testing/seed.h"
#include "ingest-service/log/derived_keys.h"
#include "ingest-service/log/log_checker_fixture.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;
using testing::kLogId;
using testing::LogCheckerTest;
using testing::Paid;

TEST_F(LogCheckerTest, AGoodLogIsGoodAndAllOfItIsCounted) {
  LogCheckOptions options;
  options.keys = {key_.verifier()};
  options.log_id = kLogId;
  const auto report = Check(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->ok()) << Faults(options);
  EXPECT_THAT(report->remarks(), ::testing::IsEmpty());
  std::map<std::string, std::pair<uint64_t, uint64_t>> counts;
  for (const CheckedArea& area : report->areas()) counts[area.things] = {area.good, area.total};
  EXPECT_EQ(counts["events"], std::pair(head_, head_));
  EXPECT_EQ(counts["events of the checkpoint"], std::pair(head_, head_));
  EXPECT_EQ(counts["tree tiles"], std::pair(head_ / 256, head_ / 256));
  for (const char* things : {"event ids", "receipts", "streams", "reference marks"}) {
    EXPECT_GT(counts[things].second, 0u) << things;
    EXPECT_EQ(counts[things].first, counts[things].second) << things;
  }
}

TEST_F(LogCheckerTest, NothingIsChangedAlsoBesideAServiceThatWrites) {
  const auto files = [&] {
    std::map<std::string, std::pair<uintmax_t, std::filesystem::file_time_type>> all;
    for (const auto& each : std::filesystem::recursive_directory_iterator(data_)) {
      if (each.is_regular_file()) all[each.path()] = {each.file_size(), each.last_write_time()};
    }
    return all;
  };
  const auto before = files();
  EXPECT_EQ(Faults(), "");
  EXPECT_EQ(files(), before);

  Open();
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 30; ++i) Append({Paid(StrCat("live-", round, "-", i))});
    EXPECT_EQ(Faults(), "") << round;
  }
  log_.reset();
  EXPECT_EQ(Faults(), "");
}

TEST_F(LogCheckerTest, AChangedEventIsNamed) {
  ChangeEvent(300, [](v1::Event* event) { event->mutable_contribution_recorded()->set_paid_vnd(1); });
  const std::string faults = Faults();
  EXPECT_THAT(faults, HasSubstr("position 300: the event is not the one whose hash is in tile/0/001"));
  EXPECT_THAT(faults, HasSubstr("checkpoint: the first "));
}

TEST_F(LogCheckerTest, AChangedEventBehindTheLastTileIsNotTheOneThatWasSigned) {
  ASSERT_GT(head_ % 256, 10u);
  ChangeEvent(head_ - 5, [](v1::Event* event) { event->set_note("changed"); });
  EXPECT_EQ(Faults(), StrCat("checkpoint: the first ", head_, " events are not those it was signed for\n"));
}

TEST_F(LogCheckerTest, AnEventThatIsNoneAndPlacesThatAreWrong) {
  ChangeEvent(400, [](v1::Event* event) { event->set_position(399); });
  EXPECT_THAT(Faults(), HasSubstr("position 400: the event there says that it stands at 399"));
  ChangeEvent(399, [](v1::Event* event) { event->set_recorded_at_us(7); });
  EXPECT_THAT(Faults(), HasSubstr("position 399: was recorded at 7 µs, before the event in front of it"));
}

TEST_F(LogCheckerTest, MissingAndDamagedBlocks) {
  const std::string block = Change(LogFamily::kEvents, BigEndian64(500), std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr("position 500: no event up to position 500 is there\n"));
  std::string damaged = block;
  damaged[0] = static_cast<char>(damaged[0] ^ 0x15);
  Change(LogFamily::kEvents, BigEndian64(500), damaged);
  EXPECT_THAT(Faults(), HasSubstr("position 500: the block up to position 500 is no block"));
  Change(LogFamily::kEvents, BigEndian64(500), block);
  EXPECT_EQ(Faults(), "");
  Change(LogFamily::kEvents, BigEndian64(head_), std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr(StrCat("the log ends at ", head_ - 1, ": its end is missing")));
}

TEST_F(LogCheckerTest, Tiles) {
  const std::string key = TileKey(0, 1);
  const std::string tile = ValueOf(LogFamily::kTree, key);
  std::string changed = tile;
  changed[32 * 10 + 3] = static_cast<char>(changed[32 * 10 + 3] ^ 1);
  Change(LogFamily::kTree, key, changed);
  EXPECT_EQ(Faults(), "position 267: the event is not the one whose hash is in tile/0/001\n");
  Change(LogFamily::kTree, key, std::nullopt);
  EXPECT_EQ(Faults(), "tile/0/001: is missing\n");
  Change(LogFamily::kTree, key, tile.substr(1));
  EXPECT_EQ(Faults(), "tile/0/001: is no full tile\n");
  Change(LogFamily::kTree, key, tile);
  Change(LogFamily::kTree, TileKey(0, 100), tile);
  EXPECT_THAT(Faults(), HasSubstr(StrCat("a tree of ", head_, " events has none")));
}

TEST_F(LogCheckerTest, TheIndex) {
  const v1::Event paid = Paid("BL-1");
  const std::string value = ValueOf(LogFamily::kEventIds, paid.event_id());
  const uint64_t position = ReadBigEndian64(value);
  Change(LogFamily::kEventIds, paid.event_id(), std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr(StrCat("position ", position, ": the index does not lead there from event id ",
                                         paid.event_id())));
  Change(LogFamily::kEventIds, paid.event_id(), BigEndian64(position + 1));
  EXPECT_THAT(Faults(), HasSubstr(StrCat("event id ", paid.event_id(), ": the index has it at position ", position + 1,
                                         ", where another event stands")));
  Change(LogFamily::kEventIds, paid.event_id(), BigEndian64(head_ + 1));
  EXPECT_THAT(Faults(), HasSubstr(StrCat("the log ends at ", head_)));
  Change(LogFamily::kEventIds, paid.event_id(), value);
  Change(LogFamily::kEventIds, "nobody", BigEndian64(3));
  EXPECT_EQ(Faults(), "event id nobody: the index has it at position 3, where another event stands\n");
  Change(LogFamily::kEventIds, "nobody", std::nullopt);

  const std::string receipt = NaturalKeyOf(paid);
  Change(LogFamily::kNaturalKeys, receipt, std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr("from receipt BL-1 of agency "));
  Change(LogFamily::kNaturalKeys, receipt, value);
  EXPECT_EQ(Faults(), "");
  Change(LogFamily::kNaturalKeys, ReversalKey({21}), BigEndian64(head_));
  EXPECT_THAT(Faults(), HasSubstr("reversal of position 21: the index has it at position"));
}

TEST_F(LogCheckerTest, StreamsAndReferenceMarks) {
  const std::string name = "place/23500-01";
  const std::string before = ValueOf(LogFamily::kStreams, name);
  StreamState state;
  ASSERT_TRUE(DecodeStreamState(before, &state));
  Change(LogFamily::kStreams, name, EncodeStreamState({state.version + 1, state.last}));
  EXPECT_EQ(Faults(),
            StrCat("stream place/23500-01: is at version ", state.version + 1, ", last at position ", state.last.value,
                   "; by the events at version ", state.version, ", last at ", state.last.value, "\n"));
  Change(LogFamily::kStreams, name, std::nullopt);
  EXPECT_THAT(Faults(), HasSubstr("stream place/23500-01: is missing"));
  Change(LogFamily::kStreams, name, before);
  Change(LogFamily::kStreams, "place/none", before);
  EXPECT_EQ(Faults(), "stream place/none: no event of the log belongs to it\n");
  Change(LogFamily::kStreams, "place/none", std::nullopt);

  Change(LogFamily::kReference, BigEndian64(2), std::nullopt);
  Change(LogFamily::kReference, BigEndian64(200), "");
  EXPECT_THAT(Faults(), HasSubstr("position 2: an event of the registry that is not marked as one"));
  EXPECT_THAT(Faults(), HasSubstr("no event of the registry stands there"));
}

TEST_F(LogCheckerTest, MarksKeysAndSignatures) {
  const std::string mark = Change(LogFamily::kDefault, std::string(kIndexedToKey), BigEndian64(head_ + 1));
  EXPECT_THAT(Faults(), HasSubstr(StrCat("indexed_to: says that events up to ", head_ + 1, " were acknowledged")));
  Change(LogFamily::kDefault, std::string(kIndexedToKey), mark);
  Change(LogFamily::kDefault, "more", "1");
  EXPECT_EQ(Faults(), "default/more: no such key is known\n");
  Change(LogFamily::kDefault, "more", std::nullopt);
  LogCheckOptions options;
  options.keys = {note::TestKey(kLogId, note::KeyType::kNote, 'x').verifier()};
  EXPECT_THAT(Faults(options), HasSubstr("checkpoint: "));
  options.keys.clear();
  options.log_id = "another";
  EXPECT_THAT(Faults(options), HasSubstr("the configuration says another"));
  std::filesystem::remove(data_ + "/checkpoint");
  EXPECT_EQ(Faults(), "") << "nothing was signed; that is said, and no fault";
  options.log_id.clear();
  options.keys = {key_.verifier()};
  EXPECT_THAT(Faults(options), HasSubstr("nothing that --key could have signed"));
}

TEST_F(LogCheckerTest, ADamagedTableIsFound) {
  Open();
  log_.reset();  // what the write-ahead log held is in tables now
  std::vector<std::string> tables;
  for (const auto& each : std::filesystem::directory_iterator(data_ + "/log")) {
    if (each.path().extension() == ".sst") tables.push_back(each.path());
  }
  ASSERT_FALSE(tables.empty());
  for (const std::string& table : tables) {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    const char before = static_cast<char>(file.seekg(20).get());
    file.seekp(20).put(static_cast<char>(before ^ 0x40)).flush();
    EXPECT_NE(Faults(), "") << table;
    file.seekp(20).put(before).flush();
  }
  EXPECT_EQ(Faults(), "");
}

TEST_F(LogCheckerTest, WhatIsNoLogIsRefusedWithARemedy) {
  EXPECT_THAT(LogSnapshot::Open(directory_.Path("nowhere")).status().ToString(), HasSubstr("NOT_FOUND"));
  EXPECT_THAT(LogSnapshot::Open(directory_.path()).status().ToString(), HasSubstr("name the right directory"));
  Change(LogFamily::kDefault, std::string(kLogFormatKey), "9");
  EXPECT_THAT(Faults(), HasSubstr("run the version that wrote it"));
  Change(LogFamily::kDefault, std::string(kLogFormatKey), std::string(kLogFormatWithoutTree));
  EXPECT_THAT(Faults(), HasSubstr("start the ingest service once"));
}

TEST_F(LogCheckerTest, AnEmptyLogIsGood) {
  std::filesystem::remove_all(data_);
  Open();
  log_.reset();
  EXPECT_EQ(Faults(), "");
}

// One byte of any value anywhere. Not covered: the outbox's cursor and the index's mark, where they still lie within
// the log: how far the bus was told nobody else knows, and what is indexed beyond the mark is checked all the same.
TEST_F(LogCheckerTest, AChangedByteOfAnyValueIsFound) {
  struct Entry {
    size_t family;
    std::string key;
    std::string value;
  };
  std::vector<std::vector<Entry>> entries;
  WithDb([&](rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
    for (size_t i = 0; i < families.size(); ++i) {
      std::vector<Entry>& all = entries.emplace_back();
      const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(rocksdb::ReadOptions(), families[i]));
      for (at->SeekToFirst(); at->Valid(); at->Next()) {
        if (!at->value().empty()) all.push_back({i, at->key().ToString(), at->value().ToString()});
      }
    }
  });
  std::mt19937 random(sothon::testing::SeedForThisRun());
  std::set<size_t> tried;
  for (int round = 0; round < 120; ++round) {
    const std::vector<Entry>& all = entries[random() % entries.size()];
    if (all.empty()) continue;
    const Entry& entry = all[random() % all.size()];
    std::string changed = entry.value;
    const size_t byte = random() % changed.size();
    changed[byte] = static_cast<char>(changed[byte] ^ static_cast<char>(1 + random() % 255));
    const bool is_mark = entry.family == 0 && (entry.key == kIndexedToKey || entry.key == kOutboxCursorKey);
    if (is_mark && ReadBigEndian64(changed) <= head_) continue;
    const auto family = static_cast<LogFamily>(entry.family);
    Change(family, entry.key, changed);
    EXPECT_NE(Faults(), "") << "family " << entry.family << " byte " << byte << " of " << changed.size();
    Change(family, entry.key, entry.value);
    tried.insert(entry.family);
  }
  EXPECT_EQ(tried.size(), 6u) << "all but reference, which has no values";
  EXPECT_EQ(Faults(), "");
}

}  // namespace
}  // namespace sothon::ingest
