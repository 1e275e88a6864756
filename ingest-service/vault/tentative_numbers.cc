// The part of the vault that waits for the log: which numbers are tentative, and what becomes of them.
#include <string>
#include <vector>

#include "ingest-service/vault/vault.h"
#include "ingest-service/vault/vault_keys.h"

namespace sothon::ingest {

SubjectId Vault::Claim(const NumberHash& hash, WhenUnknown when_unknown, std::vector<NumberClaim>* claims) {
  if (tentative_.empty()) return {};
  const auto found = tentative_.find(hash);
  if (found == tentative_.end()) return {};
  const SubjectId subject = found->second.subject;
  if (when_unknown == WhenUnknown::kLeave) return subject;
  if (claims == nullptr) {
    Confirm({hash, subject});
  } else {
    ++found->second.claims;
    claims->push_back({hash, subject});
  }
  return subject;
}

void Vault::Confirm(const NumberClaim& claim) {
  const auto found = tentative_.find(claim.hash);
  // Somebody else vouched for it before, or the person was erased, and the number is another's now.
  if (found == tentative_.end() || found->second.subject != claim.subject) return;
  tentative_.erase(found);
  if (!pending_.contains(claim.hash)) Remember(claim.hash, claim.subject);
}

void Vault::Settle(absl::Span<const NumberClaim> claims, bool recorded) {
  if (claims.empty()) return;
  bool abandoned = false;
  {
    absl::MutexLock lock(&mutex_);
    for (const NumberClaim& claim : claims) {
      if (recorded) {
        Confirm(claim);
        continue;
      }
      const auto found = tentative_.find(claim.hash);
      if (found == tentative_.end() || found->second.subject != claim.subject) continue;
      abandoned |= --found->second.claims == 0;
    }
  }
  if (abandoned) Withdraw(claims);
}

bool Vault::IsWithdrawn(const NumberHash& hash) const {
  return !withdrawn_.empty() && withdrawn_.contains(NumberKey(hash));
}

// Not while Persist() writes: it may be writing these very entries.
void Vault::Withdraw(absl::Span<const NumberClaim> claims) {
  absl::MutexLock persisting(&persist_mutex_);
  absl::MutexLock lock(&mutex_);
  rocksdb::WriteBatch batch;
  std::vector<std::string> keys;
  for (const auto& [hash, subject] : claims) {
    const auto found = tentative_.find(hash);
    if (found == tentative_.end() || found->second.subject != subject || found->second.claims > 0) continue;
    const std::string link = LinkKey(found->second.subject, found->second.kind);
    tentative_.erase(found);
    if (pending_.erase(hash) > 0) {
      pending_links_.erase(link);
      // It was never stored, unless the write that failed tells otherwise when the database is opened again.
      if (!db_->failed()) continue;
    }
    for (const std::string& key : {NumberKey(hash), link}) {
      batch.Delete(key);
      keys.push_back(key);
    }
  }
  if (keys.empty()) return;
  // Without sync: after a crash they may be there again, as they would be after one just before this.
  if (!db_->failed() && db_->Write(rocksdb::WriteOptions(), &batch).ok()) return;
  withdrawn_.insert(keys.begin(), keys.end());
}

}  // namespace sothon::ingest
