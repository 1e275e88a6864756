#include "cli/import/fields.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "cli/app/plain_text.h"
#include "cli/app/text_tools.h"
#include "cli/import/columns.h"
#include "common/base/scheme.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return absl::ascii_isdigit(c); });
}

template <typename T>
std::optional<T> Refuse(Problem* problem, std::string reason, std::string remedy) {
  problem->reason = std::move(reason);
  problem->remedy = std::move(remedy);
  return std::nullopt;
}

// Personal numbers are not repeated in messages.
std::string Shown(std::string_view text) { return text.empty() ? "it is empty" : StrCat("\"", text, "\""); }

// Of the form of a date within the years that are taken: whatever is wrong with it, there is no such day.
bool IsDayThatDoesNotExist(std::string_view text) {
  int32_t year = 0;
  int32_t month = 0;
  int32_t day = 0;
  const char mark = text.find('/') != std::string_view::npos ? '/' : '-';
  const size_t first = text.find(mark);
  const size_t second = first == std::string_view::npos ? first : text.find(mark, first + 1);
  if (second == std::string_view::npos) return false;
  std::string_view year_text = text.substr(0, first);
  std::string_view day_text = text.substr(second + 1);
  if (mark == '/') std::swap(year_text, day_text);
  const std::string_view month_text = text.substr(first + 1, second - first - 1);
  return AllDigits(year_text) && AllDigits(month_text) && AllDigits(day_text) && year_text.size() == 4 &&
         month_text.size() <= 2 && day_text.size() <= 2 && ParseNumber(year_text, &year) &&
         ParseNumber(month_text, &month) && ParseNumber(day_text, &day) && year >= 1900 && year <= 2199 &&
         (month < 1 || month > 12 || day < 1 || day > 28);
}

}  // namespace

std::optional<CivilDate> ParseDateField(std::string_view text, Problem* problem) {
  if (const auto date = CivilDate::Parse(text)) return date;
  // Spreadsheets drop leading zeros: 7/10/2025.
  const size_t first = text.find('/');
  const size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  if (second != std::string_view::npos && text.size() - second == 5 && first <= 2 && second - first <= 3) {
    std::string padded;
    if (first == 1) padded.push_back('0');
    StrAppend(&padded, text.substr(0, first + 1));
    if (second - first == 2) padded.push_back('0');
    StrAppend(&padded, text.substr(first + 1));
    if (const auto date = CivilDate::Parse(padded)) return date;
  }
  if (IsDayThatDoesNotExist(text)) {
    return Refuse<CivilDate>(problem, StrCat(Shown(text), " does not exist"),
                             "write the date as 2025-10-17 or 17/10/2025, the day before the month");
  }
  return Refuse<CivilDate>(problem, StrCat(Shown(text), text.empty() ? "" : " is not a date of the years 1900 to 2199"),
                           "write the date as 2025-10-17 or 17/10/2025");
}

std::optional<CivilMonth> ParseMonthField(std::string_view text, Problem* problem) {
  if (const auto month = CivilMonth::Parse(text)) return month;
  if (text.size() >= 6 && text.size() <= 7 && text[text.size() - 5] == '/') {
    const std::string_view month = text.substr(0, text.size() - 5);
    const std::string swapped = StrCat(text.substr(text.size() - 4), "-", month.size() == 1 ? "0" : "", month);
    if (const auto parsed = CivilMonth::Parse(swapped)) return parsed;
  }
  return Refuse<CivilMonth>(problem, StrCat(Shown(text), text.empty() ? "" : " is not a month"),
                            "write the month as 2025-10 or 10/2025, months being 01 to 12");
}

std::optional<int64_t> ParseMoneyField(std::string_view text, Problem* problem) {
  constexpr size_t kDigitsMax = 12;
  constexpr char kRemedy[] = "write whole đồng, for example 264000 or 264.000";
  if (!text.empty() && text[0] == '-') {
    return Refuse<int64_t>(problem, StrCat(Shown(text), " is negative"),
                           "write an amount of 0 or more; a refund is recorded with `sothon reverse`");
  }
  std::string digits;
  bool is_money = !text.empty();
  const size_t first_dot = text.find('.');
  if (first_dot == std::string_view::npos) {
    digits = text;
  } else {
    // Groups after the first one have three digits, or it may have been meant as a decimal point.
    is_money = first_dot >= 1 && first_dot <= 3;
    digits = text.substr(0, first_dot);
    for (size_t at = first_dot; is_money && at < text.size(); at += 4) {
      const std::string_view group = text.substr(at, 4);
      is_money = group.size() == 4 && group[0] == '.' && AllDigits(group.substr(1));
      digits += group.substr(std::min<size_t>(1, group.size()));
    }
  }
  int64_t value = 0;
  if (!is_money || !AllDigits(digits) || digits.size() > kDigitsMax || !ParseNumber(digits, &value)) {
    return Refuse<int64_t>(problem, StrCat(Shown(text), text.empty() ? "" : " is not an amount in đồng"), kRemedy);
  }
  return value;
}

std::optional<int64_t> ParseCountField(std::string_view text, int64_t min, int64_t max, Problem* problem) {
  int64_t value = 0;
  if (AllDigits(text) && ParseNumber(text, &value) && value >= min && value <= max) return value;
  return Refuse<int64_t>(problem, StrCat(Shown(text), text.empty() ? "" : " is out of range or no number"),
                         StrCat("write a whole number from ", min, " to ", max));
}

