// Ordinals for what contributions name: desks, credited parties, drives.
//
// The n-th distinct name of a kind in the log has ordinal n, from 0, so equal logs give equal ordinals. A desk is where
// money is handed in: a collector of an agency, or the agency itself where no collector is named. Accounts of desks add
// up to those of collectors and of agencies alike, so one posting serves both.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "projection-service/ledger/account.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ledger {

// What an entry of a history names, beside the village. 0: nothing; otherwise an ordinal + 1.
struct Named {
  uint32_t desk = 0;
  uint32_t drive = 0;
  uint32_t credits = 0;  // a list of credited parties
  bool operator==(const Named&) const = default;
};

// Thread-compatible.
class Names {
 public:
  // Numbers are stored: only add.
  enum class Kind : uint8_t { kDesk = 0, kCredited = 1, kDrive = 2, kCreditList = 3, kGroup = 4 };
  static constexpr size_t kKindCount = 5;

  struct Desk {
    std::string_view agency_id;
    std::string_view collector_id;  // empty: the agency itself
  };

  // What `contribution` names; names that are new get their ordinals.
  Named Note(const v1::ContributionRecorded& contribution);
  // A group of people that somebody was classified into (plan#61).
  Ordinal NoteGroup(std::string_view group);

  std::optional<Ordinal> Find(Kind kind, std::string_view name) const;
  // In order of ordinal.
  const std::vector<std::string>& All(Kind kind) const { return tables_[static_cast<size_t>(kind)].names; }
  Desk DeskAt(Ordinal desk) const;
  // Each credited party once, in order of ordinal.
  absl::Span<const Ordinal> CreditList(uint32_t credits) const;

  // For restart: the names of a kind, in order of ordinal.
  void Restore(Kind kind, std::string name) { Intern(kind, std::move(name)); }

 private:
  struct Table {
    absl::flat_hash_map<std::string, uint32_t> ordinals;
    std::vector<std::string> names;
  };
  uint32_t Intern(Kind kind, std::string_view name);

  std::array<Table, kKindCount> tables_;
  std::vector<std::vector<Ordinal>> credit_lists_;  // by ordinal of the list
  std::string scratch_;
};

}  // namespace sothon::ledger
