// plan#37: UBND xã issues a notice of each drive's result.
#include "common/base/strings.h"
#include "projection-service/rules/drive_filing.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveNoticeMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_notice_missing",
            .severity = v1::VIOLATION,
            .plan_items = {37, 41},
            .title_vi = "Thiếu thông báo kết quả đợt ra quân",
            .title_en = "A drive without a notice of its result",
            .reading =
                "A report of kind \"drive_notice\" on or after the close, whoever records it. Where no deadline is "
                "set, missing from the day after the close.",
            .parameters = {"deadline.drive_notice"}};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      std::vector<uint64_t> positions = drive.Proof();
      const std::optional<FilingTime> time = FilingTimeOf(drive, "deadline.drive_notice", &positions);
      if (!time || hearing->date() <= time->last_day) continue;
      if (FirstFiling(drive, time->closed_on, "drive_notice", std::nullopt) != nullptr) continue;
      Finding finding = drive.About(time->last_day.Plus(1), std::move(positions));
      finding.text_vi = StrCat(drive.NameVi(), ", kết thúc ngày ", DayVi(time->closed_on),
                               ": UBND xã chưa ban hành thông báo kết quả");
      finding.text_en = StrCat(drive.NameEn(), ", closed on ", time->closed_on.ToString(),
                               ": the people's committee issued no notice of its result");
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_notice_missing, DriveNoticeMissing)

}  // namespace sothon::rules
