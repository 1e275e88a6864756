// plan#51: the agencies are notified of a drive.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/gathering.h"

namespace sothon::rules {
namespace {

class AgenciesNotNotified final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "agencies_not_notified",
            .severity = v1::WARNING,
            .plan_items = {51},
            .title_vi = "Tổ chức dịch vụ thu chưa được thông báo về đợt ra quân",
            .title_en = "Agencies that were not notified of a drive",
            .reading =
                "The agencies under contract in the village or its commune on the drive's first day, against those "
                "that the newest schedule names."};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->scheduled == nullptr) continue;
      const auto& notified = drive.drive->scheduled->drive_scheduled().notified_agency_ids();
      std::vector<uint64_t> positions = drive.Proof();
      std::vector<std::string> names;
      for (const oversight::Role* contract : drive.Contracts()) {
        const std::string& agency = contract->role().party_id();
        if (std::find(notified.begin(), notified.end(), agency) != notified.end()) continue;
        positions.push_back(contract->assigned->position());
        names.push_back(PartyWords(hearing->situation(), agency));
      }
      if (names.empty()) continue;
      Finding finding =
          drive.About(std::max(drive.first_day, ledger::DateOf(*drive.drive->scheduled)), std::move(positions));
      finding.count = names.size();
      finding.text_vi =
          StrCat(drive.NameVi(), ": chưa thông báo cho ", names.size(), " tổ chức dịch vụ thu: ", Joined(names));
      finding.text_en = StrCat(drive.NameEn(), ": ", names.size(), names.size() == 1 ? " agency was" : " agencies were",
                               " not notified: ", Joined(names));
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(agencies_not_notified, AgenciesNotNotified)

}  // namespace sothon::rules
