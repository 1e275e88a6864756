// Civil dates and months of Asia/Ho_Chi_Minh (UTC+7 all year, no daylight saving since 1975).
//
// On the wire a date is YYYYMMDD and a month YYYYMM; inside they are counts, so that arithmetic is plain.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sothon {

// Months since January of year 0.
struct CivilMonth {
  int32_t value = 0;
  constexpr auto operator<=>(const CivilMonth&) const = default;
  constexpr CivilMonth Plus(int32_t months) const { return {value + months}; }
  constexpr int32_t Year() const { return value / 12; }
  constexpr int32_t Month() const { return value % 12 + 1; }  // 1 to 12

  // nullopt unless the month is 1 to 12 and the year 1900 to 2199.
  static std::optional<CivilMonth> FromWire(int32_t yyyymm);
  static std::optional<CivilMonth> Parse(std::string_view text);  // "2025-10"
  int32_t ToWire() const { return Year() * 100 + Month(); }
  std::string ToString() const;  // "2025-10"
};

// Days since 1970-01-01.
struct CivilDate {
  int32_t value = 0;
  constexpr auto operator<=>(const CivilDate&) const = default;

  // nullopt unless it is a day of the proleptic Gregorian calendar in the years 1900 to 2199.
  static std::optional<CivilDate> FromWire(int32_t yyyymmdd);
  // "2025-10-17" or, as Vietnamese forms write it, "17/10/2025".
  static std::optional<CivilDate> Parse(std::string_view text);
  static CivilDate FirstOf(CivilMonth month);
  static CivilDate LastOf(CivilMonth month);
  // The date in Asia/Ho_Chi_Minh at a moment given in microseconds since the Unix epoch, UTC.
  static CivilDate AtMoment(int64_t unix_us);

  CivilDate Plus(int32_t days) const { return {value + days}; }
  CivilMonth Month() const;
  int32_t ToWire() const;
  std::string ToString() const;  // "2025-10-17"
};

// ISO weeks, Monday to Sunday; the year is that of the week's Thursday.
struct CivilWeek {
  int32_t value = 0;  // since the week of 1970-01-01
  constexpr auto operator<=>(const CivilWeek&) const = default;

  static CivilWeek Of(CivilDate date);
  static std::optional<CivilWeek> Parse(std::string_view text);  // "2025-W40"; nullopt also for a week the year has not
  CivilDate FirstDay() const;
  CivilDate LastDay() const { return FirstDay().Plus(6); }
  constexpr CivilWeek Plus(int32_t weeks) const { return {value + weeks}; }
  std::string ToString() const;  // "2025-W40"
};

// Consecutive months, both ends inclusive.
struct MonthRange {
  CivilMonth first;
  CivilMonth last;
  constexpr auto operator<=>(const MonthRange&) const = default;
  int32_t Size() const { return last.value - first.value + 1; }
  bool Contains(CivilMonth month) const { return first <= month && month <= last; }
  // "2025-10", "2025Q4", "2025" or "2025-10..2025-12".
  static std::optional<MonthRange> Parse(std::string_view text);
};

// "2025-11-21T09:30:00.123456+07:00".
std::string FormatMoment(int64_t unix_us);
// The inverse; also accepts "2025-12-05" (the end of that day), and a time without fraction or with "Z". nullopt
// otherwise.
std::optional<int64_t> ParseMoment(std::string_view text);

}  // namespace sothon
