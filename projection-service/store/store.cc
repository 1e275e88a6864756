#include "projection-service/store/store.h"

#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "common/base/big_endian.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/store/database_options.h"
#include "rocksdb/db.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/write_batch.h"

namespace sothon::projection {
namespace {

// So much must fit on the disk, beside a batch, before a full one is tried again.
constexpr size_t kProbeBytesMin = 1 << 20;
constexpr char kBulkSuffix[] = ".bulk";

rocksdb::Slice AsSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace

// ---------------------------------------------------------------- opening

struct Store::Database {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;  // in order of StoreFamily

  ~Database() {
    for (rocksdb::ColumnFamilyHandle* handle : families) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    db->Close().PermitUncheckedError();
  }
};

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const StoreOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) {
    return absl::FailedPreconditionError(
        StrCat("cannot create the directory ", options.directory, ": ", error.message()));
  }
  std::unique_ptr<Store> store(new Store(options));
  {
    absl::MutexLock lock(&store->mutex_);
    SOTHON_RETURN_IF_ERROR(store->OpenDatabase());
    store->RemoveBulkFiles();
  }
  SOTHON_RETURN_IF_ERROR(store->CheckMeta());
  return store;
}

Store::Store(const StoreOptions& options) : options_(options) {}
Store::~Store() = default;

absl::Status Store::OpenDatabase() {
  const DatabaseOptions options = MakeDatabaseOptions(options_);
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status opened =
      rocksdb::DB::Open(options.options, options_.directory, options.families, &handles, &db);
  SOTHON_RETURN_IF_ERROR(FromRocks(opened, "open"));
  database_ = std::make_unique<Database>();
  database_->db.reset(db);
  // The default family comes first, as RocksDB wants it to exist; nothing is kept there.
  db->DestroyColumnFamilyHandle(handles.front()).PermitUncheckedError();
  database_->families.assign(handles.begin() + 1, handles.end());
  return absl::OkStatus();
}

rocksdb::ColumnFamilyHandle* Store::family(StoreFamily name) const {
  return database_->families[static_cast<size_t>(name)];
}

std::unique_ptr<rocksdb::Iterator> Store::Iterate(StoreFamily name, const rocksdb::ReadOptions& options) const {
  return std::unique_ptr<rocksdb::Iterator>(database_->db->NewIterator(options, family(name)));
}

absl::Status Store::CheckOpen() const {
  if (database_ != nullptr) return absl::OkStatus();
  return absl::UnavailableError(
      StrCat("the projection in ", directory(), " is closed until its disk takes writes again; retry with back-off"));
}

absl::Status Store::FromRocks(const rocksdb::Status& status, std::string_view doing) const {
  return status.ok() ? absl::OkStatus() : FromRocksDb(status, StrCat(doing, " the projection in ", directory()));
}

absl::Status Store::Damaged(std::string_view what) const {
  return absl::DataLossError(StrCat("the projection in ", directory(), " is damaged (", what,
                                    "); start with --rebuild to make it again from the log"));
}

absl::StatusOr<std::string> Store::GetMeta(std::string_view key) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::string value;
  const rocksdb::Status status =
      database_->db->Get(rocksdb::ReadOptions(), family(StoreFamily::kMeta), AsSlice(key), &value);
  if (status.IsNotFound()) return std::string();
  SOTHON_RETURN_IF_ERROR(FromRocks(status, "read"));
  return value;
}

absl::Status Store::CheckMeta() {
  SOTHON_ASSIGN_OR_RETURN(const std::string format, GetMeta(kMetaFormat));
  const std::string rules_now = EncodeRules(options_.rules);
  if (format.empty()) {
    absl::ReaderMutexLock lock(&mutex_);
    rocksdb::WriteBatch batch;
    batch.Put(family(StoreFamily::kMeta), kMetaFormat, EncodeNumber(kFormatVersion)).PermitUncheckedError();
    batch.Put(family(StoreFamily::kMeta), kMetaRules, rules_now).PermitUncheckedError();
    return FromRocks(database_->db->Write(rocksdb::WriteOptions(), &batch), "write");
  }
  uint64_t version = 0;
  if (!DecodeNumber(format, &version)) return Damaged("its format version");
  if (version != kFormatVersion) {
    return absl::FailedPreconditionError(StrCat("the projection in ", directory(), " has format version ", version,
                                                ", this program writes ", kFormatVersion,
                                                "; start with --rebuild to make it again from the log"));
  }
  SOTHON_ASSIGN_OR_RETURN(const std::string rules_then, GetMeta(kMetaRules));
  if (rules_then != rules_now) {
    return absl::FailedPreconditionError(
        StrCat("the projection in ", directory(), " was counted with other rules (counting.grace_days, or an earlier ",
               "version of the program); restore them, or start with --rebuild to count the log again"));
  }
  SOTHON_ASSIGN_OR_RETURN(state_at_open_.log_id, GetMeta(kMetaLogId));
  SOTHON_ASSIGN_OR_RETURN(const std::string applied, GetMeta(kMetaApplied));
  if (!applied.empty() && !DecodeApplied(applied, &state_at_open_.applied, &state_at_open_.leaf_hash)) {
    return Damaged("its position");
  }
  SOTHON_ASSIGN_OR_RETURN(const std::string synthetic, GetMeta(kMetaSynthetic));
  if (!synthetic.empty() && !DecodeNumber(synthetic, &state_at_open_.first_synthetic.value)) {
    return Damaged("its mark of synthetic data");
  }
  return absl::OkStatus();
}

