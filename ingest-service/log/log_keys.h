// Keys and values of the event log's column families; docs/formats/log.md is the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/big_endian.h"
#include "common/base/ids.h"
#include "common/base/varint.h"

namespace sothon::ingest {

// Column families, in the order in which the database is opened with them.
enum class LogFamily : size_t { kDefault, kEvents, kEventIds, kNaturalKeys, kStreams, kReference, kTree };

inline constexpr std::string_view kLogFormatKey = "format";
inline constexpr std::string_view kLogFormat = "2";
// Written before there was a tree over the events; it is made when such a log is opened.
inline constexpr std::string_view kLogFormatWithoutTree = "1";
inline constexpr std::string_view kLogIdKey = "log_id";
// Everything up to this position is in event_ids and natural_keys.
inline constexpr std::string_view kIndexedToKey = "indexed_to";
inline constexpr std::string_view kOutboxCursorKey = "outbox_cursor";

inline constexpr char kReceiptPrefix = 'R';   // 'R' receipt key
inline constexpr char kReversalPrefix = 'X';  // 'X' big-endian position of the event taken back

// A stream: how many events it has, and where the last one stands.
struct StreamState {
  uint64_t version = 0;
  Position last;
};

inline std::string EncodeStreamState(const StreamState& state) {
  std::string out;
  AppendVarint(state.version, &out);
  AppendVarint(state.last.value, &out);
  return out;
}

inline bool DecodeStreamState(std::string_view bytes, StreamState* state) {
  return ConsumeVarint(&bytes, &state->version) && ConsumeVarint(&bytes, &state->last.value) && bytes.empty();
}

inline std::string ReversalKey(Position reversed) {
  std::string key(1, kReversalPrefix);
  AppendBigEndian64(reversed.value, &key);
  return key;
}

// Of a tile of the Merkle tree.
inline std::string TileKey(uint32_t level, uint64_t index) {
  std::string key(1, static_cast<char>(level));
  AppendBigEndian64(index, &key);
  return key;
}

}  // namespace sothon::ingest
