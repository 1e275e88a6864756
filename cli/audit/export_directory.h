// An export of a log: a directory as c2sp.org/tlog-tiles lays one out.
//
//   checkpoint                    the signed note that the rest is held against
//   tile/<L>/<N>[.p/<W>]          hashes, 32 bytes each
//   tile/entries/<N>[.p/<W>]      entries: 2 bytes of length, big-endian, and the stored event
//   unfinished                    stands while files are written that the checkpoint does not cover yet
//
// With `unfinished` there may be files of the tree that is to come, or of the one before, and files that were not
// written to their end (*.new); without it every file is covered by the checkpoint.
// Everything here is thread-compatible.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/merkle/tile.h"
#include "common/note/checkpoint.h"

namespace sothon::cli {

using merkle::Hash;

inline constexpr char kCheckpointFile[] = "checkpoint";
inline constexpr char kUnfinishedFile[] = "unfinished";
inline constexpr size_t kEntryBytesMax = 65'535;
inline constexpr size_t kBundleBytesMax = merkle::kTileWidth * (kEntryBytesMax + 2);

// A file under tile/.
struct ExportFile {
  static constexpr int kEntries = -1;

  int level = kEntries;  // or that of a tile of hashes, from 0
  uint64_t index = 0;
  uint32_t width = merkle::kTileWidth;

  std::string Path() const;
  // From a path within the export; nullopt for anything that Path() would not have written.
  static std::optional<ExportFile> Parse(std::string_view path);
  // Whether the export of a tree of `size` has it.
  bool BelongsTo(uint64_t size) const;
  // Index of the first entry below it, of a file that some tree has.
  uint64_t FirstEntry() const { return level >= 7 ? 0 : index << (8 * (std::max(level, 0) + 1)); }
  auto operator<=>(const ExportFile&) const = default;
};

// The files of `level` that the export of a tree of `size` has: this many, the last one with `last_width` parts.
struct ExpectedFiles {
  uint64_t count = 0;
  uint32_t last_width = merkle::kTileWidth;
  ExpectedFiles(uint64_t size, int level);
  ExportFile At(int level, uint64_t index) const;
};

// What stands in a directory.
struct ExportInventory {
  std::set<ExportFile> files;
  std::vector<std::string> strays;  // paths of whatever is no file of an export, *.new among it; sorted
  bool has_checkpoint = false;
  bool unfinished = false;
};
// NOT_FOUND: there is no such directory. FAILED_PRECONDITION: it cannot be read.
absl::StatusOr<ExportInventory> ListExport(const std::string& directory);
// Paths of what an export wrote and the tree of `size` does not have, and of what it did not write to its end; of full
// bundles beyond the tree those below `bundles_kept` are none.
std::vector<std::string> OthersIn(const ExportInventory& inventory, uint64_t size, uint64_t bundles_kept = 0);

// INVALID_ARGUMENT: the entry is longer than the format can tell.
absl::Status AppendEntry(std::string_view entry, std::string* bundle);
// The entries of a bundle of `width`, which point into `bytes`. DATA_LOSS: it does not hold so many, or more; then
// `*entries` are those that it holds.
absl::Status SplitBundle(std::string_view bytes, uint32_t width, std::vector<std::string_view>* entries);

std::string TileBytes(absl::Span<const Hash> hashes);
// DATA_LOSS: not `width` hashes.
absl::StatusOr<std::vector<Hash>> SplitTile(std::string_view bytes, uint32_t width);

// A file within the export, at most `bytes_max` long. Errors: of ReadBoundedFile().
absl::StatusOr<std::string> ReadExportFile(const std::string& directory, const std::string& path,
                                           size_t bytes_max = kBundleBytesMax);
absl::StatusOr<std::vector<Hash>> ReadTile(const std::string& directory, const ExportFile& tile);

// The checkpoint in the text of a signed note, whoever signed it. INVALID_ARGUMENT.
absl::StatusOr<note::Checkpoint> CheckpointOf(std::string_view signed_note);

// The right to write to a directory, until it goes. Movable.
class ExportWriter {
 public:
  // Makes the directory where it is not there. FAILED_PRECONDITION: another process writes to it, or it cannot be made.
  static absl::StatusOr<ExportWriter> Open(const std::string& directory);
  ExportWriter(ExportWriter&& other) noexcept;
  ExportWriter& operator=(ExportWriter&& other) = delete;
  ~ExportWriter();

  const std::string& directory() const { return directory_; }
  // The file is there whole or not at all for whoever reads; it survives a power cut after SyncAll().
  absl::Status Put(const ExportFile& file, std::string_view bytes);
  absl::Status SyncAll();
  // Durable; whatever was removed before is gone for good before the mark goes.
  absl::Status MarkUnfinished();
  absl::Status MarkFinished();
  // Durable: see WriteFileDurably.
  absl::Status PutCheckpoint(std::string_view signed_note);
  // Removes what OthersIn() names.
  absl::Status RemoveOthers(uint64_t size, uint64_t bundles_kept = 0);

 private:
  ExportWriter(std::string directory, int lock) : directory_(std::move(directory)), lock_(lock) {}
  absl::Status Remove(const std::string& path);

  std::string directory_;
  int lock_;                 // the directory, open and locked
  std::string folder_made_;  // the last one that Put() made sure of
};

}  // namespace sothon::cli
