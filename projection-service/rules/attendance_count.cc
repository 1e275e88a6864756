#include "projection-service/rules/attendance_count.h"

#include <map>

namespace sothon::rules {

void ReportAttendance(Case* hearing, std::string_view parameter, bool (*breaks)(int64_t collectors, int64_t bound),
                      const std::function<void(const DriveCase&, const AttendanceCount&, Finding*)>& words) {
  for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
    if (!drive.IsAttended()) continue;
    std::map<std::string_view, std::vector<uint64_t>> proofs;  // by agency
    for (const v1::Event* event : drive.drive->attendance) {
      proofs[event->attendance_recorded().agency_id()].push_back(event->position());
    }
    for (auto& [agency, positions] : proofs) {
      AttendanceCount count;
      count.agency_id = agency;
      count.collectors = static_cast<int64_t>(drive.drive->CollectorsOf(agency).size());
      count.bound = drive.Parameter(parameter, drive.first_day, &positions).value_or(0);
      if (!breaks(count.collectors, count.bound)) continue;
      Finding finding = drive.About(*drive.AttendedOn(), std::move(positions));
      const std::vector<uint64_t> proof = drive.Proof();
      finding.positions.insert(finding.positions.end(), proof.begin(), proof.end());
      finding.party_id = std::string(agency);
      words(drive, count, &finding);
      hearing->Report(std::move(finding));
    }
  }
}

}  // namespace sothon::rules
