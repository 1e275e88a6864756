// The words that tables of figures share, in Vietnamese.
#pragma once

#include <string>

#include "google/protobuf/repeated_field.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

inline constexpr char kUnknown[] = "–";  // unknown is not 0

std::string SchemeTitle(v1::Scheme scheme);
// "BHXH tự nguyện (BHXH_TN)"; of a group its name, as `groups` has it.
std::string UnitTitle(v1::Scheme scheme, const std::string& scheme_group_id,
                      const google::protobuf::RepeatedPtrField<v1::SchemeGroup>& groups);
// "Quý IV/2025", "Năm 2025", "Cả kỳ".
std::string PeriodTitle(const std::string& period);
// "62,5": one decimal, the Vietnamese way.
std::string FormatPercent(double percent);
// "xã", "thôn", "TDP", "tỉnh".
std::string LevelName(v1::PlaceLevel level);

// "1 sự kiện sau đầu sổ"-like line on what an answer reflects, for the foot of tables.
std::string DescribeFreshness(const v1::Freshness& freshness);
// "*** KHÔNG CẬP NHẬT: ..." with a line end, where the figures do not follow the log; empty: they do.
std::string TroubleLine(const v1::Freshness& freshness);
// "*** DỮ LIỆU GIẢ LẬP ..." with a line end; empty: nothing is made up.
std::string SyntheticLine(bool contains_synthetic);
// When, by whom and of which position a period was published; loud where its digest does not hold. Whole lines.
std::string DescribePublication(const v1::Publication& publication);
// What is wrong where digest_holds is false.
std::string WrongDigest(const v1::Publication& publication);

}  // namespace sothon::cli
