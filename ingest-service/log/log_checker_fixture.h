// A log of the ingest service with a signed checkpoint, to be changed behind its back and then checked.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/note/checkpoint.h"
#include "common/note/test_keys.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/log/event_block.h"
#include "ingest-service/log/log_checker.h"
#include "ingest-service/log/log_options.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest::testing {

inline constexpr char kLogId[] = "test";
inline constexpr size_t kPayments = 700;

class LogCheckerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Open();
    Append(sothon::testing::MinimalRegistry(3));
    for (size_t i = 1; i <= kPayments; ++i) Append({Paid(StrCat("BL-", i))});
    for (const uint64_t reversed : {20u, 30u}) {
      Append({Reversed(StrCat("r-", reversed), {reversed})});
    }
    ASSERT_TRUE(log_->StoreOutboxCursor({5}).ok());
    Sign();
    log_.reset();
  }

  EventLogOptions Options() const {
    EventLogOptions options;
    options.directory = data_ + "/log";
    options.log_id = kLogId;
    options.index_events_in_memory = 64;
    return options;
  }
  void Open() {
    auto log = EventLog::Open(Options());
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  void Append(const std::vector<v1::Event>& events) {
    now_us_ += 1'000;
    const AppendOutcome outcome = AppendOne(log_.get(), PrepareAll(events), now_us_);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    head_ = log_->Head().value;
  }
  void Sign() {
    const merkle::TileNodes nodes(head_, [this](const merkle::Tile& tile) { return log_->ReadTile(tile); });
    const std::string text = *note::FormatCheckpoint({kLogId, head_, *merkle::Root(head_, nodes), {}});
    const note::SignerKey* const keys[] = {&key_};
    std::ofstream(data_ + "/checkpoint") << note::FormatNote(*note::SignNote(text, keys));
  }

  absl::StatusOr<CheckReport> Check(LogCheckOptions options = {}) const {
    const auto log = LogSnapshot::Open(data_);
    if (!log.ok()) return log.status();
    return CheckLog(**log, options);
  }
  // All that is wrong, a line each; the error where it could not be opened.
  std::string Faults(LogCheckOptions options = {}) const {
    const auto report = Check(std::move(options));
    if (!report.ok()) return report.status().ToString();
    std::string text;
    for (const CheckFault& fault : report->faults()) text += StrCat(fault.where, ": ", fault.what, "\n");
    return text;
  }

  // With plain RocksDB, behind the service's back.
  void WithDb(absl::FunctionRef<void(rocksdb::DB*, const std::vector<rocksdb::ColumnFamilyHandle*>&)> change) const {
    const ReopenableDb::Options options = LogDbOptions(Options());
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options.db, options.directory, options.families, &families, &db).ok());
    change(db, families);
    for (rocksdb::ColumnFamilyHandle* one : families) delete one;
    delete db;
  }
  // nullopt: deleted. Returns what was there.
  std::string Change(LogFamily family, const std::string& key, const std::optional<std::string>& value) const {
    std::string before;
    WithDb([&](rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
      rocksdb::ColumnFamilyHandle* const handle = families[static_cast<size_t>(family)];
      db->Get(rocksdb::ReadOptions(), handle, key, &before).PermitUncheckedError();
      const rocksdb::Status changed = value ? db->Put(rocksdb::WriteOptions(), handle, key, *value)
                                            : db->Delete(rocksdb::WriteOptions(), handle, key);
      ASSERT_TRUE(changed.ok()) << changed.ToString();
    });
    return before;
  }
  std::string ValueOf(LogFamily family, const std::string& key) const {
    std::string value;
    WithDb([&](rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
      ASSERT_TRUE(db->Get(rocksdb::ReadOptions(), families[static_cast<size_t>(family)], key, &value).ok());
    });
    return value;
  }
  // The event at `position` becomes another one; the block is a block again.
  void ChangeEvent(uint64_t position, absl::FunctionRef<void(v1::Event*)> change) const {
    WithDb([&](rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
      rocksdb::ColumnFamilyHandle* const events = families[static_cast<size_t>(LogFamily::kEvents)];
      const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(rocksdb::ReadOptions(), events));
      at->Seek(BigEndian64(position));
      ASSERT_TRUE(at->Valid());
      const std::string block = at->value().ToString();
      EventBlockReader reader(block);
      std::string rewritten;
      for (auto stored = reader.Next(); stored.ok() && !stored->empty(); stored = reader.Next()) {
        v1::Event event;
        ASSERT_TRUE(event.ParseFromString(std::string(*stored)));
        const bool is_it = event.position() == position;
        if (is_it) change(&event);
        const int64_t recorded_at_us = event.recorded_at_us();
        const Position written{event.position()};
        event.clear_position();
        event.clear_recorded_at_us();
        AppendToEventBlock(written, recorded_at_us, SerializeBody(event), &rewritten);
      }
      ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), events, at->key(), rewritten).ok());
    });
  }

  const sothon::testing::TempDir directory_;
  const std::string data_ = directory_.Path("data");
  const note::SignerKey key_ = note::TestKey(kLogId, note::KeyType::kNote, 'k');
  std::unique_ptr<EventLog> log_;
  int64_t now_us_ = 1'760'000'000'000'000;
  uint64_t head_ = 0;
};

}  // namespace sothon::ingest::testing
