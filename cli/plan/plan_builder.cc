#include "cli/plan/plan_builder.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "absl/strings/str_join.h"
#include "cli/app/digest.h"
#include "cli/toml/toml_file.h"
#include "common/base/ids.h"
#include "common/base/place_id.h"
#include "common/base/scheme.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr char kFormat[] = "sothon-plan/1";
constexpr size_t kEventIdBytesMax = 64;
constexpr int64_t kTargetMax = 100'000'000;
constexpr int64_t kDenominatorMax = 1'000'000'000;
using Need = TomlSection::Need;

// Held in a village or not at all. Whoever guides one drive alone is named with the drive, not in a plan.
bool IsRoleOfAVillage(v1::RoleKind role) {
  return role == v1::RESIDENT_COLLECTOR || role == v1::GUIDE || role == v1::MOBILISING_COMMITTEE ||
         role == v1::VILLAGE_HEAD;
}

}  // namespace

PlanBuilder::PlanBuilder(std::string path, const PlanOptions& options) : options_(options) {
  if (std::filesystem::is_directory(path)) path = (std::filesystem::path(path) / "plan.toml").string();
  path_ = path;
  folder_ = std::filesystem::path(path).parent_path().string();
  file_ = std::filesystem::path(path).filename().string();
}

PlanBuilder::PlanBuilder(std::string path, std::string name, const PlanOptions& options)
    : PlanBuilder(std::move(path), options) {
  file_ = std::move(name);
  is_base_ = true;
}

v1::Event* PlanBuilder::Add(std::string_view kind, std::string_view id, std::optional<CivilDate> effective,
                            std::string origin) {
  v1::Event event;
  std::string event_id = StrCat(plan_.plan_id, ":", kind, ":", id);
  if (event_id.size() > kEventIdBytesMax) event_id = StrCat(plan_.plan_id, ":", kind, ":", ShortDigest(id));
  event.set_event_id(std::move(event_id));
  if (const auto date = effective ? effective : effective_date_) event.set_effective_date(date->ToWire());
  event.set_correlation_id(StrCat("plan:", plan_.plan_id));
  event.set_synthetic(is_synthetic_);
  plan_.items.push_back({std::move(event), std::move(origin)});
  return &plan_.items.back().event;
}

void PlanBuilder::ReadDocument(TomlSection* section) {
  const auto issued = section->Date("issued_date");
  v1::DocumentIssued document;
  document.set_document_id(section->Id("document_id", Need::kRequired));
  document.set_number_verbatim(section->Text("number_verbatim"));
  document.set_number_normalised(section->Text("number_normalised"));
  document.set_title(section->Text("title", Need::kRequired));
  document.set_issuer_verbatim(section->Text("issuer_verbatim"));
  document.set_issuer_party_id(section->Id("issuer"));
  if (document.issuer_verbatim().empty() && document.issuer_party_id().empty()) {
    section->AddProblem("", "needs `issuer_verbatim` as printed, or, where no text says who issued it, `issuer`");
  }
  document.set_successor_party_id(section->Id("successor"));
  if (issued) document.set_issued_date(issued->ToWire());
  for (TomlSection& part : section->Sections("references")) {
    auto* reference = document.add_references();
    reference->set_text_verbatim(part.Text("text", Need::kRequired));
    reference->set_document_id(part.Id("document"));
    reference->set_section(part.Text("section"));
    reference->set_resolved(part.Boolean("resolved", !reference->document_id().empty()));
    reference->set_presumably(part.Text("presumably"));
    reference->set_attachment(part.Boolean("attachment", false));
    part.RefuseOtherKeys();
    if (!reference->resolved()) {
      plan_.notes.push_back(StrCat(document.document_id(), " cites \"", reference->text_verbatim(),
                                   "\", which is not to be found",
                                   reference->presumably().empty() ? "" : "; presumably ", reference->presumably()));
    }
  }
  for (TomlSection& part : section->Sections("recipients")) {
    auto* recipient = document.add_recipients();
    recipient->set_name_verbatim(part.Text("name", Need::kRequired));
    recipient->set_party_id(part.Id("party"));
    recipient->set_capacity(
        part.Choice<v1::DocumentIssued::Capacity>("capacity", *v1::DocumentIssued::Capacity_descriptor()));
    part.RefuseOtherKeys();
  }
  if (document.number_verbatim().empty()) {
    plan_.notes.push_back(StrCat(document.document_id(), " has no number of its own: recorded as unknown"));
  }
  if (!issued) {
    plan_.notes.push_back(StrCat(document.document_id(), " has no date of its own: recorded as unknown"));
  }
  if (document.issuer_verbatim().empty()) {
    plan_.notes.push_back(
        StrCat("who issued ", document.document_id(), " is not stated: ", document.issuer_party_id(), " is inferred"));
  }
  v1::Event* event = Add("document", document.document_id(), issued, section->Origin());
  event->set_note(section->Text("note"));
  *event->mutable_document_issued() = std::move(document);
}

