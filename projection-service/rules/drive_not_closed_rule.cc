// plan#36: what comes after a drive comes after its close, so a drive is closed.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveNotClosed final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_not_closed",
            .severity = v1::WARNING,
            .plan_items = {36},
            .title_vi = "Đợt ra quân chưa kết thúc",
            .title_en = "A drive that was not closed",
            .reading = "Open 30 days after its last planned day; without a schedule, after its opening."};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->opened == nullptr || drive.drive->closed != nullptr) continue;
      CivilDate last = drive.first_day;
      if (const v1::Event* scheduled = drive.drive->scheduled) {
        last = std::max(last, CivilDate::FromWire(scheduled->drive_scheduled().to_date()).value_or(last));
      }
      if (hearing->date() < last.Plus(kDaysAfterDrive)) continue;
      Finding finding = drive.About(last.Plus(kDaysAfterDrive), drive.Proof());
      finding.text_vi = StrCat(drive.NameVi(), ": dự kiến đến ngày ", DayVi(last), ", sau ", kDaysAfterDrive,
                               " ngày vẫn chưa kết thúc");
      finding.text_en =
          StrCat(drive.NameEn(), ": planned until ", last.ToString(), ", still open ", kDaysAfterDrive, " days later");
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_not_closed, DriveNotClosed)

}  // namespace sothon::rules
