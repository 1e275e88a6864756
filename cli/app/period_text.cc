#include "cli/app/period_text.h"

#include "cli/app/text_tools.h"
#include "common/base/civil_time.h"

namespace sothon::cli {
namespace {

constexpr char kRemedy[] = "write 2025-10, 2025Q4, 2025 or 2025-10..2025-12";

// "2025-13" and the like: of the form of a month, and none. Empty: something else.
std::string WrongMonth(std::string_view text) {
  int32_t year = 0;
  int32_t month = 0;
  if (text.size() != 7 || text[4] != '-' || !ParseNumber(text.substr(0, 4), &year) ||
      !ParseNumber(text.substr(5), &month) || month < 0 || CivilMonth::Parse(text)) {
    return "";
  }
  if (month < 1 || month > 12) return StrCat("there is no month ", text.substr(5));
  return StrCat("the year ", text.substr(0, 4), " is outside of 1900 to 2199");
}

std::string Wrong(const std::string& text) {
  if (const size_t dots = text.find(".."); dots != std::string::npos) {
    const std::string_view first = std::string_view(text).substr(0, dots);
    const std::string_view last = std::string_view(text).substr(dots + 2);
    for (const std::string_view end : {first, last}) {
      if (std::string wrong = WrongMonth(end); !wrong.empty()) return wrong;
    }
    const auto from = CivilMonth::Parse(first);
    const auto to = CivilMonth::Parse(last);
    if (from && to) return StrCat("it runs backwards: ", last, " lies before ", first, ", exchange them");
    return "a range has a month before and one behind the two dots";
  }
  if (std::string wrong = WrongMonth(text); !wrong.empty()) return wrong;
  int32_t year = 0;
  const bool has_year = text.size() >= 4 && ParseNumber(std::string_view(text).substr(0, 4), &year);
  if (has_year && text.size() == 6 && (text[4] == 'Q' || text[4] == 'q') && (text[5] < '1' || text[5] > '4')) {
    return StrCat("there is no quarter ", text.substr(5));
  }
  if (has_year && (year < 1900 || year > 2199))
    return StrCat("the year ", text.substr(0, 4), " is outside of 1900 to 2199");
  return "it is no month, quarter, year or range of months";
}

}  // namespace

std::string NormalPeriod(std::string text) {
  if (text.size() == 6 && text[4] == 'q') text[4] = 'Q';
  return text;
}

std::string WhatIsWrongWithPeriod(const std::string& text) {
  return MonthRange::Parse(NormalPeriod(text)) ? "" : StrCat(Wrong(text), "; ", kRemedy);
}

}  // namespace sothon::cli
