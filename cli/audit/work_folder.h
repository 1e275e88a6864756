// A folder for what is made only to be compared, below TMPDIR or /tmp, for nobody else to read.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/strings.h"

namespace sothon::cli {

// Goes, with all that is in it, with its owner.
class WorkFolder {
 public:
  // FAILED_PRECONDITION: there is no room for one; the message names the remedy.
  static absl::StatusOr<std::unique_ptr<WorkFolder>> Make(const std::string& name) {
    const char* const base = std::getenv("TMPDIR");
    std::string path = StrCat(base == nullptr || *base == '\0' ? "/tmp" : base, "/", name, ".XXXXXX");
    if (mkdtemp(path.data()) == nullptr) {
      return absl::FailedPreconditionError(
          StrCat("cannot make a folder like ", path, "; name one that takes files with TMPDIR"));
    }
    return std::unique_ptr<WorkFolder>(new WorkFolder(std::move(path)));
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit WorkFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

}  // namespace sothon::cli
