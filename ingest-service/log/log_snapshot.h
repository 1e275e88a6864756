// The event log of a data directory and its newest checkpoint, as they were at one moment, beside a service that runs.
//
// Thread-safe. Nothing in the directory is changed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "common/storage/read_only_db.h"
#include "ingest-service/log/log_keys.h"

namespace sothon::ingest {

class LogSnapshot {
 public:
  // `data_directory` is that of the ingest service, the log is in its folder `log`. NOT_FOUND: there is none.
  // FAILED_PRECONDITION: it is of a format that this version does not check. DATA_LOSS: it cannot be read.
  static absl::StatusOr<std::unique_ptr<LogSnapshot>> Open(const std::string& data_directory);

  const std::string& log_id() const { return log_id_; }
  // Where the last block stands whose key is the position of its last event; 0: there is none. What lies behind it is
  // no part of the log, whatever its keys say.
  Position head() const { return head_; }
  // The bytes of `checkpoint`, read before the log was opened, so that the log must reach it. nullopt: there is none.
  const std::optional<std::string>& checkpoint() const { return checkpoint_; }
  const std::string& data_directory() const { return data_directory_; }
  const ReadOnlyDb& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(LogFamily family) const { return db_->family(static_cast<size_t>(family)); }
  std::unique_ptr<rocksdb::Iterator> Walk(LogFamily family) const { return db_->Walk(static_cast<size_t>(family)); }

  using VisitEvents = absl::FunctionRef<absl::Status(absl::Span<const std::string_view> stored)>;
  // Calls `visit` with the stored bytes of [from, to], ascending, a block at a time, until it returns an error, which
  // is returned. DATA_LOSS: they are not all there.
  absl::Status Read(Position from, Position to, VisitEvents visit) const;
  absl::StatusOr<std::string> Get(Position position) const;

 private:
  explicit LogSnapshot(std::string data_directory) : data_directory_(std::move(data_directory)) {}
  absl::Status ReadCheckpoint();
  absl::Status CheckFormat();
  absl::Status FindHead();
  absl::StatusOr<std::optional<std::string>> FindMeta(std::string_view key) const;

  const std::string data_directory_;
  std::optional<std::string> checkpoint_;
  std::unique_ptr<ReadOnlyDb> db_;
  std::string log_id_;
  Position head_;
};

}  // namespace sothon::ingest
