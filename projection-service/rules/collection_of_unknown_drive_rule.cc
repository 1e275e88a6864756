// plan#52: a drive is one that the BHXH office opened; plan#27: receipts that name another are nobody's result.
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class CollectionOfUnknownDrive final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "collection_of_unknown_drive",
            .severity = v1::WARNING,
            .plan_items = {27, 52},
            .title_vi = "Biên lai ghi đợt ra quân chưa được mở",
            .title_en = "Receipts that name a drive that was not opened",
            .reading =
                "From the receipt's date until the day before the drive is opened, whoever collected. A drive that was "
                "only proposed, agreed or scheduled is not open. From the opening on collection_outside_drive judges "
                "the receipt."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    for (const oversight::Step& step : person.steps) {
      if (step.named.drive == 0) continue;
      const oversight::Drive* drive =
          known.drives.Find(known.names.All(ledger::Names::Kind::kDrive)[step.named.drive - 1]);
      const CivilDate opened =
          drive == nullptr || drive->opened == nullptr ? oversight::kNever : ledger::DateOf(*drive->opened);
      if (opened <= step.date) continue;
      oversight::Trace& trace = sink->Add(step.place, step.position, step.date);
      if (opened != oversight::kNever) trace.until = opened.Plus(-1);
      trace.drive = step.named.drive;
      trace.month = step.date.Month();
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string& drive = situation.names().All(ledger::Names::Kind::kDrive)[group.drive - 1];
    const std::string place = situation.NameOf(group.place);
    return Sentence{StrCat(place, ", ", MonthVi(group.month), ": ", group.count, " biên lai ghi đợt ra quân ", drive,
                           " chưa được mở; hủy biên lai và ghi lại đúng mã, hoặc mở đợt ra quân"),
                    StrCat(place, ", ", group.month.ToString(), ": ", group.count,
                           Several(group.count, " receipt names", " receipts name"), " drive ", drive,
                           ", which was not opened; reverse and record again with the right id, or open the drive")};
  }
};

}  // namespace

SOTHON_RULE(collection_of_unknown_drive, CollectionOfUnknownDrive)

}  // namespace sothon::rules
