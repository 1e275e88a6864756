// The parameters of a plan: the duties it lays on a commune, deadlines, thresholds, rates (docs/parameters.md).
#include "cli/plan/plan_builder.h"
#include "common/base/strings.h"
#include "common/event/nearest_parameter.h"
#include "common/event/parameters.h"

namespace sothon::cli {
namespace {

using Need = TomlSection::Need;

}  // namespace

int64_t PlanBuilder::ReadParameterValue(TomlSection* section, const std::string& name) {
  const ParameterDefinition* parameter = FindParameter(name);
  if (parameter == nullptr) {
    if (!name.empty()) {
      section->AddProblem("name", NoSuchParameter(name));
    }
    section->Has("value");
    return 0;
  }
  if (!section->Has("value")) {
    section->AddProblem("", StrCat("`value` is missing; add it (", parameter->unit, ")"));
    return 0;
  }
  if (parameter->unit == "yes or no") return section->Boolean("value", false) ? 1 : 0;
  return section->Integer("value", parameter->min, parameter->max);
}

void PlanBuilder::ReadParameter(TomlSection* section) {
  v1::ParameterSet set;
  set.set_name(section->Text("name", Need::kRequired));
  set.set_value(ReadParameterValue(section, set.name()));
  set.set_source_text(section->Text("source_text"));
  set.set_reading(section->Text("reading"));
  const auto given = section->Date("from");
  const auto from = given ? given : effective_date_;
  const auto until = section->Date("until");
  if (until) set.set_until_date(until->ToWire());
  if (from && until && *until < *from) {
    section->AddProblem("until", StrCat("is before it holds, from ", from->ToString(), "; correct it or `from`"));
  }
  const std::string place = section->Id("place");
  const std::string document = section->Id("document");
  if (document.empty() && set.reading().empty()) {
    section->AddProblem("", "needs `document`, which says so, or `reading`: whose reading it is");
  }
  const std::string id = StrCat(set.name(), ":", place, ":", from ? from->ToWire() : 0);
  v1::Event* event = Add("parameter", id, from, section->Origin());
  event->set_place_id(place);
  event->set_document_id(document);
  event->set_note(section->Text("note"));
  *event->mutable_parameter_set() = std::move(set);
}

}  // namespace sothon::cli
