// Where every event id, receipt and reversal stands: the index that makes retries safe.
//
// Operation
//   Keys of recent events are held in memory; they can always be read again from the events themselves, so they need no
//   write-ahead log. When many have gathered, a thread of its own writes them, sorted, as files of the database.
// Concurrency
//   Thread-safe. Add() is called by one thread only.
// Limitations
//   What is in memory is bounded: Add() must be preceded by AwaitRoom().
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "ingest-service/log/gap_cursors.h"
#include "ingest-service/log/key_table.h"
#include "ingest-service/log/log_index.h"
#include "ingest-service/storage/reopenable_db.h"

namespace sothon::ingest {

// Of one event. Empty keys are left out.
struct IndexKeys {
  std::string_view event_id;
  std::string_view receipt_key;
  std::optional<Position> reverses;
  Position position;
};

class KeyIndex {
 public:
  // `db` is borrowed and must outlive the index; `events_in_memory` is how many gather before they are written.
  KeyIndex(ReopenableDb* db, size_t events_in_memory);
  ~KeyIndex();
  KeyIndex(const KeyIndex&) = delete;
  KeyIndex& operator=(const KeyIndex&) = delete;

  // Every event up to here is in the index. Begins at what the database says of itself: see Start().
  Position covered_to() const;
  // Reads how far the index in the database goes, and starts the thread. Events beyond must then be added.
  absl::Status Start(LogIndex* stored);

  // UNAVAILABLE: the disk does not keep up, or fails.
  absl::Status AwaitRoom(absl::Duration timeout);
  // The keys of the events after covered_to(), in order.
  void Add(absl::Span<const IndexKeys> events);

  absl::StatusOr<std::optional<Position>> FindEventId(std::string_view event_id, LogIndex* stored) const;
  absl::StatusOr<std::optional<Position>> FindReceipt(std::string_view receipt_key, LogIndex* stored) const;
  absl::StatusOr<std::optional<Position>> FindReversal(Position reversed, LogIndex* stored) const;

  // Lets each cursor learn where the last key that it did not know stands.
  void Teach(GapCursors* event_ids, GapCursors* receipts, const LogIndex& stored) const;

 private:
  // A stretch of the log.
  struct Tables {
    KeyTable event_ids;
    KeyTable natural_keys;
    size_t events = 0;
    Position last;
  };

  absl::StatusOr<std::optional<Position>> FindNaturalKey(std::string_view key, LogIndex* stored) const;
  std::optional<Position> FindRecent(KeyTable Tables::*table, std::string_view key) const;
  void TeachOne(GapCursors* gaps, KeyTable Tables::*table, LogFamily family, const LogIndex& stored) const;
  void Run();
  absl::Status WriteOut(const Tables& tables) const;
  absl::Status WriteFile(const KeyTable& table, LogFamily family, const LogIndex& stored,
                         const std::string& path) const;

  ReopenableDb* const db_;
  const size_t events_in_memory_;
  const std::string scratch_directory_;

  mutable absl::Mutex mutex_;
  std::unique_ptr<Tables> recent_ ABSL_GUARDED_BY(mutex_);
  // On its way into the database; never changed any more.
  std::shared_ptr<const Tables> leaving_ ABSL_GUARDED_BY(mutex_);
  Position covered_to_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_error_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::string scratch_;  // of the adding thread
  std::thread thread_;
};

}  // namespace sothon::ingest
