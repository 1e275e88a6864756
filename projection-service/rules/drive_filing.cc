#include "projection-service/rules/drive_filing.h"

#include <algorithm>

namespace sothon::rules {

std::optional<FilingTime> FilingTimeOf(const DriveCase& drive, std::string_view parameter,
                                       std::vector<uint64_t>* positions) {
  if (drive.drive->closed == nullptr) return std::nullopt;
  FilingTime time;
  time.closed_on = std::max(*drive.drive->ClosedOn(), drive.first_day);
  const std::optional<int64_t> days = drive.Parameter(parameter, time.closed_on, positions);
  time.has_deadline = days.has_value();
  time.last_day = time.closed_on.Plus(static_cast<int32_t>(days.value_or(0)));
  return time;
}

const v1::Event* FirstFiling(const DriveCase& drive, CivilDate closed_on, std::string_view kind,
                             std::optional<v1::PartyKind> recipient) {
  const v1::Event* first = nullptr;
  for (const v1::Event* event : drive.drive->reports) {
    const v1::ReportFiled& report = event->report_filed();
    if (report.report_kind() != kind || ledger::DateOf(*event) < closed_on) continue;
    const auto& to = report.to_party_ids();
    if (recipient && std::none_of(to.begin(), to.end(), [&](const std::string& id) {
          const ledger::Party* party = drive.situation->reference().FindParty(id);
          return party != nullptr && party->kind == *recipient;
        })) {
      continue;
    }
    if (first == nullptr || ledger::DateOf(*event) < ledger::DateOf(*first)) first = event;
  }
  return first;
}

}  // namespace sothon::rules