absl::Status Store::LoadParticipants(absl::FunctionRef<void(const SubjectId&, ledger::History)> visit) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = Iterate(StoreFamily::kParticipants, BulkRead());
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const auto subject = SubjectId::FromBytes(AsView(it->key()));
    ledger::History history;
    if (!subject || !ledger::DecodeHistory(AsView(it->value()), &history)) return Damaged("a participant's history");
    visit(*subject, std::move(history));
  }
  return FromRocks(it->status(), "read the participants of");
}

absl::StatusOr<ledger::History> Store::LoadParticipant(const SubjectId& subject) const {
  absl::ReaderMutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(CheckOpen());
  std::string bytes;
  const rocksdb::Status found =
      database_->db->Get(rocksdb::ReadOptions(), family(StoreFamily::kParticipants),
                         rocksdb::Slice(subject.AsBytes().data(), subject.AsBytes().size()), &bytes);
  ledger::History history;
  if (found.IsNotFound()) return history;
  SOTHON_RETURN_IF_ERROR(FromRocks(found, "read a participant of"));
  if (!ledger::DecodeHistory(bytes, &history)) return Damaged("a participant's history");
  return history;
}

absl::Status Store::LoadCells(absl::FunctionRef<void(ledger::AccountKey, const ledger::Cell&)> visit) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = Iterate(StoreFamily::kCells, BulkRead());
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    ledger::Cell cell;
    if (it->key().size() != 8 || !DecodeCell(AsView(it->value()), &cell)) return Damaged("a cell");
    visit(ledger::AccountKey(ReadBigEndian64(AsView(it->key()))), cell);
  }
  return FromRocks(it->status(), "read the cells of");
}

absl::Status Store::LoadNames(absl::FunctionRef<void(ledger::Names::Kind, std::string name)> visit) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::array<uint32_t, ledger::Names::kKindCount> expected{};
  const auto it = Iterate(StoreFamily::kMeta, BulkRead());
  for (it->Seek(kMetaName); it->Valid() && it->key().starts_with(kMetaName); it->Next()) {
    ledger::Names::Kind kind;
    uint32_t ordinal = 0;
    if (!DecodeNameKey(AsView(it->key()), &kind, &ordinal) || ordinal != expected[static_cast<size_t>(kind)]++) {
      return Damaged("the table of names");
    }
    visit(kind, it->value().ToString());
  }
  return FromRocks(it->status(), "read the names of");
}

absl::Status Store::LoadReference(absl::FunctionRef<absl::Status(std::string_view stored)> visit) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = Iterate(StoreFamily::kReference, BulkRead());
  for (it->SeekToFirst(); it->Valid(); it->Next()) SOTHON_RETURN_IF_ERROR(visit(AsView(it->value())));
  return FromRocks(it->status(), "read the reference events of");
}

uint64_t Store::EstimateParticipants() const {
  absl::ReaderMutexLock lock(&mutex_);
  uint64_t count = 0;
  database_->db->GetIntProperty(family(StoreFamily::kParticipants), rocksdb::DB::Properties::kEstimateNumKeys, &count);
  return count;
}

// ---------------------------------------------------------------- committing

absl::Status Store::BindLog(std::string_view log_id) {
  absl::ReaderMutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(CheckOpen());
  return FromRocks(database_->db->Put(rocksdb::WriteOptions(), family(StoreFamily::kMeta), kMetaLogId, AsSlice(log_id)),
                   "write");
}

