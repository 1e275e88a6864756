// plan#42: the agency proposes a village and agrees the drive with the BHXH office before it is opened.
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveNotAgreed final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_not_agreed",
            .severity = v1::VIOLATION,
            .plan_items = {42},
            .title_vi = "Đợt ra quân chưa được thống nhất với BHXH",
            .title_en = "A drive opened without agreement",
            .reading = "An agreement counts by the day on which it took effect, not by when it was recorded."};
  }

  void Judge(Case* hearing) const override {
    const auto agreements = EarliestOfDrives(hearing->situation(), v1::Event::kDriveAgreed);
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->opened == nullptr) continue;
      const auto agreed = agreements.find(drive.drive->id);
      const bool late = agreed != agreements.end();
      if (late && ledger::DateOf(*agreed->second) <= drive.first_day) continue;
      Finding finding = drive.About(drive.first_day, {drive.drive->opened->position()});
      if (late) finding.positions.push_back(agreed->second->position());
      const std::string day = late ? DayVi(ledger::DateOf(*agreed->second)) : "";
      finding.text_vi = StrCat(drive.NameVi(), ": mở khi chưa thống nhất với cơ quan BHXH",
                               late ? StrCat(" (đến ngày ", day, " mới thống nhất)") : "");
      finding.text_en =
          StrCat(drive.NameEn(), ": opened without agreement of the social insurance office",
                 late ? StrCat(" (agreed only on ", ledger::DateOf(*agreed->second).ToString(), ")") : "");
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_not_agreed, DriveNotAgreed)

}  // namespace sothon::rules
