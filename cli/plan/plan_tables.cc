// The tables of a plan: villages and their targets, with the checks of plan#9 to #12.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/app/text_tools.h"
#include "cli/plan/plan_builder.h"
#include "common/base/place_id.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {
using Need = TomlSection::Need;
}  // namespace

struct PlanBuilder::TargetRow {
  uint64_t line = 0;
  std::string place_id;
  std::string name;
  std::optional<int64_t> total;
  std::vector<int64_t> months;
  std::string source_text;

  int64_t Sum() const {
    int64_t sum = 0;
    for (int64_t month : months) sum += month;
    return sum;
  }
};

int PlanBuilder::CsvTable::Find(std::string_view name) const {
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) return static_cast<int>(i);
  }
  return -1;
}

std::string PlanBuilder::CsvTable::Cell(const CsvRecord& row, std::string_view name) const {
  const int index = Find(name);
  if (index < 0) return "";
  return ToNfc(Trim(row.fields[static_cast<size_t>(index)])).value_or("");
}

void PlanBuilder::TableProblem(const CsvTable& table, const CsvRecord& row, std::string_view column,
                               std::string_view description) {
  std::string field = StrCat(table.file, " line ", row.line);
  if (!column.empty()) StrAppend(&field, " (", column, ")");
  problems_.push_back({std::move(field), std::string(description)});
}

std::optional<PlanBuilder::CsvTable> PlanBuilder::OpenTable(TomlSection* section,
                                                            const std::vector<std::string>& required) {
  const size_t problems_before = problems_.size();
  CsvTable table;
  table.file = section->Text("file", Need::kRequired);
  if (table.file.empty()) return std::nullopt;
  std::ifstream in(std::filesystem::path(folder_) / table.file, std::ios::binary);
  if (!in) {
    section->AddProblem("file", StrCat("cannot read ", table.file, " in the folder of ", file_));
    return std::nullopt;
  }
  CsvReader reader(&in);
  if (const absl::Status status = reader.ReadHeader(); !status.ok()) {
    problems_.push_back({table.file, std::string(status.message())});
    return std::nullopt;
  }
  for (const std::string& name : reader.header()) table.header.emplace_back(Trim(name));
  for (const std::string& name : required) {
    if (table.Find(name) < 0) problems_.push_back({table.file, StrCat("has no column `", name, "`; add it")});
  }
  CsvRecord record;
  while (reader.Next(&record)) {
    if (record.problem.empty()) {
      table.rows.push_back(record);
    } else {
      TableProblem(table, record, record.problem_column, StrCat(record.problem, "; ", record.remedy));
    }
  }
  if (problems_.size() > problems_before) return std::nullopt;
  return table;
}

