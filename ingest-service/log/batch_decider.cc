#include "ingest-service/log/batch_decider.h"

#include <utility>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

// Clearing a hash map walks its whole table, which a large batch may have left behind.
template <typename Map>
void Empty(Map* map) {
  if (!map->empty()) map->clear();
}

absl::Status Conflict(std::string_view reason, size_t submission, Position position, std::string_view message) {
  return WithReason(absl::StatusCode::kAlreadyExists, StrCat("submissions[", submission, "]: ", message), reason,
                    {{"position", std::to_string(position.value)}, {"submission", std::to_string(submission)}});
}

absl::Status EventIdReused(const PreparedEvent& event, size_t submission, Position position) {
  return Conflict("EVENT_ID_REUSED", submission, position,
                  StrCat("event id ", event.event_id, " is that of the event at position ", position.value,
                         ", whose content differs; compare both and send a really new event under a new id"));
}

absl::Status ReceiptReused(const PreparedEvent& event, size_t submission, Position position) {
  const size_t separator = event.receipt_key.find('\0');
  const std::string_view key = event.receipt_key;
  return Conflict("RECEIPT_REUSED", submission, position,
                  StrCat("receipt ", key.substr(separator + 1), " of agency ", key.substr(0, separator),
                         " is that of the event at position ", position.value,
                         "; compare both, and reverse the earlier one if it is wrong"));
}

absl::Status AlreadyReversed(Position reversed, size_t submission, Position position) {
  return Conflict(
      "ALREADY_REVERSED", submission, position,
      StrCat("the contribution at position ", reversed.value, " was reversed already at position ", position.value));
}

absl::Status StreamVersion(const PreparedEvent& event, size_t submission, const StreamState& state) {
  const std::string expected = *event.expected_version == 0 ? std::string("a stream that does not exist yet")
                                                            : StrCat("version ", *event.expected_version);
  return WithReason(
      absl::StatusCode::kFailedPrecondition,
      StrCat("submissions[", submission, "]: stream ", event.stream, " is at version ", state.version,
             " (last event at position ", state.last.value, "), expected was ", expected, "; read it again and decide"),
      "STREAM_VERSION",
      {{"version", std::to_string(state.version)},
       {"position", std::to_string(state.last.value)},
       {"stream", event.stream},
       {"submission", std::to_string(submission)}});
}

}  // namespace

void BatchDecider::Begin(LogIndex* stored, Position head) {
  stored_ = stored;
  head_ = head;
  accepted_.clear();
  for (Overlay* overlay : {&event_ids_, &receipts_}) {
    overlay->built = false;
    Empty(&overlay->map);
  }
  Empty(&reversals_);
  Empty(&streams_);
}

absl::Status BatchDecider::Decide(const PreparedRequest& request, AppendOutcome* outcome) {
  const size_t accepted_before = accepted_.size();
  streams_before_.clear();
  const absl::Status status = DecideEvents(request, outcome);
  if (!status.ok() || !outcome->ok()) Undo(accepted_before);
  return status;
}

absl::Status BatchDecider::DecideEvents(const PreparedRequest& request, AppendOutcome* outcome) {
  std::vector<AppendedEvent> receipts;
  receipts.reserve(request.events.size());
  for (size_t i = 0; i < request.events.size(); ++i) {
    const PreparedEvent& event = request.events[i];
    SOTHON_ASSIGN_OR_RETURN(const std::optional<Found> earlier, FindEventId(event));
    absl::Status refusal;
    if (earlier) {
      SOTHON_ASSIGN_OR_RETURN(const bool repeated, HasBody(*earlier, event.body));
      if (!repeated) refusal = EventIdReused(event, i, earlier->position);
      receipts.push_back({earlier->position, true});
    } else {
      SOTHON_RETURN_IF_ERROR(CheckNew(event, i, &refusal));
      if (refusal.ok()) Accept(event);
      receipts.push_back({head_.Plus(accepted_.size()), false});
    }
    if (!refusal.ok()) {
      *outcome = std::move(refusal);
      return absl::OkStatus();
    }
  }
  *outcome = std::move(receipts);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<BatchDecider::Found>> BatchDecider::FindEventId(const PreparedEvent& event) {
  if (gaps_ != nullptr && gaps_->event_ids.Take(event.event_id)) return std::nullopt;
  BuildOverlay(&event_ids_, &PreparedEvent::event_id);
  const auto found = event_ids_.map.find(event.event_id);
  if (found != event_ids_.map.end()) return found->second;
  SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> stored, keys_->FindEventId(event.event_id, stored_));
  if (stored) return Found{*stored};
  if (gaps_ != nullptr) gaps_->event_ids.NoteMiss(event.event_id);
  return std::nullopt;
}

