// plan#11: former units that were concluded, not stated, and that nobody confirmed.
#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class FormerUnitUnconfirmed final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "former_unit_unconfirmed",
            .severity = v1::NOTICE,
            .plan_items = {11},
            .title_vi = "Đơn vị cũ của thôn, tổ dân phố là suy luận, chưa được xác nhận",
            .title_en = "Former units of villages that are inferred, not confirmed"};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    for (const v1::Event* event : situation.Facts(v1::Event::kPlaceRegistered)) {
      if (event->place_registered().former_unit_provenance() != v1::INFERRED) continue;
      const ledger::Place* place = situation.reference().FindPlace(event->place_registered().place_id());
      if (place == nullptr || !place->IsLeaf() || place->registered_at.value != event->position()) continue;
      if (!situation.Covers(place->ordinal) || situation.GoneOn(place->ordinal) <= hearing->date()) continue;
      gathering.Add({.place = place->parent}, {{}, ledger::DateOf(*event), {event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      return Words{StrCat(place, "đơn vị cũ của ", count, " thôn, tổ dân phố là suy luận, chưa được xác nhận"),
                   StrCat(place, "the former ", Several(count, "unit", "units"), " of ", count,
                          Several(count, " village is", " villages are"), " inferred, not confirmed")};
    });
  }
};

}  // namespace

SOTHON_RULE(former_unit_unconfirmed, FormerUnitUnconfirmed)

}  // namespace sothon::rules
