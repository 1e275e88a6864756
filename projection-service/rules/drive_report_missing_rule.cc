// plan#36: after each drive its result is reported to BHXH tỉnh and to UBND xã.
#include "common/base/strings.h"
#include "projection-service/rules/drive_filing.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveReportMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_report_missing",
            .severity = v1::VIOLATION,
            .plan_items = {36, 41},
            .title_vi = "Thiếu báo cáo kết quả đợt ra quân",
            .title_en = "A drive without a report of its result",
            .reading =
                "Reports of kind \"drive\" on or after the close, to a social insurance office and to a people's "
                "committee, in one report or in two. Where no deadline is set, missing from the day after the close.",
            .parameters = {"deadline.drive_report"}};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      std::vector<uint64_t> positions = drive.Proof();
      const std::optional<FilingTime> time = FilingTimeOf(drive, "deadline.drive_report", &positions);
      if (!time || hearing->date() <= time->last_day) continue;
      std::string vi, en;
      for (const Recipient& recipient : kReportRecipients) {
        if (FirstFiling(drive, time->closed_on, "drive", recipient.kind) != nullptr) continue;
        StrAppend(&vi, vi.empty() ? "" : " và ", recipient.name_vi);
        StrAppend(&en, en.empty() ? "" : " and ", recipient.name_en);
      }
      if (vi.empty()) continue;
      Finding finding = drive.About(time->last_day.Plus(1), std::move(positions));
      finding.text_vi =
          StrCat(drive.NameVi(), ", kết thúc ngày ", DayVi(time->closed_on), ": chưa báo cáo kết quả cho ", vi);
      finding.text_en =
          StrCat(drive.NameEn(), ", closed on ", time->closed_on.ToString(), ": its result was not reported to ", en);
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_report_missing, DriveReportMissing)

}  // namespace sothon::rules