void PlanBuilder::ReadParty(TomlSection* section) {
  const auto effective = section->Date("effective_date");
  const auto founded = section->Date("founded_date");
  const auto dissolved = section->Date("dissolved_date");
  v1::PartyRegistered party;
  party.set_party_id(section->Id("party_id", Need::kRequired));
  party.set_kind(section->Choice<v1::PartyKind>("kind", *v1::PartyKind_descriptor(), Need::kRequired));
  party.set_name(section->Text("name", Need::kRequired));
  for (std::string& alias : section->TextList("aliases")) party.add_aliases(std::move(alias));
  party.set_parent_party_id(section->Id("parent"));
  party.set_founding_document_id(section->Id("founding_document"));
  if (founded) party.set_founded_date(founded->ToWire());
  if (dissolved) party.set_dissolved_date(dissolved->ToWire());
  if (founded && dissolved && *dissolved < *founded) section->AddProblem("dissolved_date", "is before founded_date");
  // A body acts from its founding on; one with no date known is taken to be there when the plan is.
  v1::Event* event = Add("party", party.party_id(), effective ? effective : founded, section->Origin());
  event->set_note(section->Text("note"));
  *event->mutable_party_registered() = std::move(party);
}

void PlanBuilder::ReadPlace(TomlSection* section) {
  const auto effective = section->Date("effective_date");
  v1::PlaceRegistered place;
  place.set_place_id(section->Id("place_id", Need::kRequired));
  place.set_level(section->Choice<v1::PlaceLevel>("level", *v1::PlaceLevel_descriptor(), Need::kRequired));
  place.set_parent_place_id(section->Id("parent"));
  place.set_name(section->Text("name", Need::kRequired));
  for (std::string& alias : section->TextList("aliases")) place.add_aliases(std::move(alias));
  const auto shape = ShapeOfPlaceId(place.place_id());
  if (!place.place_id().empty() && (!shape || (place.level() == v1::PROVINCE) != (*shape == PlaceShape::kProvince) ||
                                    (place.level() == v1::COMMUNE) != (*shape == PlaceShape::kCommune))) {
    section->AddProblem("place_id", "does not fit its level; a province has 2 digits, a commune 5, a village 23500-07");
  }
  v1::Event* event = Add("place", place.place_id(), effective, section->Origin());
  event->set_place_id(place.place_id());
  event->set_document_id(section->Id("document"));
  event->set_note(section->Text("note"));
  *event->mutable_place_registered() = std::move(place);
}

void PlanBuilder::ReadJurisdiction(TomlSection* section, size_t number) {
  v1::JurisdictionAssigned jurisdiction;
  jurisdiction.set_place_id(section->Id("place", Need::kRequired));
  jurisdiction.set_tree(section->Choice<v1::JurisdictionAssigned::Tree>(
      "tree", *v1::JurisdictionAssigned::Tree_descriptor(), Need::kRequired));
  jurisdiction.set_office_party_id(section->Id("office", Need::kRequired));
  const auto effective = section->Date("effective_date");
  const std::string id = StrCat(jurisdiction.place_id(), ".", number);
  v1::Event* event = Add("jurisdiction", id, effective, section->Origin());
  event->set_place_id(jurisdiction.place_id());
  event->set_document_id(section->Id("document"));
  *event->mutable_jurisdiction_assigned() = std::move(jurisdiction);
}

void PlanBuilder::ReadRole(TomlSection* section) {
  v1::RoleAssigned role;
  role.set_role_id(section->Id("role_id", Need::kRequired));
  role.set_role(section->Choice<v1::RoleKind>("role", *v1::RoleKind_descriptor(), Need::kRequired));
  role.set_party_id(section->Id("party", Need::kRequired));
  role.set_of_party_id(section->Id("of"));
  role.set_nominator_party_id(section->Id("nominator"));
  const auto until = section->Date("until");
  const auto effective = section->Date("effective_date");
  const auto from = effective ? effective : effective_date_;
  if (until) role.set_until_date(until->ToWire());
  if (until && from && *until < *from) {
    section->AddProblem("until",
                        StrCat("is before the role begins, on ", from->ToString(), "; correct it or `effective_date`"));
  }
  const std::string place = section->Id("place");
  if (place.empty() && IsRoleOfAVillage(role.role())) {
    section->AddProblem(
        "", StrCat("`place` is missing; a ", v1::RoleKind_Name(role.role()), " is one of a village: add its code"));
  }
  v1::Event* event = Add("role", role.role_id(), effective, section->Origin());
  event->set_place_id(place);
  event->set_document_id(section->Id("document"));
  event->set_note(section->Text("note"));
  *event->mutable_role_assigned() = std::move(role);
}

