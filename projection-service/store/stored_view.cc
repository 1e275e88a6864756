#include "projection-service/store/stored_view.h"

#include <filesystem>
#include <optional>
#include <system_error>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/store/current_view.h"
#include "projection-service/store/database_options.h"
#include "projection-service/store/format_checks.h"

namespace sothon::projection {
namespace {

// A rebuild puts another view in the place of the one in use, and then removes this, at most now and then.
constexpr int kTriesMax = 5;

// The default family comes before those of StoreFamily, and is empty.
size_t IndexOf(StoreFamily family) { return static_cast<size_t>(family) + 1; }

}  // namespace

absl::StatusOr<std::unique_ptr<StoredView>> StoredView::Open(const std::string& data_directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(data_directory, ignored)) {
    return absl::NotFoundError(
        StrCat(data_directory, " is no directory; name the data.directory of the projection service"));
  }
  for (int tries = 1;; ++tries) {
    SOTHON_ASSIGN_OR_RETURN(const std::optional<uint64_t> number, ReadCurrentView(data_directory));
    if (!number) {
      return absl::NotFoundError(StrCat(data_directory, " holds no projection: there is no ", kCurrentFile,
                                        " in it; name the data.directory of the projection service"));
    }
    absl::StatusOr<std::unique_ptr<StoredView>> view = OpenAt(StrCat(data_directory, "/", kViewPrefix, *number));
    if (view.ok() || tries == kTriesMax) return view;
    SOTHON_ASSIGN_OR_RETURN(const std::optional<uint64_t> now, ReadCurrentView(data_directory));
    if (now == number) return view;
  }
}

absl::StatusOr<std::unique_ptr<StoredView>> StoredView::OpenAt(const std::string& directory) {
  StoreOptions options;
  options.directory = directory;
  const DatabaseOptions database = MakeDatabaseOptions(options);
  std::unique_ptr<StoredView> view(new StoredView());
  SOTHON_ASSIGN_OR_RETURN(view->db_,
                          ReadOnlyDb::Open({"a projection", directory, database.options, database.families}));
  SOTHON_RETURN_IF_ERROR(view->Load());
  return view;
}

std::unique_ptr<rocksdb::Iterator> StoredView::Walk(StoreFamily family) const { return db_->Walk(IndexOf(family)); }

absl::StatusOr<std::string> StoredView::Meta(std::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->db()->Get(rocksdb::ReadOptions(), db_->family(IndexOf(StoreFamily::kMeta)),
                                                {key.data(), key.size()}, &value);
  if (status.IsNotFound()) return std::string();
  SOTHON_RETURN_IF_ERROR(FromRocksDb(status, StrCat("read the projection in ", directory())));
  return value;
}

absl::Status StoredView::Load() {
  for (size_t i = 0; i <= kStoreFamilyCount; ++i) {
    if (db_->family(i) != nullptr) continue;
    return absl::FailedPreconditionError(StrCat(directory(), " lacks a column family of docs/formats/projection.md; ",
                                                "start the projection with --rebuild to make it again from the log"));
  }
  SOTHON_ASSIGN_OR_RETURN(const std::string format, Meta(kMetaFormat));
  uint64_t version = 0;
  if (!DecodeNumber(format, &version) || version != kFormatVersion) {
    return absl::FailedPreconditionError(
        StrCat("the projection in ", directory(), " has format version ", version, ", this version checks ",
               kFormatVersion, "; run the version that wrote it, or start the projection with --rebuild"));
  }
  SOTHON_ASSIGN_OR_RETURN(const std::string rules, Meta(kMetaRules));
  if (!DecodeRules(rules, &rules_)) {
    return absl::FailedPreconditionError(
        StrCat("the projection in ", directory(), " does not say by which rules it was counted, or was counted by ",
               "another version of the program; run that, or start the projection with --rebuild"));
  }
  SOTHON_ASSIGN_OR_RETURN(log_id_, Meta(kMetaLogId));
  SOTHON_ASSIGN_OR_RETURN(const std::string applied, Meta(kMetaApplied));
  if (!applied.empty() && !DecodeApplied(applied, &applied_, &leaf_hash_)) {
    return absl::DataLossError(StrCat("the projection in ", directory(), " does not say at which position it stands; ",
                                      "start it with --rebuild to make it again from the log"));
  }
  return absl::OkStatus();
}

}  // namespace sothon::projection
