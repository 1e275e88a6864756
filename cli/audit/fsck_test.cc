// sothon audit fsck over the data directories of both services.
#include <filesystem>
#include <fstream>

#include "cli/testing/run_command.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/note/checkpoint.h"
#include "common/note/test_keys.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "ingest-service/log/log_options.h"
#include "ingest-service/testing/prepared_events.h"
#include "projection-service/store/database_options.h"
#include "projection-service/view/projection.h"

namespace sothon::cli {
namespace {

using ingest::testing::ReadAll;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kLogId[] = "test-log";

class FsckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ingest::EventLogOptions options;
    options.directory = ingest_ + "/log";
    options.log_id = kLogId;
    auto log = ingest::EventLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    Append(log->get(), sothon::testing::MinimalRegistry(2));
    for (uint64_t person = 1; person <= 300; ++person) {
      sothon::testing::ContributionSpec spec;
      spec.person = person;
      spec.receipt = StrCat("BL-", person);
      Append(log->get(), {sothon::testing::Contribution(spec)});
    }
    head_ = (*log)->Head().value;
    const merkle::TileNodes nodes(head_, [&](const merkle::Tile& tile) { return (*log)->ReadTile(tile); });
    const std::string text = *note::FormatCheckpoint({kLogId, head_, *merkle::Root(head_, nodes), {}});
    const note::SignerKey* const keys[] = {&key_};
    std::ofstream(ingest_ + "/checkpoint") << note::FormatNote(*note::SignNote(text, keys));
    Project(**log, kLogId, projection_);
  }
  static void Append(ingest::EventLog* log, const std::vector<v1::Event>& events) {
    const auto appended = ingest::testing::AppendOne(log, ingest::testing::PrepareAll(events));
    ASSERT_TRUE(appended.ok()) << appended.status();
  }
  static void Project(const ingest::EventLog& log, const std::string& log_id, const std::string& directory) {
    projection::ProjectionOptions options;
    options.data_directory = directory;
    auto projection = projection::Projection::Open(std::move(options));
    ASSERT_TRUE(projection.ok()) << projection.status();
    ASSERT_TRUE((*projection)->BindLog(log_id).ok());
    for (const std::string& stored : ReadAll(log)) {
      const std::string_view one = stored;
      ASSERT_TRUE((*projection)->Apply({&one, 1}, false).ok());
    }
  }
  // Behind the service's back: the first figure of the first account is one more.
  void ChangeACell() const {
    projection::StoreOptions store;
    store.directory = projection_ + "/view-1";
    const projection::DatabaseOptions options = projection::MakeDatabaseOptions(store);
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options.options, store.directory, options.families, &families, &db).ok());
    rocksdb::ColumnFamilyHandle* const cells = families[1 + static_cast<size_t>(projection::StoreFamily::kCells)];
    {
      const std::unique_ptr<rocksdb::Iterator> first(db->NewIterator(rocksdb::ReadOptions(), cells));
      first->SeekToFirst();
      ledger::Cell cell;
      ASSERT_TRUE(first->Valid() && projection::DecodeCell(first->value().ToString(), &cell));
      ++cell.counters[ledger::Counter::kFirst];
      ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), cells, first->key(), projection::EncodeCell(cell)).ok());
    }
    for (rocksdb::ColumnFamilyHandle* one : families) delete one;
    delete db;
  }
  Outcome Fsck(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"audit", "fsck"});
    return RunWith(std::move(arguments));
  }

  const sothon::testing::TempDir directory_;
  const std::string ingest_ = directory_.Path("ingest");
  const std::string projection_ = directory_.Path("projection");
  const note::SignerKey key_ = note::TestKey(kLogId, note::KeyType::kNote, 'k');
  uint64_t head_ = 0;
};

