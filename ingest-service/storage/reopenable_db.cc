#include "ingest-service/storage/reopenable_db.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/storage/rocksdb_logger.h"

namespace sothon::ingest {
namespace {

// Opening writes a manifest and flushes what the write-ahead log held; less free space than this is not worth a try.
constexpr size_t kProbeBytes = 8 << 20;
constexpr size_t kProbeChunkBytes = 1 << 20;
constexpr absl::Duration kReadersLeaveWithin = absl::Seconds(5);

absl::Status WriteProbe(int file) {
  const std::string chunk(kProbeChunkBytes, '\0');
  for (size_t written = 0; written < kProbeBytes;) {
    const ssize_t count = ::write(file, chunk.data(), chunk.size());
    if (count <= 0) return absl::UnavailableError(std::strerror(errno));
    written += static_cast<size_t>(count);
  }
  if (::fdatasync(file) != 0) return absl::UnavailableError(std::strerror(errno));
  return absl::OkStatus();
}

}  // namespace

ReopenableDb::Handle::~Handle() {
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
  db_->Close();
}

absl::StatusOr<std::unique_ptr<ReopenableDb>> ReopenableDb::Open(Options options) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) {
    return absl::FailedPreconditionError(StrCat("cannot create the directory ", options.directory, " for ",
                                                options.name, ": ", error.message(),
                                                "; create it or configure another"));
  }
  options.db.info_log = MakeRocksDbLogger();
  std::unique_ptr<ReopenableDb> db(new ReopenableDb(std::move(options)));
  SOTHON_ASSIGN_OR_RETURN(HandlePtr handle, db->OpenHandle());
  absl::MutexLock lock(&db->handle_mutex_);
  db->handle_ = std::move(handle);
  return db;
}

absl::StatusOr<ReopenableDb::HandlePtr> ReopenableDb::OpenHandle() const {
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  const rocksdb::Status opened = rocksdb::DB::Open(options_.db, options_.directory, options_.families, &families, &db);
  SOTHON_RETURN_IF_ERROR(FromRocksDb(opened, StrCat("open ", options_.name, " in ", options_.directory)));
  return std::make_shared<const Handle>(db, std::move(families));
}

absl::StatusOr<ReopenableDb::HandlePtr> ReopenableDb::Acquire() const {
  {
    absl::MutexLock lock(&handle_mutex_);
    const auto is_over = [this]()
                             ABSL_SHARED_LOCKS_REQUIRED(handle_mutex_) { return handle_ != nullptr || !reopening_; };
    if (handle_ == nullptr) handle_mutex_.AwaitWithTimeout(absl::Condition(&is_over), 2 * kReadersLeaveWithin);
    if (handle_ != nullptr) return handle_;
  }
  return absl::UnavailableError(
      StrCat(options_.name, " is being reopened after a failure of its disk; retry in a moment"));
}

absl::Status ReopenableDb::Write(const rocksdb::WriteOptions& options, rocksdb::WriteBatch* batch) {
  if (failed()) {
    return absl::UnavailableError(StrCat("the disk does not take ", options_.name, "; retry with back-off"));
  }
  SOTHON_ASSIGN_OR_RETURN(const HandlePtr handle, Acquire());
  const rocksdb::Status written = handle->db()->Write(options, batch);
  if (written.ok()) return absl::OkStatus();
  failed_.store(true, std::memory_order_release);
  const absl::Status cause = FromRocksDb(written, StrCat("write ", options_.name, " in ", options_.directory));
  return absl::UnavailableError(cause.message());
}

absl::Status ReopenableDb::Recover() {
  absl::MutexLock lock(&recovery_mutex_);
  if (!failed()) return absl::OkStatus();
  SOTHON_RETURN_IF_ERROR(TryDisk());
  return CloseAndOpen();
}

