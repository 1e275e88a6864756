#include "ingest-service/log/log_tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

using merkle::Hash;
using merkle::kTileWidth;
using merkle::Tile;

absl::Status NotOfTheEvents(uint32_t level, uint64_t index) {
  return absl::DataLossError(StrCat("the event log's ", merkle::TilePath({level, index}),
                                    " is not that of its events: events or tiles were changed; compare the log with "
                                    "an export of it, and restore what differs from a backup"));
}

}  // namespace

absl::Status LogTree::Load(const LogIndex& stored, Position head, ReadEvents read) {
  const uint64_t size = head.value;
  SOTHON_RETURN_IF_ERROR(CheckLastTiles(stored, size, read));
  std::vector<std::vector<Hash>> partial;
  for (uint32_t level = 0; size >> (level * merkle::kTileHeight) > 0; ++level) {
    std::vector<Hash>& hashes = partial.emplace_back();
    hashes.reserve(kTileWidth);
    const uint64_t first = merkle::FullTiles(size, level) * kTileWidth;
    const uint32_t width = merkle::PartialWidth(size, level);
    if (level == 0 && width > 0) {
      SOTHON_RETURN_IF_ERROR(
          read({first + 1}, head, [&](std::string_view event) { hashes.push_back(merkle::HashLeaf(event)); }));
    }
    for (uint64_t below = first; level > 0 && below < first + width; ++below) {
      SOTHON_ASSIGN_OR_RETURN(const std::vector<Hash> tile, ReadFullTile(level - 1, below, stored));
      hashes.push_back(merkle::RootOf(tile));
    }
  }
  SOTHON_ASSIGN_OR_RETURN(pending_, merkle::TreeEdge::Resume(size, std::move(partial)));
  Commit();
  return absl::OkStatus();
}

absl::Status LogTree::CheckLastTiles(const LogIndex& stored, uint64_t size, ReadEvents read) const {
  for (uint32_t level = 0; merkle::FullTiles(size, level) > 0; ++level) {
    const uint64_t index = merkle::FullTiles(size, level) - 1;
    SOTHON_ASSIGN_OR_RETURN(const std::vector<Hash> tile, ReadFullTile(level, index, stored));
    const uint64_t first = index * kTileWidth;
    if (level > 0) {
      SOTHON_ASSIGN_OR_RETURN(const std::vector<Hash> below, ReadFullTile(level - 1, first + kTileWidth - 1, stored));
      if (merkle::RootOf(below) != tile.back()) return NotOfTheEvents(level, index);
      continue;
    }
    std::vector<Hash> leaves;
    SOTHON_RETURN_IF_ERROR(read({first + 1}, {first + kTileWidth},
                                [&](std::string_view event) { leaves.push_back(merkle::HashLeaf(event)); }));
    if (leaves != tile) return NotOfTheEvents(level, index);
  }
  return absl::OkStatus();
}

void LogTree::Begin() {
  absl::MutexLock lock(&mutex_);
  pending_ = committed_;
}

void LogTree::Add(std::string_view stored_event, rocksdb::ColumnFamilyHandle* family, rocksdb::WriteBatch* batch) {
  pending_.Append(merkle::HashLeaf(stored_event), [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
    batch->Put(family, TileKey(level, index),
               rocksdb::Slice(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof(Hash)));
  });
}

void LogTree::Commit() {
  absl::MutexLock lock(&mutex_);
  committed_ = pending_;
}

uint64_t LogTree::size() const {
  absl::MutexLock lock(&mutex_);
  return committed_.size();
}

absl::StatusOr<std::vector<Hash>> LogTree::ReadTile(const Tile& tile, const LogIndex& stored) const {
  {
    absl::MutexLock lock(&mutex_);
    if (tile.index >= merkle::FullTiles(committed_.size(), tile.level)) {
      const absl::Span<const Hash> edge = committed_.Partial(tile.level);
      if (tile.index > merkle::FullTiles(committed_.size(), tile.level) || tile.width > edge.size()) {
        return absl::NotFoundError(
            StrCat("the tree of ", committed_.size(), " events has no ", merkle::TilePath(tile)));
      }
      return std::vector<Hash>(edge.begin(), edge.begin() + tile.width);
    }
  }
  SOTHON_ASSIGN_OR_RETURN(std::vector<Hash> hashes, ReadFullTile(tile.level, tile.index, stored));
  hashes.resize(tile.width);
  return hashes;
}

absl::StatusOr<std::vector<Hash>> LogTree::ReadFullTile(uint32_t level, uint64_t index, const LogIndex& stored) const {
  std::string bytes;
  const rocksdb::Status status =
      stored.handle().db()->Get(rocksdb::ReadOptions(), stored.family(LogFamily::kTree), TileKey(level, index), &bytes);
  if (status.IsNotFound() || (status.ok() && bytes.size() != kTileWidth * sizeof(Hash))) {
    return NotOfTheEvents(level, index);
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(status, "read the event log's tree"));
  std::vector<Hash> hashes(kTileWidth);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(hashes.data()));
  return hashes;
}

}  // namespace sothon::ingest
