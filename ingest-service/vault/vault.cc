#include "ingest-service/vault/vault.h"

#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/vault/key_file.h"
#include "ingest-service/vault/vault_keys.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"

namespace sothon::ingest {
namespace {

ReopenableDb::Options DatabaseOptions(const VaultOptions& vault) {
  ReopenableDb::Options options;
  options.name = "the identity vault";
  options.directory = vault.directory;
  if (vault.env != nullptr) options.db.env = vault.env;
  options.db.create_if_missing = true;
  options.db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Small enough for the processor's own caches: its keys are random, and finding their place is most of what recording
  // a new person costs. What it is flushed into is left alone until there is something to merge.
  family.write_buffer_size = 2 << 20;
  family.level0_file_num_compaction_trigger = 16;
  family.level0_slowdown_writes_trigger = 40;
  family.level0_stop_writes_trigger = 64;
  family.compression = rocksdb::kNoCompression;  // hashes and random ids
  family.memtable_prefix_bloom_size_ratio = 0.05;
  family.memtable_whole_key_filtering = true;
  family.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(1));
  options.db.allow_concurrent_memtable_write = false;
  options.families = {{rocksdb::kDefaultColumnFamilyName, family}};
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Vault>> Vault::Open(const VaultOptions& options) {
  SOTHON_ASSIGN_OR_RETURN(std::unique_ptr<ReopenableDb> db, ReopenableDb::Open(DatabaseOptions(options)));
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
  SOTHON_RETURN_IF_ERROR(vault->ReadFences());
  SOTHON_RETURN_IF_ERROR(vault->FillCache());
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
    return absl::FailedPreconditionError(StrCat("the vault key file is not the one that the vault ", db_->directory(),
                                                " was made with; restore that one"));
  }
  return absl::OkStatus();
}

absl::Status Vault::FillCache() {
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  const std::unique_ptr<rocksdb::Iterator> entries(
      handle->db()->NewIterator(rocksdb::ReadOptions(), handle->family(0)));
  absl::MutexLock lock(&mutex_);
  for (entries->Seek(rocksdb::Slice(&kNumberPrefix, 1)); entries->Valid(); entries->Next()) {
    const rocksdb::Slice key = entries->key();
    if (key[0] != kNumberPrefix) break;
    if (cache_.size() >= cache_entries_max_) return absl::OkStatus();
    NumberHash hash;
    const auto subject = SubjectId::FromBytes({entries->value().data(), entries->value().size()});
    if (key.size() != 1 + hash.bytes.size() || !subject) {
      return absl::DataLossError(StrCat("an entry of the identity vault ", db_->directory(), " is damaged"));
    }
    std::memcpy(hash.bytes.data(), key.data() + 1, hash.bytes.size());
    cache_.emplace(hash, *subject);
  }
  cache_is_complete_ = true;
  return FromRocksDb(entries->status(), StrCat("read the identity vault ", db_->directory()));
}

absl::StatusOr<SubjectId> Vault::RandomSubject() {
  constexpr size_t kSubjectBytes = 16;
  SubjectId subject;
  do {
    if (random_.empty()) {
      random_.resize(256 * kSubjectBytes);
      if (RAND_bytes(reinterpret_cast<unsigned char*>(random_.data()), static_cast<int>(random_.size())) != 1) {
        random_.clear();
        return absl::InternalError("no random bytes to be had");
      }
    }
    std::memcpy(subject.bytes.data(), random_.data() + random_.size() - kSubjectBytes, kSubjectBytes);
    random_.resize(random_.size() - kSubjectBytes);
  } while (subject.IsZero());
  return subject;
}

HashedNumbers Vault::Hash(const IdentityNumbers& numbers) const {
  HashedNumbers hashed;
  const auto add = [&](NumberKind kind, std::string_view digits) {
    if (!digits.empty()) hashed.numbers[hashed.count++] = {kind, hasher_.Hash(kind, digits)};
  };
  add(NumberKind::kCitizen, numbers.citizen_number);
  add(NumberKind::kSocialInsurance, numbers.social_insurance_number);
  return hashed;
}

void Vault::Prefetch(absl::Span<const HashedNumbers> people) {
  absl::MutexLock lock(&mutex_);
  for (const HashedNumbers& person : people) {
    for (size_t i = 0; i < person.count; ++i) cache_.prefetch(person.numbers[i].hash);
  }
}

absl::StatusOr<SubjectId> Vault::Resolve(const HashedNumbers& numbers, WhenUnknown when_unknown,
                                         std::vector<NumberClaim>* claims) {
  if (numbers.count == 0) return absl::InvalidArgumentError("no number to tell the person by");
  Asked asked[2];
  for (size_t i = 0; i < numbers.count; ++i) asked[i] = {numbers.numbers[i].kind, numbers.numbers[i].hash, {}};
  const size_t count = numbers.count;
  const absl::Span<Asked> all(asked, count);
  const uint64_t persists = persists_.load(std::memory_order_acquire);
  for (Asked& one : all) {
    SOTHON_ASSIGN_OR_RETURN(one.subject, Find(one.hash, when_unknown, claims));
  }
  const bool all_known = std::none_of(all.begin(), all.end(), [](const Asked& one) { return one.subject.IsZero(); });
  if (when_unknown == WhenUnknown::kMint && !all_known) SOTHON_RETURN_IF_ERROR(Mint(all, persists, claims));
  if (count == 2 && !asked[0].subject.IsZero() && !asked[1].subject.IsZero() && asked[0].subject != asked[1].subject) {
    return absl::AlreadyExistsError("the two numbers belong to two different persons on file");
  }
  return !asked[0].subject.IsZero() ? asked[0].subject : asked[1].subject;
}

absl::Status Vault::Mint(absl::Span<Asked> asked, uint64_t persists, std::vector<NumberClaim>* claims) {
  absl::MutexLock lock(&mutex_);
  SubjectId subject;
  for (Asked& one : asked) {
    // Found, and erased since: whoever has the number now is somebody new.
    if (erased_.contains(one.subject)) one.subject = {};
    if (one.subject.IsZero()) {
      // Somebody else may have minted since Find() looked. It is pending then, or, if it was persisted meanwhile,
      // stored.
      if (const SubjectId tentative = Claim(one.hash, WhenUnknown::kMint, claims); !tentative.IsZero()) {
        one.subject = tentative;
      } else if (const auto pending = pending_.find(one.hash); pending != pending_.end()) {
        one.subject = pending->second;
      } else if (const auto cached = cache_.find(one.hash); cached != cache_.end()) {
        one.subject = cached->second;
      } else if (persists_.load(std::memory_order_relaxed) != persists && !IsWithdrawn(one.hash)) {
        SOTHON_ASSIGN_OR_RETURN(one.subject, FindStored(one.hash));
        if (erased_.contains(one.subject)) one.subject = {};
      }
    }
    if (!one.subject.IsZero()) subject = one.subject;
  }
  if (subject.IsZero()) {
    SOTHON_ASSIGN_OR_RETURN(subject, RandomSubject());
  } else {
    SOTHON_RETURN_IF_ERROR(CheckLinks(asked, subject));
  }
  for (Asked& one : asked) {
    // Who has one number only, as nearly everybody, needs no entry of links: CheckLinks() has nothing to compare with.
    if (asked.size() == 2) pending_links_.insert_or_assign(LinkKey(subject, one.kind), one.hash);
    if (!one.subject.IsZero()) continue;
    one.subject = subject;
    pending_.emplace(one.hash, subject);
    // A person with one number, without an event, is in nobody's way; two numbers wrongly linked are, and so is whoever
    // was erased and is brought back by an old receipt that the log refuses.
    if ((asked.size() == 2 || !erased_.empty()) && claims != nullptr) {
      tentative_.emplace(one.hash, Tentative{subject, one.kind, 1});
      claims->push_back({one.hash, subject});
    }
  }
  return absl::OkStatus();
}

// A slip of the pen in one number must not make two people one: a subject never gets a second number of a kind.
absl::Status Vault::CheckLinks(absl::Span<const Asked> asked, const SubjectId& subject) {
  for (const Asked& one : asked) {
    if (!one.subject.IsZero()) continue;
    const std::string key = LinkKey(subject, one.kind);
    bool taken = pending_links_.contains(key);
    if (!taken && !withdrawn_.contains(key)) {
      SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
      std::string value;
      const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), handle->family(0), key, &value);
      if (!found.ok() && !found.IsNotFound()) {
        return FromRocksDb(found, StrCat("read the identity vault ", db_->directory()));
      }
      taken = found.ok();
    }
    // The number is unknown, so whatever is there is another one.
    if (taken) {
      return absl::AlreadyExistsError(
          "one of the numbers belongs to a person on file whose other number is a different one");
    }
  }
  return absl::OkStatus();
}

