// plan#27: a drive's result is what it brought in: in its village, from its opening on.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

// The last day on which a receipt may name the drive, which was opened; kNever: it is not closed.
CivilDate LastDayOf(const oversight::Drive& drive) {
  const std::optional<CivilDate> closed = drive.ClosedOn();
  return closed ? std::max(*closed, ledger::DateOf(*drive.opened)).Plus(kDaysAfterDrive) : oversight::kNever;
}

class CollectionOutsideDrive final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "collection_outside_drive",
            .severity = v1::WARNING,
            .plan_items = {27, 47},
            .title_vi = "Biên lai ghi đợt ra quân của thôn khác hoặc ngoài thời gian của đợt",
            .title_en = "Receipts that name a drive of another village or of other days",
            .reading =
                "Dated before the drive's opening, more than 30 days after its close (until then its prospects are "
                "followed up, plan#47), or of another village than the one in which it was opened; not where that "
                "village was merged or split away by then. Each receipt is judged from the day on which both it and "
                "what it contradicts are in effect."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    for (const oversight::Step& step : person.steps) {
      if (step.named.drive == 0) continue;
      const oversight::Drive* drive =
          known.drives.Find(known.names.All(ledger::Names::Kind::kDrive)[step.named.drive - 1]);
      if (drive == nullptr || drive->opened == nullptr) continue;  // collection_of_unknown_drive
      const v1::Event* against = Contradicts(step, *drive, known);
      if (against == nullptr) continue;
      oversight::Trace& trace =
          sink->Add(step.place, step.position, std::max(step.date, ledger::DateOf(*drive->opened)));
      trace.drive = step.named.drive;
      trace.month = step.date.Month();
      trace.positions = {std::min(against->position(), step.position), std::max(against->position(), step.position)};
    }
  }

 private:
  // The event of the drive that the receipt does not go with; nullptr: it belongs there.
  static const v1::Event* Contradicts(const oversight::Step& step, const oversight::Drive& drive,
                                      const oversight::Circumstances& known) {
    if (step.date < ledger::DateOf(*drive.opened) || IsElsewhere(step, *drive.opened, known)) return drive.opened;
    return LastDayOf(drive) < step.date ? drive.closed : nullptr;
  }
  static bool IsElsewhere(const oversight::Step& step, const v1::Event& opened, const oversight::Circumstances& known) {
    const ledger::Place* place = known.reference.FindPlace(opened.place_id());
    if (place == nullptr || place->ordinal == step.place) return false;
    const v1::Event* gone = known.GoneBy(place->ordinal);
    return gone == nullptr || step.date < ledger::DateOf(*gone);
  }

  // Where and when the drive was: what the receipts are to be compared with.
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string& id = situation.names().All(ledger::Names::Kind::kDrive)[group.drive - 1];
    const oversight::Drive& drive = *situation.drives().Find(id);
    const CivilDate opened = ledger::DateOf(*drive.opened);
    const ledger::Place* where = situation.reference().FindPlace(drive.opened->place_id());
    std::string vi = where == nullptr ? "" : StrCat("ở ", situation.NameOf(where->ordinal), ", ");
    std::string en = where == nullptr ? "" : StrCat("in ", situation.NameOf(where->ordinal), ", ");
    StrAppend(&vi, "mở ngày ", DayVi(opened));
    StrAppend(&en, "opened on ", opened.ToString());
    if (const std::optional<CivilDate> closed = drive.ClosedOn()) {
      StrAppend(&vi, ", kết thúc ngày ", DayVi(*closed));
      StrAppend(&en, ", closed on ", closed->ToString());
    }
    const std::string place = situation.NameOf(group.place);
    return Sentence{StrCat(place, ", ", MonthVi(group.month), ": ", group.count, " biên lai ghi đợt ra quân ", id,
                           " nhưng không thuộc đợt này (", vi, "); nếu ghi nhầm thì hủy biên lai và ghi lại"),
                    StrCat(place, ", ", group.month.ToString(), ": ", group.count,
                           Several(group.count, " receipt that names drive ", " receipts that name drive "), id,
                           Several(group.count, " does not belong to it (", " do not belong to it ("), en,
                           "); if that is a mistake, reverse and record again")};
  }
};

}  // namespace

SOTHON_RULE(collection_outside_drive, CollectionOutsideDrive)

}  // namespace sothon::rules
