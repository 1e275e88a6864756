// The columns of import files, after forms D05-TS (BHXH_TN) and D03-TS (BHYT), and which one a header means.
//
// Names are compared without case, diacritics and punctuation: "Số biên lai", "so_bien_lai" and "receipt_number" are
// one. docs/formats/cli.md lists them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/csv/csv_reader.h"

namespace sothon::cli {

enum class FileKind { kCollections, kOpening };

enum class Column : size_t {
  kReceiptNumber,
  kReceiptDate,
  kIdentityNumber,
  kSocialInsuranceNumber,
  kVillage,
  kDocument,
  kStt,
  kScheme,
  kMonths,
  kFromMonth,
  kDue,
  kPaid,
  kCentralSupport,
  kLocalSupport,
  kCollector,
  kDeclared,
  kIncomeBase,
  kDrive,
  kCredited,
  kChannel,
  kReference,
  kCoveredUntil,
  kOpeningDate,
  kSynthetic,
  kCount,
};

// "receipt_number".
std::string_view ColumnName(Column column);

// Which column of a file holds what. Thread-compatible.
class ColumnMap {
 public:
  // INVALID_ARGUMENT: a column that is needed is missing, one stands twice, or one is unknown. `ignored` names columns
  // of the file that are to be left alone, beside those that are always (names of people, notes, a reject file's own).
  // `has_default_scheme`: the scheme needs no column.
  static absl::StatusOr<ColumnMap> FromHeader(const std::vector<std::string>& header, FileKind kind,
                                              const std::vector<std::string>& ignored, bool has_default_scheme);

  const std::vector<std::string>& header() const { return header_; }
  bool Has(Column column) const { return index_[static_cast<size_t>(column)] >= 0; }
  // The field without blanks around it; empty when the file has no such column.
  std::string_view Get(const CsvRecord& record, Column column) const;
  // What the header's last column means; nullopt: it is left alone.
  std::optional<Column> Last() const;
  // Whether the column of personal numbers is named after the citizen number (CCCD, số định danh), not after either.
  bool IsForCitizenNumbers() const;
  // As the file calls it, or our own name.
  std::string NameInFile(Column column) const;

 private:
  std::array<int, static_cast<size_t>(Column::kCount)> index_;
  std::vector<std::string> header_;
};

// The last column of a reject file: the row as it stood, where it could not be split.
inline constexpr char kOriginalLineColumn[] = "original_line";
// The columns that a reject file has before the original ones; ignored when it is imported again.
const std::vector<std::string>& RejectColumns();

// Lower case, without diacritics, everything else than letters and digits as one '_'. Empty for invalid UTF-8.
std::string HeaderKey(std::string_view text);

}  // namespace sothon::cli
