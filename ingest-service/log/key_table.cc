#include "ingest-service/log/key_table.h"

#include <algorithm>
#include <cstring>

namespace sothon::ingest {

void KeyTable::Add(std::string_view key, Position position) {
  // Clients count upwards, so the place is most often the end.
  if (keys_.empty() || keys_.rbegin()->first < key) {
    keys_.emplace_hint(keys_.end(), Keep(key), position.value);
    return;
  }
  const auto place = keys_.lower_bound(key);
  if (place == keys_.end() || place->first != key) keys_.emplace_hint(place, Keep(key), position.value);
}

std::optional<Position> KeyTable::Find(std::string_view key) const {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return std::nullopt;
  return Position{found->second};
}

std::optional<std::string_view> KeyTable::KeyAfter(std::string_view key) const {
  const auto next = keys_.upper_bound(key);
  if (next == keys_.end()) return std::nullopt;
  return next->first;
}

std::string_view KeyTable::Keep(std::string_view key) {
  if (chunk_left_ < key.size()) {
    chunk_left_ = std::max(kChunkBytes, key.size());
    chunks_.push_back(std::make_unique<char[]>(chunk_left_));
    // The chunk is filled from its end, so that what is left says where to write.
  }
  chunk_left_ -= key.size();
  char* const place = chunks_.back().get() + chunk_left_;
  std::memcpy(place, key.data(), key.size());
  return {place, key.size()};
}

}  // namespace sothon::ingest
