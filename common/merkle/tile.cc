#include "common/merkle/tile.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_format.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::merkle {
namespace {

constexpr size_t kTilesKept = 64;

// "x001/x234/067" for 1234067.
std::string IndexPath(uint64_t index) {
  std::string path = absl::StrFormat("%03d", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) path = absl::StrFormat("x%03d/", index % 1000) + path;
  return path;
}

std::string Suffix(uint32_t width) { return width == kTileWidth ? "" : StrCat(".p/", width); }

// size / 256^level.
uint64_t HashesAt(uint64_t size, uint32_t level) {
  return level * kTileHeight >= 64 ? 0 : size >> (level * kTileHeight);
}

}  // namespace

std::string TilePath(const Tile& tile) {
  return StrCat("tile/", tile.level, "/", IndexPath(tile.index), Suffix(tile.width));
}

std::string EntriesPath(uint64_t index, uint32_t width) {
  return StrCat("tile/entries/", IndexPath(index), Suffix(width));
}

uint32_t PartialWidth(uint64_t size, uint32_t level) {
  return static_cast<uint32_t>(HashesAt(size, level) % kTileWidth);
}

uint64_t FullTiles(uint64_t size, uint32_t level) { return HashesAt(size, level) / kTileWidth; }

std::vector<Tile> NewTiles(uint64_t before, uint64_t size) {
  std::vector<Tile> tiles;
  for (uint32_t level = 0; HashesAt(size, level) > 0; ++level) {
    for (uint64_t index = FullTiles(before, level); index < FullTiles(size, level); ++index) {
      tiles.push_back({level, index, kTileWidth});
    }
    const uint32_t width = PartialWidth(size, level);
    if (width > 0 && HashesAt(size, level) != HashesAt(before, level)) {
      tiles.push_back({level, FullTiles(size, level), width});
    }
  }
  return tiles;
}

Hash RootOf(absl::Span<const Hash> hashes) {
  std::vector<Hash> row(hashes.begin(), hashes.end());
  for (; row.size() > 1; row.resize(row.size() / 2)) {
    for (size_t i = 0; i < row.size() / 2; ++i) row[i] = HashNode(row[2 * i], row[2 * i + 1]);
  }
  return row.front();
}

void TreeEdge::Append(const Hash& leaf, TakeTile take) {
  ++size_;
  Hash hash = leaf;
  for (uint32_t level = 0;; ++level) {
    if (partial_.size() == level) partial_.emplace_back().reserve(kTileWidth);
    std::vector<Hash>& tile = partial_[level];
    tile.push_back(hash);
    if (tile.size() < kTileWidth) return;
    take(level, FullTiles(size_, level) - 1, tile);
    hash = RootOf(tile);
    tile.clear();
  }
}

absl::StatusOr<TreeEdge> TreeEdge::Resume(uint64_t size, std::vector<std::vector<Hash>> partial) {
  for (uint32_t level = 0; level < partial.size() || HashesAt(size, level) > 0; ++level) {
    const size_t given = level < partial.size() ? partial[level].size() : 0;
    if (given != PartialWidth(size, level)) {
      return absl::InvalidArgumentError(StrCat("a tree of ", size, " leaves has ", PartialWidth(size, level),
                                               " hashes at the edge of level ", level, ", not ", given));
    }
  }
  TreeEdge edge;
  edge.size_ = size;
  edge.partial_ = std::move(partial);
  return edge;
}

absl::Span<const Hash> TreeEdge::Partial(uint32_t level) const {
  return level < partial_.size() ? absl::MakeConstSpan(partial_[level]) : absl::Span<const Hash>();
}

absl::StatusOr<Hash> TreeEdge::Node(uint32_t level, uint64_t index) const {
  const uint32_t in_tile = level % kTileHeight;
  const absl::Span<const Hash> hashes = Partial(level / kTileHeight);
  const uint64_t first = index << in_tile;
  const uint64_t begins = FullTiles(size_, level / kTileHeight) * kTileWidth;
  const uint64_t count = uint64_t{1} << in_tile;
  if (first < begins || first + count > begins + hashes.size()) {
    return absl::NotFoundError(StrCat("node ", index, " of level ", level, " is not at the edge of the tree"));
  }
  return RootOf(hashes.subspan(first - begins, count));
}

Hash TreeEdge::Root() const {
  // Of complete subtrees from the left, each smaller than the one before it: they are all at the edge.
  if (size_ == 0) return EmptyRoot();
  Hash root{};
  bool any = false;
  for (uint32_t level = 0; level < 64; ++level) {
    if ((size_ >> level & 1) == 0) continue;
    const Hash left = *Node(level, (size_ >> level) - 1);
    root = any ? HashNode(left, root) : left;
    any = true;
  }
  return root;
}

absl::StatusOr<Hash> TileNodes::Node(uint32_t level, uint64_t index) const {
  const uint32_t tile_level = level / kTileHeight;
  const uint32_t in_tile = level % kTileHeight;
  const uint64_t first = index << in_tile;
  const uint64_t tile_index = first / kTileWidth;
  const uint64_t count = uint64_t{1} << in_tile;
  auto found = read_already_.find({tile_level, tile_index});
  if (found == read_already_.end()) {
    Tile tile{tile_level, tile_index, kTileWidth};
    if (tile_index >= FullTiles(size_, tile_level)) tile.width = PartialWidth(size_, tile_level);
    if (tile_index > FullTiles(size_, tile_level) || first % kTileWidth + count > tile.width) {
      return absl::OutOfRangeError(StrCat("a tree of ", size_, " leaves has no node ", index, " of level ", level));
    }
    SOTHON_ASSIGN_OR_RETURN(std::vector<Hash> hashes, read_(tile));
    if (hashes.size() != tile.width) {
      return absl::DataLossError(StrCat(TilePath(tile), " holds ", hashes.size(), " hashes, not ", tile.width));
    }
    if (read_already_.size() >= kTilesKept) read_already_.clear();
    found = read_already_.emplace(std::pair(tile_level, tile_index), std::move(hashes)).first;
  }
  if (first % kTileWidth + count > found->second.size()) {
    return absl::OutOfRangeError(StrCat("a tree of ", size_, " leaves has no node ", index, " of level ", level));
  }
  return RootOf(absl::MakeConstSpan(found->second).subspan(first % kTileWidth, count));
}

}  // namespace sothon::merkle
