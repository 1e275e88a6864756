#include "cli/audit/export_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_split.h"
#include "common/base/absl_view.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/note/signed_note.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNew = ".new";  // what WriteFileDurably and Put() write to before it is whole

absl::Status FromErrno(std::string_view doing, const std::string& path) {
  const int error = errno;
  const std::string message = StrCat("cannot ", doing, " ", path, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::FailedPreconditionError(message);
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// "x001", "x234", "067" of an index; false: no such elements.
bool ParseIndex(const std::vector<std::string>& elements, size_t begin, size_t end, uint64_t* index) {
  if (begin == end || end - begin > 7) return false;
  *index = 0;
  for (size_t i = begin; i < end; ++i) {
    std::string_view digits = elements[i];
    if (i + 1 < end) {
      if (digits.empty() || digits.front() != 'x') return false;
      digits.remove_prefix(1);
    }
    if (digits.size() != 3 || digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
    const uint64_t part = static_cast<uint64_t>(std::stoi(std::string(digits)));
    if (*index > (UINT64_MAX - part) / 1000) return false;
    *index = *index * 1000 + part;
  }
  return true;
}

absl::Status WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return absl::UnknownError("");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

std::string ExportFile::Path() const {
  if (level == kEntries) return merkle::EntriesPath(index, width);
  return merkle::TilePath({static_cast<uint32_t>(level), index, width});
}

std::optional<ExportFile> ExportFile::Parse(std::string_view path) {
  std::vector<std::string> elements = absl::StrSplit(ToAbsl(path), '/');
  if (elements.size() < 3 || elements[0] != "tile") return std::nullopt;
  ExportFile file;
  if (elements[1] != "entries") {
    const std::optional<uint64_t> level = note::ParseDecimal(elements[1]);
    if (!level || *level > 63) return std::nullopt;
    file.level = static_cast<int>(*level);
  }
  size_t end = elements.size();
  if (EndsWith(elements[end - 2], ".p")) {
    const std::optional<uint64_t> width = note::ParseDecimal(elements[end - 1]);
    if (!width || *width == 0 || *width >= merkle::kTileWidth) return std::nullopt;
    file.width = static_cast<uint32_t>(*width);
    --end;
    elements[end - 1].resize(elements[end - 1].size() - 2);
  }
  if (!ParseIndex(elements, 2, end, &file.index) || file.Path() != path) return std::nullopt;
  return file;
}

bool ExportFile::BelongsTo(uint64_t size) const {
  const ExpectedFiles expected(size, level);
  return index < expected.count && width == expected.At(level, index).width;
}

ExpectedFiles::ExpectedFiles(uint64_t size, int level) {
  const auto of_hashes = static_cast<uint32_t>(std::max(level, 0));
  count = merkle::FullTiles(size, of_hashes);
  if (const uint32_t width = merkle::PartialWidth(size, of_hashes); width > 0) {
    ++count;
    last_width = width;
  }
}

ExportFile ExpectedFiles::At(int level, uint64_t index) const {
  return {level, index, index + 1 == count ? last_width : static_cast<uint32_t>(merkle::kTileWidth)};
}

namespace {

// Adds to `inventory` what stands in `folder` itself, and to `folders` those in it. Exports are listed while they are
// written to: what goes away meanwhile was of an earlier tree.
absl::Status ListFolder(const std::string& folder, const std::string& prefix, std::vector<std::string>* folders,
                        ExportInventory* inventory) {
  std::error_code error;
  fs::directory_iterator each(folder, error);
  if (error == std::errc::no_such_file_or_directory && folder != prefix) return absl::OkStatus();
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    std::error_code gone;
    const fs::file_type type = each->symlink_status(gone).type();
    const std::string path = each->path().string().substr(prefix.size());
    if (type == fs::file_type::not_found) continue;
    if (type == fs::file_type::directory) {
      folders->push_back(each->path().string());
      continue;
    }
    const std::optional<ExportFile> file = ExportFile::Parse(path);
    if (type != fs::file_type::regular) {
      inventory->strays.push_back(path);
    } else if (file) {
      inventory->files.insert(*file);
    } else if (path == kCheckpointFile) {
      inventory->has_checkpoint = true;
    } else if (path != kUnfinishedFile && path != StrCat(kUnfinishedFile, kNew)) {
      inventory->strays.push_back(path);
    }
  }
  if (error) return absl::FailedPreconditionError(StrCat("cannot list ", folder, ": ", error.message()));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExportInventory> ListExport(const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) return absl::NotFoundError(StrCat("there is no directory ", directory));
  ExportInventory inventory;
  // Looked for first and last: who takes it away in between was done before what is found next was listed.
  const auto is_unfinished = [&directory] {
    std::error_code ignored;
    const std::string marker = StrCat(directory, "/", kUnfinishedFile);
    return fs::exists(marker, ignored) || fs::exists(marker + std::string(kNew), ignored);
  };
  inventory.unfinished = is_unfinished();
  const std::string prefix = (fs::path(directory) / "").string();
  std::vector<std::string> folders = {prefix};
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    SOTHON_RETURN_IF_ERROR(ListFolder(folder, prefix, &folders, &inventory));
  }
  if (is_unfinished()) inventory.unfinished = true;
  std::sort(inventory.strays.begin(), inventory.strays.end());
  return inventory;
}

std::vector<std::string> OthersIn(const ExportInventory& inventory, uint64_t size, uint64_t bundles_kept) {
  std::vector<std::string> others;
  for (const ExportFile& file : inventory.files) {
    const bool is_kept =
        file.level == ExportFile::kEntries && file.width == merkle::kTileWidth && file.index < bundles_kept;
    if (!is_kept && !file.BelongsTo(size)) others.push_back(file.Path());
  }
  for (const std::string& path : inventory.strays) {
    const bool is_ours = path.rfind("tile/", 0) == 0 || path == StrCat(kCheckpointFile, kNew);
    if (is_ours && EndsWith(path, kNew)) others.push_back(path);
  }
  return others;
}

absl::Status AppendEntry(std::string_view entry, std::string* bundle) {
  if (entry.size() > kEntryBytesMax) {
    return absl::InvalidArgumentError(
        StrCat("an entry of ", entry.size(), " bytes is longer than the ", kEntryBytesMax, " that an export can hold"));
  }
  bundle->push_back(static_cast<char>(entry.size() >> 8));
  bundle->push_back(static_cast<char>(entry.size() & 0xff));
  bundle->append(entry);
  return absl::OkStatus();
}

absl::Status SplitBundle(std::string_view bytes, uint32_t width, std::vector<std::string_view>* entries) {
  entries->clear();
  for (uint32_t i = 0; i < width; ++i) {
    if (bytes.empty()) return absl::DataLossError(StrCat("it ends after ", i, " of its ", width, " entries"));
    const size_t size =
        bytes.size() < 2 ? 0 : size_t{static_cast<uint8_t>(bytes[0])} << 8 | static_cast<uint8_t>(bytes[1]);
    if (bytes.size() < 2 + size) return absl::DataLossError(StrCat("it ends within its entry ", i, " of ", width));
    entries->push_back(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  if (!bytes.empty()) return absl::DataLossError(StrCat(bytes.size(), " bytes stand after its ", width, " entries"));
  return absl::OkStatus();
}

std::string TileBytes(absl::Span<const Hash> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) bytes.append(merkle::AsBytes(hash));
  return bytes;
}

absl::StatusOr<std::vector<Hash>> SplitTile(std::string_view bytes, uint32_t width) {
  if (bytes.size() != width * sizeof(Hash)) {
    return absl::DataLossError(StrCat("it is ", bytes.size(), " bytes long, not ", width * sizeof(Hash)));
  }
  std::vector<Hash> hashes(width);
  std::memcpy(hashes.data(), bytes.data(), bytes.size());
  return hashes;
}

absl::StatusOr<std::string> ReadExportFile(const std::string& directory, const std::string& path, size_t bytes_max) {
  return ReadBoundedFile(StrCat(directory, "/", path), bytes_max);
}

absl::StatusOr<std::vector<Hash>> ReadTile(const std::string& directory, const ExportFile& tile) {
  SOTHON_ASSIGN_OR_RETURN(const std::string bytes, ReadExportFile(directory, tile.Path()));
  return SplitTile(bytes, tile.width);
}

absl::StatusOr<note::Checkpoint> CheckpointOf(std::string_view signed_note) {
  SOTHON_ASSIGN_OR_RETURN(const note::Note parsed, note::ParseNote(signed_note));
  return note::ParseCheckpoint(parsed.text);
}

absl::StatusOr<ExportWriter> ExportWriter::Open(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  const int lock = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return FromErrno("open", directory);
  ExportWriter writer(directory, lock);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FromErrno("lock", directory);
    return absl::FailedPreconditionError(
        StrCat("another `sothon audit export` writes to ", directory, "; wait for its end"));
  }
  return writer;
}

ExportWriter::ExportWriter(ExportWriter&& other) noexcept
    : directory_(std::move(other.directory_)), lock_(std::exchange(other.lock_, -1)) {}

ExportWriter::~ExportWriter() {
  if (lock_ >= 0) close(lock_);
}

absl::Status ExportWriter::Put(const ExportFile& file, std::string_view bytes) {
  const std::string path = StrCat(directory_, "/", file.Path());
  const std::string folder = fs::path(path).parent_path().string();
  if (folder != folder_made_) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return absl::FailedPreconditionError(StrCat("cannot make ", folder, ": ", error.message()));
    folder_made_ = folder;
  }
  const std::string temporary = path + std::string(kNew);
  const int out = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (out < 0) return FromErrno("write", path);
  absl::Status status = WriteAll(out, bytes).ok() ? absl::OkStatus() : FromErrno("write", path);
  if (close(out) != 0 && status.ok()) status = FromErrno("write", path);
  if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) status = FromErrno("write", path);
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

absl::Status ExportWriter::SyncAll() {
  // One call for thousands of files, which would each wait for the disk.
  return syncfs(lock_) == 0 ? absl::OkStatus() : FromErrno("sync", directory_);
}

absl::Status ExportWriter::MarkUnfinished() {
  return WriteFileDurably(StrCat(directory_, "/", kUnfinishedFile),
                          "`sothon audit export` is writing here, or was broken off: run it again.\n");
}

absl::Status ExportWriter::MarkFinished() {
  // Not every file system keeps the order of what happens in several folders: after a power cut a file that was removed
  // could be there again, and the mark not. All of it, since a run that was killed may have removed some, too.
  SOTHON_RETURN_IF_ERROR(SyncAll());
  SOTHON_RETURN_IF_ERROR(Remove(kUnfinishedFile));
  SOTHON_RETURN_IF_ERROR(Remove(StrCat(kUnfinishedFile, kNew)));
  return SyncPath(directory_);
}

absl::Status ExportWriter::PutCheckpoint(std::string_view signed_note) {
  return WriteFileDurably(StrCat(directory_, "/", kCheckpointFile), signed_note);
}

absl::Status ExportWriter::RemoveOthers(uint64_t size, uint64_t bundles_kept) {
  SOTHON_ASSIGN_OR_RETURN(const ExportInventory inventory, ListExport(directory_));
  for (const std::string& path : OthersIn(inventory, size, bundles_kept)) SOTHON_RETURN_IF_ERROR(Remove(path));
  return absl::OkStatus();
}

absl::Status ExportWriter::Remove(const std::string& path) {
  const std::string full = StrCat(directory_, "/", path);
  if (unlink(full.c_str()) != 0 && errno != ENOENT) return FromErrno("remove", full);
  // The folder of partial ones goes with the last of them.
  const std::string folder = fs::path(full).parent_path().string();
  if (EndsWith(folder, ".p")) {
    (void)rmdir(folder.c_str());
    folder_made_.clear();
  }
  return absl::OkStatus();
}

}  // namespace sothon::cli