absl::Status Vault::BindLog(std::string_view log_id, bool log_is_empty) {
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  std::string bound;
  const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), handle->family(0), kLogKey, &bound);
  if (found.ok() && bound == log_id) return absl::OkStatus();
  if (found.ok()) {
    return absl::FailedPreconditionError(StrCat("the identity vault ", db_->directory(), " belongs to log ", bound,
                                                ", not to ", log_id, "; restore the vault of this log"));
  }
  if (!found.IsNotFound()) return FromRocksDb(found, StrCat("read the identity vault ", db_->directory()));
  if (!log_is_empty) {
    return absl::FailedPreconditionError(StrCat(
        "the identity vault ", db_->directory(), " is new, but log ", log_id,
        " has events: everybody in it would become a new person; restore the vault and its key from their backup"));
  }
  rocksdb::WriteBatch batch;
  batch.Put(handle->family(0), kLogKey, rocksdb::Slice(log_id.data(), log_id.size()));
  rocksdb::WriteOptions options;
  options.sync = true;
  return db_->Write(options, &batch);
}

absl::StatusOr<SubjectId> Vault::Find(const NumberHash& hash, WhenUnknown when_unknown,
                                      std::vector<NumberClaim>* claims) {
  while (true) {
    const uint64_t persists = persists_.load(std::memory_order_acquire);
    {
      absl::MutexLock lock(&mutex_);
      // What is in the cache was vouched for.
      if (const auto cached = cache_.find(hash); cached != cache_.end()) return cached->second;
      if (const SubjectId tentative = Claim(hash, when_unknown, claims); !tentative.IsZero()) return tentative;
      if (const auto pending = pending_.find(hash); pending != pending_.end()) return pending->second;
      if (cache_is_complete_ || IsWithdrawn(hash)) return SubjectId{};
    }
    SOTHON_ASSIGN_OR_RETURN(const SubjectId stored, FindStored(hash));
    if (stored.IsZero()) return stored;
    absl::MutexLock lock(&mutex_);
    // It may have been stored only just now, as tentative, or even have been taken out again.
    if (const SubjectId tentative = Claim(hash, when_unknown, claims); !tentative.IsZero()) return tentative;
    if (persists_.load(std::memory_order_relaxed) != persists || IsWithdrawn(hash)) continue;
    if (erased_.contains(stored)) {
      // Still stored, or only just not any more.
      const auto pending = pending_.find(hash);
      return pending == pending_.end() ? SubjectId{} : pending->second;
    }
    Remember(hash, stored);
    return stored;
  }
}