std::optional<v1::Scheme> ParseSchemeField(std::string_view text, Problem* problem) {
  if (const auto scheme = SchemeFromName(AsciiUpper(text))) return scheme;
  static const auto* const words = new std::vector<std::pair<std::string_view, v1::Scheme>>{
      {"bhxh_tu_nguyen", v1::BHXH_TN},
      {"bhxhtn", v1::BHXH_TN},
      {"bhyt_ho_gia_dinh", v1::BHYT_HGD},
      {"bhyt_hoc_sinh_sinh_vien", v1::BHYT_HSSV},
      {"bhyt_nong_lam_ngu_nghiep", v1::BHYT_NLNN},
      {"bhyt_ngan_sach_nha_nuoc", v1::BHYT_NSNN},
      {"bhyt_khac", v1::BHYT_KHAC},
  };
  const std::string key = HeaderKey(text);
  for (const auto& [word, scheme] : *words) {
    if (key == word) return scheme;
  }
  return Refuse<v1::Scheme>(problem, StrCat(Shown(text), text.empty() ? "" : " is not a scheme"),
                            "write BHXH_TN, BHYT_HGD, BHYT_HSSV, BHYT_NLNN, BHYT_NSNN or BHYT_KHAC");
}

std::optional<v1::Declared> ParseDeclaredField(std::string_view text, Problem* problem) {
  const std::string key = HeaderKey(text);
  if (key.empty() && text.empty()) return v1::DECLARED_UNSPECIFIED;
  if (key == "new" || key == "moi" || key == "tang_moi" || key == "dong_moi") return v1::DECLARED_NEW;
  if (key == "continuing" || key == "dong_tiep" || key == "tiep_tuc" || key == "tai_tuc" || key == "gia_han") {
    return v1::DECLARED_CONTINUING;
  }
  return Refuse<v1::Declared>(problem, StrCat(Shown(text), " is neither new nor continuing"),
                              "write new (mới), continuing (đóng tiếp), or leave it empty");
}

std::optional<v1::Channel> ParseChannelField(std::string_view text, Problem* problem) {
  const std::string key = HeaderKey(text);
  if (key.empty() && text.empty()) return v1::CHANNEL_UNSPECIFIED;
  if (key == "door_to_door" || key == "tan_nha" || key == "tai_nha") return v1::DOOR_TO_DOOR;
  if (key == "on_the_spot" || key == "tai_cho" || key == "tai_hoi_nghi") return v1::ON_THE_SPOT;
  if (key == "counter" || key == "tai_quay") return v1::COUNTER;
  if (key == "online" || key == "truc_tuyen") return v1::ONLINE;
  return Refuse<v1::Channel>(problem, StrCat(Shown(text), " is no way of collecting"),
                             "write door_to_door (tận nhà), on_the_spot (tại chỗ), counter (tại quầy), online (trực "
                             "tuyến), or leave it empty");
}

std::optional<bool> ParseFlagField(std::string_view text, Problem* problem) {
  const std::string key = HeaderKey(text);
  if (key == "1" || key == "true" || key == "x" || key == "co" || key == "yes") return true;
  if (key == "0" || key == "false" || key == "khong" || key == "no" || text.empty()) return false;
  return Refuse<bool>(problem, StrCat(Shown(text), " is neither yes nor no"), "write 1 or 0");
}

bool ParseIdentityField(std::string_view text, v1::Identity* identity, Problem* problem) {
  if (AllDigits(text) && (text.size() == 12 || text.size() == 10) &&
      text.find_first_not_of(text[0]) == std::string_view::npos) {
    problem->reason = "the number is the same digit throughout, which nobody has";
    problem->remedy = "write the person's own number; a person without one cannot be recorded yet";
    return false;
  }
  if (AllDigits(text) && text.size() == 12) {
    identity->set_citizen_number(std::string(text));
    return true;
  }
  if (AllDigits(text) && text.size() == 10) {
    identity->set_social_insurance_number(std::string(text));
    return true;
  }
  problem->reason = text.empty()      ? "it is empty"
                    : AllDigits(text) ? StrCat("the number has ", text.size(), " digits")
                                      : "the number holds something else than digits";
  problem->remedy =
      "write the 12-digit citizen number (số định danh) or the 10-digit BHXH number, as text: spreadsheets drop "
      "leading "
      "zeros from numbers";
  return false;
}

std::optional<std::string> ParsePaperNumber(std::string_view text, Problem* problem) {
  const std::string number = ToNfc(text).value_or("");
  if (number.empty()) return Refuse<std::string>(problem, "it is empty", "write the number as it stands on the paper");
  if (const auto sign = InvisibleSign(number)) {
    return Refuse<std::string>(problem, StrCat("it holds ", *sign, ", which is not seen and would make another number"),
                               "type the number anew, as it stands on the paper");
  }
  if (const std::string plain = PlainForm(number); plain != number) {
    return Refuse<std::string>(problem, StrCat(Shown(number), " holds full-width or other special letters or digits"),
                               StrCat("write it with plain ones: ", plain));
  }
  return number;
}

}  // namespace sothon::cli
