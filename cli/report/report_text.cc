#include "cli/report/report_text.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "cli/views/progress_words.h"
#include "common/base/scheme.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "utf8proc.h"

namespace sothon::cli {
namespace {

constexpr const char* kQuarters[] = {"I", "II", "III", "IV"};

std::string MonthWords(CivilMonth month) { return StrCat(month.Month(), "/", month.Year()); }

}  // namespace

std::string VietnameseDate(CivilDate date) {
  const int32_t wire = date.ToWire();
  return absl::StrFormat("%02d/%02d/%04d", wire % 100, wire / 100 % 100, wire / 10000);
}

std::string VietnameseWireDate(int32_t yyyymmdd) {
  const auto date = CivilDate::FromWire(yyyymmdd);
  return date ? VietnameseDate(*date) : "";
}

CellValue DateCell(int32_t yyyymmdd) {
  const auto date = CivilDate::FromWire(yyyymmdd);
  return date ? CellValue(*date) : CellValue();
}

CellValue ShareCell(int64_t part, int64_t whole) {
  return whole == 0 ? CellValue() : CellValue(static_cast<double>(part) / static_cast<double>(whole));
}

std::string UpperCase(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    utf8proc_int32_t code_point = -1;
    const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (size <= 0) return out.append(text);
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_toupper(code_point), bytes);
    for (utf8proc_ssize_t i = 0; i < written; ++i) out.push_back(static_cast<char>(bytes[i]));
    text.remove_prefix(static_cast<size_t>(size));
  }
  return out;
}

std::string PlaceTitle(const v1::PlaceInfo& place) {
  const std::string name = place.name().empty() ? place.place_id() : place.name();
  const bool has_level = place.level() == v1::PROVINCE || place.level() == v1::COMMUNE;
  return has_level ? StrCat(LevelName(place.level()), " ", name) : name;
}

std::string PeriodWords(MonthRange range) {
  const int32_t year = range.first.Year();
  if (range.Size() == 1) return StrCat("Tháng ", range.first.Month(), " năm ", year);
  const int32_t quarter = (range.first.Month() - 1) / 3;
  if (range.Size() == 3 && range.first.Month() % 3 == 1) return StrCat("Quý ", kQuarters[quarter], " năm ", year);
  if (range.Size() == 12 && range.first.Month() == 1) return StrCat("Năm ", year);
  return StrCat("Từ tháng ", MonthWords(range.first), " đến tháng ", MonthWords(range.last));
}

std::string UnitName(v1::Scheme scheme, const std::string& scheme_group_id) {
  if (scheme_group_id.empty()) return SchemeTitle(scheme);
  for (const SchemeGroupDefinition& group : DefaultSchemeGroups()) {
    if (group.id == scheme_group_id) return group.name;
  }
  return scheme_group_id;
}

std::string UnitKey(v1::Scheme scheme, const std::string& scheme_group_id) {
  return scheme_group_id.empty() ? v1::Scheme_Name(scheme) : scheme_group_id;
}

std::string ReportFileName(std::string_view what, std::string_view place_id, std::string_view when) {
  const size_t dots = when.find("..");
  const std::string part =
      dots == std::string_view::npos ? std::string(when) : StrCat(when.substr(0, dots), "_", when.substr(dots + 2));
  return StrCat("bao-cao-", what, "-", place_id, part.empty() ? "" : "-", part);
}

std::vector<std::string> IssuerOf(const v1::PlaceInfo& place, const std::string& issuer) {
  if (!issuer.empty()) return {UpperCase(issuer)};
  const bool has_committee = place.level() == v1::PROVINCE || place.level() == v1::COMMUNE;
  return {has_committee ? "ỦY BAN NHÂN DÂN" : "BAN QUẢN LÝ", UpperCase(PlaceTitle(place))};
}

void DescribeSource(const v1::Freshness& freshness, bool contains_synthetic, Report* report) {
  report->log_id = freshness.log_id();
  report->position = freshness.position();
  report->recorded_at_us = freshness.recorded_at_us();
  report->contains_synthetic = contains_synthetic;
  if (contains_synthetic) report->warnings.push_back("SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT");
  if (!freshness.trouble().empty()) {
    report->warnings.push_back(StrCat("SỐ LIỆU KHÔNG CẬP NHẬT: ", freshness.trouble()));
  }
  std::string source = StrCat("Nguồn số liệu: sổ ", freshness.log_id(), ", vị trí ",
                              FormatThousands(static_cast<int64_t>(freshness.position())));
  if (freshness.recorded_at_us() > 0) {
    const std::string moment = FormatMoment(freshness.recorded_at_us());
    StrAppend(&source, " (ghi lúc ", moment.substr(11, 5), " ngày ",
              VietnameseDate(CivilDate::AtMoment(freshness.recorded_at_us())), ")");
  }
  if (freshness.lag_events() > 0) {
    StrAppend(&source, "; còn ", FormatThousands(static_cast<int64_t>(freshness.lag_events())),
              " sự kiện ghi sau đó chưa tính");
  }
  report->notes.push_back(source + ".");
}

std::string DataUntil(CivilDate last_day, const v1::Freshness& freshness) {
  if (freshness.recorded_at_us() > 0) last_day = std::min(last_day, CivilDate::AtMoment(freshness.recorded_at_us()));
  return StrCat("Số liệu đến ngày ", VietnameseDate(last_day));
}

void DescribePublished(const v1::Publication& publication, Report* report) {
  report->notes.push_back(StrCat("Số liệu như đã công bố ngày ", VietnameseWireDate(publication.published_date()),
                                 ", tại vị trí ", FormatThousands(static_cast<int64_t>(publication.at_position())),
                                 "; thay đổi sau đó không tính vào báo cáo này."));
  if (publication.has_digest_holds() && !publication.digest_holds()) {
    report->warnings.push_back("SỐ LIỆU KHÔNG KHỚP VỚI MÃ BĂM ĐÃ CÔNG BỐ");
  }
}

}  // namespace sothon::cli
