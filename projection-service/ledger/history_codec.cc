// The stored form of a history, docs/formats/projection.md:
//
//   history = { entry }                     in counting order
//   entry   = kind << 5 | scheme (1 byte), varint position, signed varint effective (days since 1970-01-01),
//             varint place ordinal, then for
//     opening       varint from_month, signed varint covered_until (days)
//     contribution  varint from_month, varint months, varint paid_vnd, varint central_support_vnd, varint
//     local_support_vnd,
//                   varint desk, varint drive, varint credits (0: none, otherwise the ordinal + 1, see names.h),
//                   varint due_vnd, varint income_base_vnd, varint declared
//     move          nothing
//     certificate   nothing
//     classification  varint group, signed varint covered_until (days)
//     withdrawn     as of contribution, then varint withdrawn_at
#include "common/base/varint.h"
#include "projection-service/ledger/history.h"

namespace sothon::ledger {
namespace {

using Kind = HistoryEntry::Kind;

// Consumes a varint that must fit T.
template <typename T>
bool Consume(std::string_view* in, T* out) {
  uint64_t value = 0;
  if (!ConsumeVarint(in, &value)) return false;
  *out = static_cast<T>(value);
  return static_cast<uint64_t>(*out) == value;
}

bool ConsumeDate(std::string_view* in, CivilDate* date) {
  int64_t days = 0;
  if (!ConsumeSignedVarint(in, &days)) return false;
  date->value = static_cast<int32_t>(days);
  return date->value == days;
}

bool ConsumeContribution(std::string_view* in, HistoryEntry* entry) {
  return Consume(in, &entry->from_month) && Consume(in, &entry->months) && Consume(in, &entry->paid_vnd) &&
         Consume(in, &entry->central_support_vnd) && Consume(in, &entry->local_support_vnd) &&
         Consume(in, &entry->named.desk) && Consume(in, &entry->named.drive) && Consume(in, &entry->named.credits) &&
         Consume(in, &entry->due_vnd) && Consume(in, &entry->income_base_vnd) && Consume(in, &entry->declared);
}

// Where an entry is written before it is appended: bytes one by one into a string cost more than all the rest.
class EntryBytes {
 public:
  void Byte(uint8_t byte) { *end_++ = static_cast<char>(byte); }
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) Byte(static_cast<uint8_t>(value | 0x80));
    Byte(static_cast<uint8_t>(value));
  }
  void Signed(int64_t value) { Varint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63)); }
  std::string_view view() const { return {bytes_, static_cast<size_t>(end_ - bytes_)}; }

 private:
  char bytes_[160];  // 15 varints of at most 10 bytes, and the first byte
  char* end_ = bytes_;
};

void WriteContribution(const HistoryEntry& entry, EntryBytes* out) {
  out->Varint(entry.from_month);
  out->Varint(entry.months);
  out->Varint(static_cast<uint64_t>(entry.paid_vnd));
  out->Varint(entry.central_support_vnd);
  out->Varint(entry.local_support_vnd);
  out->Varint(entry.named.desk);
  out->Varint(entry.named.drive);
  out->Varint(entry.named.credits);
  out->Varint(entry.due_vnd);
  out->Varint(entry.income_base_vnd);
  out->Varint(entry.declared);
}

void WriteEntry(const HistoryEntry& entry, EntryBytes* out) {
  out->Byte(static_cast<uint8_t>(static_cast<uint8_t>(entry.kind) << 5 | entry.scheme));
  out->Varint(entry.position);
  out->Signed(entry.effective.value);
  out->Varint(entry.place.value);
  switch (entry.kind) {
    case Kind::kOpening:
      out->Varint(entry.from_month);
      out->Signed(entry.covered_until.value);
      break;
    case Kind::kContribution:
      WriteContribution(entry, out);
      break;
    case Kind::kWithdrawn:
      WriteContribution(entry, out);
      out->Varint(entry.withdrawn_at);
      break;
    case Kind::kClassification:
      out->Varint(entry.group);
      out->Signed(entry.covered_until.value);
      break;
    case Kind::kMove:
    case Kind::kCertificate:
      break;
  }
}

bool ConsumeEntry(std::string_view* in, HistoryEntry* entry) {
  const auto tag = static_cast<uint8_t>(in->front());
  in->remove_prefix(1);
  if (tag >> 5 > static_cast<uint8_t>(Kind::kWithdrawn)) return false;
  entry->kind = static_cast<Kind>(tag >> 5);
  entry->scheme = tag & 31;
  if (!Consume(in, &entry->position) || !ConsumeDate(in, &entry->effective) || !Consume(in, &entry->place.value))
    return false;
  switch (entry->kind) {
    case Kind::kOpening:
      return Consume(in, &entry->from_month) && ConsumeDate(in, &entry->covered_until);
    case Kind::kContribution:
      return ConsumeContribution(in, entry);
    case Kind::kWithdrawn:
      return ConsumeContribution(in, entry) && Consume(in, &entry->withdrawn_at);
    case Kind::kClassification:
      return Consume(in, &entry->group) && ConsumeDate(in, &entry->covered_until);
    case Kind::kMove:
    case Kind::kCertificate:
      return true;
  }
  return false;
}

}  // namespace

void AppendHistory(const History& history, std::string* out) {
  for (const HistoryEntry& entry : history) {
    EntryBytes bytes;
    WriteEntry(entry, &bytes);
    out->append(bytes.view());
  }
}

std::string EncodeHistory(const History& history) {
  std::string out;
  AppendHistory(history, &out);
  return out;
}

bool DecodeHistory(std::string_view bytes, History* history) {
  history->clear();
  while (!bytes.empty()) {
    HistoryEntry entry;
    if (!ConsumeEntry(&bytes, &entry)) return false;
    history->push_back(entry);
  }
  history->shrink_to_fit();
  return true;
}

}  // namespace sothon::ledger
