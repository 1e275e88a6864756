// Digests of the keys that the events of a log have, by position. Positions whose event cannot be read take no room.
//
// Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ids.h"

namespace sothon::ingest {

class NotedKeys {
 public:
  struct Keys {
    uint64_t event_id = 0;
    uint64_t natural_key = 0;
  };

  // Of the event at the position after the last one noted.
  void Add(const Keys& keys);
  // Nothing is known of the positions up to `to`.
  void Skip(Position to);

  Position last() const { return last_; }
  // How many events are known.
  size_t size() const { return keys_.size(); }
  const Keys& At(size_t index) const { return keys_[index]; }
  // nullopt: nothing is known of that position.
  std::optional<size_t> IndexOf(Position position) const;
  Position PositionOf(size_t index) const;

 private:
  // Events at consecutive positions.
  struct Run {
    Position first;
    size_t index;  // of the first
  };

  Position last_;
  std::vector<Keys> keys_;
  std::vector<Run> runs_;
  bool in_run_ = false;
};

}  // namespace sothon::ingest
