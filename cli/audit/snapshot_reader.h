// A snapshot of the event log, as a projection reads a log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/log/log_snapshot.h"
#include "projection-service/view/log_reader.h"

namespace sothon::cli {

// Thread-safe. The snapshot is borrowed.
class SnapshotReader final : public projection::LogReader {
 public:
  explicit SnapshotReader(const ingest::LogSnapshot* log) : log_(log) {}

  absl::Status ReadRange(Position from, Position to,
                         absl::FunctionRef<absl::Status(absl::Span<const std::string_view>)> visit) override {
    if (to < from) return absl::OkStatus();
    if (to > log_->head()) {
      return absl::OutOfRangeError(StrCat("the log ends at position ", log_->head().value, ", not ", to.value));
    }
    // A block is too little to be parsed by a thread of its own, so some are handed on at once.
    std::vector<std::string> gathered;
    const auto hand_on = [&] {
      const std::vector<std::string_view> views(gathered.begin(), gathered.end());
      const absl::Status status = views.empty() ? absl::OkStatus() : visit(views);
      gathered.clear();
      return status;
    };
    SOTHON_RETURN_IF_ERROR(log_->Read(from, to, [&](absl::Span<const std::string_view> stored) {
      gathered.insert(gathered.end(), stored.begin(), stored.end());
      return gathered.size() < kEventsAtOnce ? absl::OkStatus() : hand_on();
    }));
    return hand_on();
  }

 private:
  static constexpr size_t kEventsAtOnce = 8'192;
  const ingest::LogSnapshot* const log_;
};

}  // namespace sothon::cli
