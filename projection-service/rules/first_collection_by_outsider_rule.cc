// plan#53: the first collection in a drive is by a collector of a participating agency who attended.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class FirstCollectionByOutsider final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "first_collection_by_outsider",
            .severity = v1::VIOLATION,
            .plan_items = {53, 55},
            .title_vi = "Thu lần đầu trong đợt ra quân do người không tham gia đợt ra quân",
            .title_en = "A first collection in a drive by somebody who did not attend it",
            .reading =
                "The person's first collection in the scheme, where it names a drive: the collector attended it for "
                "that agency; where no collector is named, the agency did. An insurance that began before the log is "
                "no first collection, and enrolments outside drives are exempt."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    for (const oversight::Step& step : person.steps) {
      if (step.named.drive == 0 || step.sequence != 1 || !step.IsDeveloped()) continue;
      const oversight::Drive* drive =
          known.drives.Find(known.names.All(ledger::Names::Kind::kDrive)[step.named.drive - 1]);
      const ledger::Names::Desk desk =
          step.named.desk == 0 ? ledger::Names::Desk{} : known.names.DeskAt({step.named.desk - 1});
      const CivilDate attended = drive == nullptr ? oversight::kNever : AttendedFrom(*drive, desk);
      if (attended <= step.date) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.drive = step.named.drive;
      if (attended != oversight::kNever) trace.until = attended.Plus(-1);
      if (drive != nullptr && drive->opened != nullptr && ledger::DateOf(*drive->opened) <= step.date) {
        trace.positions = {std::min(drive->opened->position(), step.position),
                           std::max(drive->opened->position(), step.position)};
      }
    }
  }

 private:
  // The earliest day from which on the log says that the desk was there; kNever: it does not.
  static CivilDate AttendedFrom(const oversight::Drive& drive, const ledger::Names::Desk& desk) {
    CivilDate from = oversight::kNever;
    for (const v1::Event* event : drive.attendance) {
      const v1::AttendanceRecorded& there = event->attendance_recorded();
      if (there.agency_id() != desk.agency_id) continue;
      const auto& collectors = there.collector_ids();
      if (desk.collector_id.empty() ||
          std::find(collectors.begin(), collectors.end(), desk.collector_id) != collectors.end()) {
        from = std::min(from, ledger::DateOf(*event));
      }
    }
    return from;
  }

  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string_view who = situation.AtDesk(group.desk);
    const std::string& drive = situation.names().All(ledger::Names::Kind::kDrive)[group.drive - 1];
    const std::string place = situation.NameOf(group.place);
    return Sentence{
        StrCat(place, ", đợt ra quân ", drive, ": ", group.count, " lần thu đầu ", SchemeVi(group.scheme), " do ",
               who.empty() ? "người không rõ" : who, " thu, không tham gia đợt ra quân"),
        StrCat(place, ", drive ", drive, ": ", group.count,
               group.count == 1 ? " first collection of " : " first collections of ", SchemeEn(group.scheme), " by ",
               who.empty() ? "nobody named" : who, ", who did not attend the drive")};
  }
};

}  // namespace

SOTHON_RULE(first_collection_by_outsider, FirstCollectionByOutsider)

}  // namespace sothon::rules
