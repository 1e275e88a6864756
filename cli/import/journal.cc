#include "cli/import/journal.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "common/base/strings.h"

namespace sothon::cli {
namespace {
constexpr char kMagic[] = "sothon-progress-1";
}  // namespace

std::optional<JournalEntry> Journal::Load() const {
  std::ifstream in(path_);
  std::string magic;
  JournalKey key;
  JournalEntry entry;
  in >> magic >> key.file_sha256 >> key.options_digest >> key.log_id >> entry.line >> entry.head_position;
  if (!in || magic != kMagic || !(key == key_)) return std::nullopt;
  return entry;
}

absl::Status Journal::Store(const JournalEntry& entry) const {
  const std::string part = path_ + ".part";
  errno = 0;
  std::ofstream out(part, std::ios::trunc);
  out << kMagic << "\n"
      << key_.file_sha256 << "\n"
      << key_.options_digest << "\n"
      << key_.log_id << "\n"
      << entry.line << " " << entry.head_position << "\n";
  out.close();
  if (!out || std::rename(part.c_str(), path_.c_str()) != 0) {
    return absl::FailedPreconditionError(StrCat("cannot write ", path_, ", which tells how far the import is (",
                                                errno == 0 ? "unknown reason" : std::strerror(errno),
                                                "); free the disk, or copy the imported file to a folder of yours"));
  }
  return absl::OkStatus();
}

void Journal::Remove() const { std::remove(path_.c_str()); }

}  // namespace sothon::cli
