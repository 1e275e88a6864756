// Byte formats of the projection's column families. docs/formats/projection.md specifies them with worked examples.
//
// Pure. Encoders never fail; decoders return false, or DATA_LOSS, for bytes that no encoder makes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/cells.h"
#include "projection-service/ledger/history.h"
#include "projection-service/ledger/names.h"

namespace sothon::projection {

// Version of everything described here; a store of another version is not opened.
inline constexpr uint64_t kFormatVersion = 4;

// ---------------------------------------------------------------- cells

std::string AccountKeyBytes(ledger::AccountKey account);
std::string EncodeCell(const ledger::Cell& cell);
bool DecodeCell(std::string_view bytes, ledger::Cell* cell);

// ---------------------------------------------------------------- postings

// Key of the block of `account` whose first posting is at `first`; blocks of an account sort by position.
std::string PostingBlockKey(ledger::AccountKey account, Position first);

// Builds the value of one block, event by event.
class PostingBlockWriter {
 public:
  void Begin(Position first, const ledger::Counters& totals_before);
  // `postings` are all of one account and of the event at `position`, ascending over calls.
  void Append(Position position, absl::Span<const ledger::Posting> postings);

  bool empty() const { return events_ == 0; }
  size_t events() const { return events_; }
  Position first() const { return first_; }
  const std::string& value() const { return value_; }
  void Clear();

 private:
  Position first_;
  Position last_;
  size_t events_ = 0;
  std::string value_;
};

struct PostedChange {
  Position position;
  ledger::Counter counter = ledger::Counter::kFirst;
  int64_t change = 0;
};

// Reads one block front to back. `value` must outlive the reader.
class PostingBlockReader {
 public:
  PostingBlockReader(Position first, std::string_view value);

  const ledger::Counters& totals_before() const { return totals_before_; }
  // False at the end and at damage; then damaged() tells which.
  bool Next(PostedChange* change);
  bool damaged() const { return damaged_; }

 private:
  bool Damaged();

  std::string_view rest_;
  ledger::Counters totals_before_;
  Position position_;
  uint64_t mask_ = 0;  // counters of the current event that are still to come
  bool damaged_ = false;
};

// ---------------------------------------------------------------- times

// Key of the block of recorded times that begins with the event at `first`.
std::string TimesBlockKey(int64_t recorded_at_us, Position first);
bool DecodeTimesBlockKey(std::string_view key, int64_t* recorded_at_us, Position* first);

// Recorded times of consecutive positions; a time that repeats takes no room.
class TimesBlockWriter {
 public:
  void Append(Position position, int64_t recorded_at_us);
  bool empty() const { return !begun_; }
  size_t changes() const { return changes_; }
  std::string Key() const;
  std::string Value() const;
  void Clear();

 private:
  bool begun_ = false;
  Position first_;
  int64_t first_us_ = 0;
  Position last_;
  Position changed_at_;
  int64_t last_us_ = 0;
  size_t changes_ = 0;
  std::string runs_;
};

// A block of times as stored.
struct TimesBlock {
  Position first;
  int64_t first_us = 0;
  std::string_view value;
};
// The last position of the block whose time is not after `at_us`; at_us >= first_us.
bool LastPositionInBlock(const TimesBlock& block, int64_t at_us, Position* position);
// The recorded time of `position`, which must lie in the block; false also when it lies behind it.
bool RecordedTimeInBlock(const TimesBlock& block, Position position, int64_t* recorded_at_us);

// ---------------------------------------------------------------- meta

inline constexpr char kMetaFormat[] = "format";
inline constexpr char kMetaLogId[] = "log";
inline constexpr char kMetaRules[] = "rules";
inline constexpr char kMetaApplied[] = "applied";
inline constexpr char kMetaSynthetic[] = "synthetic";

// What contributions name (ledger::Names), one entry each: this, the kind (1 byte) and the ordinal (4 bytes,
// big-endian).
inline constexpr char kMetaName[] = "name:";
std::string NameKey(ledger::Names::Kind kind, uint32_t ordinal);
bool DecodeNameKey(std::string_view key, ledger::Names::Kind* kind, uint32_t* ordinal);

// What the stored figures were counted with: the revision of the counting code, and the configured rules.
std::string EncodeRules(const ledger::CountingRules& rules);

struct Applied {
  Position position;
  int64_t recorded_at_us = 0;  // of the event there
};
// The hash of a leaf of RFC 6962, of an event as stored in the log: SHA-256 of 0x00 and the bytes. 32 bytes.
std::string LeafHash(std::string_view stored);

// `leaf_hash` is that of the event at the position: it tells this history from any other.
std::string EncodeApplied(const Applied& applied, std::string_view leaf_hash);
bool DecodeApplied(std::string_view bytes, Applied* applied, std::string* leaf_hash);

std::string EncodeNumber(uint64_t value);
bool DecodeNumber(std::string_view bytes, uint64_t* value);

}  // namespace sothon::projection
