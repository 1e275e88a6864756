#include "cli/erasure/erase_input.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/app/plain_text.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

bool TakesFiles(const std::string& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

}  // namespace

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

std::string FolderOf(const std::string& file) {
  if (file.empty()) return "";
  const std::string folder = fs::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

absl::Status CheckFileCanBeWritten(const std::string& option, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  const auto refuse = [&](const std::string& why) {
    return absl::InvalidArgumentError(StrCat(option, " ", path, ": ", why));
  };
  std::error_code error;
  const fs::file_status there = fs::status(path, error);
  const bool names_folder = fs::is_directory(there) || fs::path(path).filename().empty();
  if (names_folder) return refuse("this is a folder; name a file in it");
  if (fs::exists(there) && !fs::is_regular_file(there)) return refuse("this is no plain file; name another one");
  const std::string folder = FolderOf(path);
  if (!fs::is_directory(folder, error)) return refuse(StrCat("there is no folder ", folder, "; make it first"));
  if (!TakesFiles(folder)) return refuse(StrCat("nothing can be written to ", folder, "; name another place"));
  return absl::OkStatus();
}

absl::Status CheckFolderCanBeFilled(const std::string& option, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  // The nearest one that is there: what is missing below it is made.
  fs::path folder = fs::absolute(path, error);
  while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  if (fs::is_directory(folder, error) && TakesFiles(folder.string())) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat(option, " ", path, ": nothing can be written to ", folder.string(), "; name another place"));
}

bool IsConfirmation(const std::string& line) {
  const auto word = MatchingForm(line);
  return word == "xóa" || word == "xoá" || word == "xoa" || word == "erase" || word == "yes";
}

}  // namespace sothon::cli
