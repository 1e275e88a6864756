// Reads the bundles of an export ahead of who uses them, and looks at every entry as an event.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "cli/audit/export_directory.h"
#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// A bundle and the tile of its hashes. Does not move: its entries point into it.
struct BundleRead {
  ExportFile file;
  std::string bytes;
  std::vector<std::string_view> entries;
  std::string fault;                      // of the bundle as a whole; empty: it holds what it must
  std::optional<std::vector<Hash>> tile;  // of level 0; nullopt: it is not there, or see tile_fault
  std::string tile_fault;
  // Which of the entries are no good as events, in order, and why.
  std::vector<std::pair<uint32_t, std::string>> bad;
  bool is_parsed = false;
};

// Owned by one thread; has one of its own where there is something to read ahead. Parsing takes longest, longer than
// the hashing that the caller does with the entries: so it is left to Next() for some of the bundles, as many as keep
// both busy.
class EntryReader {
 public:
  // `files`: bundles, in the order in which they are to be read. `there` tells which tiles of level 0 are there.
  EntryReader(std::string directory, std::vector<ExportFile> files, const std::set<ExportFile>* there);
  ~EntryReader();
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;

  // nullptr: that was all.
  std::unique_ptr<BundleRead> Next();
  // Events of kinds that this program does not know. After the last one.
  uint64_t unknown_kinds() const { return ahead_.unknown_kinds + in_place_.unknown_kinds; }

 private:
  // Of one thread; keeps the event, so that parsing allocates less.
  struct Parser {
    v1::Event event;
    uint64_t unknown_kinds = 0;
  };

  void Run();
  bool CallerIsAhead();
  std::unique_ptr<BundleRead> Read(const ExportFile& file);
  // Position and time of each entry.
  void CheckOrder(BundleRead* bundle);
  static void Parse(BundleRead* bundle, Parser* parser);
  bool ReadsAhead() const { return thread_.joinable(); }

  const std::string directory_;
  const std::vector<ExportFile> files_;
  const std::set<ExportFile>* const there_;
  int64_t recorded_before_us_ = 0;  // of the thread that reads
  Parser ahead_;                    // of the same
  Parser in_place_;                 // of the caller
  size_t taken_ = 0;                // without a thread: how many of files_

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<BundleRead>> ready_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sothon::cli
