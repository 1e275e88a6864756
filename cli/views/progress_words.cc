#include "cli/views/progress_words.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {

std::string SchemeTitle(v1::Scheme scheme) {
  switch (scheme) {
    case v1::BHXH_TN:
      return "BHXH tự nguyện";
    case v1::BHYT_HGD:
      return "BHYT hộ gia đình";
    case v1::BHYT_HSSV:
      return "BHYT học sinh, sinh viên";
    case v1::BHYT_NLNN:
      return "BHYT hộ nông, lâm, ngư nghiệp có mức sống trung bình";
    case v1::BHYT_NSNN:
      return "BHYT do ngân sách nhà nước đóng";
    default:
      return "BHYT hình thức khác";
  }
}

std::string UnitTitle(v1::Scheme scheme, const std::string& scheme_group_id,
                      const google::protobuf::RepeatedPtrField<v1::SchemeGroup>& groups) {
  if (scheme_group_id.empty()) return StrCat(SchemeTitle(scheme), " (", v1::Scheme_Name(scheme), ")");
  for (const v1::SchemeGroup& group : groups) {
    if (group.scheme_group_id() == scheme_group_id) return StrCat(group.name(), " (", scheme_group_id, ")");
  }
  return scheme_group_id;
}

std::string PeriodTitle(const std::string& period) {
  static constexpr const char* kQuarters[] = {"I", "II", "III", "IV"};
  if (period.size() == 6 && period[4] == 'Q') {
    return StrCat("Quý ", kQuarters[period[5] - '1'], "/", period.substr(0, 4));
  }
  return period.size() == 4 ? StrCat("Năm ", period) : "Cả kỳ";
}

std::string FormatPercent(double percent) {
  return absl::StrReplaceAll(absl::StrFormat("%.1f", percent), {{".", ","}});
}

std::string LevelName(v1::PlaceLevel level) {
  switch (level) {
    case v1::PROVINCE:
      return "tỉnh";
    case v1::COMMUNE:
      return "xã";
    case v1::VILLAGE:
      return "thôn";
    case v1::RESIDENTIAL_GROUP:
      return "TDP";
    default:
      return "";
  }
}

std::string DescribeFreshness(const v1::Freshness& freshness) {
  std::string out =
      StrCat("Sổ ", freshness.log_id(), ", vị trí ", FormatThousands(static_cast<int64_t>(freshness.position())));
  if (freshness.recorded_at_us() > 0) {
    StrAppend(&out, " (ghi lúc ", FormatMoment(freshness.recorded_at_us()).substr(0, 19), ")");
  }
  if (freshness.lag_events() > 0) {
    StrAppend(&out, ", còn ", FormatThousands(static_cast<int64_t>(freshness.lag_events())),
              absl::StrFormat(" sự kiện chưa tính (chậm %.1f giây)", freshness.lag_seconds()));
  }
  return out;
}

std::string TroubleLine(const v1::Freshness& freshness) {
  if (freshness.trouble().empty()) return "";
  return StrCat("*** KHÔNG CẬP NHẬT: ", freshness.trouble(), " (nghe từ sổ lần cuối ",
                FormatThousands(static_cast<int64_t>(freshness.heard_seconds_ago())), " giây trước) ***\n");
}

std::string SyntheticLine(bool contains_synthetic) {
  return contains_synthetic ? "*** DỮ LIỆU GIẢ LẬP (synthetic): không phải số liệu thật ***\n" : "";
}

std::string DescribePublication(const v1::Publication& publication) {
  const auto date = CivilDate::FromWire(publication.published_date());
  std::string out =
      StrCat("Đã công bố: ngày ", date ? date->ToString() : "không rõ",
             publication.by_party_id().empty() ? "" : StrCat(", bên công bố: ", publication.by_party_id()),
             "; số liệu tại vị trí ", FormatThousands(static_cast<int64_t>(publication.at_position())),
             " (sự kiện công bố ở vị trí ", FormatThousands(static_cast<int64_t>(publication.event_position())), ")\n");
  if (!publication.has_digest_holds()) return StrCat(out, "Công bố không kèm mã băm, không đối chiếu được.\n");
  if (!publication.digest_holds()) StrAppend(&out, "*** KHÔNG KHỚP: ", WrongDigest(publication), " ***\n");
  return out;
}

std::string WrongDigest(const v1::Publication& publication) {
  return StrCat("số liệu của sổ tại vị trí ", publication.at_position(),
                " không phải số liệu đã công bố, mã băm khác nhau (the digest that was published is not that of the "
                "figures at position ",
                publication.at_position(), ")");
}

}  // namespace sothon::cli
