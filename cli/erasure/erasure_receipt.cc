#include "cli/erasure/erasure_receipt.h"

#include "cli/report/report_text.h"
#include "cli/views/event_text.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::string_view WhyInVietnamese(WhyNoProof why) {
  if (why == WhyNoProof::kNoKey) return "sổ này chưa có khóa để ký";
  return why == WhyNoProof::kFailed ? "chưa lập được" : "không được yêu cầu";
}

std::string_view WhyInEnglish(WhyNoProof why) {
  if (why == WhyNoProof::kNoKey) return "this log has no key to sign with";
  return why == WhyNoProof::kFailed ? "they could not be made" : "they were not asked for";
}

std::string Vietnamese(const ErasureReceipt& receipt) {
  std::string text =
      StrCat("BIÊN NHẬN XÓA DỮ LIỆU CÁ NHÂN\n\n", "  Sổ:          ", receipt.log_id, "\n", "  Yêu cầu:     vị trí ",
             receipt.request.position(), ", ngày ", VietnameseWireDate(receipt.request.effective_date()),
             ", ghi sổ lúc ", FormatMoment(receipt.request.recorded_at_us()), "\n",
             "  Căn cứ:      ", receipt.request.erasure_requested().legal_basis(), "\n", "  Đã xóa xong: vị trí ",
             receipt.completed.position(), ", ghi sổ lúc ", FormatMoment(receipt.completed.recorded_at_us()), "\n\n");
  text +=
      "Đã xóa: đường dẫn từ số định danh cá nhân (CCCD) và mã số BHXH của bạn tới mã ngẫu nhiên đứng thay bạn\n"
      "trong sổ. Số của bạn chỉ được giữ ở dạng băm, trong kho số; các tệp của kho đã được ghi lại mà không còn\n"
      "dạng băm ấy. Nếu sau này bạn đóng tiền lại, sổ coi bạn là một người mới.\n\n"
      "Còn lại: những việc đã ghi (ngày, thôn, số tiền, số biên lai) và mã ngẫu nhiên trong đó. Các con số đã\n"
      "thống kê không đổi. Sổ chưa bao giờ ghi tên hay số của bạn.\n\n"
      "Không xóa ở đây: hệ thống riêng của tổ chức dịch vụ thu và của cơ quan BHXH; bản sao lưu của kho số, cho\n"
      "tới khi bị hủy theo hạn (khôi phục bản sao cũ thì bạn lại bị xóa trước khi dịch vụ chạy).\n\n"
      "Biên nhận này không ghi tên hay số nào của bạn. Các vị trí trên dẫn tới mã ngẫu nhiên của bạn: bạn hãy\n"
      "giữ riêng; cơ quan không giữ bản sao kèm tên bạn.\n";
  if (receipt.proof_files.empty()) {
    StrAppend(&text, "\nKhông có chứng minh kèm theo (tlog-proof): ", WhyInVietnamese(receipt.why_no_proof), ".\n");
  } else {
    text += "\nChứng minh kèm theo, kiểm tra bằng `sothon audit prove`:\n";
    for (const std::string& file : receipt.proof_files) StrAppend(&text, "  ", file, "\n");
  }
  return text;
}

std::string English(const ErasureReceipt& receipt) {
  std::string text = StrCat(
      "RECEIPT FOR THE ERASURE OF PERSONAL DATA\n\n", "  Log:         ", receipt.log_id, "\n",
      "  Request:     position ", receipt.request.position(), ", of ", DateText(receipt.request.effective_date()),
      ", recorded ", FormatMoment(receipt.request.recorded_at_us()), "\n",
      "  Legal basis: ", receipt.request.erasure_requested().legal_basis(), "\n", "  Completed:   position ",
      receipt.completed.position(), ", recorded ", FormatMoment(receipt.completed.recorded_at_us()), "\n\n");
  text +=
      "Removed: what led from your citizen number (CCCD) and social insurance number to the random id that stands\n"
      "for you in the log. Your numbers were kept as keyed hashes only, in the vault; its files were written anew\n"
      "without them. If you pay again later, the log takes you for a new person.\n\n"
      "What remains: the events that were recorded (date, village, amount, receipt number) and the random id in\n"
      "them. Figures do not change. The log never held your name or your numbers.\n\n"
      "Not erased here: the systems of collection agencies and of the social insurance office; backups of the\n"
      "vault, until they are destroyed in their turn (restoring an old one erases you again before it serves).\n\n"
      "This receipt holds no name and no number of yours. The positions lead to your random id: keep the receipt\n"
      "to yourself; the office keeps no copy with your name on it.\n";
  if (receipt.proof_files.empty()) {
    StrAppend(&text, "\nNo proofs come with it (tlog-proof): ", WhyInEnglish(receipt.why_no_proof), ".\n");
  } else {
    text += "\nProofs that come with it, to check with `sothon audit prove`:\n";
    for (const std::string& file : receipt.proof_files) StrAppend(&text, "  ", file, "\n");
  }
  return text;
}

}  // namespace

std::string FormatErasureReceipt(const ErasureReceipt& receipt) {
  return StrCat(Vietnamese(receipt), "\n", std::string(20, '-'), "\n\n", English(receipt));
}

}  // namespace sothon::cli
