// plan#48: in a drive people are visited at home.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"

namespace sothon::rules {
namespace {

class VisitsMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "visits_missing",
            .severity = v1::WARNING,
            .plan_items = {48},
            .title_vi = "Đợt ra quân không đến từng nhà vận động",
            .title_en = "A drive in which no household was visited",
            .reading = "Visits count for the drive that they name; judged once the drive is closed.",
            .parameters = {"reach.household_visits"}};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->closed == nullptr) continue;
      std::vector<uint64_t> positions = drive.Proof();
      if (drive.Parameter("reach.household_visits", drive.first_day, &positions).value_or(0) == 0) continue;
      const auto& activities = drive.drive->activities;
      if (std::any_of(activities.begin(), activities.end(), [](const v1::Event* event) {
            return event->activity_recorded().kind() == v1::HOUSEHOLD_VISIT;
          })) {
        continue;
      }
      Finding finding = drive.About(std::max(*drive.drive->ClosedOn(), drive.first_day), std::move(positions));
      finding.text_vi = StrCat(drive.NameVi(), ": không ghi nhận lượt đến nhà vận động nào");
      finding.text_en = StrCat(drive.NameEn(), ": no visit of a household is recorded");
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(visits_missing, VisitsMissing)

}  // namespace sothon::rules
