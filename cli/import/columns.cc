#include "cli/import/columns.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "cli/app/plain_text.h"
#include "cli/app/text_tools.h"
#include "cli/import/fields.h"
#include "utf8proc.h"

namespace sothon::cli {
namespace {

struct ColumnSpec {
  Column column;
  // Header keys; the first one is our own name.
  std::vector<std::string_view> keys;
};

const std::vector<ColumnSpec>& Specs() {
  static const auto* const specs = new std::vector<ColumnSpec>{
      {Column::kReceiptNumber, {"receipt_number", "so_bien_lai", "so_bl", "bien_lai"}},
      {Column::kReceiptDate, {"receipt_date", "ngay_bien_lai", "ngay_bl", "ngay_thu"}},
      {Column::kIdentityNumber,
       {"identity_number", "so_dinh_danh", "so_dinh_danh_ca_nhan", "so_ddcn", "so_cccd", "cccd", "ddcn"}},
      {Column::kSocialInsuranceNumber, {"social_insurance_number", "ma_so_bhxh", "so_so_bhxh"}},
      {Column::kVillage, {"village", "ma_thon", "thon", "thon_tdp", "ma_thon_tdp", "ten_thon"}},
      {Column::kDocument, {"document", "van_ban", "ma_van_ban", "so_van_ban"}},
      {Column::kStt, {"stt", "stt_thon"}},
      {Column::kScheme, {"scheme", "loai_hinh", "loai_hinh_tham_gia"}},
      {Column::kMonths, {"months", "so_thang", "so_thang_dong"}},
      {Column::kFromMonth, {"from_month", "tu_thang"}},
      {Column::kDue, {"due", "phai_dong", "so_tien_phai_dong"}},
      {Column::kPaid, {"paid", "da_dong", "so_tien_da_dong", "nguoi_tham_gia_dong"}},
      {Column::kCentralSupport, {"central_support", "ho_tro_tw", "ho_tro_trung_uong", "nstw_ho_tro"}},
      {Column::kLocalSupport, {"local_support", "ho_tro_dp", "ho_tro_dia_phuong", "nsdp_ho_tro"}},
      {Column::kCollector, {"collector", "nhan_vien_thu", "ma_nhan_vien_thu", "ma_nvt"}},
      {Column::kDeclared, {"declared", "ke_khai", "phuong_an"}},
      {Column::kIncomeBase, {"income_base", "muc_thu_nhap", "thu_nhap"}},
      {Column::kDrive, {"drive", "dot_ra_quan", "ma_dot_ra_quan"}},
      {Column::kCredited, {"credited", "ghi_nhan_cho", "nguoi_van_dong", "ma_truong"}},
      {Column::kChannel, {"channel", "hinh_thuc_thu"}},
      {Column::kReference, {"ref", "ma_dong", "reference"}},
      {Column::kCoveredUntil, {"covered_until", "den_ngay", "han_the", "han_den"}},
      {Column::kOpeningDate, {"opening_date", "ngay_so_du", "ngay_dau_ky"}},
      {Column::kSynthetic, {"synthetic", "gia_lap"}},
  };
  return *specs;
}

// Columns of the forms that this ledger neither needs nor keeps: names and addresses of people above all.
bool IsAlwaysIgnored(std::string_view key) {
  static const auto* const keys = new std::vector<std::string_view>{
      "",        "ho_ten", "ho_va_ten", "name",  "ngay_sinh", "gioi_tinh", "dia_chi",      "dien_thoai",
      "ghi_chu", "note",   "line",      "field", "reason",    "remedy",    "original_line"};
  return std::find(keys->begin(), keys->end(), key) != keys->end();
}

const ColumnSpec* SpecOf(std::string_view key) {
  const auto spec = std::find_if(Specs().begin(), Specs().end(), [&](const ColumnSpec& candidate) {
    return std::find(candidate.keys.begin(), candidate.keys.end(), key) != candidate.keys.end();
  });
  return spec == Specs().end() ? nullptr : &*spec;
}

// No name of a column, and a date, a long number or a scheme instead.
bool LooksLikeData(const std::vector<std::string>& header) {
  bool has_data = false;
  for (const std::string& name : header) {
    const std::string_view text = TrimWhiteSpace(name);
    const std::string key = HeaderKey(text);
    if (SpecOf(key) != nullptr || (!key.empty() && IsAlwaysIgnored(key))) return false;
    Problem problem;
    const bool is_long_number = text.size() >= 5 && text.find_first_not_of("0123456789.") == std::string_view::npos;
    has_data = has_data || is_long_number || ParseDateField(text, &problem) || ParseSchemeField(text, &problem);
  }
  return has_data;
}

std::vector<Column> Required(FileKind kind, bool has_default_scheme) {
  std::vector<Column> columns = kind == FileKind::kCollections
                                    ? std::vector<Column>{Column::kReceiptNumber, Column::kReceiptDate, Column::kMonths,
                                                          Column::kFromMonth, Column::kPaid}
                                    : std::vector<Column>{Column::kReference, Column::kCoveredUntil};
  if (!has_default_scheme) columns.push_back(Column::kScheme);
  return columns;
}

}  // namespace

std::string HeaderKey(std::string_view text) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &raw,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD));
  if (size < 0) return "";
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
  const std::string_view folded(reinterpret_cast<const char*>(raw), static_cast<size_t>(size));
  std::string key;
  for (size_t i = 0; i < folded.size(); ++i) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(folded[i]))) {
      key.push_back(folded[i]);
    } else if (folded.substr(i, 2) == "đ") {  // a letter of its own, not a d with a mark
      key.push_back('d');
      ++i;
    } else if (!key.empty() && key.back() != '_') {
      key.push_back('_');
    }
  }
  while (!key.empty() && key.back() == '_') key.pop_back();
  return key;
}

