// plan#51: time and place of a drive are agreed before it.
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveScheduledLate final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_scheduled_late",
            .severity = v1::WARNING,
            .plan_items = {51},
            .title_vi = "Lịch ra quân được thông báo sau khi đợt ra quân đã bắt đầu",
            .title_en = "A drive scheduled after it had begun",
            .reading = "By the day on which the earliest schedule of the drive took effect."};
  }

  void Judge(Case* hearing) const override {
    const auto schedules = EarliestOfDrives(hearing->situation(), v1::Event::kDriveScheduled);
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      const auto scheduled = schedules.find(drive.drive->id);
      if (scheduled == schedules.end()) continue;
      const CivilDate day = ledger::DateOf(*scheduled->second);
      if (day <= drive.first_day) continue;
      Finding finding = drive.About(day, drive.Proof());
      finding.positions.push_back(scheduled->second->position());
      finding.text_vi = StrCat(drive.NameVi(), ": đến ngày ", DayVi(day), " mới có lịch ra quân");
      finding.text_en = StrCat(drive.NameEn(), ": scheduled only on ", day.ToString());
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_scheduled_late, DriveScheduledLate)

}  // namespace sothon::rules
