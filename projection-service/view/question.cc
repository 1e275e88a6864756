#include "projection-service/view/question.h"

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::projection {
namespace {

constexpr int kUnitsMax = 64;

}  // namespace

Unit UnitOf(v1::Scheme scheme) { return {scheme, "", {scheme}}; }
Unit UnitOf(const SchemeGroupDefinition& group) { return {v1::SCHEME_UNSPECIFIED, group.id, group.schemes}; }

absl::StatusOr<MonthRange> ParsePeriod(const std::string& period) {
  const std::optional<MonthRange> range = MonthRange::Parse(period);
  if (!range) {
    return BadRequest(
        {{"period", StrCat("\"", period, "\" is no period; write a month 2025-10, a quarter 2025Q4, a year ",
                           "2025, or months 2025-10..2025-12")}});
  }
  if (range->Size() > kPeriodMonthsMax) {
    return BadRequest(
        {{"period", StrCat("\"", period, "\" has ", range->Size(), " months; ask for at most ", kPeriodMonthsMax)}});
  }
  return *range;
}

absl::StatusOr<Unit> ParseScheme(int scheme, const std::string& field) {
  if (!v1::Scheme_IsValid(scheme) || scheme == v1::SCHEME_UNSPECIFIED) {
    return BadRequest({{field, StrCat("scheme ", scheme, " is not known; name one of sothon.v1.Scheme")}});
  }
  return UnitOf(static_cast<v1::Scheme>(scheme));
}

absl::StatusOr<Unit> ParseGroup(const std::string& group_id, const SchemeGroups& groups, const std::string& field) {
  std::string known;
  for (const SchemeGroupDefinition& group : groups) {
    if (group.id == group_id) return UnitOf(group);
    StrAppend(&known, known.empty() ? "" : ", ", group.id);
  }
  return BadRequest({{field, StrCat("scheme group \"", group_id, "\" is not configured; known: ", known)}});
}

absl::StatusOr<std::vector<Unit>> UnitsAsked(const google::protobuf::RepeatedField<int>& schemes,
                                             const google::protobuf::RepeatedPtrField<std::string>& group_ids,
                                             const SchemeGroups& groups) {
  std::vector<Unit> units;
  if (schemes.size() + group_ids.size() > kUnitsMax) {
    return BadRequest({{"schemes", StrCat("more than ", kUnitsMax, " schemes and groups; name each once")}});
  }
  for (int i = 0; i < schemes.size(); ++i) {
    SOTHON_ASSIGN_OR_RETURN(Unit unit, ParseScheme(schemes[i], StrCat("schemes[", i, "]")));
    units.push_back(std::move(unit));
  }
  for (int i = 0; i < group_ids.size(); ++i) {
    SOTHON_ASSIGN_OR_RETURN(Unit unit, ParseGroup(group_ids[i], groups, StrCat("scheme_group_ids[", i, "]")));
    units.push_back(std::move(unit));
  }
  return units;
}

SchemeSet SchemesOf(absl::Span<const Unit> units) {
  SchemeSet set;
  for (const Unit& unit : units) {
    for (const v1::Scheme scheme : unit.schemes) set.set(static_cast<size_t>(scheme));
  }
  return set;
}

}  // namespace sothon::projection