void PlanBuilder::ReadVillage(const CsvTable& table, const CsvRecord& row, const std::string& parent,
                              const std::string& document, std::optional<CivilDate> effective) {
  v1::PlaceRegistered place;
  place.set_place_id(table.Cell(row, "place_id"));
  place.set_parent_place_id(parent);
  place.set_name(table.Cell(row, "name"));
  const std::string verbatim = row.fields[static_cast<size_t>(table.Find("name"))];
  if (std::string(Trim(verbatim)) != place.name()) place.set_name_verbatim(verbatim);
  if (IsTotalLabel(place.name())) {
    return TableProblem(table, row, "name", "\"Tổng\" is never a village; remove the row (plan#9)");
  }
  if (place.name().empty()) TableProblem(table, row, "name", "is empty; write the village's name");
  if (ShapeOfPlaceId(place.place_id()) != PlaceShape::kVillage || CommuneOfPlaceId(place.place_id()) != parent) {
    TableProblem(table, row, "place_id",
                 StrCat("\"", place.place_id(), "\" is no village of ", parent, "; write it as ", parent, "-07"));
  }
  v1::PlaceLevel level = v1::PLACE_LEVEL_UNSPECIFIED;
  v1::PlaceLevel_Parse(table.Cell(row, "level"), &level);
  if (level != v1::VILLAGE && level != v1::RESIDENTIAL_GROUP) {
    TableProblem(table, row, "level", "must be VILLAGE (thôn, làng) or RESIDENTIAL_GROUP (tổ dân phố)");
  }
  place.set_level(level);
  uint32_t stt = 0;
  if (!ParseNumber(table.Cell(row, "stt"), &stt) || stt == 0) {
    TableProblem(table, row, "stt", "must be the row's number in the document, from 1");
  }
  place.set_source_row(stt);
  place.set_former_unit(table.Cell(row, "former_unit"));
  const auto provenance = [&](std::string_view column) {
    v1::Provenance value = v1::PROVENANCE_UNSPECIFIED;
    const std::string text = table.Cell(row, column);
    if (!text.empty() && (!v1::Provenance_Parse(text, &value) || value == v1::PROVENANCE_UNSPECIFIED)) {
      TableProblem(table, row, column, "must be STATED, INFERRED or CONFIRMED");
    }
    return value;
  };
  place.set_former_unit_provenance(provenance("former_unit_provenance"));
  if (!place.former_unit().empty() && place.former_unit_provenance() == v1::PROVENANCE_UNSPECIFIED) {
    TableProblem(table, row, "former_unit_provenance", "is empty; say whether the document states the former unit");
  }
  if (place.former_unit_provenance() == v1::INFERRED) ++inferred_units_;
  const std::vector<std::string> aliases = absl::StrSplit(table.Cell(row, "aliases"), '|', absl::SkipWhitespace());
  for (const std::string& alias : aliases) {
    place.add_aliases(std::string(Trim(alias)));
  }
  v1::Event* event = Add("place", place.place_id(), effective, StrCat(table.file, " line ", row.line));
  event->set_place_id(place.place_id());
  event->set_document_id(document);
  if (provenance("level_provenance") == v1::INFERRED) {
    event->set_note("Văn bản không ghi là thôn hay tổ dân phố; cấp do suy ra, chưa được xác nhận");
    plan_.notes.push_back(StrCat(place.place_id(), " (", place.name(), ") is taken to be a ",
                                 level == v1::VILLAGE ? "village (thôn)" : "residential group (TDP)",
                                 "; the document does not say"));
  }
  *event->mutable_place_registered() = std::move(place);
}

void PlanBuilder::ReadVillages(TomlSection* section) {
  const std::string parent = section->Id("parent", Need::kRequired);
  const std::string document = section->Id("document", Need::kRequired);
  const auto effective = section->Date("effective_date");
  const auto table = OpenTable(section, {"place_id", "stt", "name", "level"});
  if (!table) return;
  std::map<std::string, uint64_t> line_of_stt, line_of_place;
  for (const CsvRecord& row : table->rows) {
    ReadVillage(*table, row, parent, document, effective);
    const auto [earlier, is_new] = line_of_stt.emplace(table->Cell(row, "stt"), row.line);
    if (!is_new) {
      TableProblem(*table, row, "stt", StrCat("stands on line ", earlier->second, " too; each row has its own"));
    }
    const std::string place_id = table->Cell(row, "place_id");
    const auto [other, is_new_place] = line_of_place.emplace(place_id, row.line);
    if (!is_new_place) {
      TableProblem(*table, row, "place_id", StrCat(place_id, " stands on line ", other->second, " too; keep one"));
    }
  }
}

// By place id, else by document and STT, else by a name that only one village has (plan#10).
std::optional<std::string> PlanBuilder::VillageOfRow(const CsvTable& table, const CsvRecord& row,
                                                     const std::string& document, const Directory& directory) {
  const std::string name = table.Cell(row, "name");
  const std::string place_id = table.Cell(row, "place_id");
  const std::string stt = table.Cell(row, "stt");
  if (!place_id.empty() && ShapeOfPlaceId(place_id) == PlaceShape::kVillage) return place_id;
  Problem problem;
  const auto found =
      stt.empty() ? directory.ResolveVillage(name, &problem) : directory.ResolveRow(document, stt, &problem);
  if (!found) {
    TableProblem(table, row, stt.empty() ? "name" : "stt", StrCat(problem.reason, "; ", problem.remedy));
    return std::nullopt;
  }
  const std::string& known_name = directory.FindPlace(*found)->place.name();
  if (MatchingForm(name) != MatchingForm(known_name)) {
    TableProblem(table, row, "name",
                 StrCat("row ", stt, " is \"", known_name, "\" in the list of villages, here it is \"", name,
                        "\"; make them agree"));
    return std::nullopt;
  }
  return found;
}

