// One row of an import file into the submission it means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/problem.h"
#include "cli/directory/directory.h"
#include "cli/import/columns.h"
#include "common/base/civil_time.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::cli {

struct RowOptions {
  FileKind kind = FileKind::kCollections;
  std::string agency_id;
  v1::Scheme default_scheme = v1::SCHEME_UNSPECIFIED;
  std::optional<CivilDate> opening_date;  // openings without a date of their own
  bool is_synthetic = false;              // every row is made up
};

// Equal rows become equal submissions, whatever file, time or machine they come from: that is what makes importing
// twice harmless. Thread-compatible; borrows the directory.
class RowMapper {
 public:
  RowMapper(RowOptions options, ColumnMap columns, const Directory* directory)
      : options_(std::move(options)), columns_(std::move(columns)), directory_(directory) {}

  // A row of sums ("Tổng"): skipped, never a village (plan#9).
  bool IsTotalRow(const CsvRecord& record) const;
  // True when all fields are empty.
  static bool IsEmptyRow(const CsvRecord& record);

  // nullopt: the row is refused, `problems` says why.
  std::optional<v1::Submission> Map(const CsvRecord& record, std::vector<Problem>* problems) const;

  // The column that a path of the submission stands for ("event.contribution_recorded.months" -> "so_thang").
  std::string ColumnOfPath(std::string_view path) const;

 private:
  void CheckUnmended(const CsvRecord& record, std::vector<Problem>* problems) const;
  void CheckWhole(const CsvRecord& record, std::vector<Problem>* problems) const;
  void CheckReplaced(const CsvRecord& record, std::vector<Problem>* problems) const;
  void MapIdentity(const CsvRecord& record, v1::Submission* submission, std::vector<Problem>* problems) const;
  void MapVillage(const CsvRecord& record, v1::Event* event, std::vector<Problem>* problems) const;
  void MapContribution(const CsvRecord& record, v1::Event* event, std::vector<Problem>* problems) const;
  // For which drive, in whose credit and by which channel (plan#24, #27, #49).
  void MapOccasion(const CsvRecord& record, v1::ContributionRecorded* contribution,
                   std::vector<Problem>* problems) const;
  void MapOpening(const CsvRecord& record, v1::Event* event, std::vector<Problem>* problems) const;
  v1::Scheme MapScheme(const CsvRecord& record, std::vector<Problem>* problems) const;
  int64_t MapMoney(const CsvRecord& record, Column column, std::vector<Problem>* problems) const;
  void Add(Column column, Problem problem, std::vector<Problem>* problems) const;

  RowOptions options_;
  ColumnMap columns_;
  const Directory* directory_;
};

// In a row of a reject file: the line that could not be split, where nobody has split it yet. Empty otherwise.
std::string UnsplitLine(const ColumnMap& columns, const CsvRecord& record);

// The event id of an agency's receipt: the same for everybody who names it, for ever.
std::string ContributionEventId(std::string_view agency_id, std::string_view receipt_number);
std::string OpeningEventId(std::string_view agency_id, std::string_view reference);
std::string ReversalEventId(std::string_view agency_id, std::string_view receipt_number);

}  // namespace sothon::cli
