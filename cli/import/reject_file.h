// The rows that were refused, as a CSV file to be mended and imported again: line, field, reason, remedy, then the row.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/app/digest.h"
#include "cli/app/problem.h"
#include "cli/csv/csv_reader.h"

namespace sothon::cli {

// Operation
//   The file is made with the first row, readable by its owner only, since it holds personal numbers. A row that could
//   not be split into columns stands whole in the last one, `original_line`.
//   What was written is remembered in a hidden file beside it (NotePath(): length and SHA-256), so that one that a
//   person has changed since is known, and kept under another name.
// Concurrency
//   Thread-compatible.
class RejectFile {
 public:
  // `header`, `separator` and `has_byte_order_mark` are those of the imported file.
  RejectFile(std::string path, const std::vector<std::string>& header, char separator, bool has_byte_order_mark);
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  // Whether `existing` is empty or a reject file, which the next import replaces.
  static bool MayBeReplaced(std::istream* existing);

  // Begins anew, or goes on from an earlier, interrupted import: keeps its rows up to `last_line_kept`. A file in its
  // place that a person has changed is renamed; `*kept_as` is its new name, empty where there was none.
  absl::Status Begin(uint64_t last_line_kept, std::string* kept_as);
  absl::Status Add(const CsvRecord& record, const std::vector<Problem>& problems);
  // To the disk, before anything claims that these rows are dealt with.
  absl::Status Sync();

  // Puts the rows in order of their lines: they came in the order in which they were found out. Nothing is added after
  // it.
  absl::Status Finish();

  // Where the digest of the reject file `path` is kept.
  static std::string NotePath(const std::string& path);

  const std::string& path() const { return path_; }
  uint64_t count() const { return count_; }

 private:
  absl::Status Write(const std::string& text);
  absl::Status OpenFile();
  absl::Status SyncBytes();
  // Whether the file holds what was written and nothing else. `may_have_more`: or more behind it, as an import that
  // broke off between two syncs leaves it.
  bool IsAsWritten(bool may_have_more) const;
  void StoreNote() const;

  std::string path_;
  char separator_;
  bool has_byte_order_mark_;
  std::vector<std::string> header_;       // of the reject file
  std::vector<size_t> original_columns_;  // indexes of the imported file's columns that are kept
  int file_ = -1;
  bool is_synced_ = true;
  bool is_in_order_ = true;
  std::optional<size_t> original_line_column_;  // of the imported file, which is a reject file then
  Sha256 sha_;                                  // of what was written
  uint64_t bytes_ = 0;
  uint64_t last_line_ = 0;
  uint64_t count_ = 0;
};

}  // namespace sothon::cli
