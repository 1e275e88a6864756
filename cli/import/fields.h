// What stands in one field of an import file: dates, months, money and numbers as Vietnamese offices write them.
//
// Each returns nullopt for text that is none, with reason and remedy in `*problem`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/app/problem.h"
#include "common/base/civil_time.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::cli {

// "2025-10-17", "17/10/2025", "7/10/2025".
std::optional<CivilDate> ParseDateField(std::string_view text, Problem* problem);
// "2025-10", "10/2025".
std::optional<CivilMonth> ParseMonthField(std::string_view text, Problem* problem);
// Whole đồng, plain or with dots between groups of three: "264000", "264.000". Never negative.
std::optional<int64_t> ParseMoneyField(std::string_view text, Problem* problem);
std::optional<int64_t> ParseCountField(std::string_view text, int64_t min, int64_t max, Problem* problem);
// BHXH_TN, BHYT_HGD, ..., or the Vietnamese words: "BHXH tự nguyện", "BHYT hộ gia đình".
std::optional<v1::Scheme> ParseSchemeField(std::string_view text, Problem* problem);
// "new", "continuing", "tăng mới", "đóng tiếp"; empty is unspecified.
std::optional<v1::Declared> ParseDeclaredField(std::string_view text, Problem* problem);
// "door_to_door", "on_the_spot", "counter", "online", or the Vietnamese words ("tận nhà", "tại chỗ", "tại quầy", "trực
// tuyến"); empty is unspecified.
std::optional<v1::Channel> ParseChannelField(std::string_view text, Problem* problem);
// "1", "true", "x", "có" are true; "0", "false" and empty are false.
std::optional<bool> ParseFlagField(std::string_view text, Problem* problem);
// 12 digits (số định danh cá nhân, CCCD) or 10 digits (mã số BHXH) into the field that it is. One digit throughout is
// no number of a person.
bool ParseIdentityField(std::string_view text, v1::Identity* identity, Problem* problem);
// The number of a receipt or a reference, in normal form C: not empty, and nothing in it that the eye cannot tell apart
// (invisible signs, full-width letters).
std::optional<std::string> ParsePaperNumber(std::string_view text, Problem* problem);

}  // namespace sothon::cli
