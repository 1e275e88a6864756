// Tiles of a Merkle tree (c2sp.org/tlog-tiles): up to 256 hashes of one level in one piece.
//
// Tile (level, index) of hashes h[0..256) is the subtree of height 8 above them: h[i] is node (8 * level,
// 256 * index + i). A tile with fewer hashes is partial, and is no part of the level above.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/merkle/hash.h"
#include "common/merkle/proof.h"

namespace sothon::merkle {

inline constexpr uint32_t kTileHeight = 8;
inline constexpr uint64_t kTileWidth = 1 << kTileHeight;

struct Tile {
  uint32_t level = 0;
  uint64_t index = 0;
  uint32_t width = kTileWidth;  // 1 to 256

  bool IsFull() const { return width == kTileWidth; }
  friend bool operator==(const Tile&, const Tile&) = default;
};

// "tile/1/x001/234.p/17"; of entries: "tile/entries/x001/234".
std::string TilePath(const Tile& tile);
std::string EntriesPath(uint64_t index, uint32_t width = kTileWidth);

// How many hashes the last tile of `level` has in a tree of `size`; 0: there is no partial one.
uint32_t PartialWidth(uint64_t size, uint32_t level);
// How many full tiles `level` has.
uint64_t FullTiles(uint64_t size, uint32_t level);
// Every tile that a tree of `size` has and one of `before` has not, by level, then index.
std::vector<Tile> NewTiles(uint64_t before, uint64_t size);

// The root over hashes that are a complete subtree: a power of two of them.
Hash RootOf(absl::Span<const Hash> hashes);

// A tree that grows, in little memory: the hashes of its partial tiles. Copyable.
class TreeEdge : public NodeReader {
 public:
  // Called with every tile that becomes full.
  using TakeTile = absl::FunctionRef<void(uint32_t level, uint64_t index, absl::Span<const Hash> hashes)>;

  uint64_t size() const { return size_; }
  void Append(const Hash& leaf, TakeTile take);
  // Takes up a tree of `size` by the hashes of its partial tiles, lowest level first. INVALID_ARGUMENT: they are not
  // as many as a tree of that size has.
  static absl::StatusOr<TreeEdge> Resume(uint64_t size, std::vector<std::vector<Hash>> partial);

  // Of the partial tile of `level`; empty: there is none.
  absl::Span<const Hash> Partial(uint32_t level) const;
  Hash Root() const;
  // Nodes of partial tiles; NOT_FOUND for those of full ones, but for a whole tile's root that the level above holds.
  absl::StatusOr<Hash> Node(uint32_t level, uint64_t index) const override;

 private:
  uint64_t size_ = 0;
  std::vector<std::vector<Hash>> partial_;  // by level
};

// Nodes out of tiles, which `read` fetches: full ones, or the partial ones of a tree of `size`. Thread-compatible;
// keeps what was read last.
class TileNodes : public NodeReader {
 public:
  using ReadTile = std::function<absl::StatusOr<std::vector<Hash>>(const Tile&)>;
  TileNodes(uint64_t size, ReadTile read) : size_(size), read_(std::move(read)) {}
  absl::StatusOr<Hash> Node(uint32_t level, uint64_t index) const override;

 private:
  const uint64_t size_;
  const ReadTile read_;
  mutable std::map<std::pair<uint32_t, uint64_t>, std::vector<Hash>> read_already_;
};

}  // namespace sothon::merkle
