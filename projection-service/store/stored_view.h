// The view in use of a projection's data directory, as it was at one moment, beside a service that runs.
//
// Thread-safe. Nothing in the directory is changed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/read_only_db.h"
#include "projection-service/store/store.h"

namespace sothon::projection {

class StoredView {
 public:
  // NOT_FOUND: no projection is there. FAILED_PRECONDITION: it is of a format, or was counted by a revision of the
  // rules, that this version does not check; the message names the remedy. DATA_LOSS: it cannot be read.
  static absl::StatusOr<std::unique_ptr<StoredView>> Open(const std::string& data_directory);
  // Of a view's own directory.
  static absl::StatusOr<std::unique_ptr<StoredView>> OpenAt(const std::string& directory);

  const std::string& directory() const { return db_->directory(); }
  const std::string& log_id() const { return log_id_; }  // empty: not known yet
  const Applied& applied() const { return applied_; }
  const std::string& leaf_hash() const { return leaf_hash_; }
  // What it was counted with.
  const ledger::CountingRules& rules() const { return rules_; }

  const ReadOnlyDb& db() const { return *db_; }
  std::unique_ptr<rocksdb::Iterator> Walk(StoreFamily family) const;

 private:
  StoredView() = default;
  absl::StatusOr<std::string> Meta(std::string_view key) const;  // empty when absent
  absl::Status Load();

  std::unique_ptr<ReadOnlyDb> db_;
  std::string log_id_;
  Applied applied_;
  std::string leaf_hash_;
  ledger::CountingRules rules_;
};

}  // namespace sothon::projection
