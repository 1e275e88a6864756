// Point look-ups in the column families of the event log.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "ingest-service/log/log_keys.h"
#include "ingest-service/storage/reopenable_db.h"

namespace sothon::ingest {

// Thread-compatible: it reuses its buffers. Holds the database open while it lives.
class LogIndex {
 public:
  explicit LogIndex(ReopenableDb::HandlePtr handle) : handle_(std::move(handle)) {}

  absl::StatusOr<std::optional<Position>> FindEventId(std::string_view event_id);
  // `key` with its prefix.
  absl::StatusOr<std::optional<Position>> FindNaturalKey(std::string_view key);
  // Version 0: no such stream.
  absl::StatusOr<StreamState> FindStream(std::string_view name);
  // The stored bytes of an event that exists; DATA_LOSS when they are not there. Valid until the next call.
  absl::StatusOr<std::string_view> Event(Position position);
  absl::StatusOr<std::optional<std::string>> FindMeta(std::string_view key);

  const ReopenableDb::Handle& handle() const { return *handle_; }
  rocksdb::ColumnFamilyHandle* family(LogFamily family) const { return handle_->family(static_cast<size_t>(family)); }

 private:
  // False: there is no such key. Otherwise value_ holds what is stored.
  absl::StatusOr<bool> Get(LogFamily family, std::string_view key);
  // Empty: it is not in block_.
  absl::StatusOr<std::string_view> EventInBlock(Position position) const;
  absl::StatusOr<std::optional<Position>> FindPosition(LogFamily family, std::string_view key);

  ReopenableDb::HandlePtr handle_;
  rocksdb::ReadOptions options_;
  rocksdb::PinnableSlice value_;
  // The block that was last looked into; the next event asked for is most often in it, too.
  std::string block_;
};

}  // namespace sothon::ingest
