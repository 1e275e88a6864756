#include "common/storage/read_only_db.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace sothon {
namespace {

namespace fs = std::filesystem;

// A manifest that stays the same for as long as it takes to open is a matter of some tries, even under full load.
constexpr int kTriesMax = 100;
// So often it is tried although the manifest stays the same: then the database is damaged, not busy.
constexpr int kTriesOfOneManifest = 3;
constexpr absl::Duration kBetweenTries = absl::Milliseconds(20);
constexpr size_t kReadAheadBytes = 2 << 20;

// Reads, and refuses everything else.
class ReadingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit ReadingFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base) : FileSystemWrapper(base) {}
  const char* Name() const override { return "sothon.ReadingFileSystem"; }

  using Options = rocksdb::FileOptions;
  using Context = rocksdb::IODebugContext;
  using Status = rocksdb::IOStatus;
  using Path = std::string;

  Status NewWritableFile(const Path& path, const Options&, std::unique_ptr<rocksdb::FSWritableFile>*,
                         Context*) override {
    return Refuse(path);
  }
  Status ReopenWritableFile(const Path& path, const Options&, std::unique_ptr<rocksdb::FSWritableFile>*,
                            Context*) override {
    return Refuse(path);
  }
  Status ReuseWritableFile(const Path& path, const Path&, const Options&, std::unique_ptr<rocksdb::FSWritableFile>*,
                           Context*) override {
    return Refuse(path);
  }
  Status NewRandomRWFile(const Path& path, const Options&, std::unique_ptr<rocksdb::FSRandomRWFile>*,
                         Context*) override {
    return Refuse(path);
  }
  Status DeleteFile(const Path& path, const rocksdb::IOOptions&, Context*) override { return Refuse(path); }
  Status Truncate(const Path& path, size_t, const rocksdb::IOOptions&, Context*) override { return Refuse(path); }
  Status CreateDir(const Path& path, const rocksdb::IOOptions&, Context*) override { return Refuse(path); }
  Status CreateDirIfMissing(const Path& path, const rocksdb::IOOptions&, Context*) override {
    std::error_code ignored;
    return fs::is_directory(path, ignored) ? Status::OK() : Refuse(path);
  }
  Status DeleteDir(const Path& path, const rocksdb::IOOptions&, Context*) override { return Refuse(path); }
  Status RenameFile(const Path& path, const Path&, const rocksdb::IOOptions&, Context*) override {
    return Refuse(path);
  }
  Status LinkFile(const Path& path, const Path&, const rocksdb::IOOptions&, Context*) override { return Refuse(path); }
  Status LockFile(const Path& path, const rocksdb::IOOptions&, rocksdb::FileLock**, Context*) override {
    return Refuse(path);
  }

 private:
  static Status Refuse(const Path& path) { return Status::NotSupported("opened for reading only", path); }
};

class NoLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// Which manifest is in use and how long it is; empty: there is none.
std::string ManifestStamp(const std::string& directory) {
  std::string name;
  std::getline(std::ifstream(directory + "/CURRENT") >> std::ws, name);
  std::error_code error;
  const auto size = fs::file_size(directory + "/" + name, error);
  return name.empty() || error ? std::string() : StrCat(name, ":", size);
}

}  // namespace

ReadOnlyDb::ReadOnlyDb(const Options& options, std::unique_ptr<rocksdb::Env> env)
    : directory_(options.directory), env_(std::move(env)) {}

ReadOnlyDb::~ReadOnlyDb() { Close(); }

void ReadOnlyDb::Close() {
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    if (family != nullptr) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  families_.clear();
  unknown_families_.clear();
  db_.reset();
}

absl::StatusOr<std::unique_ptr<ReadOnlyDb>> ReadOnlyDb::Open(const Options& options) {
  std::error_code ignored;
  if (!fs::exists(options.directory + "/CURRENT", ignored)) {
    return absl::NotFoundError(StrCat(options.directory, " does not hold ", options.name,
                                      ": there is no database in it, or it cannot be read; name the right directory, "
                                      "and run as somebody who may read it"));
  }
  std::unique_ptr<ReadOnlyDb> opened(new ReadOnlyDb(
      options, rocksdb::NewCompositeEnv(std::make_shared<ReadingFileSystem>(options.db.env->GetFileSystem()))));
  std::string last_failed_at;
  int failed_at_it = 0;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    const std::string before = ManifestStamp(options.directory);
    const absl::Status status = opened->TryOpen(options);
    const bool unchanged = !before.empty() && before == ManifestStamp(options.directory);
    if (status.ok() && unchanged) return opened;
    opened->Close();
    failed_at_it = before == last_failed_at ? failed_at_it + 1 : 1;
    last_failed_at = before;
    if (!status.ok() && unchanged && failed_at_it >= kTriesOfOneManifest) return status;
    absl::SleepFor(kBetweenTries);
  }
  return absl::UnavailableError(
      StrCat(options.name, " in ", options.directory, " changes faster than it can be opened for reading; try again"));
}

absl::Status ReadOnlyDb::TryOpen(const Options& options) {
  rocksdb::DBOptions db_options = options.db;
  db_options.env = env_.get();
  db_options.info_log = std::make_shared<NoLogger>();
  db_options.create_if_missing = false;
  db_options.create_missing_column_families = false;
  db_options.max_open_files = -1;
  const std::string doing = StrCat("open ", options.name, " in ", directory_, " for reading");
  std::vector<std::string> names;
  SOTHON_RETURN_IF_ERROR(FromRocksDb(rocksdb::DB::ListColumnFamilies(db_options, directory_, &names), doing));
  std::vector<rocksdb::ColumnFamilyDescriptor> present;
  for (const rocksdb::ColumnFamilyDescriptor& wanted : options.families) {
    const auto found = std::find(names.begin(), names.end(), wanted.name);
    if (found == names.end()) continue;
    present.push_back(wanted);
    names.erase(found);
  }
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(db_options, directory_, present, &handles, &db);
  SOTHON_RETURN_IF_ERROR(FromRocksDb(opened, doing));
  db_.reset(db);
  unknown_families_ = std::move(names);
  size_t next = 0;
  for (const rocksdb::ColumnFamilyDescriptor& wanted : options.families) {
    const bool is_present = next < present.size() && present[next].name == wanted.name;
    families_.push_back(is_present ? handles[next++] : nullptr);
  }
  return absl::OkStatus();
}

std::unique_ptr<rocksdb::Iterator> ReadOnlyDb::Walk(size_t index) const {
  rocksdb::ReadOptions options;
  options.readahead_size = kReadAheadBytes;
  options.fill_cache = false;
  options.verify_checksums = true;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(index)));
}

}  // namespace sothon
