#include "projection-service/store/formats.h"

#include <array>

#include "common/base/big_endian.h"
#include "common/base/varint.h"
#include "openssl/sha.h"
#include "projection-service/store/format_checks.h"

namespace sothon::projection {
namespace {

// Raised when the same log would be counted differently by new code; a stored projection is then rebuilt.
constexpr uint64_t kCountingRevision = 1;

constexpr size_t kVarintBytesMax = 10;

char* PutVarint(uint64_t value, char* out) {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

void AppendCounters(const ledger::Counters& counters, std::string* out) {
  for (const int64_t value : counters.values) AppendSignedVarint(value, out);
}

bool ConsumeCounters(std::string_view* in, ledger::Counters* counters) {
  for (int64_t& value : counters->values) {
    if (!ConsumeSignedVarint(in, &value)) return false;
  }
  return true;
}

// Walks the runs of a times block: `visit(first position of the run, its time)` until it returns false.
template <typename Visit>
bool WalkRuns(const TimesBlock& block, Position* last, Visit visit) {
  std::string_view rest = block.value;
  uint64_t extent = 0;
  if (!ConsumeVarint(&rest, &extent)) return false;
  if (extent > UINT64_MAX - block.first.value) return false;
  *last = block.first.Plus(extent);
  Position position = block.first;
  int64_t time_us = block.first_us;
  while (visit(position, time_us) && !rest.empty()) {
    uint64_t step = 0;
    uint64_t step_us = 0;
    if (!ConsumeVarint(&rest, &step) || !ConsumeVarint(&rest, &step_us)) return false;
    if (step == 0 || step > last->value - position.value) return false;  // a run begins within the block
    position = position.Plus(step);
    time_us = static_cast<int64_t>(static_cast<uint64_t>(time_us) + step_us);
  }
  return true;
}

}  // namespace

// ---------------------------------------------------------------- cells

std::string AccountKeyBytes(ledger::AccountKey account) { return BigEndian64(account.packed()); }

std::string EncodeCell(const ledger::Cell& cell) {
  std::string out;
  AppendCounters(cell.counters, &out);
  AppendVarint(cell.last_change.value, &out);
  return out;
}

bool DecodeCell(std::string_view bytes, ledger::Cell* cell) {
  return ConsumeCounters(&bytes, &cell->counters) && ConsumeVarint(&bytes, &cell->last_change.value) && bytes.empty();
}

// ---------------------------------------------------------------- postings

std::string PostingBlockKey(ledger::AccountKey account, Position first) {
  std::string key;
  key.reserve(16);
  AppendBigEndian64(account.packed(), &key);
  AppendBigEndian64(first.value, &key);
  return key;
}

void PostingBlockWriter::Begin(Position first, const ledger::Counters& totals_before) {
  Clear();
  first_ = last_ = first;
  AppendCounters(totals_before, &value_);
}

void PostingBlockWriter::Append(Position position, absl::Span<const ledger::Posting> postings) {
  std::array<int64_t, ledger::kCounterCount> changes{};
  uint64_t mask = 0;
  for (const ledger::Posting& posting : postings) {
    const auto index = static_cast<size_t>(posting.counter);
    changes[index] += posting.change;
    mask |= uint64_t{1} << index;
  }
  // Written aside and appended as one: this is done for every posting there is.
  char bytes[(2 + ledger::kCounterCount) * kVarintBytesMax];
  char* end = PutVarint(position.value - last_.value, bytes);
  end = PutVarint(mask, end);
  for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
    const int64_t change = changes[static_cast<size_t>(__builtin_ctzll(rest))];
    end = PutVarint(static_cast<uint64_t>(change) << 1 ^ static_cast<uint64_t>(change >> 63), end);
  }
  value_.append(bytes, end);
  last_ = position;
  ++events_;
}

void PostingBlockWriter::Clear() {
  events_ = 0;
  value_.clear();
}

PostingBlockReader::PostingBlockReader(Position first, std::string_view value) : rest_(value), position_(first) {
  if (!ConsumeCounters(&rest_, &totals_before_)) Damaged();
}

bool PostingBlockReader::Damaged() {
  damaged_ = true;
  rest_ = {};
  mask_ = 0;
  return false;
}

bool PostingBlockReader::Next(PostedChange* change) {
  if (mask_ == 0) {
    if (rest_.empty()) return false;
    uint64_t step = 0;
    if (!ConsumeVarint(&rest_, &step) || !ConsumeVarint(&rest_, &mask_)) return Damaged();
    if (mask_ == 0 || mask_ >> ledger::kCounterCount != 0) return Damaged();
    if (step > UINT64_MAX - position_.value) return Damaged();
    position_ = position_.Plus(step);
  }
  change->position = position_;
  change->counter = static_cast<ledger::Counter>(__builtin_ctzll(mask_));
  mask_ &= mask_ - 1;
  if (!ConsumeSignedVarint(&rest_, &change->change)) return Damaged();
  return true;
}

// ---------------------------------------------------------------- times

std::string TimesBlockKey(int64_t recorded_at_us, Position first) {
  std::string key;
  key.reserve(16);
  AppendBigEndian64(static_cast<uint64_t>(recorded_at_us), &key);
  AppendBigEndian64(first.value, &key);
  return key;
}

bool DecodeTimesBlockKey(std::string_view key, int64_t* recorded_at_us, Position* first) {
  if (key.size() != 16) return false;
  *recorded_at_us = static_cast<int64_t>(ReadBigEndian64(key));
  first->value = ReadBigEndian64(key.substr(8));
  return true;
}

void TimesBlockWriter::Append(Position position, int64_t recorded_at_us) {
  if (!begun_) {
    begun_ = true;
    first_ = changed_at_ = position;
    first_us_ = last_us_ = recorded_at_us;
  }
  if (recorded_at_us != last_us_) {
    AppendVarint(position.value - changed_at_.value, &runs_);
    AppendVarint(static_cast<uint64_t>(recorded_at_us - last_us_), &runs_);
    changed_at_ = position;
    last_us_ = recorded_at_us;
    ++changes_;
  }
  last_ = position;
}

std::string TimesBlockWriter::Key() const { return TimesBlockKey(first_us_, first_); }

std::string TimesBlockWriter::Value() const {
  std::string value;
  AppendVarint(last_.value - first_.value, &value);
  value += runs_;
  return value;
}

void TimesBlockWriter::Clear() {
  begun_ = false;
  changes_ = 0;
  runs_.clear();
}

bool VisitTimes(const TimesBlock& block, Position* last, absl::FunctionRef<bool(Position, int64_t)> visit) {
  return WalkRuns(block, last, visit);
}

bool LastPositionInBlock(const TimesBlock& block, int64_t at_us, Position* position) {
  Position last;
  bool ended_before = false;
  const bool readable = WalkRuns(block, &last, [&](Position run, int64_t time_us) {
    if (time_us <= at_us) return true;
    *position = {run.value - 1};
    ended_before = true;
    return false;
  });
  if (readable && !ended_before) *position = last;
  return readable;
}

bool RecordedTimeInBlock(const TimesBlock& block, Position position, int64_t* recorded_at_us) {
  Position last;
  const bool readable = WalkRuns(block, &last, [&](Position run, int64_t time_us) {
    if (run > position) return false;
    *recorded_at_us = time_us;
    return true;
  });
  return readable && block.first <= position && position <= last;
}

// ---------------------------------------------------------------- meta

std::string NameKey(ledger::Names::Kind kind, uint32_t ordinal) {
  std::string key = kMetaName;
  key.push_back(static_cast<char>(kind));
  key.append(BigEndian64(ordinal).substr(4));
  return key;
}

bool DecodeNameKey(std::string_view key, ledger::Names::Kind* kind, uint32_t* ordinal) {
  constexpr size_t kPrefixSize = sizeof kMetaName - 1;
  if (key.size() != kPrefixSize + 5 || static_cast<uint8_t>(key[kPrefixSize]) >= ledger::Names::kKindCount)
    return false;
  *kind = static_cast<ledger::Names::Kind>(key[kPrefixSize]);
  *ordinal = static_cast<uint32_t>(ReadBigEndian64(std::string(4, '\0').append(key.substr(kPrefixSize + 1))));
  return true;
}

std::string EncodeRules(const ledger::CountingRules& rules) {
  std::string out;
  AppendVarint(kCountingRevision, &out);
  for (const int32_t days : rules.grace_days) AppendSignedVarint(days, &out);
  return out;
}

bool DecodeRules(std::string_view bytes, ledger::CountingRules* rules) {
  uint64_t revision = 0;
  if (!ConsumeVarint(&bytes, &revision) || revision != kCountingRevision) return false;
  for (int32_t& days : rules->grace_days) {
    int64_t value = 0;
    if (!ConsumeSignedVarint(&bytes, &value) || value < 0 || value > INT32_MAX) return false;
    days = static_cast<int32_t>(value);
  }
  return bytes.empty();
}

std::string LeafHash(std::string_view stored) {
  std::string leaf(1, '\0');
  leaf.append(stored);
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(leaf.data()), leaf.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

std::string EncodeApplied(const Applied& applied, std::string_view leaf_hash) {
  std::string out;
  AppendVarint(applied.position.value, &out);
  AppendVarint(static_cast<uint64_t>(applied.recorded_at_us), &out);
  return out.append(leaf_hash);
}

bool DecodeApplied(std::string_view bytes, Applied* applied, std::string* leaf_hash) {
  uint64_t recorded_at_us = 0;
  if (!ConsumeVarint(&bytes, &applied->position.value) || !ConsumeVarint(&bytes, &recorded_at_us)) return false;
  applied->recorded_at_us = static_cast<int64_t>(recorded_at_us);
  *leaf_hash = bytes;
  return bytes.size() == SHA256_DIGEST_LENGTH;
}

std::string EncodeNumber(uint64_t value) {
  std::string out;
  AppendVarint(value, &out);
  return out;
}

bool DecodeNumber(std::string_view bytes, uint64_t* value) { return ConsumeVarint(&bytes, value) && bytes.empty(); }

}  // namespace sothon::projection
