// The data directory of a projection service: one directory for each view built, and which of them is in use.
//
//   LOCK        held by the process that uses the data directory
//   CURRENT     the name of the view in use, replaced atomically
//   view-<n>    a view; those that CURRENT does not name are left-overs of a rebuild that did not finish
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace sothon::projection {

// Thread-compatible. Holds the data directory until it is destroyed.
class ViewDirectories {
 public:
  // `afresh`: leave the view in use aside, as if there were none. FAILED_PRECONDITION: another process holds the
  // directory, or it cannot be made. DATA_LOSS: CURRENT is damaged.
  static absl::StatusOr<std::unique_ptr<ViewDirectories>> Open(const std::string& data_directory, bool afresh);
  ~ViewDirectories();

  // Full path of the view in use; a new name when there is none yet.
  std::string current() const { return Path(current_); }
  // Full path of a view that is to be built now; nothing is there.
  absl::StatusOr<std::string> MakeNext();
  // Makes the view at `path`, which is as MakeNext() gave it, the one in use. Synced.
  absl::Status Switch(const std::string& path);
  // Removes every view that is not in use; `path`, if not empty, excepted.
  void RemoveOthers(const std::string& path) const;

 private:
  ViewDirectories(std::string data_directory, int lock) : data_directory_(std::move(data_directory)), lock_(lock) {}
  absl::Status ReadCurrent();
  std::string Path(uint64_t number) const;

  const std::string data_directory_;
  const int lock_;  // file descriptor
  uint64_t current_ = 1;
  uint64_t newest_ = 1;
};

}  // namespace sothon::projection
