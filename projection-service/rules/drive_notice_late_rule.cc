// plan#37: UBND xã issues a notice of each drive's result, in time where a time is set.
#include "common/base/strings.h"
#include "projection-service/rules/drive_filing.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveNoticeLate final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_notice_late",
            .severity = v1::WARNING,
            .plan_items = {37, 41},
            .title_vi = "Thông báo kết quả đợt ra quân chậm",
            .title_en = "The notice of a drive's result came late",
            .reading = "The first notice; never late where no deadline is set.",
            .parameters = {"deadline.drive_notice"}};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      std::vector<uint64_t> positions = drive.Proof();
      const std::optional<FilingTime> time = FilingTimeOf(drive, "deadline.drive_notice", &positions);
      if (!time || !time->has_deadline) continue;
      const v1::Event* filed = FirstFiling(drive, time->closed_on, "drive_notice", std::nullopt);
      if (filed == nullptr || ledger::DateOf(*filed) <= time->last_day) continue;
      const CivilDate day = ledger::DateOf(*filed);
      positions.push_back(filed->position());
      Finding finding = drive.About(day, std::move(positions));
      finding.text_vi =
          StrCat(drive.NameVi(), ": đến ngày ", DayVi(day), " mới thông báo kết quả, hạn ngày ", DayVi(time->last_day));
      finding.text_en = StrCat(drive.NameEn(), ": the notice of its result came on ", day.ToString(), ", due by ",
                               time->last_day.ToString());
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_notice_late, DriveNoticeLate)

}  // namespace sothon::rules