absl::StatusOr<SubjectId> Vault::FindStored(const NumberHash& hash) const {
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  rocksdb::PinnableSlice value;
  const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), handle->family(0), NumberKey(hash), &value);
  if (found.IsNotFound()) return SubjectId{};
  SOTHON_RETURN_IF_ERROR(FromRocksDb(found, StrCat("read the identity vault ", db_->directory())));
  const auto subject = SubjectId::FromBytes({value.data(), value.size()});
  if (!subject)
    return absl::DataLossError(StrCat("an entry of the identity vault ", db_->directory(), " is no subject id"));
  return *subject;
}

absl::Status Vault::Persist() {
  absl::MutexLock persisting(&persist_mutex_);
  std::vector<std::pair<NumberHash, SubjectId>> minted;
  std::vector<std::pair<std::string, NumberHash>> links;
  std::vector<std::string> withdrawn;
  {
    absl::MutexLock lock(&mutex_);
    if (pending_.empty() && pending_links_.empty() && withdrawn_.empty() && !db_->failed()) return absl::OkStatus();
    withdrawn.assign(withdrawn_.begin(), withdrawn_.end());
    minted.assign(pending_.begin(), pending_.end());
    links.assign(pending_links_.begin(), pending_links_.end());
  }
  SOTHON_RETURN_IF_ERROR(db_->Recover());
  // In order of key: a memtable takes neighbours at half the cost of keys from all over.
  std::sort(minted.begin(), minted.end(), [](const auto& a, const auto& b) { return a.first.bytes < b.first.bytes; });
  rocksdb::WriteBatch batch;
  // First, because a number may have been minted again since.
  for (const std::string& key : withdrawn) batch.Delete(key);
  for (const auto& [hash, subject] : minted) {
    batch.Put(NumberKey(hash), rocksdb::Slice(subject.AsBytes().data(), subject.AsBytes().size()));
  }
  for (const auto& [key, hash] : links) {
    batch.Put(key, rocksdb::Slice(hash.AsBytes().data(), hash.AsBytes().size()));
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  SOTHON_RETURN_IF_ERROR(db_->Write(options, &batch));
  absl::MutexLock lock(&mutex_);
  for (const std::string& key : withdrawn) withdrawn_.erase(key);
  for (const auto& [key, hash] : links) pending_links_.erase(key);
  persists_.fetch_add(1, std::memory_order_release);
  for (const auto& [hash, subject] : minted) {
    pending_.erase(hash);
    if (!tentative_.contains(hash)) Remember(hash, subject);
  }
  return absl::OkStatus();
}

absl::Status Vault::RemoveKnown(absl::flat_hash_set<SubjectId>* subjects) const {
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> entries(handle->db()->NewIterator(options, handle->family(0)));
  for (entries->Seek(rocksdb::Slice(&kNumberPrefix, 1)); !subjects->empty() && entries->Valid(); entries->Next()) {
    if (entries->key()[0] != kNumberPrefix) break;
    const auto subject = SubjectId::FromBytes({entries->value().data(), entries->value().size()});
    if (subject) subjects->erase(*subject);
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(entries->status(), StrCat("read the identity vault ", db_->directory())));
  std::string ignored;
  for (auto subject = subjects->begin(); subject != subjects->end();) {
    const auto next = std::next(subject);
    const rocksdb::Status found = handle->db()->Get(options, handle->family(0), FenceKey(*subject), &ignored);
    if (!found.ok() && !found.IsNotFound()) {
      return FromRocksDb(found, StrCat("read the identity vault ", db_->directory()));
    }
    if (found.ok()) subjects->erase(subject);
    subject = next;
  }
  return absl::OkStatus();
}

void Vault::Remember(const NumberHash& hash, const SubjectId& subject) {
  if (cache_.size() >= cache_entries_max_) {
    cache_.clear();
    cache_is_complete_ = false;
  }
  cache_.emplace(hash, subject);
}

}  // namespace sothon::ingest
