// plan#46: those who do not take part yet are surveyed before a drive.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"

namespace sothon::rules {
namespace {

constexpr int32_t kDaysBefore = 30;

// When villages were surveyed, by place id.
using Surveys = absl::flat_hash_map<std::string_view, std::vector<CivilDate>>;

bool IsSurvey(const v1::Event& event) {
  return event.has_activity_recorded() ? event.activity_recorded().kind() == v1::SURVEY
                                       : event.commitment_signed().surveyed_non_participants() > 0;
}

class SurveyMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "survey_missing",
            .severity = v1::VIOLATION,
            .plan_items = {46},
            .title_vi = "Chưa rà soát người chưa tham gia trước đợt ra quân",
            .title_en = "A drive without a survey of non-participants",
            .reading =
                "A survey is an activity of that kind, or a commitment that counts non-participants: of the drive, on "
                "or before its first day, or of the village, at most 30 days before it.",
            .parameters = {"duty.drive_survey"}};
  }

  void Judge(Case* hearing) const override {
    const std::vector<DriveCase> drives = DrivesBegun(hearing->situation());
    if (drives.empty()) return;
    const Surveys surveys = SurveysIn(hearing->situation());
    for (const DriveCase& drive : drives) {
      std::vector<uint64_t> positions = drive.Proof();
      if (drive.Parameter("duty.drive_survey", drive.first_day, &positions).value_or(0) == 0) continue;
      if (WasSurveyed(drive, surveys)) continue;
      Finding finding = drive.About(drive.first_day, std::move(positions));
      finding.text_vi = StrCat(drive.NameVi(), ": chưa rà soát, thống kê người chưa tham gia trước khi ra quân");
      finding.text_en = StrCat(drive.NameEn(), ": non-participants were not surveyed before it");
      hearing->Report(std::move(finding));
    }
  }

 private:
  static Surveys SurveysIn(const oversight::Situation& situation) {
    Surveys surveys;
    for (const EventKind kind : {v1::Event::kActivityRecorded, v1::Event::kCommitmentSigned}) {
      for (const v1::Event* event : situation.Facts(kind)) {
        if (IsSurvey(*event)) surveys[event->place_id()].push_back(ledger::DateOf(*event));
      }
    }
    return surveys;
  }

  static bool WasSurveyed(const DriveCase& drive, const Surveys& surveys) {
    const auto for_drive = [&](const v1::Event* event) {
      return IsSurvey(*event) && ledger::DateOf(*event) <= drive.first_day;
    };
    const oversight::Drive& own = *drive.drive;
    if (std::any_of(own.activities.begin(), own.activities.end(), for_drive)) return true;
    if (std::any_of(own.commitments.begin(), own.commitments.end(), for_drive)) return true;
    if (own.place == nullptr) return false;
    const auto village = surveys.find(own.place->id);
    if (village == surveys.end()) return false;
    return std::any_of(village->second.begin(), village->second.end(), [&](CivilDate date) {
      return drive.first_day.Plus(-kDaysBefore) <= date && date <= drive.first_day;
    });
  }
};

}  // namespace

SOTHON_RULE(survey_missing, SurveyMissing)

}  // namespace sothon::rules
