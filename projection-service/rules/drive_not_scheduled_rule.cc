// plan#51: time and place of a drive are agreed, an officer is in charge, and the agencies are notified.
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"

namespace sothon::rules {
namespace {

class DriveNotScheduled final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_not_scheduled",
            .severity = v1::WARNING,
            .plan_items = {51},
            .title_vi = "Đợt ra quân không có lịch",
            .title_en = "A drive opened without a schedule"};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->opened == nullptr || drive.drive->scheduled != nullptr) continue;
      Finding finding = drive.About(drive.first_day, {drive.drive->opened->position()});
      finding.text_vi =
          StrCat(drive.NameVi(), ": mở mà chưa có lịch, cán bộ phụ trách và thông báo cho các tổ chức ", "dịch vụ thu");
      finding.text_en =
          StrCat(drive.NameEn(), ": opened without a schedule, an officer in charge and notice to the ", "agencies");
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_not_scheduled, DriveNotScheduled)

}  // namespace sothon::rules
