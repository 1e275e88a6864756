// plan#46: the village head commits himself before a drive.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"

namespace sothon::rules {
namespace {

// Those of the model as a whole, by the id of the village.
using Commitments = absl::flat_hash_map<std::string_view, std::vector<const v1::Event*>>;

class CommitmentMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "commitment_missing",
            .severity = v1::VIOLATION,
            .plan_items = {46},
            .title_vi = "Trưởng thôn chưa ký cam kết trước đợt ra quân",
            .title_en = "A drive without the commitment of the village head",
            .reading =
                "Signed on or before the drive's first day, for the drive or, naming no drive, for the village. Where "
                "the log knows a village head of the day of signing, only a head's signature counts.",
            .parameters = {"duty.drive_survey"}};
  }

  void Judge(Case* hearing) const override {
    Commitments of_villages;
    for (const v1::Event* event : hearing->situation().Facts(v1::Event::kCommitmentSigned)) {
      if (event->commitment_signed().drive_id().empty()) of_villages[event->place_id()].push_back(event);
    }
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      std::vector<uint64_t> positions = drive.Proof();
      if (drive.Parameter("duty.drive_survey", drive.first_day, &positions).value_or(0) == 0) continue;
      if (IsCommitted(drive, drive.drive->commitments)) continue;
      const auto village = drive.drive->place == nullptr ? of_villages.end() : of_villages.find(drive.drive->place->id);
      if (village != of_villages.end() && IsCommitted(drive, village->second)) continue;
      Finding finding = drive.About(drive.first_day, std::move(positions));
      finding.text_vi = StrCat(drive.NameVi(), ": trưởng thôn chưa ký cam kết trước khi ra quân");
      finding.text_en = StrCat(drive.NameEn(), ": the village head had not signed a commitment before it");
      hearing->Report(std::move(finding));
    }
  }

 private:
  static bool IsCommitted(const DriveCase& drive, const std::vector<const v1::Event*>& commitments) {
    return std::any_of(commitments.begin(), commitments.end(), [&](const v1::Event* event) {
      const CivilDate signed_on = ledger::DateOf(*event);
      return signed_on <= drive.first_day && IsByHead(drive, event->commitment_signed().party_id(), signed_on);
    });
  }

  static bool IsByHead(const DriveCase& drive, std::string_view party_id, CivilDate date) {
    if (!drive.place()) return true;
    bool known = false;
    for (const oversight::Role* head : drive.situation->roles().At(v1::VILLAGE_HEAD, *drive.place())) {
      if (!head->HeldOn(date)) continue;
      if (head->role().party_id() == party_id) return true;
      known = true;
    }
    return !known;
  }
};

}  // namespace

SOTHON_RULE(commitment_missing, CommitmentMissing)

}  // namespace sothon::rules
