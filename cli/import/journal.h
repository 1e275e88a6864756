// How far an import came: a small file beside the imported one, there only while an import is under way or was broken
// off.
//
// It saves time, nothing more: event ids make it harmless to begin again at the first row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"

namespace sothon::cli {

// What must be the same for an import to be gone on with.
struct JournalKey {
  std::string file_sha256;
  std::string options_digest;
  std::string log_id;
  bool operator==(const JournalKey&) const = default;
};

struct JournalEntry {
  uint64_t line = 0;           // every row that begins on this line or before it is settled
  uint64_t head_position = 0;  // the log had this many events at least: a log with fewer is another one
};

// Thread-compatible.
class Journal {
 public:
  Journal(std::string path, JournalKey key) : path_(std::move(path)), key_(std::move(key)) {}

  // nullopt: there is none for this key, or it cannot be read.
  std::optional<JournalEntry> Load() const;
  // Replaces the file as a whole.
  absl::Status Store(const JournalEntry& entry) const;
  void Remove() const;

 private:
  std::string path_;
  JournalKey key_;
};

}  // namespace sothon::cli
