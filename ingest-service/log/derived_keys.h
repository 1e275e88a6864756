// What the log's events say that its other column families must hold, and whether they do, both ways.
//
// Operation
//   Note() takes the events in order; Check() walks once through each family. Of a key only 64 bits are kept, of a hash
//   that nobody knows beforehand: 16 bytes for each event that can be read, and the streams.
// Concurrency
//   Thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/storage/check_report.h"
#include "ingest-service/log/log_keys.h"
#include "ingest-service/log/log_snapshot.h"
#include "ingest-service/log/noted_keys.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ingest {

class DerivedKeys {
 public:
  // Both are borrowed.
  DerivedKeys(const LogSnapshot* log, CheckReport* report);

  // The event at the position after the last one noted.
  void Note(const v1::Event& event);
  // Events up to `to` cannot be read: nothing is known of what they say.
  void NoteUnread(Position to);

  // Event ids and natural keys up to `indexed_to` must be there; those beyond may be. Streams and reference marks are
  // left out when events could not be read.
  void Check(Position indexed_to);

 private:
  struct Counts {
    uint64_t good = 0;
    uint64_t total = 0;
  };

  uint64_t DigestOf(std::string_view key) const;
  // `of` says which count an entry belongs to.
  using DigestOfEvent = uint64_t NotedKeys::Keys::*;
  void CheckIndex(LogFamily family, DigestOfEvent digest, Position indexed_to,
                  const std::function<Counts*(std::string_view key)>& of);
  // Empty: the entry is right; then `event` is that of noted_, unless it could not be read.
  std::string WrongWith(std::string_view key, std::string_view value, DigestOfEvent digest,
                        std::optional<size_t>* event) const;
  void TellMissing(LogFamily family, Position position);
  void CheckStreams();
  void CheckReference();
  // Ends a walk: what RocksDB has to say of it.
  void TellEnd(const rocksdb::Iterator& walk, std::string_view of);

  const LogSnapshot* const log_;
  CheckReport* const report_;
  const std::string secret_;
  NotedKeys noted_;
  std::map<std::string, StreamState> streams_;
  std::vector<Position> reference_;
  bool all_read_ = true;
};

// The natural key of an event, as the index has it; empty: it has none.
std::string NaturalKeyOf(const v1::Event& event);
// A key in words; bytes that nobody can read as in C.
std::string NaturalKeyInWords(std::string_view key);

}  // namespace sothon::ingest
