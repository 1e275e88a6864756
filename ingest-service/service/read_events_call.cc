#include "ingest-service/service/read_events_call.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/base/varint.h"
#include "common/rpc/wire.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

constexpr size_t kMessageBytes = 256 << 10;
// With a filter, at most so many events are looked at for one message, so that one reader does not hold a thread.
constexpr uint64_t kScanMax = 50'000;
constexpr int kListedMax = 10'000;

constexpr uint64_t kEventsTag = v1::ReadEventsResponse::kEventsFieldNumber << 3 | 2;
constexpr uint64_t kHeadTag = v1::ReadEventsResponse::kHeadPositionFieldNumber << 3;
constexpr uint64_t kScannedTag = v1::ReadEventsResponse::kScannedToPositionFieldNumber << 3;
constexpr uint64_t kReversedByTag = v1::ReadEventsResponse::kReversedByFieldNumber << 3;

}  // namespace

ReadEventsCall* ReadEventsCall::Start(const ReadingParts& parts, const grpc::ByteBuffer& request) {
  auto* const call = new ReadEventsCall(parts);
  const absl::Status status = call->Prepare(request);
  if (status.ok()) {
    parts.scheduler->Schedule(call);
  } else {
    call->Finish(ToGrpc(status));
  }
  return call;
}

absl::Status ReadEventsCall::Prepare(const grpc::ByteBuffer& bytes) {
  SOTHON_RETURN_IF_ERROR(ParseMessage(bytes, &request_));
  SOTHON_ASSIGN_OR_RETURN(filter_, EventFilter::Create(request_, parts_.registry));
  next_ = Position{std::max<uint64_t>(request_.from_position(), 1)};
  last_ = Position{request_.to_position()};
  return CheckRange();
}

absl::Status ReadEventsCall::CheckRange() const {
  const uint64_t head = parts_.log->Head().value;
  if (request_.positions_size() > 0) {
    if (request_.from_position() != 0 || request_.to_position() != 0 || request_.follow()) {
      return BadRequest({{"positions", "come alone; leave from_position, to_position and follow unset"}});
    }
    if (request_.positions_size() > kListedMax) {
      return BadRequest({{"positions", "are more than 10,000; ask for them in parts"}});
    }
    if (request_.positions(0) == 0 || !std::is_sorted(request_.positions().begin(), request_.positions().end())) {
      return BadRequest({{"positions", "begin at 1 and ascend; sort them"}});
    }
    const uint64_t highest = *request_.positions().rbegin();
    if (highest > head) return absl::OutOfRangeError(StrCat("position ", highest, " lies beyond the head at ", head));
    return absl::OkStatus();
  }
  if (request_.with_reversals()) return BadRequest({{"with_reversals", "goes with positions; name those"}});
  if (next_.value > head + 1) {
    return absl::OutOfRangeError(StrCat("from_position ", next_.value, " lies beyond the head at ", head,
                                        " + 1; this is another log, or an older copy of it: do not go on"));
  }
  if (last_.value != 0 && last_ < next_) return BadRequest({{"to_position", "lies before from_position"}});
  return absl::OkStatus();
}

void ReadEventsCall::Step() {
  if (cancelled_.load(std::memory_order_acquire)) return Finish(grpc::Status::CANCELLED);
  if (parts_.scheduler->stopping()) {
    return Finish(ToGrpc(absl::UnavailableError("the service is going down; go on with its successor")));
  }
  const Position head = parts_.log->Head();
  message_.clear();
  const absl::Status status = Read(head);
  if (!status.ok()) return Finish(ToGrpc(status));
  const bool at_end = AtEnd(head);
  // Every reader gets one message at least, so that it learns where the head is.
  const bool silent = last_sent_ == absl::InfinitePast();
  const bool heartbeat = request_.follow() && absl::Now() >= last_sent_ + parts_.heartbeat;
  if (!message_.empty() || (at_end && silent) || heartbeat) return Send(head);
  if (at_end) return Finish(grpc::Status::OK);
  if (next_ <= head) return parts_.scheduler->Schedule(this);
  parts_.scheduler->Await(this, Position{next_.value - 1}, last_sent_ + parts_.heartbeat);
}

absl::Status ReadEventsCall::Read(Position head) {
  if (request_.positions_size() > 0) return ReadListed(head);
  return filter_->reference_only() ? ReadReference(head) : ReadRange(head);
}

absl::Status ReadEventsCall::ReadListed(Position head) {
  while (listed_ < request_.positions_size() && message_.size() < kMessageBytes) {
    const Position position{request_.positions(listed_++)};
    SOTHON_ASSIGN_OR_RETURN(const std::string stored, parts_.log->Get(position));
    Add(position, stored);
    if (!request_.with_reversals() || !filter_->Takes(stored)) continue;
    SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> reversal, parts_.log->FindReversal(position));
    AppendVarint(kReversedByTag, &message_);
    AppendVarint(reversal && *reversal <= head ? reversal->value : 0, &message_);
  }
  return absl::OkStatus();
}

absl::Status ReadEventsCall::ReadRange(Position head) {
  Position to = last_.value == 0 ? head : std::min(head, last_);
  to = std::min(to, next_.Plus(kScanMax - 1));
  if (next_ > to) return absl::OkStatus();
  return parts_.log->Read(next_, to,
                          [this](Position position, std::string_view stored) { return Add(position, stored); });
}

absl::Status ReadEventsCall::ReadReference(Position head) {
  const Position to = last_.value == 0 ? head : std::min(head, last_);
  if (next_ > to) return absl::OkStatus();
  SOTHON_ASSIGN_OR_RETURN(const std::vector<Position> positions, parts_.log->ReferencePositions(next_, to));
  for (const Position position : positions) {
    SOTHON_ASSIGN_OR_RETURN(const std::string stored, parts_.log->Get(position));
    if (!Add(position, stored)) return absl::OkStatus();
  }
  next_ = to.Next();
  return absl::OkStatus();
}

// False: the message is full.
bool ReadEventsCall::Add(Position position, std::string_view stored) {
  if (filter_->Takes(stored)) {
    if (message_.empty()) message_.reserve(kMessageBytes + kMessageBytes / 4);
    AppendVarint(kEventsTag, &message_);
    AppendVarint(stored.size(), &message_);
    message_.append(stored);
  }
  next_ = position.Next();
  return message_.size() < kMessageBytes;
}

bool ReadEventsCall::AtEnd(Position head) const {
  if (request_.positions_size() > 0) return listed_ == request_.positions_size();
  if (last_.value != 0 && next_ > last_) return true;
  return !request_.follow() && next_ > head;
}

void ReadEventsCall::Send(Position head) {
  AppendVarint(kHeadTag, &message_);
  AppendVarint(head.value, &message_);
  AppendVarint(kScannedTag, &message_);
  AppendVarint(next_.value - 1, &message_);
  last_sent_ = absl::Now();
  sending_ = ToByteBuffer(std::move(message_));
  message_ = std::string();
  StartWrite(&sending_);
}

void ReadEventsCall::OnWriteDone(bool ok) {
  if (!ok) cancelled_.store(true, std::memory_order_release);
  parts_.scheduler->Schedule(this);
}

void ReadEventsCall::OnCancel() {
  cancelled_.store(true, std::memory_order_release);
  parts_.scheduler->Wake(this);
}

}  // namespace sothon::ingest
