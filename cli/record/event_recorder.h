// Sends the events of a file to the log, in their order.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/record/events_file.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

struct RecordSummary {
  std::string log_id;
  size_t recorded = 0;  // in a dry run: would be
  size_t already_known = 0;
  size_t unchecked = 0;         // dry run: what rests on events that are not recorded yet
  uint64_t first_position = 0;  // of what was recorded; 0: nothing was
  uint64_t last_position = 0;
  uint64_t min_position = 0;  // what a reader asks for to see all of it
  std::set<int> refused_lines;
};

// Operation
//   Requests of bounded size, one after the other; each is recorded as a whole or not at all. An event that needs the
//   position of another one waits for that one's answer. Event ids make sending all of it again harmless. The first
//   request that is refused ends it: what stands before is recorded, and summary() tells so.
//   A dry run asks about the whole file in one request, then about what rests on events that turned out to be recorded.
// Concurrency
//   Thread-compatible; for one run. Borrows the stub and the file.
class EventRecorder {
 public:
  EventRecorder(v1::IngestService::StubInterface* ingest, const EventsFile& file, bool validate_only)
      : ingest_(ingest), file_(file), validate_only_(validate_only) {}

  // Errors: as Record's, with places in the file instead of indexes, and what differs from an event recorded before.
  absl::Status Run();
  const RecordSummary& summary() const { return summary_; }

 private:
  absl::Status Meet();
  absl::Status RecordAll();
  absl::Status CheckAll();
  bool HasRoomFor(const EventItem& item) const;
  bool NeedsAnswer(const EventItem& item) const;
  void Add(const EventItem& item);
  // The open request, if there is any.
  absl::Status Send();
  void Settle(const v1::RecordResponse& response);
  absl::Status Explain(const absl::Status& refusal);
  absl::Status ExplainConflict(const EventItem& item, const absl::Status& refusal);

  v1::IngestService::StubInterface* const ingest_;
  const EventsFile& file_;
  const bool validate_only_;
  size_t events_max_ = 0;
  size_t bytes_max_ = 0;
  v1::RecordRequest request_;           // the open one
  std::vector<const EventItem*> open_;  // its events
  std::set<std::string> open_ids_;
  size_t open_bytes_ = 0;
  std::map<std::string, uint64_t> positions_;  // of events of this file, by event id
  RecordSummary summary_;
};

}  // namespace sothon::cli
