// plan#36: after each drive its result is reported to BHXH tỉnh and to UBND xã, in time where a time is set.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_filing.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class DriveReportLate final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "drive_report_late",
            .severity = v1::WARNING,
            .plan_items = {36, 41},
            .title_vi = "Báo cáo kết quả đợt ra quân chậm",
            .title_en = "A drive's result was reported late",
            .reading = "The first report to each of the two; never late where no deadline is set.",
            .parameters = {"deadline.drive_report"}};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      std::vector<uint64_t> positions = drive.Proof();
      const std::optional<FilingTime> time = FilingTimeOf(drive, "deadline.drive_report", &positions);
      if (!time || !time->has_deadline) continue;
      std::string vi, en;
      CivilDate since = oversight::kNever;
      for (const Recipient& recipient : kReportRecipients) {
        const v1::Event* filed = FirstFiling(drive, time->closed_on, "drive", recipient.kind);
        if (filed == nullptr || ledger::DateOf(*filed) <= time->last_day) continue;
        const CivilDate day = ledger::DateOf(*filed);
        since = std::min(since, day);
        positions.push_back(filed->position());
        StrAppend(&vi, vi.empty() ? "" : ", ", recipient.name_vi, " ngày ", DayVi(day));
        StrAppend(&en, en.empty() ? "" : ", ", recipient.name_en, " on ", day.ToString());
      }
      if (vi.empty()) continue;
      Finding finding = drive.About(since, std::move(positions));
      finding.text_vi =
          StrCat(drive.NameVi(), ": báo cáo kết quả chậm, hạn ngày ", DayVi(time->last_day), ", đã gửi ", vi);
      finding.text_en = StrCat(drive.NameEn(), ": its result was reported late, due by ", time->last_day.ToString(),
                               ", sent to ", en);
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(drive_report_late, DriveReportLate)

}  // namespace sothon::rules
