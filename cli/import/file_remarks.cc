#include "cli/import/file_remarks.h"

#include <functional>

#include "absl/strings/str_join.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

std::string AndMore(uint64_t all, size_t named) { return all > named ? StrCat(" and ", all - named, " more") : ""; }

}  // namespace

void FileRemarks::Look(const v1::Submission& submission, uint64_t line) {
  const v1::Identity& identity = submission.identity();
  citizen_numbers_ += identity.citizen_number().empty() ? 0 : 1;
  if (is_for_citizen_numbers_ && identity.citizen_number().empty()) {
    ++short_numbers_;
    if (short_lines_.size() < kLinesMax) short_lines_.push_back(line);
  }
  const std::string& number = submission.event().contribution_recorded().receipt_number();
  if (number.empty()) return;
  const std::hash<std::string> hash;
  const uint64_t folded = hash(MatchingForm(number).value_or(number));
  const auto spelling = static_cast<uint32_t>(hash(number) >> 16);
  auto found = receipts_.find(folded);
  if (found == receipts_.end()) {
    if (receipts_.size() < kReceiptsMax) receipts_[folded] = {spelling, static_cast<uint32_t>(line)};
    return;
  }
  if (found->second.spelling == spelling) return;
  ++same_but_case_;
  if (same_but_case_lines_.size() < kLinesMax) {
    same_but_case_lines_.push_back(StrCat(number, " (line ", line, "; line ", found->second.line, ")"));
  }
}

std::vector<std::string> FileRemarks::Texts() const {
  std::vector<std::string> texts;
  // Where most are short, the column holds BHXH numbers whatever it is called.
  if (short_numbers_ > 0 && citizen_numbers_ > short_numbers_) {
    texts.push_back(StrCat(short_numbers_, short_numbers_ == 1 ? " number has" : " numbers have",
                           " 10 digits where the others have 12, and was read as a BHXH number: a spreadsheet may have "
                           "dropped leading zeros. Compare lines ",
                           absl::StrJoin(short_lines_, ", "), AndMore(short_numbers_, short_lines_.size())));
  }
  if (same_but_case_ > 0) {
    texts.push_back(StrCat("receipt numbers that differ only by upper and lower case count as different receipts: ",
                           absl::StrJoin(same_but_case_lines_, ", "),
                           AndMore(same_but_case_, same_but_case_lines_.size())));
  }
  return texts;
}

}  // namespace sothon::cli
