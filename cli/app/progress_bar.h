// How far long work is: one line on a terminal that is written over; silent elsewhere.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace sothon::cli {

// Thread-compatible.
class ProgressBar {
 public:
  // `things` are what is counted: "rows".
  explicit ProgressBar(std::string things);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `share` of the work, 0 to 1, is done, which was so many things. Cheap: it is shown ten times a second at most.
  void Show(double share, uint64_t count);
  void Clear();

 private:
  const std::string things_;
  const bool is_terminal_;
  const absl::Time started_;
  absl::Time last_shown_ = absl::InfinitePast();
  bool is_shown_ = false;
};

}  // namespace sothon::cli
