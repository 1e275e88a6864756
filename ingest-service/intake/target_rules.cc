#include "common/event/nearest_parameter.h"
#include "common/event/parameters.h"
#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {

void CheckTarget(const v1::Event& event, const CheckContext& context) {
  const v1::TargetSet& target = event.target_set();
  const std::string kPath = "event.target_set.";
  if (event.document_id().empty()) {
    context.violations->Add("event.document_id", "missing; every target cites a document (plan#1)");
  }
  if (event.place_id().empty() == target.party_id().empty()) {
    context.violations->Add(kPath + "party_id",
                            "give exactly one of event.place_id and party_id: who has to reach the target");
  }
  if (target.measure() != v1::PER_PERSON_MINIMUM &&
      (target.scheme() == v1::SCHEME_UNSPECIFIED) == target.scheme_group_id().empty()) {
    context.violations->Add(kPath + "scheme", "give exactly one of scheme and scheme_group_id");
  }
  if (target.to_month() < target.from_month() || target.to_month() / 100 - target.from_month() / 100 > 10) {
    context.violations->Add(kPath + "to_month", "must not be before from_month, nor more than ten years after it");
  }
  if (target.each_village()) {
    const KnownPlace* place = context.FindPlace(event.place_id());
    if (place == nullptr || place->level == v1::VILLAGE || place->level == v1::RESIDENTIAL_GROUP) {
      context.violations->Add(kPath + "each_village", "needs a commune or province in event.place_id");
    }
  }
  if (!target.revises_target_id().empty() && !context.HasTarget(target.revises_target_id())) {
    context.violations->Add(kPath + "revises_target_id",
                            StrCat("target \"", target.revises_target_id(), "\" is not set yet"));
  }
}

void CheckRoster(const v1::Event& event, const CheckContext& context) {
  CheckDistinct("event.roster_declared.member_party_ids", event.roster_declared().member_party_ids(), context);
}

void CheckParameter(const v1::Event& event, const CheckContext& context) {
  const v1::ParameterSet& set = event.parameter_set();
  const ParameterDefinition* parameter = FindParameter(set.name());
  if (parameter == nullptr) {
    context.violations->Add("event.parameter_set.name", NoSuchParameter(set.name()));
  } else if (set.value() < parameter->min || set.value() > parameter->max) {
    context.violations->Add("event.parameter_set.value",
                            StrCat(set.value(), " is out of bounds; ", parameter->name, " takes ", parameter->min,
                                   " to ", parameter->max, " (", parameter->unit, ")"));
  }
  CheckUntil("event.parameter_set.until_date", set.until_date(), event, context);
  if (event.document_id().empty() && set.reading().empty()) {
    context.violations->Add(
        "event.document_id",
        "missing; cite the document that says so, or say in `reading` that it is a reading of yours");
  }
}

}  // namespace sothon::ingest
