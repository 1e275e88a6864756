// The identity vault: numbers of people to random subject ids, outside the log and outside its backups.
//
// Operation
//   A number is stored only as its HMAC-SHA256 under a secret key, next to the subject id minted for it. Two numbers of
//   one person lead to one subject. docs/formats/vault.md has the bytes. Resolve() mints in memory; Persist() makes
//   what was minted durable. The committer calls Persist() before it appends, so an event never names a subject that a
//   crash could forget. Numbers that a request links are tentative until Settle() has heard of an event that rests on
//   them; those that none does are taken out again, also where nobody knows whether a failed write has stored them:
//   what the disk holds of them is passed over from then on, and deleted with the next write that succeeds.
//   Forget() takes a subject out for ever: from its first moment on no number leads to it, whatever is in flight. Once
//   RewriteFiles() has followed, which needs room for a copy of the vault, no file holds its numbers' hashes.
// Concurrency
//   Thread-safe.
// Limitations
//   Whoever holds the key file and the vault can find out whether a given number is in it. The key is worth as much as
//   the vault: back them up apart from the log. A crash between Persist() and Settle() leaves what was tentative in.
//   RewriteFiles() gives the blocks of the files back to the file system; what a disk keeps of freed blocks is its own
//   matter.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "ingest-service/storage/reopenable_db.h"
#include "ingest-service/vault/number_hasher.h"

namespace sothon::ingest {

struct VaultOptions {
  std::string directory;
  // 32 random bytes, mode 0600; created when neither the file nor the vault exists.
  std::string key_file;
  // Look-ups kept in memory (about 60 bytes each). A vault with no more entries than this is in memory as a whole, and
  // whoever is not found there is new: nobody asks the disk.
  size_t cache_entries_max = 500'000;
  // What RocksDB reads and writes through; null: the machine's. Borrowed.
  rocksdb::Env* env = nullptr;
};

// The numbers of one person; at least one is not empty. Already checked to be well-formed.
struct IdentityNumbers {
  std::string_view citizen_number;
  std::string_view social_insurance_number;
};

// What numbers are looked up by. Empty: no number.
struct HashedNumbers {
  struct One {
    NumberKind kind = NumberKind::kCitizen;
    NumberHash hash;
  };
  std::array<One, 2> numbers;
  size_t count = 0;
};

// A number that an answer rests on, and whose it is. The same number may be somebody else's later: see Forget().
struct NumberClaim {
  NumberHash hash;
  SubjectId subject;
};

class Vault {
 public:
  // FAILED_PRECONDITION: the key file is readable by others, is missing while the vault is not, or is not the one that
  // the vault was made with; another process uses the vault.
  static absl::StatusOr<std::unique_ptr<Vault>> Open(const VaultOptions& options);

  enum class WhenUnknown { kMint, kLeave };
  // The subject of `numbers`. Unknown: a new one, or all zeros with kLeave. A number that is new beside a known one is
  // linked to the same subject (not with kLeave).
  // ALREADY_EXISTS: the two numbers belong to two different subjects, or the known one's subject has another number of
  // the new one's kind: a slip of the pen must not make two people one.
  // `*claims` gets the numbers that the answer rests on and that no recorded event vouches for yet: the caller owes
  // each a Settle(). Null: what is minted stays, whatever becomes of it.
  absl::StatusOr<SubjectId> Resolve(const IdentityNumbers& numbers, WhenUnknown when_unknown,
                                    std::vector<NumberClaim>* claims = nullptr) {
    return Resolve(Hash(numbers), when_unknown, claims);
  }
  // The same in steps, for many people at once: entries lie all over the memory, and Prefetch() before the first
  // Resolve() hides most of the way there.
  HashedNumbers Hash(const IdentityNumbers& numbers) const;
  void Prefetch(absl::Span<const HashedNumbers> people);
  absl::StatusOr<SubjectId> Resolve(const HashedNumbers& numbers, WhenUnknown when_unknown,
                                    std::vector<NumberClaim>* claims);
  // What became of the event that rests on `claims`: it is recorded, or may be; or it never will be.
  void Settle(absl::Span<const NumberClaim> claims, bool recorded);

  // Ties the vault to the log whose subjects it knows. FAILED_PRECONDITION: it is another log's, or it is new although
  // the log has events (a restored log without its vault).
  absl::Status BindLog(std::string_view log_id, bool log_is_empty);

  // Makes everything minted so far durable. Cheap when there is nothing. UNAVAILABLE: the disk did not take it; what
  // was minted stays pending, and nothing that names it may be recorded.
  absl::Status Persist();
  // The disk failed it: nothing is written until Persist() has brought it back, and it may even be closed, so that only
  // who is in memory is found. Quick.
  bool failed() const { return db_->failed(); }

