// What every call of ProgressService shares.
#pragma once

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "common/base/ids.h"
#include "grpcpp/grpcpp.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {

struct ServiceParts {
  Projection* projection = nullptr;  // borrowed
  LogReader* log = nullptr;          // borrowed
  // The longest a read waits for its min_position, whatever the client's deadline.
  absl::Duration wait_max = absl::Seconds(30);
  int64_t watchers_max = 1'000;
  std::string version;
  // Of the follower.
  std::function<uint64_t()> gaps_refetched = [] { return uint64_t{0}; };
  std::function<std::string()> bus_trouble = [] { return std::string(); };
};

// When to stop waiting on behalf of `context`: its deadline, but no later than `wait_max` from now.
absl::Time WaitDeadline(const grpc::CallbackServerContext& context, absl::Duration wait_max);

}  // namespace sothon::projection
