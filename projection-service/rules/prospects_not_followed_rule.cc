// plan#47: prospects are listed in a drive and followed up after it.
#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class ProspectsNotFollowed final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "prospects_not_followed",
            .severity = v1::NOTICE,
            .plan_items = {47},
            .title_vi = "Người tiềm năng chưa được tiếp tục vận động",
            .title_en = "Prospects of a drive that nobody came back to",
            .reading = "Not resolved in any way more than 30 days after the close of the drive that listed them."};
  }

  void Judge(Case* hearing) const override {
    absl::flat_hash_set<std::string_view> resolved;
    for (const v1::Event* event : hearing->situation().Facts(v1::Event::kProspectResolved)) {
      resolved.insert(event->prospect_resolved().prospect_id());
    }
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->closed == nullptr) continue;
      const CivilDate due = std::max(*drive.drive->ClosedOn(), drive.first_day).Plus(kDaysAfterDrive + 1);
      if (hearing->date() < due) continue;
      std::vector<uint64_t> positions = drive.Proof();
      CivilDate earliest = oversight::kNever;
      uint64_t open = 0;
      for (const v1::Event* event : drive.drive->prospects) {
        if (resolved.contains(event->prospect_recorded().prospect_id())) continue;
        earliest = std::min(earliest, ledger::DateOf(*event));
        positions.push_back(event->position());
        ++open;
      }
      if (open == 0) continue;
      Finding finding = drive.About(std::max(due, earliest), std::move(positions));
      finding.count = open;
      finding.text_vi = StrCat(drive.NameVi(), ": còn ", open, " người tiềm năng chưa có kết quả vận động tiếp theo");
      finding.text_en =
          StrCat(drive.NameEn(), ": ", open, open == 1 ? " prospect" : " prospects", " without an outcome so far");
      hearing->Report(std::move(finding));
    }
  }
};

}  // namespace

SOTHON_RULE(prospects_not_followed, ProspectsNotFollowed)

}  // namespace sothon::rules