  // Forgets these people: their numbers lead nowhere from now on, as if nobody had ever sent them, and no number is
  // stored for these subjects again; who sends one is a new person. Takes one small write. Whoever is forgotten already
  // costs nothing. UNAVAILABLE: the disk did not take it; the numbers lead nowhere all the same until the process ends:
  // call it again.
  absl::Status Forget(absl::Span<const SubjectId> subjects);
  // Writes all files anew, without the hashes of those who were forgotten since it was last done; nothing otherwise.
  // Takes about as long as copying the vault, and as much room, while everything else goes on but for some
  // milliseconds. `canceled` (may be null) ends it early.
  // RESOURCE_EXHAUSTED: there is no room, and nothing was begun. CANCELLED. UNAVAILABLE: the disk did not take it.
  // In each case recording goes on, and it is to be called again.
  absl::Status RewriteFiles(std::atomic<bool>* canceled = nullptr);
  bool HasFilesToRewrite() const;
  // Whether anybody was ever erased. Quick.
  bool has_erased() const { return has_erased_.load(std::memory_order_acquire); }
  bool IsErased(const SubjectId& subject) const;
  // False also between Forget() and RewriteFiles().
  bool IsErasedFromFiles(const SubjectId& subject) const;
  // Whether each of these numbers leads to somebody.
  absl::StatusOr<bool> KnowsAll(const HashedNumbers& numbers);

  // Leaves in `*subjects` those that the vault knows nothing of. One pass over the vault at most.
  absl::Status RemoveKnown(absl::flat_hash_set<SubjectId>* subjects) const;

  const std::string& directory() const { return db_->directory(); }

 private:
  Vault(const VaultOptions& options, const std::array<uint8_t, 32>& key, std::unique_ptr<ReopenableDb> db)
      : cache_entries_max_(options.cache_entries_max), hasher_(key), db_(std::move(db)) {}

  absl::Status ReadFences();
  // Takes the subjects out of memory, and keeps them out. Those of whom the disk may still know.
  std::vector<SubjectId> Fence(absl::Span<const SubjectId> subjects);
  // Keys of all entries of these subjects, but for the fences.
  absl::StatusOr<std::vector<std::string>> StoredKeys(absl::Span<const SubjectId> subjects) const;
  absl::Status DeleteEntries(absl::Span<const std::string> keys, absl::Span<const SubjectId> subjects);
  absl::Status FinishFences(absl::Span<const SubjectId> subjects) ABSL_EXCLUSIVE_LOCKS_REQUIRED(persist_mutex_);
  // What a failed write may have stored, and nobody wants: passed over by those who look, and deleted by Persist().
  bool IsWithdrawn(const NumberHash& hash) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckKey();
  // Reads the entries into the cache, as many as it takes.
  absl::Status FillCache();
  struct Asked {
    NumberKind kind = NumberKind::kCitizen;
    NumberHash hash;
    SubjectId subject;  // zero: not known
  };
  // A number that only requests on their way into the log know of. It stands in pending_, too, until it is stored.
  struct Tentative {
    SubjectId subject;
    NumberKind kind = NumberKind::kCitizen;
    size_t claims = 0;
  };
  // Fills in the subjects that are not known, with what others minted meanwhile or with a new one. `persists` is
  // persists_ from before Find() was called. ALREADY_EXISTS: see Resolve().
  absl::Status Mint(absl::Span<Asked> asked, uint64_t persists, std::vector<NumberClaim>* claims);
  absl::Status CheckLinks(absl::Span<const Asked> asked, const SubjectId& subject)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Zero: not known. With kLeave nothing is claimed.
  absl::StatusOr<SubjectId> Find(const NumberHash& hash, WhenUnknown when_unknown, std::vector<NumberClaim>* claims);
  // Zero: it is not tentative.
  SubjectId Claim(const NumberHash& hash, WhenUnknown when_unknown, std::vector<NumberClaim>* claims)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Confirm(const NumberClaim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes out those of `claims` that nobody claims any more.
  void Withdraw(absl::Span<const NumberClaim> claims);
  absl::StatusOr<SubjectId> FindStored(const NumberHash& hash) const;
  absl::StatusOr<SubjectId> RandomSubject() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remember(const NumberHash& hash, const SubjectId& subject) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t cache_entries_max_;
  const NumberHasher hasher_;
  const std::unique_ptr<ReopenableDb> db_;
  std::atomic<uint64_t> persists_{0};  // changed under mutex_
  std::atomic<bool> has_erased_{false};
  absl::Mutex erase_mutex_;  // one Forget() or RewriteFiles() at a time
  // One write at a time, in order.
  absl::Mutex persist_mutex_ ABSL_ACQUIRED_AFTER(erase_mutex_);
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(persist_mutex_);
  absl::flat_hash_map<NumberHash, SubjectId> cache_ ABSL_GUARDED_BY(mutex_);
  bool cache_is_complete_ ABSL_GUARDED_BY(mutex_) = false;  // with pending_, holds every entry
  absl::flat_hash_map<NumberHash, SubjectId> pending_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<NumberHash, Tentative> tentative_ ABSL_GUARDED_BY(mutex_);
  // Key of the entry to its value, see docs/formats/vault.md.
  absl::flat_hash_map<std::string, NumberHash> pending_links_ ABSL_GUARDED_BY(mutex_);
  // Keys of entries; see IsWithdrawn().
  absl::flat_hash_set<std::string> withdrawn_ ABSL_GUARDED_BY(mutex_);
  // Whose entries are gone, or about to go.
  absl::flat_hash_set<SubjectId> erased_ ABSL_GUARDED_BY(mutex_);
  // Of these, the ones whose deletion the disk has not taken yet; and the ones that are deleted, but that the files may
  // still hold something of.
  absl::flat_hash_set<SubjectId> undeleted_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<SubjectId> in_files_ ABSL_GUARDED_BY(mutex_);
  // Random bytes not used yet: OpenSSL gives many at once for the price of a few.
  std::string random_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::ingest
