// The part of the vault that waits for the log: which numbers are tentative, and what becomes of them.
#include <utility>
#include <vector>

#include "ingest-service/vault/vault.h"
#include "ingest-service/vault/vault_keys.h"

namespace sothon::ingest {

SubjectId Vault::Claim(const NumberHash& hash, WhenUnknown when_unknown, std::vector<NumberHash>* claims) {
  if (tentative_.empty()) return {};
  const auto found = tentative_.find(hash);
  if (found == tentative_.end()) return {};
  const SubjectId subject = found->second.subject;
  if (when_unknown == WhenUnknown::kLeave) return subject;
  if (claims == nullptr) {
    Confirm(hash);
  } else {
    ++found->second.claims;
    claims->push_back(hash);
  }
  return subject;
}

void Vault::Confirm(const NumberHash& hash) {
  const auto found = tentative_.find(hash);
  if (found == tentative_.end()) return;  // somebody else vouched for it before
  const SubjectId subject = found->second.subject;
  tentative_.erase(found);
  if (!pending_.contains(hash)) Remember(hash, subject);
}

void Vault::Settle(absl::Span<const NumberHash> claims, bool recorded) {
  if (claims.empty()) return;
  bool abandoned = false;
  {
    absl::MutexLock lock(&mutex_);
    for (const NumberHash& hash : claims) {
      if (recorded) {
        Confirm(hash);
      } else if (const auto found = tentative_.find(hash); found != tentative_.end()) {
        abandoned |= --found->second.claims == 0;
      }
    }
  }
  if (abandoned) Withdraw(claims);
}

// Not while Persist() writes: it may be writing these very entries.
void Vault::Withdraw(absl::Span<const NumberHash> claims) {
  absl::MutexLock persisting(&persist_mutex_);
  absl::MutexLock lock(&mutex_);
  rocksdb::WriteBatch batch;
  std::vector<std::pair<NumberHash, SubjectId>> stored;
  for (const NumberHash& hash : claims) {
    const auto found = tentative_.find(hash);
    if (found == tentative_.end() || found->second.claims > 0) continue;
    const SubjectId subject = found->second.subject;
    const std::string link = LinkKey(subject, found->second.kind);
    tentative_.erase(found);
    if (pending_.erase(hash) > 0) {
      pending_links_.erase(link);
      continue;
    }
    batch.Delete(NumberKey(hash));
    batch.Delete(link);
    stored.emplace_back(hash, subject);
  }
  if (stored.empty()) return;
  // Without sync: after a crash they may be there again, as they would be after one just before this.
  if (db_->Write(rocksdb::WriteOptions(), &batch).ok()) return;
  for (const auto& [hash, subject] : stored) Remember(hash, subject);
}

}  // namespace sothon::ingest