absl::Status Store::Commit(absl::Span<StoreBatch> parts) {
  size_t bytes = 0;
  for (const StoreBatch& part : parts) bytes += part.bytes();
  if (last_commit_failed_) {
    // Opening again takes room too, so it is tried when a file as large as the commit can be written, not before.
    rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
    const std::string probe = StrCat(directory(), "/PROBE");
    const rocksdb::Status writable =
        rocksdb::WriteStringToFile(env, std::string(bytes + kProbeBytesMin, '\0'), probe, /*should_sync=*/true);
    env->DeleteFile(probe).PermitUncheckedError();
    SOTHON_RETURN_IF_ERROR(FromRocks(writable, "write"));
    SOTHON_RETURN_IF_ERROR(Reopen());
  }
  absl::ReaderMutexLock lock(&mutex_);
  const absl::Status status = bytes >= options_.bulk_commit_bytes_min ? CommitInBulk(parts) : CommitSmall(parts);
  last_commit_failed_ = !status.ok();
  return status;
}

absl::Status Store::CommitSmall(absl::Span<StoreBatch> parts) {
  rocksdb::WriteBatch writes;
  for (StoreBatch& part : parts) {
    for (size_t i = 0; i < kStoreFamilyCount; ++i) {
      rocksdb::ColumnFamilyHandle* handle = database_->families[i];
      part.VisitSorted(static_cast<StoreFamily>(i), [&](std::string_view key, std::string_view value) {
        // Put fails only for comparators with timestamps and for batches with a size limit; this has neither.
        writes.Put(handle, AsSlice(key), AsSlice(value)).PermitUncheckedError();
        return true;
      });
    }
  }
  return FromRocks(database_->db->Write(rocksdb::WriteOptions(), &writes), "write");
}

std::string Store::BulkFile(size_t part, StoreFamily name) const {
  return StrCat(directory(), "/bulk-", part, "-", static_cast<int>(name), kBulkSuffix);
}

void Store::RemoveBulkFiles() const {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory(), ignored)) {
    if (entry.path().extension() == kBulkSuffix) std::filesystem::remove(entry.path(), ignored);
  }
}

absl::Status Store::WriteBulkFile(const std::string& path, StoreFamily name, StoreBatch* batch) const {
  rocksdb::SstFileWriter file(rocksdb::EnvOptions(), database_->db->GetOptions(family(name)), family(name),
                              /*invalidate_page_cache=*/false);
  rocksdb::Status status = file.Open(path);
  SOTHON_RETURN_IF_ERROR(FromRocks(status, "write"));
  batch->VisitSorted(name, [&](std::string_view key, std::string_view value) {
    status = file.Put(AsSlice(key), AsSlice(value));
    return status.ok();
  });
  if (status.ok()) status = file.Finish();
  return FromRocks(status, "write");
}

absl::Status Store::WriteBulkFiles(size_t part, StoreBatch* batch) const {
  for (size_t i = 0; i < kStoreFamilyCount; ++i) {
    const auto name = static_cast<StoreFamily>(i);
    if (!batch->empty(name)) SOTHON_RETURN_IF_ERROR(WriteBulkFile(BulkFile(part, name), name, batch));
  }
  return absl::OkStatus();
}

absl::Status Store::CommitInBulk(absl::Span<StoreBatch> parts) {
  std::vector<absl::Status> written(parts.size());
  std::vector<std::thread> writers;
  for (size_t part = 1; part < parts.size(); ++part) {
    // This thread holds mutex_ for all of them until they are joined.
    writers.emplace_back([&, part]()
                             ABSL_NO_THREAD_SAFETY_ANALYSIS { written[part] = WriteBulkFiles(part, &parts[part]); });
  }
  written[0] = WriteBulkFiles(0, &parts[0]);
  for (std::thread& writer : writers) writer.join();
  for (const absl::Status& status : written) SOTHON_RETURN_IF_ERROR(status);

  // What was committed before must not be lost when this, which is synced, stays.
  SOTHON_RETURN_IF_ERROR(FromRocks(database_->db->SyncWAL(), "write"));
  std::vector<rocksdb::IngestExternalFileArg> ingested;
  for (size_t i = 0; i < kStoreFamilyCount; ++i) {
    const auto name = static_cast<StoreFamily>(i);
    std::vector<std::string> files;
    for (size_t part = 0; part < parts.size(); ++part) {
      if (!parts[part].empty(name)) files.push_back(BulkFile(part, name));
    }
    if (files.empty()) continue;
    rocksdb::IngestExternalFileArg& of_family = ingested.emplace_back();
    of_family.column_family = family(name);
    of_family.external_files = std::move(files);
    of_family.options.move_files = true;
    of_family.options.write_global_seqno = false;
  }
  return FromRocks(database_->db->IngestExternalFiles(ingested), "write");
}

absl::Status Store::Reopen() {
  absl::MutexLock lock(&mutex_);
  database_.reset();
  return OpenDatabase();
}

}  // namespace sothon::projection