void PlanBuilder::ReadTarget(TomlSection* section) {
  v1::TargetSet target;
  target.set_target_id(section->Id("target_id", Need::kRequired));
  target.set_party_id(section->Id("party"));
  target.set_each_village(section->Boolean("each_village", false));
  target.set_measure(section->Choice<v1::Measure>("measure", *v1::Measure_descriptor(), Need::kRequired));
  target.set_scheme(section->Choice<v1::Scheme>("scheme", *v1::Scheme_descriptor()));
  target.set_scheme_group_id(section->Id("scheme_group"));
  const auto from = section->Month("from_month", Need::kRequired);
  const auto to = section->Month("to_month", Need::kRequired);
  if (from) target.set_from_month(from->ToWire());
  if (to) target.set_to_month(to->ToWire());
  if (from && to && *to < *from) section->AddProblem("to_month", "is before from_month");
  target.set_value(section->Integer("value", 0, kTargetMax, Need::kRequired));
  target.set_revises_target_id(section->Id("revises"));
  target.set_reading(section->Text("reading"));
  target.set_source_text(section->Text("source_text"));
  const std::string place = section->Id("place");
  if (place.empty() == target.party_id().empty()) section->AddProblem("", "needs exactly one of `place` and `party`");
  if ((target.scheme() == v1::SCHEME_UNSPECIFIED) == target.scheme_group_id().empty()) {
    section->AddProblem("", "needs exactly one of `scheme` and `scheme_group`");
  }
  const auto effective = section->Date("effective_date");
  v1::Event* event = Add("target", target.target_id(), effective, section->Origin());
  event->set_place_id(place);
  event->set_document_id(section->Id("document", Need::kRequired));  // (plan#1)
  *event->mutable_target_set() = std::move(target);
}

void PlanBuilder::ReadDenominator(TomlSection* section) {
  v1::DenominatorDeclared denominator;
  denominator.set_denominator_id(section->Id("denominator_id", Need::kRequired));
  denominator.set_of(section->Id("of", Need::kRequired));
  denominator.set_party_id(section->Id("party"));
  denominator.set_value(section->Integer("value", 0, kDenominatorMax));
  if (!section->Has("value")) {
    section->AddProblem("", "`value` is missing; an unknown number is not 0: leave the whole section out (plan#19)");
  }
  const auto as_of = section->Date("as_of_date");
  if (as_of) denominator.set_as_of_date(as_of->ToWire());
  const std::string place = section->Id("place");
  if (place.empty() && denominator.party_id().empty()) {
    section->AddProblem("", "needs `place` or `party`: whose number it is");
  }
  const auto effective = section->Date("effective_date");
  v1::Event* event = Add("denominator", denominator.denominator_id(), effective ? effective : as_of, section->Origin());
  event->set_place_id(place);
  event->set_document_id(section->Id("document"));
  event->set_note(section->Text("note"));
  *event->mutable_denominator_declared() = std::move(denominator);
}

void PlanBuilder::ReadRoster(TomlSection* section) {
  v1::RosterDeclared roster;
  roster.set_roster_id(section->Id("roster_id", Need::kRequired));
  roster.set_of_party_id(section->Id("of"));
  roster.set_target_id(section->Id("target"));
  const size_t problems_before = problems_.size();
  std::set<std::string> members;
  for (std::string& member : section->IdList("members")) {
    if (!members.insert(member).second) section->AddProblem("members", StrCat("names ", member, " twice; keep one"));
    roster.add_member_party_ids(std::move(member));
  }
  if (members.empty() && problems_.size() == problems_before) {
    section->AddProblem("members",
                        "is missing or empty; name each member's party (a staff code, never a person's name)");
  }
  const auto is_its_target = [&](const PlanItem& item) {
    return item.event.target_set().target_id() == roster.target_id();
  };
  // It may stand in the log already, and the service does not look for it.
  if (!roster.target_id().empty() && std::none_of(plan_.items.begin(), plan_.items.end(), is_its_target)) {
    plan_.notes.push_back(StrCat("the roster ", roster.roster_id(), " names the target ", roster.target_id(),
                                 ", which is not in ", file_, ": it must have been loaded before"));
  }
  const auto effective = section->Date("effective_date");
  v1::Event* event = Add("roster", roster.roster_id(), effective, section->Origin());
  event->set_place_id(section->Id("place"));
  event->set_document_id(section->Id("document"));
  event->set_note(section->Text("note"));
  *event->mutable_roster_declared() = std::move(roster);
}

