// How the vault forgets people: fenced in memory, deleted on the disk, and then gone from every file.
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/vault/vault.h"
#include "ingest-service/vault/vault_keys.h"

namespace sothon::ingest {
namespace {

// Of a link or a fence; nullopt for any other key.
std::optional<SubjectId> SubjectOfKey(std::string_view key) {
  constexpr size_t kSubjectBytes = sizeof(SubjectId::bytes);
  const bool names_one = !key.empty() && (key[0] == kLinkPrefix || key[0] == kFencePrefix);
  return names_one ? SubjectId::FromBytes(key.substr(1, kSubjectBytes)) : std::nullopt;
}

// What an erasure leaves on the disk beside a whole copy of the vault: the event log lies on the same one, and goes on.
// It is a buffer of the log's events, its write-ahead log and the table that it becomes (log.write_buffer_bytes, 64 MiB
// each unless configured).
constexpr uint64_t kRoomForRecording = 128 << 20;

// The value of a fence while the files may still hold what it fences off; empty afterwards.
constexpr char kInFiles[] = "1";

std::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace

absl::Status Vault::ReadFences() {
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  const std::unique_ptr<rocksdb::Iterator> entries(
      handle->db()->NewIterator(rocksdb::ReadOptions(), handle->family(0)));
  absl::MutexLock lock(&mutex_);
  for (entries->Seek(rocksdb::Slice(&kFencePrefix, 1)); entries->Valid(); entries->Next()) {
    if (entries->key()[0] != kFencePrefix) break;
    const auto subject = SubjectOfKey(ViewOf(entries->key()));
    if (!subject) return absl::DataLossError(StrCat("a fence of the identity vault ", directory(), " is damaged"));
    erased_.insert(*subject);
    if (!entries->value().empty()) in_files_.insert(*subject);
  }
  has_erased_.store(!erased_.empty(), std::memory_order_release);
  return FromRocksDb(entries->status(), StrCat("read the identity vault ", directory()));
}

bool Vault::IsErased(const SubjectId& subject) const {
  absl::MutexLock lock(&mutex_);
  return erased_.contains(subject);
}

bool Vault::IsErasedFromFiles(const SubjectId& subject) const {
  absl::MutexLock lock(&mutex_);
  return erased_.contains(subject) && !undeleted_.contains(subject) && !in_files_.contains(subject);
}

absl::StatusOr<bool> Vault::KnowsAll(const HashedNumbers& numbers) {
  for (size_t i = 0; i < numbers.count; ++i) {
    SOTHON_ASSIGN_OR_RETURN(const SubjectId subject, Find(numbers.numbers[i].hash, WhenUnknown::kLeave, nullptr));
    if (subject.IsZero()) return false;
  }
  return true;
}

bool Vault::HasFilesToRewrite() const {
  absl::MutexLock lock(&mutex_);
  return !in_files_.empty();
}

absl::Status Vault::Forget(absl::Span<const SubjectId> subjects) {
  absl::MutexLock erasing(&erase_mutex_);
  const std::vector<SubjectId> stored = Fence(subjects);
  if (stored.empty()) return absl::OkStatus();
  // Brings a failed database back, and writes what is still in doubt since: it may be theirs.
  SOTHON_RETURN_IF_ERROR(Persist());
  SOTHON_ASSIGN_OR_RETURN(const std::vector<std::string> keys, StoredKeys(stored));
  return DeleteEntries(keys, stored);
}

absl::Status Vault::RewriteFiles(std::atomic<bool>* canceled) {
  absl::MutexLock erasing(&erase_mutex_);
  std::vector<SubjectId> subjects;
  {
    absl::MutexLock lock(&mutex_);
    subjects.assign(in_files_.begin(), in_files_.end());
  }
  if (subjects.empty()) return absl::OkStatus();
  // Also the deletion of withdrawn numbers, which may be theirs, and which would name them in a file again if it came
  // later.
  SOTHON_RETURN_IF_ERROR(Persist());
  // A deletion is a record, too, and names what it deletes; so does the manifest, of the first and last key of a file.
  SOTHON_RETURN_IF_ERROR(db_->Compact(kRoomForRecording, canceled));
  absl::MutexLock persisting(&persist_mutex_);
  SOTHON_RETURN_IF_ERROR(db_->Reopen());
  return FinishFences(subjects);
}

// Not while Persist() writes: it may be writing these very entries, and would remember them.
std::vector<SubjectId> Vault::Fence(absl::Span<const SubjectId> subjects) {
  absl::MutexLock persisting(&persist_mutex_);
  absl::MutexLock lock(&mutex_);
  absl::flat_hash_set<SubjectId> gone;
  for (const SubjectId& subject : subjects) {
    if (erased_.insert(subject).second) undeleted_.insert(subject);
    if (undeleted_.contains(subject)) gone.insert(subject);
  }
  if (gone.empty()) return {};
  has_erased_.store(true, std::memory_order_release);
  absl::erase_if(cache_, [&](const auto& entry) { return gone.contains(entry.second); });
  absl::erase_if(pending_, [&](const auto& entry) { return gone.contains(entry.second); });
  absl::erase_if(tentative_, [&](const auto& entry) { return gone.contains(entry.second.subject); });
  absl::erase_if(pending_links_, [&](const auto& entry) {
    const auto subject = SubjectOfKey(entry.first);
    return subject && gone.contains(*subject);
  });
  return {gone.begin(), gone.end()};
}

// Nothing is added to them any more, so this needs no lock.
absl::StatusOr<std::vector<std::string>> Vault::StoredKeys(absl::Span<const SubjectId> subjects) const {
  const absl::flat_hash_set<SubjectId> wanted(subjects.begin(), subjects.end());
  SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> entries(handle->db()->NewIterator(options, handle->family(0)));
  std::vector<std::string> keys;
  for (entries->Seek(rocksdb::Slice(&kNumberPrefix, 1)); entries->Valid(); entries->Next()) {
    if (entries->key()[0] != kNumberPrefix) break;
    const auto subject = SubjectId::FromBytes(ViewOf(entries->value()));
    if (subject && wanted.contains(*subject)) keys.push_back(entries->key().ToString());
  }
  for (const SubjectId& subject : wanted) {
    const std::string prefix = StrCat(std::string(1, kLinkPrefix), subject.AsBytes());
    if (!entries->status().ok()) break;
    for (entries->Seek(prefix); entries->Valid() && entries->key().starts_with(prefix); entries->Next()) {
      keys.push_back(entries->key().ToString());
    }
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(entries->status(), StrCat("read the identity vault ", directory())));
  return keys;
}

absl::Status Vault::DeleteEntries(absl::Span<const std::string> keys, absl::Span<const SubjectId> subjects) {
  absl::MutexLock persisting(&persist_mutex_);
  rocksdb::WriteBatch batch;
  {
    SOTHON_ASSIGN_OR_RETURN(const ReopenableDb::HandlePtr handle, db_->Acquire());
    for (const std::string& key : keys) {
      std::string value;
      const rocksdb::Status found = handle->db()->Get(rocksdb::ReadOptions(), handle->family(0), key, &value);
      if (found.IsNotFound()) continue;
      SOTHON_RETURN_IF_ERROR(FromRocksDb(found, StrCat("read the identity vault ", directory())));
      // The number may have become a new person's since it was looked for.
      const auto subject = SubjectId::FromBytes(value);
      if (key[0] == kNumberPrefix && subject && !IsErased(*subject)) continue;
      batch.Delete(handle->family(0), key);
    }
    for (const SubjectId& subject : subjects) batch.Put(handle->family(0), FenceKey(subject), kInFiles);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  SOTHON_RETURN_IF_ERROR(db_->Write(options, &batch));
  absl::MutexLock lock(&mutex_);
  for (const SubjectId& subject : subjects) {
    undeleted_.erase(subject);
    in_files_.insert(subject);
  }
  persists_.fetch_add(1, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status Vault::FinishFences(absl::Span<const SubjectId> subjects) {
  rocksdb::WriteBatch batch;
  for (const SubjectId& subject : subjects) batch.Put(FenceKey(subject), rocksdb::Slice());
  rocksdb::WriteOptions options;
  options.sync = true;
  SOTHON_RETURN_IF_ERROR(db_->Write(options, &batch));
  absl::MutexLock lock(&mutex_);
  for (const SubjectId& subject : subjects) in_files_.erase(subject);
  return absl::OkStatus();
}

}  // namespace sothon::ingest
