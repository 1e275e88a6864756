// The event log: an ordered, gapless, append-only list of events in RocksDB. docs/formats/log.md has the byte layout.
//
// Operation
//   Append() writes one batch of prepared requests: events, event ids, natural keys, stream versions, all in one
//   WriteBatch, synced before it returns. It decides, per request, whether it is new, a repeat or a conflict.
//   Read() hands out stored bytes, unchanged.
// Concurrency
//   Append() is called by one thread only (the Committer). Everything else is thread-safe and may run beside it.
// Limitations
//   One process per directory. A damaged write-ahead log is refused at Open, except for an incomplete last record,
//   which was never acknowledged.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "common/merkle/tile.h"
#include "sothon/v1/event.pb.h"

namespace rocksdb {
class Env;
}

namespace sothon::ingest {

struct EventLogOptions {
  std::string directory;
  // Identity of a log that is created here, 1 to 64 of [A-Za-z0-9._:-]. An existing log must have this id.
  std::string log_id;
  size_t write_buffer_bytes = 64 << 20;
  size_t block_cache_bytes = 64 << 20;
  // Keys of so many events gather in memory before they are written to the index (about 200 bytes each).
  size_t index_events_in_memory = 128 << 10;
  rocksdb::Env* env = nullptr;  // borrowed; nullptr: the machine's own
};

// One event, checked and serialised, on its way into the log.
struct PreparedEvent {
  std::string event_id;
  std::string body;         // SerializeBody()
  std::string receipt_key;  // agency '\0' receipt number; empty: none. Must be new.
  std::string stream;       // empty: none
  // Expected version of `stream`: unset any; 0 the stream must not exist; n exactly n events.
  std::optional<uint64_t> expected_version;
  bool is_reference = false;  // IsReferenceKind()
  // Set for reversals: the contribution taken back; a second reversal of it is refused.
  std::optional<Position> reverses;
};

struct AppendedEvent {
  Position position;
  bool duplicate = false;
};

// What became of one request: its receipts, or why it was refused (then nothing of it is in the log).
using AppendOutcome = absl::StatusOr<std::vector<AppendedEvent>>;

// What a request holds until the log has decided. Given up when it is destroyed without having been settled.
class Reservation {
 public:
  virtual ~Reservation() = default;
  enum class Fate {
    kDecided,      // the outcome holds: recorded as it says, or refused
    kNotWritten,   // an error, and no write was tried: the request will not be found recorded
    kMaybeWritten  // an error of the write: the request may or may not be found recorded later
  };
  virtual void Settle(const AppendOutcome& outcome, Fate fate) = 0;
};

struct PreparedRequest {
  std::vector<PreparedEvent> events;
  std::unique_ptr<Reservation> reservation;  // null: nothing is held
};

class EventLog {
 public:
  static absl::StatusOr<std::unique_ptr<EventLog>> Open(const EventLogOptions& options);
  virtual ~EventLog() = default;

  virtual const std::string& log_id() const = 0;

  // One outcome for each request, in order. Requests earlier in the span are seen by later ones. Every new event of the
  // batch is recorded at `max(now_us, last recorded_at_us)`.
  // An error status: the disk did not take the batch; nothing of it may be acknowledged. The next Append() first tries
  // to bring the log back; events of the failed batch may then be found recorded. With no requests it does just that.
  // ABORTED: it did not come to a write, so nothing of this batch will be found.
  virtual absl::StatusOr<std::vector<AppendOutcome>> Append(absl::Span<const PreparedRequest* const> requests,
                                                            int64_t now_us) = 0;
  // The same decision without recording: positions of new events are 0.
  virtual AppendOutcome Check(const PreparedRequest& request) = 0;

  // Last acknowledged position, 0 for an empty log.
  virtual Position Head() const = 0;
  virtual int64_t HeadRecordedAtUs() const = 0;
  // Blocks until Head() > `position`, the timeout, or Interrupt(). Returns Head().
  virtual Position AwaitBeyond(Position position, absl::Duration timeout) const = 0;
  // Wakes all AwaitBeyond() now and in future; for shutdown.
  virtual void Interrupt() = 0;

  // Calls `visit(position, stored bytes)` for each of [from, to] that exists, ascending, until it returns false.
  virtual absl::Status Read(Position from, Position to,
                            absl::FunctionRef<bool(Position, std::string_view)> visit) const = 0;
  // NOT_FOUND beyond the head.
  virtual absl::StatusOr<std::string> Get(Position position) const = 0;
  // Hashes of a tile of the Merkle tree over the stored events (c2sp.org/tlog-tiles), the leaf of position p at index
  // p - 1; of partial tiles as many as asked for. NOT_FOUND: the log has not grown so far.
  virtual absl::StatusOr<std::vector<merkle::Hash>> ReadTile(const merkle::Tile& tile) const = 0;
  // Positions of events for which PreparedEvent::is_reference was set, ascending, within [from, to].
  virtual absl::StatusOr<std::vector<Position>> ReferencePositions(Position from, Position to) const = 0;
  // Where the event with this id stands; nullopt when there is none.
  virtual absl::StatusOr<std::optional<Position>> FindEventId(std::string_view event_id) const = 0;
  // The position recorded for a receipt key; nullopt when there is none.
  virtual absl::StatusOr<std::optional<Position>> FindReceipt(std::string_view receipt_key) const = 0;
  // Where the contribution at `position` was reversed; nullopt: nowhere.
  virtual absl::StatusOr<std::optional<Position>> FindReversal(Position position) const = 0;

  // How far the bus has acknowledged. Stored without sync: after a crash it may be older, never newer than the truth.
  virtual absl::StatusOr<Position> LoadOutboxCursor() const = 0;
  virtual absl::Status StoreOutboxCursor(Position position) = 0;
};

}  // namespace sothon::ingest