TEST_F(FsckTest, WhatIsGoodIsCounted) {
  const std::string head = FormatThousands(static_cast<int64_t>(head_));
  const Outcome both =
      Fsck({"--ingest-data", ingest_, "--projection-data", projection_, "--key", key_.verifier().ToString()});
  EXPECT_EQ(both.exit, kDone) << both.out << both.err;
  EXPECT_THAT(both.out, HasSubstr(StrCat("events                     ", head, " checked of ", head)));
  EXPECT_THAT(both.out, HasSubstr("tree tiles                 1 checked of 1"));
  EXPECT_THAT(both.out, HasSubstr("histories of people        300 checked of 300"));
  EXPECT_THAT(both.out, HasSubstr("ĐÚNG (OK)\n"));
  EXPECT_THAT(both.out, Not(HasSubstr("Look at this")));
  EXPECT_EQ(both.err, "") << "no progress in a pipe";
  const Outcome log = Fsck({"--ingest-data", ingest_});
  EXPECT_EQ(log.exit, kDone);
  EXPECT_THAT(log.out, HasSubstr("no signature was checked"));
  EXPECT_THAT(log.out, Not(HasSubstr("accounts")));
}

TEST_F(FsckTest, WhatWasChangedIsNamed) {
  ChangeACell();
  const Outcome bad = Fsck({"--ingest-data", ingest_, "--projection-data", projection_});
  EXPECT_EQ(bad.exit, kRefused);
  EXPECT_THAT(bad.out, HasSubstr("first bad Thôn"));
  EXPECT_THAT(bad.out, HasSubstr("(23500-01), 2025-10, BHXH_TN: first is 301, by the log 300\n"));
  EXPECT_THAT(bad.out, HasSubstr("SAI (NOT OK): 1 fault\n"));
  EXPECT_EQ(Fsck({"--ingest-data", ingest_}).exit, kDone);
}

TEST_F(FsckTest, ConfigurationsNameTheDirectories) {
  const auto write = [&](const std::string& name, const std::string& toml) {
    std::ofstream(directory_.Path(name)) << toml;
    return directory_.Path(name);
  };
  const std::string ingest = write("ingest.toml", StrCat("[log]\nid = \"test-log\"\nprovince_id = \"51\"\n",
                                                         "[data]\ndirectory = \"", ingest_, "\"\n"));
  const std::string projection = write("projection.toml", StrCat("[data]\ndirectory = \"", projection_, "\"\n"));
  const Outcome good = Fsck({"--ingest-config", ingest, "--projection-config", projection});
  EXPECT_EQ(good.exit, kDone) << good.out << good.err;
  const std::string other_rules =
      write("rules.toml", StrCat("[counting]\ngrace_days = 10\n[data]\ndirectory = \"", projection_, "\"\n"));
  const Outcome other = Fsck({"--ingest-config", ingest, "--projection-config", other_rules});
  EXPECT_EQ(other.exit, kRefused);
  EXPECT_THAT(other.out, HasSubstr("counted with other days of grace than configured"));
}

TEST_F(FsckTest, WrongUsageAndWhatDoesNotBelongTogether) {
  EXPECT_EQ(Fsck({}).exit, kWrongUsage);
  const Outcome alone = Fsck({"--projection-data", projection_});
  EXPECT_EQ(alone.exit, kWrongUsage);
  EXPECT_THAT(alone.err, HasSubstr("the log is what accounts are held against"));
  const Outcome nowhere = Fsck({"--ingest-data", directory_.Path("nowhere")});
  EXPECT_EQ(nowhere.exit, kWrongUsage);
  EXPECT_THAT(nowhere.err, HasSubstr("name the data.directory of the ingest service"));
  EXPECT_EQ(Fsck({"--ingest-data", projection_}).exit, kWrongUsage);
  EXPECT_EQ(Fsck({"--ingest-data", ingest_, "--projection-data", ingest_}).exit, kWrongUsage);
  EXPECT_EQ(Fsck({"--ingest-data", ingest_, "--key", "nonsense"}).exit, kWrongUsage);

  ingest::EventLogOptions options;
  options.directory = directory_.Path("other/log");
  options.log_id = "other-log";
  {
    auto log = ingest::EventLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    Append(log->get(), sothon::testing::MinimalRegistry(2));
  }
  const Outcome other = Fsck({"--ingest-data", directory_.Path("other"), "--projection-data", projection_});
  EXPECT_EQ(other.exit, kRefused);
  EXPECT_THAT(other.err, HasSubstr("name the data directories that belong together"));
}

}  // namespace
}  // namespace sothon::cli