absl::Status ReopenableDb::CloseAndOpen() {
  SOTHON_RETURN_IF_ERROR(CloseHandle());
  absl::StatusOr<HandlePtr> handle = OpenHandle();
  if (!handle.ok()) {
    failed_.store(true, std::memory_order_release);
    return absl::UnavailableError(handle.status().message());
  }
  absl::MutexLock handle_lock(&handle_mutex_);
  handle_ = *std::move(handle);
  failed_.store(false, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status ReopenableDb::Compact(uint64_t reserve_bytes, std::atomic<bool>* canceled) {
  SOTHON_RETURN_IF_ERROR(CheckRoomForCopy(reserve_bytes));
  SOTHON_ASSIGN_OR_RETURN(const HandlePtr handle, Acquire());
  rocksdb::Status status;
  rocksdb::CompactRangeOptions options;
  // Files that lie at the bottom already, too: nothing above them needs to touch them otherwise.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.canceled = canceled;
  // RocksDB would otherwise wait, deaf to `canceled`, until its own compactions have made way: on a full disk for ever.
  options.allow_write_stall = true;
  for (rocksdb::ColumnFamilyHandle* family : handle->families()) {
    if (status.ok()) status = handle->db()->CompactRange(options, family, nullptr, nullptr);
  }
  if (status.ok()) return absl::OkStatus();
  if (status.IsManualCompactionPaused()) {
    return absl::CancelledError(StrCat("compacting ", options_.name, " was broken off"));
  }
  // What was to be written anew is still there as it was. But RocksDB may have stopped all its work over it, and writes
  // would stall once its buffers are full: it goes on when told to, or else it has to be opened anew.
  if (!handle->db()->Resume().ok()) failed_.store(true, std::memory_order_release);
  // CompactionTooLarge: it remembers that there was no room.
  if (status.IsNoSpace() || status.IsCompactionTooLarge()) {
    return absl::UnavailableError(StrCat("writing ", options_.name, " in ", options_.directory, " anew found no room (",
                                         status.ToString(), "); free space there; it goes on by itself"));
  }
  const absl::Status cause = FromRocksDb(status, StrCat("compact ", options_.name, " in ", options_.directory));
  return absl::UnavailableError(cause.message());
}

absl::Status ReopenableDb::CheckRoomForCopy(uint64_t reserve_bytes) const {
  rocksdb::Env* const env = options_.db.env;
  uint64_t free_bytes = 0;
  const rocksdb::Status told = env->GetFreeSpace(options_.directory, &free_bytes);
  if (told.IsNotSupported()) return absl::OkStatus();
  std::vector<std::string> names;
  rocksdb::Status status = told.ok() ? env->GetChildren(options_.directory, &names) : told;
  SOTHON_RETURN_IF_ERROR(FromRocksDb(status, StrCat("find out how much room there is in ", options_.directory)));
  uint64_t copy_bytes = 0;
  for (const std::string& name : names) {
    uint64_t bytes = 0;
    // RocksDB may delete it at this very moment.
    if (env->GetFileSize(options_.directory + "/" + name, &bytes).ok()) copy_bytes += bytes;
  }
  if (free_bytes >= copy_bytes + reserve_bytes) return absl::OkStatus();
  const auto in_mb = [](uint64_t bytes) { return (bytes + 999'999) / 1'000'000; };
  return absl::ResourceExhaustedError(
      StrCat("writing ", options_.name, " in ", options_.directory, " anew needs ", in_mb(copy_bytes + reserve_bytes),
             " MB of free disk space (", in_mb(copy_bytes), " MB for a copy, ", in_mb(reserve_bytes),
             " MB that recording keeps), and ", free_bytes / 1'000'000, " MB are free; free ",
             in_mb(copy_bytes + reserve_bytes - free_bytes), " MB more there; it goes on by itself"));
}

absl::Status ReopenableDb::Reopen() {
  absl::MutexLock lock(&recovery_mutex_);
  SOTHON_RETURN_IF_ERROR(TryDisk());
  SetReopening(true);
  absl::Status status = CloseAndOpen();
  SetReopening(false);
  return status;
}

void ReopenableDb::SetReopening(bool reopening) {
  absl::MutexLock lock(&handle_mutex_);
  reopening_ = reopening;
}

// A full disk must not cost the readers their database: it is closed only when there is room to open it again.
absl::Status ReopenableDb::TryDisk() const {
  const std::string path = options_.directory + "/probe.tmp";
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  absl::Status status = file < 0 ? absl::UnavailableError(std::strerror(errno)) : WriteProbe(file);
  if (file >= 0) ::close(file);
  ::unlink(path.c_str());
  if (status.ok()) return status;
  return absl::UnavailableError(StrCat("the disk does not take ", options_.name, " in ", options_.directory, ": ",
                                       status.message(), "; free space there; it goes on by itself"));
}

absl::Status ReopenableDb::CloseHandle() {
  HandlePtr handle;
  {
    absl::MutexLock lock(&handle_mutex_);
    handle = std::move(handle_);
    handle_ = nullptr;
  }
  if (handle == nullptr) return absl::OkStatus();
  const absl::Time deadline = absl::Now() + kReadersLeaveWithin;
  while (handle.use_count() > 1) {
    if (absl::Now() > deadline) {
      absl::MutexLock lock(&handle_mutex_);
      handle_ = std::move(handle);
      return absl::UnavailableError(StrCat(options_.name, " cannot be reopened while it is being read; retrying"));
    }
    absl::SleepFor(absl::Milliseconds(1));
  }
  return absl::OkStatus();
}

}  // namespace sothon::ingest
