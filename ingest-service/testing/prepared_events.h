// Prepared events for tests of the log and the committer, as intake makes them. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/event/stored_event.h"
#include "common/testing/event_builders.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/log/receipt_key.h"

namespace sothon::ingest::testing {

inline PreparedEvent Prepare(const v1::Event& event) {
  PreparedEvent prepared;
  prepared.event_id = event.event_id();
  prepared.body = SerializeBody(event);
  prepared.stream = StreamOf(event);
  prepared.is_reference = IsReferenceKind(event.kind_case());
  if (event.has_contribution_recorded()) {
    prepared.receipt_key =
        ReceiptKey(event.contribution_recorded().agency_id(), event.contribution_recorded().receipt_number());
  }
  if (event.has_contribution_reversed()) {
    prepared.reverses = Position{event.contribution_reversed().reversed_position()};
  }
  return prepared;
}

inline PreparedRequest PrepareAll(const std::vector<v1::Event>& events) {
  PreparedRequest request;
  for (const v1::Event& event : events) request.events.push_back(Prepare(event));
  return request;
}

// A contribution with a receipt of its own; `note` changes its body and nothing else.
inline v1::Event Paid(const std::string& receipt, const std::string& note = "") {
  sothon::testing::ContributionSpec spec;
  spec.receipt = receipt;
  v1::Event event = sothon::testing::Contribution(spec);
  event.set_note(note);
  return event;
}

inline v1::Event Reversed(const std::string& event_id, Position position) {
  v1::Event event = sothon::testing::Reversal("any", 20251101);
  event.set_event_id(event_id);
  event.mutable_contribution_reversed()->set_reversed_position(position.value);
  return event;
}

// Appends one request at `now_us`; what became of it.
inline AppendOutcome AppendOne(EventLog* log, const PreparedRequest& request, int64_t now_us = 1'000) {
  const PreparedRequest* const one = &request;
  auto outcomes = log->Append({&one, 1}, now_us);
  if (!outcomes.ok()) return outcomes.status();
  return std::move(outcomes->front());
}

inline std::vector<std::string> ReadAll(const EventLog& log) {
  std::vector<std::string> stored;
  const absl::Status status = log.Read({1}, log.Head(), [&](Position, std::string_view bytes) {
    stored.emplace_back(bytes);
    return true;
  });
  return status.ok() ? stored : std::vector<std::string>{std::string(status.message())};
}

inline std::string StoredAt(Position position, int64_t recorded_at_us, const v1::Event& event) {
  std::string stored;
  AppendStoredEvent(position, recorded_at_us, SerializeBody(event), &stored);
  return stored;
}

}  // namespace sothon::ingest::testing
