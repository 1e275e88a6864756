#include "common/base/number_guard.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "utf8proc.h"

namespace sothon {
namespace {

constexpr size_t kLongNumberDigits = 9;  // of the old identity card (CMND); BHXH numbers have 10, CCCD 12

// A group of digits, and what stands between it and the group before: nothing but separators, or something else.
struct Group {
  std::string digits;
  std::string separators;  // '.', '-' and ' ', each for all of its sort
  bool joins_before = false;
};

// Plain code points: compatible shapes of a character made one, what takes no room taken out.
std::vector<utf8proc_int32_t> PlainCodePoints(std::string_view text) {
  constexpr auto kOptions =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_IGNORE);
  utf8proc_uint8_t* raw = nullptr;
  utf8proc_ssize_t left = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &raw, kOptions);
  if (left < 0) {
    std::vector<utf8proc_int32_t> bytes;
    for (const char byte : text) bytes.push_back(static_cast<uint8_t>(byte));
    return bytes;
  }
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
  std::vector<utf8proc_int32_t> code_points;
  while (left > 0) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(raw, left, &code_point);
    if (size <= 0) break;
    code_points.push_back(code_point);
    raw += size;
    left -= size;
  }
  return code_points;
}

// 0: it separates, and does not join.
char SeparatorOf(utf8proc_int32_t code_point) {
  constexpr utf8proc_int32_t kMinus = 0x2212, kMiddleDot = 0xb7, kBullet = 0x2022;
  if (code_point == '.' || code_point == kMiddleDot || code_point == kBullet) return '.';
  if (code_point == kMinus || code_point == '_') return '-';
  if (code_point >= 0x09 && code_point <= 0x0d) return ' ';
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_PD:
      return '-';
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return ' ';
    default:
      return 0;
  }
}

std::vector<Group> GroupsIn(std::string_view text) {
  std::vector<Group> groups;
  Group next;
  for (const utf8proc_int32_t code_point : PlainCodePoints(text)) {
    if (utf8proc_category(code_point) == UTF8PROC_CATEGORY_ND) {
      // Which digit it is matters for days only, and those are looked for in plain digits.
      next.digits.push_back(code_point <= '9' ? static_cast<char>(code_point) : '?');
      continue;
    }
    if (!next.digits.empty()) {
      groups.push_back(std::move(next));
      next = {};
      next.joins_before = true;
    }
    if (const char separator = SeparatorOf(code_point)) {
      next.separators.push_back(separator);
    } else {
      next.joins_before = false;
    }
  }
  if (!next.digits.empty()) groups.push_back(std::move(next));
  return groups;
}

bool IsWithin(const std::string& digits, size_t size_min, size_t size_max, int from, int to) {
  if (digits.size() < size_min || digits.size() > size_max || digits.find('?') != std::string::npos) return false;
  const int value = std::stoi(digits);
  return value >= from && value <= to;
}

// Whether three groups are a day: 17.04.2023, 17-4-2023, 2023-04-17, with nothing glued to them.
bool IsDay(const std::vector<Group>& groups, size_t first) {
  if (first + 3 > groups.size()) return false;
  const Group& middle = groups[first + 1];
  const Group& last = groups[first + 2];
  const std::string& separator = middle.separators;
  if (!middle.joins_before || !last.joins_before || (separator != "." && separator != "-")) return false;
  if (last.separators != separator) return false;
  const auto is_glued = [&](size_t i) { return groups[i].joins_before && groups[i].separators == separator; };
  if (is_glued(first) || (first + 3 < groups.size() && is_glued(first + 3))) return false;
  const auto is_year = [](const Group& group) { return IsWithin(group.digits, 4, 4, 1900, 2099); };
  const auto is_day_of_month = [](const Group& group) { return IsWithin(group.digits, 1, 2, 1, 31); };
  return IsWithin(middle.digits, 1, 2, 1, 12) &&
         ((is_day_of_month(groups[first]) && is_year(last)) || (is_year(groups[first]) && is_day_of_month(last)));
}

}  // namespace

bool HoldsLongNumber(std::string_view text) {
  const std::vector<Group> groups = GroupsIn(text);
  size_t digits = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (IsDay(groups, i)) {
      digits = 0;
      i += 2;
      continue;
    }
    digits = (groups[i].joins_before ? digits : 0) + groups[i].digits.size();
    if (digits >= kLongNumberDigits) return true;
  }
  return false;
}

}  // namespace sothon
