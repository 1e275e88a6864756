// The words of Vietnamese reports: dates, periods, names in capitals, letterheads, notes on what a report reflects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/report/report.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// "30/11/2025".
std::string VietnameseDate(CivilDate date);
// "30/11/2025"; empty text for 0 and for what is no date.
std::string VietnameseWireDate(int32_t yyyymmdd);
// The date of a cell; unknown for 0.
CellValue DateCell(int32_t yyyymmdd);
// part / whole; unknown for a whole of 0.
CellValue ShareCell(int64_t part, int64_t whole);

// "XÃ ĐĂK HÀ" of "xã Đăk Hà"; what is not UTF-8 stays as it is.
std::string UpperCase(std::string_view text);

// "xã Đăk Hà", "tỉnh Quảng Ngãi"; names of villages say themselves what they are.
std::string PlaceTitle(const v1::PlaceInfo& place);
// "Tháng 11 năm 2025", "Quý IV năm 2025", "Năm 2025", "Từ tháng 10/2025 đến tháng 12/2025".
std::string PeriodWords(MonthRange range);
// "BHXH tự nguyện", "BHYT tự đóng"; of a group that is not one of the defaults its id.
std::string UnitName(v1::Scheme scheme, const std::string& scheme_group_id);
// BHXH_TN or BHYT_TU_DONG: whichever of the two is given.
std::string UnitKey(v1::Scheme scheme, const std::string& scheme_group_id);

// "bao-cao-thang-23500-2025-10_2025-11" of "thang", "23500", "2025-10..2025-11".
std::string ReportFileName(std::string_view what, std::string_view place_id, std::string_view when);

// Who reports of a place: its people's committee, or the board of a village; `issuer`, in capitals, where it is given.
std::vector<std::string> IssuerOf(const v1::PlaceInfo& place, const std::string& issuer);

// Log, position and warnings of a report: from which position of which log, made-up data, figures that do not follow.
void DescribeSource(const v1::Freshness& freshness, bool contains_synthetic, Report* report);
// "Số liệu đến ngày 30/11/2025": the last day of what is reported, or the day of the newest event where that is
// earlier.
std::string DataUntil(CivilDate last_day, const v1::Freshness& freshness);
// The note on figures as published; also what is wrong with them.
void DescribePublished(const v1::Publication& publication, Report* report);

}  // namespace sothon::cli
