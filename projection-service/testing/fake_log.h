// A log in memory, as ingest would have recorded it, for tests of projections.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "projection-service/view/event_sink.h"
#include "projection-service/view/log_reader.h"
#include "sothon/v1/event.pb.h"

namespace sothon::projection::testing {

// Thread-compatible while events are added, thread-safe after.
class FakeLog final : public LogReader {
 public:
  // Records `event` at the next position, a second after the one before unless `recorded_at_us` says otherwise. Fills
  // in what the server fills in of a reversal.
  Position Add(v1::Event event, int64_t recorded_at_us = 0);
  void AddAll(const std::vector<v1::Event>& events);
  // Bytes at the next position as they are; for events that no client of this version can send.
  void AddRaw(std::string stored) { stored_.push_back(std::move(stored)); }

  uint64_t size() const { return stored_.size(); }
  const std::string& stored(uint64_t position) const { return stored_.at(position - 1); }
  int64_t recorded_at_us(uint64_t position) const { return recorded_at_us_.at(position - 1); }
  std::vector<std::string_view> Range(uint64_t from, uint64_t to) const;

  // Feeds [from, to] to `sink`, `at_once` events a call.
  absl::Status Feed(EventSink* sink, uint64_t from, uint64_t to, size_t at_once = 1, bool catching_up = false) const;
  absl::Status FeedAll(EventSink* sink) const { return Feed(sink, 1, size(), 1000); }

  // LogReader. `before_visit`, when set, is called before each visit.
  absl::Status ReadRange(Position from, Position to,
                         absl::FunctionRef<absl::Status(absl::Span<const std::string_view>)> visit) override;
  std::function<void()> before_visit;

 private:
  std::vector<std::string> stored_;
  std::vector<int64_t> recorded_at_us_;
};

// The registry and the ten events of the worked example (design, section 4) behind it. Its position n is n + the
// result's `before`; its village is "23500-01".
struct WorkedExample {
  FakeLog log;
  uint64_t before = 0;
};
WorkedExample MakeWorkedExample();

// `events` random events behind a registry of some villages: openings, contributions in and out of order, repeats,
// reversals, moves, targets and their revisions, changes of places, and a village that comes late. Equal seeds give
// equal logs.
FakeLog MakeRandomLog(uint64_t seed, int events);

}  // namespace sothon::projection::testing
