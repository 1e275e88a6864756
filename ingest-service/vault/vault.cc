#include "ingest-service/vault/vault.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/vault/key_file.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace sothon::ingest {
namespace {

// Keys of the vault, docs/formats/vault.md. 'F' is kept for the fence of erased subjects.
constexpr char kNumberPrefix = 'N';
constexpr char kCheckKey[] = "C";
// Hashed under the vault's key and stored: tells whether a key file belongs to a vault.
constexpr char kCheckText[] = "sothon vault 1";

std::string NumberKey(const NumberHash& hash) { return StrCat(std::string(1, kNumberPrefix), hash.AsBytes()); }

ReopenableDb::Options DatabaseOptions(const std::string& directory) {
  ReopenableDb::Options options;
  options.name = "the identity vault";
  options.directory = directory;
  options.db.create_if_missing = true;
  options.db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.db.keep_log_file_num = 2;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = 16 << 20;
  family.compression = rocksdb::kNoCompression;  // hashes and random ids
  family.memtable_prefix_bloom_size_ratio = 0.05;
  family.memtable_whole_key_filtering = true;
  options.families = {{rocksdb::kDefaultColumnFamilyName, family}};
  return options;
}

absl::StatusOr<SubjectId> RandomSubject() {
  SubjectId subject;
  do {
    if (RAND_bytes(subject.bytes.data(), static_cast<int>(subject.bytes.size())) != 1) {
      return absl::InternalError("no random bytes to be had");
    }
  } while (subject.IsZero());
  return subject;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Vault>> Vault::Open(const VaultOptions& options) {
  SOTHON_ASSIGN_OR_RETURN(std::unique_ptr<ReopenableDb> db, ReopenableDb::Open(DatabaseOptions(options.directory)));
  absl::StatusOr<VaultKey> key = ReadKeyFile(options.key_file);
  if (absl::IsNotFound(key.status())) {
    SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db->Acquire());
    std::string check;
    const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), kCheckKey, &check);
    if (!found.IsNotFound()) {
      return absl::FailedPreconditionError(StrCat(key.status().message(), ", but the vault ", options.directory,
                                                  " does; restore the key from its backup: without it everybody would "
                                                  "become a new person"));
    }
    key = CreateKeyFile(options.key_file);
  }
  if (!key.ok()) return key.status();
  std::unique_ptr<Vault> vault(new Vault(options, *key, std::move(db)));
  SOTHON_RETURN_IF_ERROR(vault->CheckKey());
  return vault;
}

absl::Status Vault::CheckKey() {
  const NumberHash check = hasher_.Hash(NumberKind{0}, kCheckText);
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  std::string stored;
  const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), kCheckKey, &stored);
  if (found.IsNotFound()) {
    rocksdb::WriteBatch batch;
    batch.Put(kCheckKey, rocksdb::Slice(check.AsBytes().data(), check.AsBytes().size()));
    rocksdb::WriteOptions options;
    options.sync = true;
    return db_->Write(options, &batch);
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(found, StrCat("read the identity vault ", db_->directory())));
  if (stored != check.AsBytes()) {
    return absl::FailedPreconditionError(
        StrCat("the vault key file is not the one that the vault ", db_->directory(), " was made with; restore that one"));
  }
  return absl::OkStatus();
}

absl::StatusOr<SubjectId> Vault::Resolve(const IdentityNumbers& numbers, WhenUnknown when_unknown) {
  NumberHash hashes[2];
  size_t count = 0;
  if (!numbers.citizen_number.empty()) hashes[count++] = hasher_.Hash(NumberKind::kCitizen, numbers.citizen_number);
  if (!numbers.social_insurance_number.empty()) {
    hashes[count++] = hasher_.Hash(NumberKind::kSocialInsurance, numbers.social_insurance_number);
  }
  if (count == 0) return absl::InvalidArgumentError("no number to tell the person by");
  SubjectId known[2];
  const uint64_t persists = persists_.load(std::memory_order_acquire);
  for (size_t i = 0; i < count; ++i) {
    SOTHON_ASSIGN_OR_RETURN(known[i], Find(hashes[i]));
  }
  const bool all_known = !known[0].IsZero() && (count == 1 || !known[1].IsZero());
  if (when_unknown == WhenUnknown::kMint && !all_known) {
    SOTHON_RETURN_IF_ERROR(Mint({hashes, count}, persists, known));
  }
  const SubjectId subject = !known[0].IsZero() ? known[0] : known[1];
  if (count == 2 && !known[0].IsZero() && !known[1].IsZero() && known[0] != known[1]) {
    return absl::AlreadyExistsError("the two numbers belong to two different persons on file");
  }
  return subject;
}

