// The registry: what the log says of places, parties, documents, targets, roles and drives, as much of it as new events
// are checked against, and of erasures. Folded from the log's own reference events.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/ids.h"
#include "ingest-service/log/event_log.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ingest {

struct KnownPlace {
  v1::PlaceLevel level = v1::PLACE_LEVEL_UNSPECIFIED;
  std::string parent_place_id;
};

struct KnownParty {
  v1::PartyKind kind = v1::PARTY_KIND_UNSPECIFIED;
  std::string parent_party_id;  // a collector's agency; empty: none was told
};

// A drive that was opened (plan#27, #52).
struct KnownDrive {
  std::string place_id;
  int32_t opened_date = 0;  // the effective date of the opening, YYYYMMDD
  bool is_open = false;     // false: it was closed
};

// Thread-compatible. Pure fold over reference events; other kinds are left alone.
class RegistryFacts {
 public:
  void Apply(const v1::Event& event);

  // Null: not registered. Valid until the next Apply().
  const KnownPlace* FindPlace(std::string_view place_id) const;
  const KnownParty* FindParty(std::string_view party_id) const;
  // Null: never opened.
  const KnownDrive* FindDrive(std::string_view drive_id) const;
  bool HasDocument(std::string_view document_id) const;
  bool HasTarget(std::string_view target_id) const;
  bool HasRole(std::string_view role_id) const;
  // Requests to erase somebody whose completion is not recorded: position to subject.
  const std::map<Position, SubjectId>& open_erasures() const { return open_erasures_; }
  // Whom the log calls erased.
  const absl::flat_hash_set<SubjectId>& erased() const { return erased_; }
  size_t places() const { return places_.size(); }
  size_t parties() const { return parties_.size(); }

 private:
  void ApplyRequest(const v1::Event& event);

  absl::flat_hash_map<std::string, KnownPlace> places_;
  absl::flat_hash_map<std::string, KnownParty> parties_;
  absl::flat_hash_map<std::string, KnownDrive> drives_;
  absl::flat_hash_set<std::string> documents_;
  absl::flat_hash_set<std::string> targets_;
  absl::flat_hash_set<std::string> roles_;
  std::map<Position, SubjectId> open_erasures_;
  absl::flat_hash_set<SubjectId> erased_;
};

// Thread-safe; CatchUp() and Apply() are called by one thread at a time. A View holds both off while it lives: keep it
// short.
class Registry {
 public:
  class ABSL_SCOPED_LOCKABLE View {
   public:
    explicit View(const Registry& registry) ABSL_SHARED_LOCK_FUNCTION(registry.mutex_) : registry_(registry) {
      registry.mutex_.ReaderLock();
    }
    ~View() ABSL_UNLOCK_FUNCTION() { registry_.mutex_.ReaderUnlock(); }
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    const RegistryFacts& facts() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return registry_.facts_; }

   private:
    const Registry& registry_;
  };

  // Folds one stored event. DATA_LOSS: it cannot be read.
  absl::Status Apply(std::string_view stored);
  // Folds the reference events that `log` has beyond what was folded before. On error, call again.
  absl::Status CatchUp(const EventLog& log);

  // True when `place_id` is registered, and is `ancestor_id` or lies below it in the administrative tree.
  bool IsWithin(std::string_view place_id, std::string_view ancestor_id) const;

 private:
  mutable absl::Mutex mutex_;
  RegistryFacts facts_ ABSL_GUARDED_BY(mutex_);
  Position folded_to_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::ingest
