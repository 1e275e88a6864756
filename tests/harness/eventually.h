// Waiting for a condition instead of sleeping.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace sothon::testing {

// True as soon as `condition` is; false when it was not within `timeout`.
inline bool Eventually(absl::FunctionRef<bool()> condition, absl::Duration timeout = absl::Seconds(20)) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!condition()) {
    if (absl::Now() >= deadline) return condition();
    absl::SleepFor(absl::Microseconds(500));
  }
  return true;
}

}  // namespace sothon::testing
