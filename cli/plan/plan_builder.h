// Gathers what a plan file says into events, and every problem found on the way.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/csv/csv_reader.h"
#include "cli/directory/directory.h"
#include "cli/plan/plan.h"
#include "cli/toml/toml_section.h"

namespace sothon::cli {

// Thread-compatible; for one plan.
class PlanBuilder {
 public:
  // `path`: the TOML file, named `file` in problems; the tables it names stand in the same folder.
  PlanBuilder(std::string path, const PlanOptions& options);

  absl::StatusOr<Plan> Build();

 private:
  // A plan that others build on, called `name` in problems.
  PlanBuilder(std::string path, std::string name, const PlanOptions& options);

  // A CSV table of the plan: rows by column name.
  struct CsvTable {
    std::string file;
    std::vector<std::string> header;
    std::vector<CsvRecord> rows;
    // Index in `header`, or -1.
    int Find(std::string_view name) const;
    std::string Cell(const CsvRecord& row, std::string_view name) const;
  };
  struct TargetRow;
  // What a table of targets says of all its rows.
  struct TableTargets {
    std::string document;
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;  // or
    std::string group;
    v1::Measure measure = v1::MEASURE_UNSPECIFIED;
    std::string reading;
    std::map<CivilMonth, std::string> month_readings;
  };

  // plan_builder.cc: the TOML file.
  void ReadRoot(TomlSection* root);
  void ReadDocument(TomlSection* section);
  void ReadParty(TomlSection* section);
  void ReadPlace(TomlSection* section);
  void ReadJurisdiction(TomlSection* section, size_t number);
  void ReadRole(TomlSection* section);
  void ReadTarget(TomlSection* section);
  void ReadDenominator(TomlSection* section);
  void ReadRoster(TomlSection* section);
  // Puts the plans that this one builds on before it.
  void ReadBases(TomlSection* root);
  // A new event of this plan: id, dates, marks. `kind` and `id` name it within the plan for ever.
  v1::Event* Add(std::string_view kind, std::string_view id, std::optional<CivilDate> effective, std::string origin);

  // plan_parameters.cc
  void ReadParameter(TomlSection* section);
  int64_t ReadParameterValue(TomlSection* section, const std::string& name);

  // plan_tables.cc: villages and targets.
  void ReadVillages(TomlSection* section);
  void ReadVillage(const CsvTable& table, const CsvRecord& row, const std::string& parent, const std::string& document,
                   std::optional<CivilDate> effective);
  void ReadTargetTable(TomlSection* section);
  std::optional<std::string> VillageOfRow(const CsvTable& table, const CsvRecord& row, const std::string& document,
                                          const Directory& directory);
  // False when the row is not usable.
  bool ReadTargetRow(const CsvTable& table, const CsvRecord& row, const std::vector<int>& month_columns,
                     TargetRow* target);
  void CheckSums(const CsvTable& table, const std::vector<CivilMonth>& months, const std::vector<TargetRow>& rows,
                 const std::optional<TargetRow>& declared);
  TableTargets ReadTableTargets(TomlSection* section);
  void AddTableTargets(const TableTargets& spec, const CsvTable& table, const std::vector<CivilMonth>& months,
                       const std::vector<TargetRow>& rows);
  std::optional<CsvTable> OpenTable(TomlSection* section, const std::vector<std::string>& required);
  void TableProblem(const CsvTable& table, const CsvRecord& row, std::string_view column, std::string_view description);
  void SumProblem(std::string field, std::string description);

  // plan_order.cc
  void PutInOrder();

  std::string path_;
  std::string folder_;
  std::string file_;
  PlanOptions options_;
  std::vector<FieldViolation> problems_;
  std::optional<CivilDate> effective_date_;
  bool is_synthetic_ = false;
  bool is_base_ = false;
  std::vector<PlanItem> base_items_;
  int inferred_units_ = 0;
  Plan plan_;
};

}  // namespace sothon::cli