std::string_view ColumnName(Column column) { return Specs()[static_cast<size_t>(column)].keys.front(); }

const std::vector<std::string>& RejectColumns() {
  static const auto* const columns = new std::vector<std::string>{"line", "field", "reason", "remedy"};
  return *columns;
}

absl::StatusOr<ColumnMap> ColumnMap::FromHeader(const std::vector<std::string>& header, FileKind kind,
                                                const std::vector<std::string>& ignored, bool has_default_scheme) {
  ColumnMap map;
  map.index_.fill(-1);
  map.header_ = header;
  std::vector<std::string> ignored_keys;
  ignored_keys.reserve(ignored.size());
  for (const std::string& name : ignored) ignored_keys.push_back(HeaderKey(name));
  if (LooksLikeData(header)) {
    return absl::InvalidArgumentError(
        StrCat("the first line looks like a row of data, not like the names of the columns; put a line with the names "
               "before it, for example ",
               kind == FileKind::kCollections
                   ? "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid"
                   : "ref,identity_number,village,scheme,covered_until",
               ", in the order of the file"));
  }
  for (size_t i = 0; i < header.size(); ++i) {
    const std::string key = HeaderKey(header[i]);
    if (std::find(ignored_keys.begin(), ignored_keys.end(), key) != ignored_keys.end()) continue;
    const ColumnSpec* const spec = SpecOf(key);
    if (spec == nullptr) {
      if (IsAlwaysIgnored(key)) continue;
      return absl::InvalidArgumentError(StrCat("the header has a column \"", header[i],
                                               "\" that is not known here; correct its name (docs/formats/cli.md "
                                               "lists them), or leave it out with --ignore \"",
                                               header[i], "\""));
    }
    int& index = map.index_[static_cast<size_t>(spec->column)];
    if (index >= 0) {
      return absl::InvalidArgumentError(StrCat("the header names the same column twice: \"",
                                               header[static_cast<size_t>(index)], "\" and \"", header[i],
                                               "\"; keep one"));
    }
    index = static_cast<int>(i);
  }
  std::vector<std::string> missing;
  for (Column column : Required(kind, has_default_scheme)) {
    if (!map.Has(column)) missing.emplace_back(ColumnName(column));
  }
  if (!map.Has(Column::kIdentityNumber) && !map.Has(Column::kSocialInsuranceNumber)) {
    missing.emplace_back("identity_number (or social_insurance_number)");
  }
  if (!map.Has(Column::kVillage) && !(map.Has(Column::kDocument) && map.Has(Column::kStt))) {
    missing.emplace_back("village (or document and stt)");
  }
  if (!missing.empty()) {
    const bool is_collections = kind == FileKind::kCollections;
    const bool is_of_other_kind = is_collections ? map.Has(Column::kReference) && map.Has(Column::kCoveredUntil)
                                                 : map.Has(Column::kReceiptNumber) && map.Has(Column::kPaid);
    return absl::InvalidArgumentError(StrCat(
        "the header lacks ", absl::StrJoin(missing, ", "), "; it has ", absl::StrJoin(header, ", "),
        !is_of_other_kind
            ? ""
            : StrCat("; it looks like a file for `sothon import ", is_collections ? "opening" : "collections", "`")));
  }
  return map;
}

std::string_view ColumnMap::Get(const CsvRecord& record, Column column) const {
  const int index = index_[static_cast<size_t>(column)];
  if (index < 0 || static_cast<size_t>(index) >= record.fields.size()) return {};
  return TrimWhiteSpace(record.fields[static_cast<size_t>(index)]);
}

std::optional<Column> ColumnMap::Last() const {
  for (size_t column = 0; column < index_.size(); ++column) {
    if (!header_.empty() && index_[column] == static_cast<int>(header_.size()) - 1) return static_cast<Column>(column);
  }
  return std::nullopt;
}

bool ColumnMap::IsForCitizenNumbers() const {
  return Has(Column::kIdentityNumber) &&
         HeaderKey(NameInFile(Column::kIdentityNumber)) != ColumnName(Column::kIdentityNumber);
}

std::string ColumnMap::NameInFile(Column column) const {
  const int index = index_[static_cast<size_t>(column)];
  return index < 0 ? std::string(ColumnName(column)) : header_[static_cast<size_t>(index)];
}

}  // namespace sothon::cli
