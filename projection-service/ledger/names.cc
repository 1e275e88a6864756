#include "projection-service/ledger/names.h"

#include <algorithm>

#include "common/base/absl_view.h"
#include "common/base/varint.h"

namespace sothon::ledger {
namespace {

// Ids have no spaces, so this cannot be part of one.
constexpr char kDeskSeparator = ' ';

}  // namespace

uint32_t Names::Intern(Kind kind, std::string_view name) {
  Table& table = tables_[static_cast<size_t>(kind)];
  if (const auto known = table.ordinals.find(ToAbsl(name)); known != table.ordinals.end()) return known->second;
  const auto ordinal = static_cast<uint32_t>(table.names.size());
  table.names.emplace_back(name);
  table.ordinals.emplace(std::string(name), ordinal);
  if (kind != Kind::kCreditList) return ordinal;
  std::vector<Ordinal>& list = credit_lists_.emplace_back();
  uint64_t party = 0;
  while (!name.empty() && ConsumeVarint(&name, &party)) list.push_back({static_cast<uint32_t>(party)});
  return ordinal;
}

Named Names::Note(const v1::ContributionRecorded& contribution) {
  Named named;
  if (!contribution.agency_id().empty()) {
    scratch_.assign(contribution.agency_id());
    if (!contribution.collector_id().empty()) {
      scratch_.push_back(kDeskSeparator);
      scratch_.append(contribution.collector_id());
    }
    named.desk = Intern(Kind::kDesk, scratch_) + 1;
  }
  if (!contribution.drive_id().empty()) named.drive = Intern(Kind::kDrive, contribution.drive_id()) + 1;
  if (contribution.credited_party_ids().empty()) return named;
  std::vector<uint32_t> parties;
  for (const std::string& id : contribution.credited_party_ids()) parties.push_back(Intern(Kind::kCredited, id));
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  scratch_.clear();
  for (const uint32_t party : parties) AppendVarint(party, &scratch_);
  named.credits = Intern(Kind::kCreditList, scratch_) + 1;
  return named;
}

Ordinal Names::NoteGroup(std::string_view group) { return {Intern(Kind::kGroup, group)}; }

std::optional<Ordinal> Names::Find(Kind kind, std::string_view name) const {
  const Table& table = tables_[static_cast<size_t>(kind)];
  const auto known = table.ordinals.find(ToAbsl(name));
  if (known == table.ordinals.end()) return std::nullopt;
  return Ordinal{known->second};
}

Names::Desk Names::DeskAt(Ordinal desk) const {
  const std::string_view name = All(Kind::kDesk)[desk.value];
  const size_t separator = name.find(kDeskSeparator);
  if (separator == std::string_view::npos) return {name, {}};
  return {name.substr(0, separator), name.substr(separator + 1)};
}

absl::Span<const Ordinal> Names::CreditList(uint32_t credits) const {
  return credits == 0 ? absl::Span<const Ordinal>() : absl::MakeConstSpan(credit_lists_[credits - 1]);
}

}  // namespace sothon::ledger