absl::StatusOr<std::optional<Position>> BatchDecider::FindReceipt(const PreparedEvent& event) {
  key_.assign(1, kReceiptPrefix);
  key_.append(event.receipt_key);
  if (gaps_ != nullptr && gaps_->receipts.Take(key_)) return std::nullopt;
  BuildOverlay(&receipts_, &PreparedEvent::receipt_key);
  const auto found = receipts_.map.find(event.receipt_key);
  if (found != receipts_.map.end()) return found->second.position;
  SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> stored, keys_->FindReceipt(event.receipt_key, stored_));
  if (!stored && gaps_ != nullptr) gaps_->receipts.NoteMiss(key_);
  return stored;
}

absl::StatusOr<std::optional<Position>> BatchDecider::FindReversal(Position reversed) {
  const auto found = reversals_.find(reversed.value);
  if (found != reversals_.end()) return found->second;
  return keys_->FindReversal(reversed, stored_);
}

absl::StatusOr<StreamState> BatchDecider::FindStream(const std::string& name) {
  const auto found = streams_.find(name);
  if (found != streams_.end()) return found->second;
  return stored_->FindStream(name);
}

absl::StatusOr<bool> BatchDecider::HasBody(const Found& earlier, std::string_view body) {
  if (earlier.in_batch != nullptr) return earlier.in_batch->body == body;
  SOTHON_ASSIGN_OR_RETURN(const std::string_view stored, stored_->Event(earlier.position));
  SOTHON_ASSIGN_OR_RETURN(const StoredEventView view, SplitStoredEvent(stored));
  return view.body == body;
}

absl::Status BatchDecider::CheckNew(const PreparedEvent& event, size_t submission, absl::Status* refusal) {
  if (!event.receipt_key.empty()) {
    SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> earlier, FindReceipt(event));
    if (earlier) *refusal = ReceiptReused(event, submission, *earlier);
  }
  if (refusal->ok() && event.reverses) {
    SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> earlier, FindReversal(*event.reverses));
    if (earlier) *refusal = AlreadyReversed(*event.reverses, submission, *earlier);
  }
  if (!refusal->ok() || event.stream.empty()) return absl::OkStatus();
  return CheckStream(event, submission, refusal);
}

absl::Status BatchDecider::CheckStream(const PreparedEvent& event, size_t submission, absl::Status* refusal) {
  SOTHON_ASSIGN_OR_RETURN(const StreamState state, FindStream(event.stream));
  if (event.expected_version && *event.expected_version != state.version) {
    *refusal = StreamVersion(event, submission, state);
    return absl::OkStatus();
  }
  const auto known = streams_.find(event.stream);
  streams_before_.emplace_back(event.stream, known == streams_.end() ? std::nullopt : std::optional(known->second));
  streams_[event.stream] = {state.version + 1, head_.Plus(accepted_.size() + 1)};
  return absl::OkStatus();
}

void BatchDecider::Accept(const PreparedEvent& event) {
  const Position position = head_.Plus(accepted_.size() + 1);
  accepted_.push_back({&event, position});
  AddTo(&event_ids_, event.event_id, accepted_.back());
  AddTo(&receipts_, event.receipt_key, accepted_.back());
  if (event.reverses) reversals_[event.reverses->value] = position;
}

void BatchDecider::Undo(size_t accepted_before) {
  for (size_t i = accepted_before; i < accepted_.size(); ++i) {
    const PreparedEvent& event = *accepted_[i].event;
    event_ids_.map.erase(event.event_id);
    receipts_.map.erase(event.receipt_key);
    if (event.reverses) reversals_.erase(event.reverses->value);
  }
  accepted_.resize(accepted_before);
  // Backwards, so that the oldest state of a stream that changed twice wins.
  for (auto change = streams_before_.rbegin(); change != streams_before_.rend(); ++change) {
    if (change->second) {
      streams_[change->first] = *change->second;
    } else {
      streams_.erase(change->first);
    }
  }
}

void BatchDecider::BuildOverlay(Overlay* overlay, std::string PreparedEvent::*key) {
  if (overlay->built) return;
  overlay->built = true;
  for (const NewEvent& added : accepted_) AddTo(overlay, added.event->*key, added);
}

void BatchDecider::AddTo(Overlay* overlay, const std::string& key, const NewEvent& added) {
  if (overlay->built && !key.empty()) overlay->map.emplace(key, Found{added.position, added.event});
}

}  // namespace sothon::ingest
