// plan#45: somebody who knows the village leads the collectors through it.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"

namespace sothon::rules {
namespace {

class GuideMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "guide_missing",
            .severity = v1::WARNING,
            .plan_items = {45},
            .title_vi = "Đợt ra quân không có người dẫn đường",
            .title_en = "A drive without a guide",
            .reading =
                "A guide is named with the attendance, by a role for the drive, or by a role in the village on the "
                "drive's first day that is for no other drive."};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (!drive.drive->GuideIds().empty() || HasVillageGuide(drive)) continue;
      Finding finding = drive.About(drive.first_day, drive.Proof());
      finding.text_vi = StrCat(drive.NameVi(), ": không có người dẫn đường");
      finding.text_en = StrCat(drive.NameEn(), ": nobody is named who leads the collectors");
      hearing->Report(std::move(finding));
    }
  }

 private:
  static bool HasVillageGuide(const DriveCase& drive) {
    if (!drive.place()) return false;
    const auto& guides = drive.situation->roles().At(v1::GUIDE, *drive.place());
    return std::any_of(guides.begin(), guides.end(), [&](const oversight::Role* guide) {
      return guide->role().drive_id().empty() && guide->HeldOn(drive.first_day);
    });
  }
};

}  // namespace

SOTHON_RULE(guide_missing, GuideMissing)

}  // namespace sothon::rules
