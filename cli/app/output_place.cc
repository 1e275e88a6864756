#include "cli/app/output_place.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/base/strings.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

// What a file with a signing key begins with (common/note/key.h).
constexpr std::string_view kSecretKey = "PRIVATE+KEY+";

bool TakesFiles(const std::string& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

bool HoldsKey(const std::string& path) {
  std::string begin(kSecretKey.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == kSecretKey;
}

}  // namespace

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
  if (HoldsKey(path)) return refuse("there is a secret key in it, which would be lost; name another file");
  const std::string folder = FolderOf(path);
  if (!fs::is_directory(folder, error)) return refuse(StrCat("there is no folder ", folder, "; make it first"));
  if (!TakesFiles(folder)) return refuse(StrCat("nothing can be written to ", folder, "; name another place"));
  return absl::OkStatus();
}

absl::Status CheckFolderCanBeFilled(const std::string& option, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  if (fs::is_directory(StrCat(path, "/tile"), error) && fs::exists(StrCat(path, "/checkpoint"), error)) {
    return absl::InvalidArgumentError(
        StrCat(option, " ", path, ": this is an export of a log, where nothing else may stand; name another folder"));
  }
  // The nearest one that is there: what is missing below it is made.
  fs::path folder = fs::absolute(path, error);
  while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  if (fs::is_directory(folder, error) && TakesFiles(folder.string())) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat(option, " ", path, ": nothing can be written to ", folder.string(), "; name another place"));
}

}  // namespace sothon::cli
