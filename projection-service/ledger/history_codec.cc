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

void AppendContribution(const HistoryEntry& entry, std::string* out) {
  AppendVarint(entry.from_month, out);
  AppendVarint(entry.months, out);
  AppendVarint(static_cast<uint64_t>(entry.paid_vnd), out);
  AppendVarint(entry.central_support_vnd, out);
  AppendVarint(entry.local_support_vnd, out);
  AppendVarint(entry.named.desk, out);
  AppendVarint(entry.named.drive, out);
  AppendVarint(entry.named.credits, out);
  AppendVarint(entry.due_vnd, out);
  AppendVarint(entry.income_base_vnd, out);
  AppendVarint(entry.declared, out);
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

std::string EncodeHistory(const History& history) {
  std::string out;
  out.reserve(history.size() * 32);
  for (const HistoryEntry& entry : history) {
    out.push_back(static_cast<char>(static_cast<uint8_t>(entry.kind) << 5 | entry.scheme));
    AppendVarint(entry.position, &out);
    AppendSignedVarint(entry.effective.value, &out);
    AppendVarint(entry.place.value, &out);
    switch (entry.kind) {
      case Kind::kOpening:
        AppendVarint(entry.from_month, &out);
        AppendSignedVarint(entry.covered_until.value, &out);
        break;
      case Kind::kContribution:
        AppendContribution(entry, &out);
        break;
      case Kind::kWithdrawn:
        AppendContribution(entry, &out);
        AppendVarint(entry.withdrawn_at, &out);
        break;
      case Kind::kClassification:
        AppendVarint(entry.group, &out);
        AppendSignedVarint(entry.covered_until.value, &out);
        break;
      case Kind::kMove:
      case Kind::kCertificate:
        break;
    }
  }
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