absl::Status Vault::Mint(absl::Span<const NumberHash> hashes, uint64_t persists, SubjectId* known) {
  SOTHON_ASSIGN_OR_RETURN(const SubjectId fresh, RandomSubject());
  absl::MutexLock lock(&mutex_);
  SubjectId subject = fresh;
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (known[i].IsZero()) {
      // Somebody else may have minted since Find() looked. It is pending then, or, if it was persisted meanwhile, stored.
      if (const auto pending = pending_.find(hashes[i]); pending != pending_.end()) {
        known[i] = pending->second;
      } else if (persists_.load(std::memory_order_relaxed) != persists) {
        SOTHON_ASSIGN_OR_RETURN(known[i], FindStored(hashes[i]));
      }
    }
    if (!known[i].IsZero()) subject = known[i];
  }
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (!known[i].IsZero()) continue;
    known[i] = subject;
    pending_.emplace(hashes[i], subject);
  }
  return absl::OkStatus();
}

absl::StatusOr<SubjectId> Vault::Find(const NumberHash& hash) {
  {
    absl::MutexLock lock(&mutex_);
    if (const auto cached = cache_.find(hash); cached != cache_.end()) return cached->second;
    if (const auto pending = pending_.find(hash); pending != pending_.end()) return pending->second;
  }
  SOTHON_ASSIGN_OR_RETURN(const SubjectId stored, FindStored(hash));
  if (!stored.IsZero()) {
    absl::MutexLock lock(&mutex_);
    Remember(hash, stored);
  }
  return stored;
}

absl::StatusOr<SubjectId> Vault::FindStored(const NumberHash& hash) const {
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  rocksdb::PinnableSlice value;
  const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), handle->family(0), NumberKey(hash), &value);
  if (found.IsNotFound()) return SubjectId{};
  SOTHON_RETURN_IF_ERROR(FromRocksDb(found, StrCat("read the identity vault ", db_->directory())));
  const auto subject = SubjectId::FromBytes({value.data(), value.size()});
  if (!subject) return absl::DataLossError(StrCat("an entry of the identity vault ", db_->directory(), " is no subject id"));
  return *subject;
}

absl::Status Vault::Persist() {
  absl::MutexLock persisting(&persist_mutex_);
  std::vector<std::pair<NumberHash, SubjectId>> minted;
  {
    absl::MutexLock lock(&mutex_);
    if (pending_.empty() && !db_->failed()) return absl::OkStatus();
    minted.assign(pending_.begin(), pending_.end());
  }
  SOTHON_RETURN_IF_ERROR(db_->Recover());
  // In order of key: a memtable takes neighbours at half the cost of keys from all over.
  std::sort(minted.begin(), minted.end(), [](const auto& a, const auto& b) { return a.first.bytes < b.first.bytes; });
  rocksdb::WriteBatch batch;
  for (const auto& [hash, subject] : minted) {
    batch.Put(NumberKey(hash), rocksdb::Slice(subject.AsBytes().data(), subject.AsBytes().size()));
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  SOTHON_RETURN_IF_ERROR(db_->Write(options, &batch));
  absl::MutexLock lock(&mutex_);
  persists_.fetch_add(1, std::memory_order_release);
  for (const auto& [hash, subject] : minted) {
    pending_.erase(hash);
    Remember(hash, subject);
  }
  return absl::OkStatus();
}

void Vault::Remember(const NumberHash& hash, const SubjectId& subject) {
  if (cache_.size() >= cache_entries_max_) cache_.clear();
  cache_.emplace(hash, subject);
}

}  // namespace sothon::ingest
