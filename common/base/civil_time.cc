#include "common/base/civil_time.h"

#include <chrono>
#include <cstdio>

namespace sothon {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kOffsetSeconds = 7 * 3600;  // Asia/Ho_Chi_Minh

std::optional<int32_t> ParseNumber(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  int32_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::chrono::year_month_day ToYmd(CivilDate date) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{date.value}}};
}

std::optional<CivilDate> FromParts(int32_t year, int32_t month, int32_t day) {
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok()) return std::nullopt;
  return CivilDate{static_cast<int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::optional<CivilMonth> CivilMonth::FromWire(int32_t yyyymm) {
  const int32_t year = yyyymm / 100;
  const int32_t month = yyyymm % 100;
  if (year < 1900 || year > 2199 || month < 1 || month > 12) return std::nullopt;
  return CivilMonth{year * 12 + month - 1};
}

std::optional<CivilMonth> CivilMonth::Parse(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  const auto year = ParseNumber(text.substr(0, 4));
  const auto month = ParseNumber(text.substr(5));
  if (!year || !month || *month > 12) return std::nullopt;
  return FromWire(*year * 100 + *month);
}

std::string CivilMonth::ToString() const {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d", Year(), Month());
  return buffer;
}

std::optional<CivilDate> CivilDate::FromWire(int32_t yyyymmdd) {
  if (yyyymmdd < 0) return std::nullopt;
  return FromParts(yyyymmdd / 10000, yyyymmdd / 100 % 100, yyyymmdd % 100);
}

std::optional<CivilDate> CivilDate::Parse(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  std::optional<int32_t> year, month, day;
  if (text[4] == '-' && text[7] == '-') {
    year = ParseNumber(text.substr(0, 4)), month = ParseNumber(text.substr(5, 2)), day = ParseNumber(text.substr(8));
  } else if (text[2] == '/' && text[5] == '/') {
    day = ParseNumber(text.substr(0, 2)), month = ParseNumber(text.substr(3, 2)), year = ParseNumber(text.substr(6));
  }
  if (!year || !month || !day) return std::nullopt;
  return FromParts(*year, *month, *day);
}

// Without the bounds of FromWire: cover paid years ahead may end in a month that no document could name.
CivilDate CivilDate::FirstOf(CivilMonth month) {
  const std::chrono::year_month_day ymd{std::chrono::year{month.Year()},
                                        std::chrono::month{static_cast<unsigned>(month.Month())}, std::chrono::day{1}};
  return {static_cast<int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

CivilDate CivilDate::LastOf(CivilMonth month) { return {FirstOf(month.Plus(1)).value - 1}; }

CivilDate CivilDate::AtMoment(int64_t unix_us) {
  return {static_cast<int32_t>(FloorDiv(FloorDiv(unix_us, kMicrosPerSecond) + kOffsetSeconds, kSecondsPerDay))};
}

CivilMonth CivilDate::Month() const {
  const auto ymd = ToYmd(*this);
  return {static_cast<int>(ymd.year()) * 12 + static_cast<int>(static_cast<unsigned>(ymd.month())) - 1};
}

// 1970-01-01 was a Thursday.
CivilWeek CivilWeek::Of(CivilDate date) { return {static_cast<int32_t>(FloorDiv(date.value + 3, 7))}; }

CivilDate CivilWeek::FirstDay() const { return {value * 7 - 3}; }

std::string CivilWeek::ToString() const {
  const int32_t year = FirstDay().Plus(3).Month().Year();
  const CivilWeek first = Of(*CivilDate::FromWire(year * 10000 + 104));  // 4 January is always in week 1
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%04d-W%02d", year, value - first.value + 1);
  return buffer;
}

std::optional<CivilWeek> CivilWeek::Parse(std::string_view text) {
  if (text.size() != 8 || text.substr(4, 2) != "-W") return std::nullopt;
  const auto year = ParseNumber(text.substr(0, 4));
  const auto number = ParseNumber(text.substr(6));
  if (!year || !number || *number < 1) return std::nullopt;
  const auto day = CivilDate::FromWire(*year * 10000 + 104);
  if (!day) return std::nullopt;
  const CivilWeek week = Of(*day).Plus(*number - 1);
  if (week.ToString() != text) return std::nullopt;
  return week;
}

int32_t CivilDate::ToWire() const {
  const auto ymd = ToYmd(*this);
  return static_cast<int>(ymd.year()) * 10000 + static_cast<int>(static_cast<unsigned>(ymd.month())) * 100 +
         static_cast<int>(static_cast<unsigned>(ymd.day()));
}

std::string CivilDate::ToString() const {
  const int32_t wire = ToWire();
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", wire / 10000, wire / 100 % 100, wire % 100);
  return buffer;
}

std::optional<MonthRange> MonthRange::Parse(std::string_view text) {
  if (const auto dots = text.find(".."); dots != std::string_view::npos) {
    const auto first = CivilMonth::Parse(text.substr(0, dots));
    const auto last = CivilMonth::Parse(text.substr(dots + 2));
    if (!first || !last || *last < *first) return std::nullopt;
    return MonthRange{*first, *last};
  }
  if (const auto month = CivilMonth::Parse(text)) return MonthRange{*month, *month};
  if (text.size() != 4 && !(text.size() == 6 && text[4] == 'Q')) return std::nullopt;
  const auto year = ParseNumber(text.substr(0, 4));
  if (!year) return std::nullopt;
  const auto january = CivilMonth::FromWire(*year * 100 + 1);
  if (!january) return std::nullopt;
  if (text.size() == 4) return MonthRange{*january, january->Plus(11)};
  if (text[5] < '1' || text[5] > '4') return std::nullopt;
  const CivilMonth first = january->Plus(3 * (text[5] - '1'));
  return MonthRange{first, first.Plus(2)};
}

std::string FormatMoment(int64_t unix_us) {
  const int64_t seconds = FloorDiv(unix_us, kMicrosPerSecond);
  const int64_t of_day = seconds + kOffsetSeconds - FloorDiv(seconds + kOffsetSeconds, kSecondsPerDay) * kSecondsPerDay;
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "T%02d:%02d:%02d.%06d+07:00", static_cast<int>(of_day / 3600),
                static_cast<int>(of_day / 60 % 60), static_cast<int>(of_day % 60),
                static_cast<int>(unix_us - seconds * kMicrosPerSecond));
  return CivilDate::AtMoment(unix_us).ToString() + buffer;
}

std::optional<int64_t> ParseMoment(std::string_view text) {
  if (text.size() < 10) return std::nullopt;
  const auto date = CivilDate::Parse(text.substr(0, 10));
  if (!date) return std::nullopt;
  const int64_t midnight_us = (date->value * kSecondsPerDay - kOffsetSeconds) * kMicrosPerSecond;
  if (text.size() == 10) return midnight_us + kSecondsPerDay * kMicrosPerSecond - 1;
  std::string_view rest = text.substr(10);
  if (rest.size() < 9 || (rest[0] != 'T' && rest[0] != ' ') || rest[3] != ':' || rest[6] != ':') return std::nullopt;
  const auto hour = ParseNumber(rest.substr(1, 2));
  const auto minute = ParseNumber(rest.substr(4, 2));
  const auto second = ParseNumber(rest.substr(7, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  int64_t us = midnight_us + (*hour * 3600 + *minute * 60 + *second) * kMicrosPerSecond;
  rest.remove_prefix(9);
  if (!rest.empty() && rest[0] == '.') {
    const size_t end = rest.find_first_not_of("0123456789", 1);
    const std::string_view digits = rest.substr(1, end == std::string_view::npos ? end : end - 1);
    if (digits.empty() || digits.size() > 6) return std::nullopt;
    int64_t fraction = *ParseNumber(digits);
    for (size_t i = digits.size(); i < 6; ++i) fraction *= 10;
    us += fraction;
    rest.remove_prefix(digits.size() + 1);
  }
  if (rest.empty() || rest == "+07:00") return us;
  if (rest == "Z") return us + kOffsetSeconds * kMicrosPerSecond;
  return std::nullopt;
}

}  // namespace sothon
