// plan#25: what the commune was given is what it gives its villages.
#include <map>

#include "common/base/strings.h"
#include "projection-service/rules/given_numbers.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class TargetCascadeDiffers final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "target_cascade_differs",
            .severity = v1::WARNING,
            .plan_items = {25},
            .title_vi = "Chỉ tiêu giao cho xã khác tổng chỉ tiêu các thôn",
            .title_en = "A commune's target that its villages' do not add up to",
            .reading =
                "Of the same scheme or group and measure, over the months of a year for which the commune itself "
                "has a number, whichever documents give them."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    std::map<ledger::Ordinal, GivenNumbers> own;
    std::map<ledger::Ordinal, GivenNumbers> for_each;  // by the place above
    for (const KnownTarget& known : KnownTargets(situation)) {
      if (!known.target->place) continue;
      (known.target->each_village ? for_each : own)[*known.target->place].Add(known);
    }
    Gathering gathering;
    for (const auto& [place, whole] : own) {
      if (situation.reference().place(place).level != v1::COMMUNE || !situation.Covers(place)) continue;
      std::vector<Part> parts;
      for (const ledger::Ordinal village : situation.reference_view().LeavesUnder(place, situation.position())) {
        parts.push_back(PartOf(situation, village, own, for_each));
      }
      for (UnequalSums& sums : CompareSums(whole, parts)) {
        gathering.Add({.place = place, .scheme = sums.product.scheme, .period = StrCat(sums.year)},
                      {InWords(situation, sums), sums.since, std::move(sums.positions)});
      }
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t) {
      const std::string place = Before(situation, subject.place);
      return Words{
          StrCat(place, "chỉ tiêu năm ", subject.period, " giao cho xã khác tổng chỉ tiêu các thôn"),
          StrCat(place, "the targets of ", subject.period, " given to the commune are not the sum of its villages'")};
    });
  }

 private:
  using ByPlace = std::map<ledger::Ordinal, GivenNumbers>;

  static Part PartOf(const oversight::Situation& situation, ledger::Ordinal village, const ByPlace& own,
                     const ByPlace& for_each) {
    Part part;
    if (const auto numbers = own.find(village); numbers != own.end()) part.push_back(&numbers->second);
    for (std::optional<ledger::Ordinal> at = village; at; at = situation.reference().place(*at).parent) {
      if (const auto numbers = for_each.find(*at); numbers != for_each.end()) part.push_back(&numbers->second);
    }
    return part;
  }
};

}  // namespace

SOTHON_RULE(target_cascade_differs, TargetCascadeDiffers)

}  // namespace sothon::rules