bool PlanBuilder::ReadTargetRow(const CsvTable& table, const CsvRecord& row, const std::vector<int>& month_columns,
                                TargetRow* target) {
  const auto number = [&](int column, int64_t* value) {
    const std::string& text = row.fields[static_cast<size_t>(column)];
    if (ParseNumber(Trim(text), value) && *value >= 0 && *value <= 100'000'000) return true;
    TableProblem(table, row, table.header[static_cast<size_t>(column)],
                 StrCat("\"", text, "\" is not a target; write a whole number, 0 or more"));
    return false;
  };
  bool is_usable = true;
  for (int column : month_columns) {
    int64_t value = 0;
    is_usable = number(column, &value) && is_usable;
    target->months.push_back(value);
  }
  if (const int column = table.Find("total"); column >= 0) {
    int64_t value = 0;
    is_usable = number(column, &value) && is_usable;
    target->total = value;
  }
  target->line = row.line;
  target->name = table.Cell(row, "name");
  target->source_text = absl::StrJoin(row.fields, " | ");
  return is_usable;
}

void PlanBuilder::SumProblem(std::string field, std::string description) {
  if (options_.accept_sums) {
    plan_.notes.push_back(StrCat(field, " ", description, "; taken as printed"));
  } else {
    StrAppend(&description,
              "; correct the table, or, where the document itself is printed so, load it with "
              "--accept-sums (plan#9)");
    problems_.push_back({std::move(field), std::move(description)});
  }
}

void PlanBuilder::CheckSums(const CsvTable& table, const std::vector<CivilMonth>& months,
                            const std::vector<TargetRow>& rows, const std::optional<TargetRow>& declared) {
  std::vector<int64_t> sums(months.size(), 0);
  int64_t total = 0;
  for (const TargetRow& row : rows) {
    for (size_t m = 0; m < months.size(); ++m) sums[m] += row.months[m];
    total += row.total.value_or(row.Sum());
    if (row.total && *row.total != row.Sum()) {
      SumProblem(StrCat(table.file, " line ", row.line, " (", row.name, ")"),
                 StrCat("says ", *row.total, " in all, its months add up to ", row.Sum()));
    }
  }
  if (!declared) {
    plan_.notes.push_back(StrCat(table.file, " has no row \"Tổng\": its sums are not checked"));
    return;
  }
  const std::string field = StrCat(table.file, " line ", declared->line, " (Tổng)");
  for (size_t m = 0; m < months.size(); ++m) {
    if (declared->months[m] == sums[m]) continue;
    SumProblem(field,
               StrCat("says ", declared->months[m], " for ", months[m].ToString(), ", the rows add up to ", sums[m]));
  }
  if (declared->total && *declared->total != total) {
    SumProblem(field, StrCat("says ", *declared->total, " in all, the rows add up to ", total));
  }
}

PlanBuilder::TableTargets PlanBuilder::ReadTableTargets(TomlSection* section) {
  TableTargets spec;
  spec.document = section->Id("document", Need::kRequired);  // (plan#1)
  spec.scheme = section->Choice<v1::Scheme>("scheme", *v1::Scheme_descriptor());
  spec.group = section->Id("scheme_group");
  if ((spec.scheme == v1::SCHEME_UNSPECIFIED) == spec.group.empty()) {
    section->AddProblem("", "needs exactly one of `scheme` and `scheme_group`");
  }
  spec.measure = section->Choice<v1::Measure>("measure", *v1::Measure_descriptor(), Need::kRequired);
  spec.reading = section->Text("reading");
  if (auto readings = section->Section("month_readings")) {
    for (const std::string& key : readings->TakeKeys()) {
      const auto month = CivilMonth::Parse(key);
      if (!month) readings->AddProblem(key, "is not a month; write it as \"2025-10\"");
      if (month) spec.month_readings[*month] = readings->Text(key);
    }
  }
  return spec;
}

