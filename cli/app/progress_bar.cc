#include "cli/app/progress_bar.h"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "cli/format/table.h"

namespace sothon::cli {

ProgressBar::ProgressBar(std::string things)
    : things_(std::move(things)), is_terminal_(::isatty(STDERR_FILENO) != 0), started_(absl::Now()) {}

void ProgressBar::Show(double share, uint64_t count) {
  if (!is_terminal_ || absl::Now() - last_shown_ < absl::Milliseconds(100)) return;
  last_shown_ = absl::Now();
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(share * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "·";
  const double seconds = absl::ToDoubleSeconds(absl::Now() - started_);
  std::cerr << absl::StrFormat("\r%s %3.0f %%  %s %s  %.0f %s/s ", bar, share * 100,
                               FormatThousands(static_cast<int64_t>(count)), things_,
                               seconds > 0 ? static_cast<double>(count) / seconds : 0.0, things_);
  is_shown_ = true;
}

void ProgressBar::Clear() {
  if (is_shown_) std::cerr << "\r\033[K";
  is_shown_ = false;
}

}  // namespace sothon::cli
