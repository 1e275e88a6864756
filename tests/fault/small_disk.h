// A disk that can really be full.
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "common/base/strings.h"

namespace sothon::testing {

// A file system in memory, mounted over a directory. Only this process and those it starts see it, so that it is gone
// with them, however they end. Owned by the thread that starts the processes.
class SmallDisk {
 public:
  SmallDisk(std::string directory, size_t bytes) : directory_(std::move(directory)) {
    const std::string options = StrCat("mode=0700,size=", bytes);
    if (unshare(CLONE_NEWNS) != 0) {
      why_not_ = StrCat("no mount namespace of its own: ", strerror(errno));
    } else if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
               mount("none", directory_.c_str(), "tmpfs", 0, options.c_str()) != 0) {
      why_not_ = StrCat("cannot mount over ", directory_, ": ", strerror(errno));
    }
  }
  ~SmallDisk() {
    if (why_not_.empty()) umount2(directory_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // Empty: it is mounted.
  const std::string& why_not() const { return why_not_; }

  // Takes room away, and gives it back.
  bool PutBallast(size_t bytes) const {
    std::ofstream file(ballast_path(), std::ios::binary);
    const std::string piece(1 << 20, 'b');
    for (size_t written = 0; written < bytes; written += piece.size()) file << piece;
    return file.flush().good();
  }
  bool DropBallast() const { return std::remove(ballast_path().c_str()) == 0; }

 private:
  std::string ballast_path() const { return directory_ + "/ballast"; }

  const std::string directory_;
  std::string why_not_;
};

}  // namespace sothon::testing
