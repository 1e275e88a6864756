#include "ingest-service/service/vault_check.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

// So many events that name a subject are looked at, and at most so many events for their sake.
constexpr size_t kNamingEvents = 1'000;
constexpr uint64_t kReadMax = 20'000;
constexpr uint64_t kReadAtOnce = 1'000;

struct NewestSubjects {
  absl::flat_hash_map<SubjectId, Position> first_seen;  // the lowest position looked at
  size_t events = 0;
};

absl::Status ReadPiece(const EventLog& log, Position from, Position to, NewestSubjects* newest) {
  absl::Status status;
  const auto note = [&](Position position, std::string_view stored) {
    v1::Event event;
    if (!event.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
      status = absl::DataLossError(StrCat("the event at position ", position.value, " cannot be read"));
      return false;
    }
    const auto subject = SubjectId::FromBytes(SubjectIn(event));
    if (!subject) return true;
    ++newest->events;
    const auto [seen, is_new] = newest->first_seen.try_emplace(*subject, position);
    if (!is_new) seen->second = std::min(seen->second, position);
    return true;
  };
  SOTHON_RETURN_IF_ERROR(log.Read(from, to, note));
  return status;
}

}  // namespace

absl::Status CheckVaultKnowsTheLog(const EventLog& log, const Vault& vault) {
  NewestSubjects newest;
  const uint64_t head = log.Head().value;
  const uint64_t lowest = head > kReadMax ? head - kReadMax : 0;
  for (uint64_t to = head; to > lowest && newest.events < kNamingEvents;) {
    const uint64_t before = to - std::min(to - lowest, kReadAtOnce);
    SOTHON_RETURN_IF_ERROR(ReadPiece(log, {before + 1}, {to}, &newest));
    to = before;
  }
  absl::flat_hash_set<SubjectId> unknown;
  for (const auto& [subject, position] : newest.first_seen) unknown.insert(subject);
  if (!unknown.empty()) SOTHON_RETURN_IF_ERROR(vault.RemoveKnown(&unknown));
  if (unknown.empty()) return absl::OkStatus();
  Position first{head};
  for (const SubjectId& subject : unknown) first = std::min(first, newest.first_seen.at(subject));
  return absl::FailedPreconditionError(
      StrCat("the identity vault ", vault.directory(), " is older than log ", log.log_id(),
             ": it does not know the person of the event at position ", first.value, " (of the newest ", newest.events,
             " events about people, ", unknown.size(),
             " of the people are unknown to it). They would become new persons; restore the newest backup of the vault "
             "with its key, one not older than the log"));
}

}  // namespace sothon::ingest
