// A stored projection, to be changed behind the service's back and then checked.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/big_endian.h"
#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/store/database_options.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/view/projection_checker.h"
#include "rocksdb/db.h"

namespace sothon::projection::testing {

inline constexpr char kLogId[] = "log-51";

class ProjectionCheckerTest : public ::testing::Test {
 protected:
  // Fed in small pieces, as a service near the head is, so that its blocks are cut otherwise than those of the check.
  void Project(FakeLog log, size_t at_once = 3) {
    log_ = std::move(log);
    const auto projection = testing::MustOpen(dir_);
    ASSERT_TRUE(projection->BindLog(kLogId).ok());
    ASSERT_TRUE(log_.Feed(projection.get(), 1, log_.size(), at_once).ok());
  }

  absl::StatusOr<CheckReport> Check(std::optional<ledger::CountingRules> rules = std::nullopt,
                                    const std::string& log_id = kLogId) {
    const auto stored = StoredView::Open(data_);
    if (!stored.ok()) return stored.status();
    ProjectionCheckOptions options;
    options.log = &log_;
    options.log_id = log_id;
    options.head = {log_.size()};
    options.rules = rules;
    options.work_directory = dir_.Path(StrCat("work-", ++checks_));
    auto report = CheckProjection(**stored, options);
    std::filesystem::remove_all(options.work_directory);
    return report;
  }
  // All that is wrong, a line each; the error where it could not be checked.
  std::string Faults() {
    const auto report = Check(ledger::CountingRules());
    if (!report.ok()) return report.status().ToString();
    std::string text;
    for (const CheckFault& fault : report->faults()) text += StrCat(fault.where, ": ", fault.what, "\n");
    return text;
  }

  // With plain RocksDB, behind the service's back.
  using Families = std::vector<rocksdb::ColumnFamilyHandle*>;  // the default one, then those of StoreFamily
  void WithDb(absl::FunctionRef<void(rocksdb::DB*, const Families&)> change) const {
    StoreOptions store;
    store.directory = data_ + "/view-1";
    const DatabaseOptions options = MakeDatabaseOptions(store);
    Families families;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options.options, store.directory, options.families, &families, &db).ok());
    change(db, families);
    for (rocksdb::ColumnFamilyHandle* one : families) delete one;
    delete db;
  }
  void Change(StoreFamily family, const std::string& key, const std::optional<std::string>& value) const {
    WithDb([&](rocksdb::DB* db, const Families& families) {
      rocksdb::ColumnFamilyHandle* const handle = families[static_cast<size_t>(family) + 1];
      const rocksdb::Status changed = value ? db->Put(rocksdb::WriteOptions(), handle, key, *value)
                                            : db->Delete(rocksdb::WriteOptions(), handle, key);
      ASSERT_TRUE(changed.ok()) << changed.ToString();
    });
  }
  std::map<std::string, std::string> All(StoreFamily family) const {
    std::map<std::string, std::string> all;
    WithDb([&](rocksdb::DB* db, const Families& families) {
      const std::unique_ptr<rocksdb::Iterator> at(
          db->NewIterator(rocksdb::ReadOptions(), families[static_cast<size_t>(family) + 1]));
      for (at->SeekToFirst(); at->Valid(); at->Next()) all[at->key().ToString()] = at->value().ToString();
    });
    return all;
  }

  sothon::testing::TempDir dir_;
  const std::string data_ = dir_.Path("projection");
  FakeLog log_;
  int checks_ = 0;
};

}  // namespace sothon::projection::testing
