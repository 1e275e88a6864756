// plan#44: each agency sends 3 to 5 collectors to a drive.
#include "common/base/strings.h"
#include "projection-service/rules/attendance_count.h"
#include "projection-service/rules/gathering.h"

namespace sothon::rules {
namespace {

class CollectorsTooFew final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "collectors_too_few",
            .severity = v1::VIOLATION,
            .plan_items = {44},
            .title_vi = "Tổ chức dịch vụ thu cử thiếu nhân viên thu trong đợt ra quân",
            .title_en = "An agency sent too few collectors to a drive",
            .reading =
                "Distinct collectors of one agency over all days of the drive; an agency that is absent is not also "
                "too few.",
            .parameters = {"drive.collectors_min"}};
  }

  void Judge(Case* hearing) const override {
    ReportAttendance(
        hearing, "drive.collectors_min", [](int64_t collectors, int64_t bound) { return collectors < bound; },
        [&](const DriveCase& drive, const AttendanceCount& count, Finding* finding) {
          const std::string name = PartyWords(hearing->situation(), count.agency_id);
          finding->text_vi = StrCat(drive.NameVi(), ": ", name, " cử ", count.collectors,
                                    " nhân viên thu, quy định ít nhất ", count.bound);
          finding->text_en =
              StrCat(drive.NameEn(), ": ", name, " sent ", count.collectors,
                     count.collectors == 1 ? " collector" : " collectors", ", at least ", count.bound, " are due");
        });
  }
};

}  // namespace

SOTHON_RULE(collectors_too_few, CollectorsTooFew)

}  // namespace sothon::rules
