#include "cli/oversight/oversight_words.h"

namespace sothon::cli {

std::string SeverityWord(v1::Severity severity) {
  switch (severity) {
    case v1::NOTICE:
      return "lưu ý";
    case v1::WARNING:
      return "cảnh báo";
    case v1::VIOLATION:
      return "vi phạm";
    default:
      return "";
  }
}

std::string DriveStateWord(v1::DriveView::State state) {
  switch (state) {
    case v1::DriveView::PROPOSED:
      return "đề xuất";
    case v1::DriveView::AGREED:
      return "thống nhất";
    case v1::DriveView::SCHEDULED:
      return "đã lên lịch";
    case v1::DriveView::OPEN:
      return "đang ra quân";
    case v1::DriveView::CLOSED:
      return "kết thúc";
    case v1::DriveView::REPORTED:
      return "đã báo cáo";
    default:
      return "";
  }
}

std::string RoleWord(v1::RoleKind role) {
  switch (role) {
    case v1::RESIDENT_COLLECTOR:
      return "nhân viên thu tại thôn";
    case v1::GUIDE:
      return "người dẫn đường";
    case v1::MEMBER:
      return "thành viên";
    case v1::OFFICER_IN_CHARGE:
      return "cán bộ phụ trách";
    case v1::CONTRACTED_AGENCY:
      return "tổ chức dịch vụ thu ký hợp đồng";
    case v1::MOBILISING_COMMITTEE:
      return "tổ vận động";
    case v1::VILLAGE_HEAD:
      return "thôn trưởng";
    case v1::SUPERVISOR:
      return "giám sát";
    case v1::READER:
      return "người xem";
    default:
      return "";
  }
}

std::string ActivityWord(v1::ActivityKind kind) {
  switch (kind) {
    case v1::HOUSEHOLD_VISIT:
      return "đến hộ gia đình";
    case v1::CONFERENCE:
      return "hội nghị";
    case v1::DIALOGUE:
      return "đối thoại";
    case v1::COMMUNICATION:
      return "truyền thông";
    case v1::SURVEY:
      return "rà soát";
    case v1::INSPECTION:
      return "kiểm tra";
    case v1::SUPERVISION_FINDING:
      return "kết quả giám sát";
    case v1::SPONSORSHIP:
      return "tài trợ, hỗ trợ";
    case v1::OTHER_ACTIVITY:
      return "hoạt động khác";
    default:
      return "";
  }
}

std::string DecisionWord(v1::DecisionRecorded::DecisionKind kind) {
  switch (kind) {
    case v1::DecisionRecorded::COMMENDATION:
      return "biểu dương, khen thưởng";
    case v1::DecisionRecorded::VIOLATION:
      return "ghi nhận vi phạm";
    case v1::DecisionRecorded::REMINDER:
      return "nhắc nhở";
    case v1::DecisionRecorded::CRITICISM:
      return "phê bình";
    case v1::DecisionRecorded::CONTRACT_REVIEW:
      return "xem xét hợp đồng";
    case v1::DecisionRecorded::RATING:
      return "xếp loại";
    case v1::DecisionRecorded::ADJUSTMENT:
      return "điều chỉnh";
    case v1::DecisionRecorded::DIRECTIVE:
      return "chỉ đạo";
    default:
      return "";
  }
}

std::string ProvenanceWord(v1::ProvenanceNote::Kind kind) {
  switch (kind) {
    case v1::ProvenanceNote::READING:
      return "cách hiểu";
    case v1::ProvenanceNote::UNRESOLVED_REFERENCE:
      return "viện dẫn chưa rõ";
    case v1::ProvenanceNote::INFERRED:
      return "suy ra";
    case v1::ProvenanceNote::UNKNOWN:
      return "không rõ";
    case v1::ProvenanceNote::NO_SUCCESSOR:
      return "không có cơ quan kế thừa";
    default:
      return "";
  }
}

std::string CapacityWord(v1::DocumentIssued::Capacity capacity) {
  switch (capacity) {
    case v1::DocumentIssued::TO_REPORT:
      return "b/c";
    case v1::DocumentIssued::TO_COORDINATE:
      return "p/h";
    case v1::DocumentIssued::TO_CARRY_OUT:
      return "t/h";
    case v1::DocumentIssued::TO_FILE:
      return "lưu";
    default:
      return "";
  }
}

}  // namespace sothon::cli
