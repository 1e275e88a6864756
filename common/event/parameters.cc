#include "common/event/parameters.h"

#include <algorithm>

namespace sothon {
namespace {

constexpr int64_t kDaysMax = 3660;
constexpr int64_t kVndMax = 1'000'000'000;
constexpr auto kUnset = std::nullopt;

// Duties are laid on a commune by its plan, so they are off unless a plan says so.
constexpr ParameterDefinition kParameters[] = {
    {"calendar.peak_month", "month", kUnset, 1, 12, "plan#33",
     "the month of every year in which the people are urged most to join BHYT; marked in views"},
    {"deadline.certificate", "days", kUnset, 0, kDaysMax, "plan#58",
     "from a collection to the handing out of book or card"},
    {"deadline.drive_notice", "days", kUnset, 0, kDaysMax, "plan#37",
     "from a drive's close to the commune's notice of its result"},
    {"deadline.drive_report", "days", kUnset, 0, kDaysMax, "plan#36", "from a drive's close to its reports"},
    {"deadline.handover", "days", kUnset, 0, kDaysMax, "plan#54",
     "from a drive's close to the handover of its portfolio"},
    {"deadline.review", "days", kUnset, 0, kDaysMax, "plan#40", "from the end of a period to its review"},
    {"deadline.weekly_report", "days", kUnset, 0, kDaysMax, "plan#35", "from a week's Sunday to its report"},
    {"drive.collectors_max", "people", 5, 1, 1000, "plan#44", "collectors that an agency sends to a drive, at most"},
    {"drive.collectors_min", "people", 3, 0, 1000, "plan#44", "collectors that an agency sends to a drive, at least"},
    {"duty.both_products", "yes or no", 0, 0, 1, "plan#26",
     "every village has targets of BHXH_TN and of self-paid BHYT"},
    {"duty.continuity", "yes or no", 0, 0, 1, "plan#56", "what matures is collected again without a gap"},
    {"duty.dialogue_monthly", "yes or no", 0, 0, 1, "plan#34", "a direct dialogue with the people in every month"},
    {"duty.drive_survey", "yes or no", 1, 0, 1, "plan#46",
     "non-participants are surveyed and the village head commits himself before a drive"},
    {"duty.mobilising_committee", "yes or no", 0, 0, 1, "plan#66", "every village has a mobilising committee"},
    {"duty.resident_collector", "yes or no", 0, 0, 1, "plan#54",
     "from the second collection on, the village's resident collector collects"},
    {"duty.review_monthly", "yes or no", 0, 0, 1, "plan#40", "a review of every month"},
    {"duty.review_quarterly", "yes or no", 0, 0, 1, "plan#40", "a review of every quarter"},
    {"duty.review_yearly", "yes or no", 0, 0, 1, "plan#40", "a review of every year"},
    {"duty.week_ladder", "yes or no", 0, 0, 1, "plan#31",
     "in every week a village reaches its targets, until all have"},
    {"duty.weekly_report", "yes or no", 0, 0, 1, "plan#35", "the results of every week are reported"},
    {"rate.base_salary", "VND", kUnset, 0, kVndMax, "plan#59", "the base salary of a month"},
    {"rate.bhxh_tn", "per mille", kUnset, 0, 1000, "plan#59", "of the chosen income, for a month of BHXH_TN"},
    {"rate.bhyt", "per mille", kUnset, 0, 1000, "plan#59",
     "of the base salary, for a month of BHYT of the first of a household"},
    {"rate.bhyt_hgd_2nd", "percent", kUnset, 0, 100, "plan#59",
     "what the second of a household pays of what the first pays"},
    {"rate.bhyt_hgd_3rd", "percent", kUnset, 0, 100, "plan#59", "what the third of a household pays"},
    {"rate.bhyt_hgd_4th", "percent", kUnset, 0, 100, "plan#59", "what the fourth of a household pays"},
    {"rate.bhyt_hgd_5th", "percent", kUnset, 0, 100, "plan#59",
     "what the fifth and every further one of a household pays"},
    {"rate.income_floor", "VND", kUnset, 0, kVndMax, "plan#59",
     "the least income that BHXH_TN may be chosen of, which the State supports"},
    {"rate.support_max", "percent", kUnset, 0, 100, "plan#59",
     "the largest State support, of the contribution of the income floor"},
    {"reach.household_visits", "yes or no", 0, 0, 1, "plan#48", "in every drive households are visited"},
    {"support.months_max", "months", 120, 0, 1200, "plan#59, plan#65", "for which BHXH_TN is supported, at most"},
    {"threshold.contract_review", "decisions", 2, 1, 1000, "plan#75",
     "reminders, criticisms and violations of an agency or collector within a year that call for a review"},
    {"threshold.spike_people", "people", 10, 1, 1'000'000, "plan#78",
     "first collections of one collector in a month that are looked at"},
    {"threshold.spike_percent", "percent", 50, 1, 100, "plan#78",
     "of them that lapsed at once, from which on it is a finding"},
};

}  // namespace

absl::Span<const ParameterDefinition> AllParameters() { return kParameters; }

const ParameterDefinition* FindParameter(std::string_view name) {
  const auto found =
      std::lower_bound(std::begin(kParameters), std::end(kParameters), name,
                       [](const ParameterDefinition& one, std::string_view asked) { return one.name < asked; });
  return found == std::end(kParameters) || found->name != name ? nullptr : found;
}

}  // namespace sothon
