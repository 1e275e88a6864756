#include "cli/erasure/erase_input.h"

#include <fstream>

#include "cli/app/plain_text.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
absl::StatusOr<std::string> ReadNumber(const std::string& option, const std::string& value, std::istream& in) {
  std::string line = value;
  if (value == "-") {
    if (!std::getline(in, line)) {
      return absl::InvalidArgumentError(StrCat(option, " -: standard input has no line for it"));
    }
  } else if (!value.empty() && value[0] == '@') {
    std::ifstream file(value.substr(1));
    if (!std::getline(file, line)) {
      return absl::InvalidArgumentError(StrCat(option, " ", value, ": no line can be read from that file"));
    }
  }
  std::string number(TrimWhiteSpace(line));
  if (number.empty()) return absl::InvalidArgumentError(StrCat(option, ": there is no number"));
  return number;
}

bool IsConfirmation(const std::string& line) {
  const auto word = MatchingForm(line);
  return word == "xóa" || word == "xoá" || word == "xoa" || word == "erase" || word == "yes";
}

}  // namespace sothon::cli
