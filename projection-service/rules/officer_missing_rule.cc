// plan#51: an officer of the BHXH office is in charge of a drive.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"

namespace sothon::rules {
namespace {

class OfficerMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "officer_missing",
            .severity = v1::WARNING,
            .plan_items = {51},
            .title_vi = "Đợt ra quân chưa phân công cán bộ phụ trách",
            .title_en = "A drive without an officer in charge",
            .reading =
                "Named in the newest schedule, or by a role in the village or its commune on the drive's first day "
                "that is for no other drive. A drive that was never scheduled has a finding of its own."};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      const v1::Event* scheduled = drive.drive->scheduled;
      if (scheduled == nullptr || !scheduled->drive_scheduled().officer_party_id().empty()) continue;
      if (HasOfficer(drive)) continue;
      Finding finding = drive.About(std::max(drive.first_day, ledger::DateOf(*scheduled)), drive.Proof());
      finding.text_vi = StrCat(drive.NameVi(), ": chưa phân công cán bộ phụ trách");
      finding.text_en = StrCat(drive.NameEn(), ": no officer is in charge");
      hearing->Report(std::move(finding));
    }
  }

 private:
  static bool HasOfficer(const DriveCase& drive) {
    const auto in_charge_at = [&](ledger::Ordinal where) {
      const auto& officers = drive.situation->roles().At(v1::OFFICER_IN_CHARGE, where);
      return std::any_of(officers.begin(), officers.end(), [&](const oversight::Role* officer) {
        const std::string& of_drive = officer->role().drive_id();
        return officer->HeldOn(drive.first_day) && (of_drive.empty() || of_drive == drive.drive->id);
      });
    };
    if (!drive.place()) return false;
    return in_charge_at(*drive.place()) || (drive.drive->place->parent && in_charge_at(*drive.drive->place->parent));
  }
};

}  // namespace

SOTHON_RULE(officer_missing, OfficerMissing)

}  // namespace sothon::rules
