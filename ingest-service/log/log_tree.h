// The Merkle tree over the log's stored events (RFC 6962; the leaf of position p has index p - 1).
//
// Operation
//   Full tiles are written with the events that fill them, in the same batch, so the tree of a log that was brought
//   back after a crash is that of its events. Partial tiles are in memory; Load() makes them again of at most 255
//   events and 255 tiles a level, and holds the last full tiles against the events and tiles that they stand for.
// Concurrency
//   Load(), Begin(), Add() and Commit() are called by the appending thread. size() and ReadTile() are thread-safe, and
//   know of what was committed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/ids.h"
#include "common/merkle/tile.h"
#include "ingest-service/log/log_index.h"
#include "rocksdb/write_batch.h"

namespace sothon::ingest {

class LogTree {
 public:
  // Calls back with the stored bytes of [from, to], ascending.
  using VisitEvent = absl::FunctionRef<void(std::string_view stored)>;
  using ReadEvents = absl::FunctionRef<absl::Status(Position from, Position to, VisitEvent visit)>;

  // Takes up the tree of a log that ends at `head`. DATA_LOSS: the tiles that are stored are not those of its events.
  absl::Status Load(const LogIndex& stored, Position head, ReadEvents read);

  // Whatever was added and not committed is forgotten.
  void Begin();
  // The next event. Tiles that it fills go into `batch`.
  void Add(std::string_view stored_event, rocksdb::ColumnFamilyHandle* family, rocksdb::WriteBatch* batch);
  // What was added since Begin() is written.
  void Commit();

  // How many events it has.
  uint64_t size() const;
  // The hashes of a tile, as many as its width. NOT_FOUND: the tree has not grown so far.
  absl::StatusOr<std::vector<merkle::Hash>> ReadTile(const merkle::Tile& tile, const LogIndex& stored) const;

 private:
  absl::StatusOr<std::vector<merkle::Hash>> ReadFullTile(uint32_t level, uint64_t index, const LogIndex& stored) const;
  absl::Status CheckLastTiles(const LogIndex& stored, uint64_t size, ReadEvents read) const;

  mutable absl::Mutex mutex_;
  merkle::TreeEdge committed_ ABSL_GUARDED_BY(mutex_);
  merkle::TreeEdge pending_;  // of the appending thread
};

}  // namespace sothon::ingest
