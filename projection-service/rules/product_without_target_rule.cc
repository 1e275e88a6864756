// plan#26: every village has targets of both products, BHXH_TN and self-paid BHYT.
#include <algorithm>
#include <map>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

constexpr std::string_view kDuty = "duty.both_products";
constexpr std::string_view kSelfPaid = "BHYT_TU_DONG";

struct Given {
  bool bhxh = false;
  bool bhyt = false;
};

class ProductWithoutTarget final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "product_without_target",
            .severity = v1::VIOLATION,
            .plan_items = {26},
            .title_vi = "Thôn chưa được giao chỉ tiêu của cả hai loại hình",
            .title_en = "A village without targets of both products",
            .reading =
                "Any target of the year counts, whatever it measures; of BHYT those of self-paid schemes alone, "
                "and of groups made of nothing else.",
            .parameters = {kDuty}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    const int32_t year = hearing->date().Month().Year();
    const std::map<ledger::Ordinal, Given> own = GivenIn(situation, year, false);
    const std::map<ledger::Ordinal, Given> for_each = GivenIn(situation, year, true);
    for (const ledger::Ordinal village : situation.villages()) {
      const v1::Event* duty = situation.parameters().SetBy(kDuty, village, hearing->date());
      if (duty == nullptr || duty->parameter_set().value() == 0) continue;
      Given given;
      Add(own, village, &given);
      for (std::optional<ledger::Ordinal> at = village; at; at = situation.reference().place(*at).parent) {
        Add(for_each, *at, &given);
      }
      if (given.bhxh && given.bhyt) continue;
      hearing->Report(FindingOf(situation, village, given, *duty, year));
    }
  }

 private:
  static bool IsSelfPaid(const oversight::Situation& situation, v1::Scheme scheme) {
    for (const SchemeGroupDefinition& group : situation.groups()) {
      if (group.id == kSelfPaid)
        return std::find(group.schemes.begin(), group.schemes.end(), scheme) != group.schemes.end();
    }
    return false;
  }

  static Given GivenBy(const oversight::Situation& situation, const ledger::Target& target) {
    if (target.scheme != v1::SCHEME_UNSPECIFIED)
      return {target.scheme == v1::BHXH_TN, IsSelfPaid(situation, target.scheme)};
    for (const SchemeGroupDefinition& group : situation.groups()) {
      if (group.id != target.scheme_group_id) continue;
      return {group.schemes == std::vector{v1::BHXH_TN},
              std::all_of(group.schemes.begin(), group.schemes.end(),
                          [&](v1::Scheme scheme) { return IsSelfPaid(situation, scheme); })};
    }
    return {};
  }

  static std::map<ledger::Ordinal, Given> GivenIn(const oversight::Situation& situation, int32_t year,
                                                  bool each_village) {
    std::map<ledger::Ordinal, Given> given;
    for (const KnownTarget& known : KnownTargets(situation)) {
      const ledger::Target& target = *known.target;
      if (!target.place || target.each_village != each_village || target.value <= 0) continue;
      if (target.months.last.Year() < year || year < target.months.first.Year()) continue;
      const Given by_this = GivenBy(situation, target);
      given[*target.place].bhxh |= by_this.bhxh;
      given[*target.place].bhyt |= by_this.bhyt;
    }
    return given;
  }

  static void Add(const std::map<ledger::Ordinal, Given>& from, ledger::Ordinal place, Given* given) {
    const auto found = from.find(place);
    if (found == from.end()) return;
    given->bhxh |= found->second.bhxh;
    given->bhyt |= found->second.bhyt;
  }

  static Finding FindingOf(const oversight::Situation& situation, ledger::Ordinal village, const Given& given,
                           const v1::Event& duty, int32_t year) {
    const std::string place = Before(situation, village);
    const bool both = !given.bhxh && !given.bhyt;
    const std::string_view vi = both         ? "BHXH tự nguyện và BHYT tự đóng"
                                : given.bhxh ? "BHYT tự đóng"
                                             : "BHXH tự nguyện";
    const std::string_view en = both         ? "voluntary social insurance and self-paid health insurance"
                                : given.bhxh ? "self-paid health insurance"
                                             : "voluntary social insurance";
    return {.place = village,
            .scheme = given.bhxh || both ? v1::SCHEME_UNSPECIFIED : v1::BHXH_TN,
            .period = StrCat(year),
            .since = std::max(ledger::DateOf(duty), CivilDate::FirstOf({year * 12})),
            .count = both ? 2u : 1u,
            .positions = {duty.position()},
            .text_vi = StrCat(place, "chưa được giao chỉ tiêu ", vi, " năm ", year),
            .text_en = StrCat(place, "no target of ", year, " for ", en)};
  }
};

}  // namespace

SOTHON_RULE(product_without_target, ProductWithoutTarget)

}  // namespace sothon::rules