void PlanBuilder::AddTableTargets(const TableTargets& spec, const CsvTable& table,
                                  const std::vector<CivilMonth>& months, const std::vector<TargetRow>& rows) {
  const std::string what = spec.group.empty() ? v1::Scheme_Name(spec.scheme) : spec.group;
  for (const TargetRow& row : rows) {
    for (size_t m = 0; m < months.size(); ++m) {
      const std::string month = months[m].ToString();
      const std::string id = StrCat(what, ".", row.place_id, ".", month);
      v1::Event* event =
          Add("target", id, std::nullopt, StrCat(table.file, " line ", row.line, " (", row.name, ", ", month, ")"));
      event->set_place_id(row.place_id);
      event->set_document_id(spec.document);
      v1::TargetSet* target = event->mutable_target_set();
      target->set_target_id(StrCat(plan_.plan_id, ".", id));
      target->set_measure(spec.measure);
      target->set_scheme(spec.scheme);
      target->set_scheme_group_id(spec.group);
      target->set_from_month(months[m].ToWire());
      target->set_to_month(months[m].ToWire());
      target->set_value(row.months[m]);
      target->set_declared_row_total(row.total.value_or(0));
      target->set_source_text(row.source_text);
      std::vector<std::string> readings;
      if (!spec.reading.empty()) readings.push_back(spec.reading);
      if (const auto of_month = spec.month_readings.find(months[m]); of_month != spec.month_readings.end()) {
        readings.push_back(of_month->second);
      }
      target->set_reading(absl::StrJoin(readings, "; "));
    }
  }
}

void PlanBuilder::ReadTargetTable(TomlSection* section) {
  const TableTargets spec = ReadTableTargets(section);
  const auto table = OpenTable(section, {"stt", "name"});
  if (!table) return;
  std::vector<int> month_columns;
  std::vector<CivilMonth> months;
  for (size_t i = 0; i < table->header.size(); ++i) {
    const std::string& name = table->header[i];
    if (const auto month = CivilMonth::Parse(name)) {
      month_columns.push_back(static_cast<int>(i));
      months.push_back(*month);
    } else if (name != "stt" && name != "name" && name != "total" && name != "place_id") {
      problems_.push_back({table->file, StrCat("column `", name,
                                               "` is neither stt, name, total, place_id nor a "
                                               "month such as 2025-10")});
    }
  }
  if (months.empty()) problems_.push_back({table->file, "has no column for a month, such as 2025-10"});
  Directory directory;
  for (const PlanItem& item : plan_.items) directory.Apply(item.event);
  std::vector<TargetRow> rows;
  std::optional<TargetRow> declared;
  std::map<std::string, uint64_t> line_of_place;
  for (const CsvRecord& record : table->rows) {
    TargetRow row;
    const bool is_usable = ReadTargetRow(*table, record, month_columns, &row);
    if (IsTotalLabel(row.name)) {
      if (declared) TableProblem(*table, record, "name", "is a second row of sums; keep one");
      declared = std::move(row);
      continue;
    }
    const auto village = VillageOfRow(*table, record, spec.document, directory);
    if (!village || !is_usable) continue;
    row.place_id = *village;
    const auto [earlier, is_new] = line_of_place.emplace(*village, record.line);
    if (!is_new) {
      TableProblem(*table, record, "stt",
                   StrCat("gives targets to ", *village, " again, after line ", earlier->second, "; keep one row"));
    }
    rows.push_back(std::move(row));
  }
  if (!problems_.empty()) return;
  CheckSums(*table, months, rows, declared);
  AddTableTargets(spec, *table, months, rows);
}

}  // namespace sothon::cli
