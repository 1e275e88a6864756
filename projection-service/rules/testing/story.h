// A story told in events, and what the rules say of it: for tests of rules and of views of the oversight.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "projection-service/ledger/ledger.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules::testing {

// Begins with the smallest registry: province 51, commune 23500, villages 23500-01 to 23500-0n ("Thôn thử n"), agency
// TCDVT-01 with its collector NVT-01, document KH-TEST (common/testing/event_builders.h). Applies events to a real
// ledger.
class Story {
 public:
  explicit Story(int villages = 2);

  // Applies `event` at the next position, which is returned. Fills in what the server fills in of a reversal.
  uint64_t Tell(v1::Event event);
  // Dated on YYYYMMDD, about `place_id`.
  uint64_t Tell(int32_t date, std::string_view place_id, v1::Event event);

  // Shorthands; each returns its position.
  uint64_t Parameter(std::string_view name, int64_t value, int32_t from = 20250101, std::string_view place = "23500");
  uint64_t Party(std::string_view id, v1::PartyKind kind, std::string_view parent = "");
  uint64_t Role(std::string_view role_id, v1::RoleKind kind, std::string_view party, std::string_view place,
                int32_t from, int32_t until = 0);
  uint64_t EndRole(std::string_view role_id, int32_t date);
  // Attendance of an agency at a drive; `place` is the drive's village.
  uint64_t Attend(std::string_view drive, std::string_view agency, std::vector<std::string> collectors, int32_t date,
                  std::string_view place = "23500-01");

  // What the rule `code` finds, judged on `date` (YYYYMMDD) at `position` (0: the end), about `place`; a line each:
  //   place party drive scheme period xCOUNT since [positions]
  // with "-" for what is not set. An unknown code is an error.
  std::vector<std::string> Find(std::string_view code, int32_t date, uint64_t position = 0,
                                std::string_view place = "23500") const;
  // Codes of everything found, each once.
  std::vector<std::string> FindCodes(int32_t date, uint64_t position = 0, std::string_view place = "23500") const;

  // The situation on `date`; lives as long as the story and until the next call.
  const oversight::Situation& SituationOn(int32_t date, uint64_t position = 0, std::string_view place = "23500") const;
  uint64_t last_position() const { return events_.size(); }

 private:
  ledger::Ledger ledger_;
  std::vector<v1::Event> events_;
  // What the last situation is made of.
  mutable std::unique_ptr<ledger::ReferenceView> reference_;
  mutable std::unique_ptr<oversight::Circumstances> of_all_dates_;
  mutable std::unique_ptr<oversight::Circumstances> known_;
  mutable std::unique_ptr<oversight::RegisterBuilder> builder_;
  mutable std::unique_ptr<oversight::Situation> situation_;
};

}  // namespace sothon::rules::testing
