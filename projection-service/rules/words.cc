#include "projection-service/rules/words.h"

#include <cstdio>

#include "common/base/strings.h"

namespace sothon::rules {

std::string DayVi(CivilDate date) {
  const int32_t wire = date.ToWire();
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%02d/%02d/%04d", wire % 100, wire / 100 % 100, wire / 10000);
  return buffer;
}

std::string MonthVi(CivilMonth month) { return StrCat("tháng ", month.Month(), "/", month.Year()); }

std::string_view SchemeVi(v1::Scheme scheme) {
  switch (scheme) {
    case v1::BHXH_TN:
      return "BHXH tự nguyện";
    case v1::BHYT_HGD:
      return "BHYT hộ gia đình";
    case v1::BHYT_HSSV:
      return "BHYT học sinh, sinh viên";
    case v1::BHYT_NLNN:
      return "BHYT hộ nông, lâm, ngư nghiệp mức sống trung bình";
    case v1::BHYT_NSNN:
      return "BHYT do ngân sách đóng";
    case v1::BHYT_KHAC:
      return "BHYT hình thức khác";
    default:
      return "";
  }
}

std::string_view SchemeEn(v1::Scheme scheme) {
  switch (scheme) {
    case v1::BHXH_TN:
      return "voluntary social insurance";
    case v1::BHYT_HGD:
      return "household health insurance";
    case v1::BHYT_HSSV:
      return "health insurance of pupils and students";
    case v1::BHYT_NLNN:
      return "health insurance of farm households of average living standard";
    case v1::BHYT_NSNN:
      return "health insurance paid by the State";
    case v1::BHYT_KHAC:
      return "other health insurance";
    default:
      return "";
  }
}

std::string_view PeopleEn(uint64_t count) { return count == 1 ? "person" : "people"; }

}  // namespace sothon::rules