void PlanBuilder::ReadBases(TomlSection* root) {
  if (is_base_) {
    root->Refuse("builds_on", "a plan that others build on builds on none itself; name all of them in that plan");
    return;
  }
  for (const std::string& name : root->TextList("builds_on")) {
    PlanBuilder base((std::filesystem::path(folder_) / name).string(), name, options_);
    absl::StatusOr<Plan> plan = base.Build();
    if (!plan.ok()) {
      const std::vector<FieldViolation> violations = FieldViolationsOf(plan.status());
      problems_.insert(problems_.end(), violations.begin(), violations.end());
      if (violations.empty()) root->AddProblem("builds_on", std::string(plan.status().message()));
      continue;
    }
    plan_.notes.push_back(StrCat("builds on ", plan->plan_id, ": its ", plan->items.size(), " events come first"));
    for (std::string& note : plan->notes) plan_.notes.push_back(std::move(note));
    for (PlanItem& item : plan->items) base_items_.push_back(std::move(item));
  }
}

void PlanBuilder::ReadRoot(TomlSection* root) {
  if (root->Text("format", Need::kRequired) != kFormat) {
    root->AddProblem("format", StrCat("must be \"", kFormat, "\""));
  }
  plan_.plan_id = root->Id("plan_id", Need::kRequired);
  if (plan_.plan_id.size() > 24) root->AddProblem("plan_id", "is longer than 24 characters; shorten it");
  effective_date_ = root->Date("effective_date", Need::kRequired);
  is_synthetic_ = root->Boolean("synthetic", false);
  if (const std::string file = root->Text("sample_parties"); !file.empty()) {
    plan_.sample_parties_path = (std::filesystem::path(folder_) / file).string();
  }
  ReadBases(root);
  const auto read_all = [&](std::string_view key, auto read) {
    size_t number = 0;
    for (TomlSection& section : root->Sections(key)) {
      read(&section, ++number);
      section.RefuseOtherKeys();
    }
  };
  read_all("documents", [this](TomlSection* section, size_t) { ReadDocument(section); });
  read_all("parties", [this](TomlSection* section, size_t) { ReadParty(section); });
  read_all("places", [this](TomlSection* section, size_t) { ReadPlace(section); });
  if (auto villages = root->Section("villages")) {
    ReadVillages(&*villages);
    villages->RefuseOtherKeys();
  }
  read_all("jurisdictions", [this](TomlSection* section, size_t number) { ReadJurisdiction(section, number); });
  read_all("roles", [this](TomlSection* section, size_t) { ReadRole(section); });
  read_all("target_tables", [this](TomlSection* section, size_t) { ReadTargetTable(section); });
  read_all("targets", [this](TomlSection* section, size_t) { ReadTarget(section); });
  read_all("denominators", [this](TomlSection* section, size_t) { ReadDenominator(section); });
  read_all("rosters", [this](TomlSection* section, size_t) { ReadRoster(section); });
  read_all("parameters", [this](TomlSection* section, size_t) { ReadParameter(section); });
  root->RefuseOtherKeys();
}

absl::StatusOr<Plan> PlanBuilder::Build() {
  SOTHON_ASSIGN_OR_RETURN(const toml::table table, ReadTomlFile(path_, "name a plan's TOML file"));
  TomlSection root(table, "", file_, &problems_);
  ReadRoot(&root);
  if (problems_.empty()) PutInOrder();
  if (!problems_.empty()) return BadRequest(problems_);
  plan_.items.insert(plan_.items.begin(), std::make_move_iterator(base_items_.begin()),
                     std::make_move_iterator(base_items_.end()));
  if (inferred_units_ > 0) {
    plan_.notes.push_back(StrCat("the former unit of ", inferred_units_,
                                 " villages is inferred, not stated by the document: shown as unconfirmed"));
  }
  return std::move(plan_);
}

absl::StatusOr<Plan> ReadPlan(const std::string& path, const PlanOptions& options) {
  return PlanBuilder(path, options).Build();
}

}  // namespace sothon::cli
