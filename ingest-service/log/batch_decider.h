// Decides, for each request of a batch, whether its events are new, repeats or in conflict with what is recorded.
//
// Operation
//   Begin() opens a batch on top of what is stored; Decide() takes one request after the other, each seeing what the
//   ones before it add. A refused request leaves nothing behind.
// Concurrency
//   Thread-compatible. Requests must stay alive and unchanged until the next Begin().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/log/gap_cursors.h"
#include "ingest-service/log/key_index.h"
#include "ingest-service/log/log_index.h"

namespace sothon::ingest {

// Where new keys are expected; kept from batch to batch.
struct LogGaps {
  GapCursors event_ids;
  GapCursors receipts;  // keys with their prefix
};

class BatchDecider {
 public:
  struct NewEvent {
    const PreparedEvent* event = nullptr;
    Position position;
  };

  // Both are borrowed and must outlive the decider. `gaps` may be null: then every key is looked up.
  BatchDecider(const KeyIndex* keys, LogGaps* gaps) : keys_(keys), gaps_(gaps) {}

  // `stored` stays alive until the next Begin().
  void Begin(LogIndex* stored, Position head);

  // Not OK: the stored data could not be read; the batch must be given up.
  absl::Status Decide(const PreparedRequest& request, AppendOutcome* outcome);

  // What the accepted requests add, in order of position.
  absl::Span<const NewEvent> accepted() const { return accepted_; }
  // Streams that accepted events changed, as they are after the batch.
  const absl::flat_hash_map<std::string, StreamState>& streams() const { return streams_; }

 private:
  // An earlier event.
  struct Found {
    Position position;
    const PreparedEvent* in_batch = nullptr;  // null: it is stored
  };

  // Keys of the batch's own events, put into a map only once a look-up asks for it.
  struct Overlay {
    absl::flat_hash_map<absl::string_view, Found> map;
    bool built = false;
  };

  absl::Status DecideEvents(const PreparedRequest& request, AppendOutcome* outcome);
  absl::StatusOr<std::optional<Found>> FindEventId(const PreparedEvent& event);
  absl::StatusOr<std::optional<Position>> FindReceipt(const PreparedEvent& event);
  absl::StatusOr<std::optional<Position>> FindReversal(Position reversed);
  absl::StatusOr<StreamState> FindStream(const std::string& name);
  absl::StatusOr<bool> HasBody(const Found& earlier, std::string_view body);
  // `*refusal` becomes why the new event is refused, where it is.
  absl::Status CheckNew(const PreparedEvent& event, size_t submission, absl::Status* refusal);
  absl::Status CheckStream(const PreparedEvent& event, size_t submission, absl::Status* refusal);
  void Accept(const PreparedEvent& event);
  void Undo(size_t accepted_before);
  void BuildOverlay(Overlay* overlay, std::string PreparedEvent::*key);
  static void AddTo(Overlay* overlay, const std::string& key, const NewEvent& added);

  const KeyIndex* const keys_;
  LogGaps* const gaps_;
  LogIndex* stored_ = nullptr;
  Position head_;
  std::vector<NewEvent> accepted_;
  Overlay event_ids_;
  Overlay receipts_;
  absl::flat_hash_map<uint64_t, Position> reversals_;
  absl::flat_hash_map<std::string, StreamState> streams_;
  // What streams_ held before the current request changed it; nullopt: no entry.
  std::vector<std::pair<std::string, std::optional<StreamState>>> streams_before_;
  std::string key_;
};

}  // namespace sothon::ingest
