// plan#43: all agencies of the area take part in a drive.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class AgencyAbsent final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "agency_absent",
            .severity = v1::VIOLATION,
            .plan_items = {43},
            .title_vi = "Tổ chức dịch vụ thu vắng mặt trong đợt ra quân",
            .title_en = "An agency that did not take part in a drive",
            .reading =
                "The agencies of the area are those under contract in the village or its commune on the drive's first "
                "day. Judged from the close of the drive or the day after its last planned day, whichever is earlier."};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (!drive.IsAttended()) continue;
      for (const oversight::Role* contract : drive.Contracts()) {
        const std::string& agency = contract->role().party_id();
        const auto& there = drive.drive->attendance;
        if (std::any_of(there.begin(), there.end(),
                        [&](const v1::Event* event) { return event->attendance_recorded().agency_id() == agency; })) {
          continue;
        }
        Finding finding = drive.About(*drive.AttendedOn(), drive.Proof());
        finding.positions.push_back(contract->assigned->position());
        finding.party_id = agency;
        const std::string name = PartyWords(hearing->situation(), agency);
        finding.text_vi = StrCat(drive.NameVi(), ": ", name, " không cử nhân viên thu tham gia");
        finding.text_en = StrCat(drive.NameEn(), ": ", name, " did not take part");
        hearing->Report(std::move(finding));
      }
    }
  }
};

}  // namespace

SOTHON_RULE(agency_absent, AgencyAbsent)

}  // namespace sothon::rules
