#include "ingest-service/log/log_index.h"

#include <memory>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/log/event_block.h"

namespace sothon::ingest {
namespace {
rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
}  // namespace

absl::StatusOr<bool> LogIndex::Get(LogFamily family_index, std::string_view key) {
  value_.Reset();
  const rocksdb::Status status = handle_->db()->Get(options_, family(family_index), ToSlice(key), &value_);
  if (status.IsNotFound()) return false;
  SOTHON_RETURN_IF_ERROR(FromRocksDb(status, "read the event log"));
  return true;
}

absl::StatusOr<std::optional<Position>> LogIndex::FindPosition(LogFamily family_index, std::string_view key) {
  SOTHON_ASSIGN_OR_RETURN(const bool found, Get(family_index, key));
  if (!found) return std::nullopt;
  if (value_.size() != 8) return absl::DataLossError("the event log has an index entry that is no position");
  return Position{ReadBigEndian64({value_.data(), value_.size()})};
}

absl::StatusOr<std::optional<Position>> LogIndex::FindEventId(std::string_view event_id) {
  return FindPosition(LogFamily::kEventIds, event_id);
}

absl::StatusOr<std::optional<Position>> LogIndex::FindNaturalKey(std::string_view key) {
  return FindPosition(LogFamily::kNaturalKeys, key);
}

absl::StatusOr<StreamState> LogIndex::FindStream(std::string_view name) {
  StreamState state;
  SOTHON_ASSIGN_OR_RETURN(const bool found, Get(LogFamily::kStreams, name));
  if (found && !DecodeStreamState({value_.data(), value_.size()}, &state)) {
    return absl::DataLossError(StrCat("the event log's entry of stream ", name, " is damaged"));
  }
  return state;
}

absl::StatusOr<std::string_view> LogIndex::Event(Position position) {
  SOTHON_ASSIGN_OR_RETURN(std::string_view stored, EventInBlock(position));
  if (!stored.empty()) return stored;
  const std::unique_ptr<rocksdb::Iterator> blocks(handle_->db()->NewIterator(options_, family(LogFamily::kEvents)));
  blocks->Seek(BigEndian64(position.value));
  SOTHON_RETURN_IF_ERROR(FromRocksDb(blocks->status(), "read the event log"));
  block_.clear();
  if (blocks->Valid()) block_.assign(blocks->value().data(), blocks->value().size());
  SOTHON_ASSIGN_OR_RETURN(stored, EventInBlock(position));
  if (stored.empty()) return absl::DataLossError(StrCat("the event log lacks position ", position.value));
  return stored;
}

absl::StatusOr<std::string_view> LogIndex::EventInBlock(Position position) const {
  EventBlockReader events(block_);
  while (true) {
    SOTHON_ASSIGN_OR_RETURN(const std::string_view stored, events.Next());
    if (stored.empty() || PositionOfStored(stored) == position) return stored;
  }
}

absl::StatusOr<std::optional<std::string>> LogIndex::FindMeta(std::string_view key) {
  SOTHON_ASSIGN_OR_RETURN(const bool found, Get(LogFamily::kDefault, key));
  if (!found) return std::nullopt;
  return value_.ToString();
}

}  // namespace sothon::ingest
