// Keys in order, each with a position: the part of an index that is still in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "common/base/ids.h"

namespace sothon::ingest {

// Thread-compatible. Grows only; a key that is added again keeps its first position.
class KeyTable {
 public:
  void Add(std::string_view key, Position position);
  std::optional<Position> Find(std::string_view key) const;
  // The least key above `key`.
  std::optional<std::string_view> KeyAfter(std::string_view key) const;
  size_t size() const { return keys_.size(); }
  const absl::btree_map<std::string_view, uint64_t>& keys() const { return keys_; }

 private:
  std::string_view Keep(std::string_view key);

  static constexpr size_t kChunkBytes = 64 << 10;
  absl::btree_map<std::string_view, uint64_t> keys_;  // views into chunks_
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t chunk_left_ = 0;
};

}  // namespace sothon::ingest
