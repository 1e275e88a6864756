// The views of a log, derived again from its export alone, and held against what was published and what is served.
//
// Operation
//   Replay() puts the entries of an export through the same fold as the projection service, in a directory of its own,
//   and looks on another thread whether anything stands in the log twice that may count only once.
//   What it leads to is compared with every PeriodPublished of the log, and with answers of a service that runs.
//   It does not check the export itself: `verify` does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/repeat_finder.h"
#include "common/base/civil_time.h"
#include "projection-service/view/projection.h"

namespace sothon::cli {

struct ReplayOptions {
  std::string export_directory;
  // Where the views are built; made, and emptied afterwards, by the caller.
  std::string work_directory;
  // Counting rules and groups, as the service has them.
  projection::ProjectionOptions projection;
  // The last position; 0: the whole export.
  uint64_t until = 0;
  // Nothing recorded after this moment; 0: whatever its time.
  int64_t until_recorded_at_us = 0;
  // Told now and then how far it is; may be empty.
  std::function<void(uint64_t done, uint64_t of)> on_progress;
};

struct Replayed {
  std::string log_id;
  uint64_t position = 0;  // the last event
  double seconds = 0;
  RepeatFinder repeats;
  std::unique_ptr<projection::Projection> projection;
};

// NOT_FOUND: no export there, or no checkpoint in it. OUT_OF_RANGE: it does not reach `until`, or nothing was recorded
// up to the moment. DATA_LOSS: entries that
// are not there, or no events; otherwise as of Projection::Apply().
absl::StatusOr<Replayed> Replay(const ReplayOptions& options);

// The day on which the last event was recorded. OUT_OF_RANGE: it says a time of which there is no date here.
absl::StatusOr<CivilDate> DayOfLastEvent(const Replayed& replayed);

// A period that was published, and what the replay says of it.
struct PublicationCheck {
  std::string place_id;
  std::string period;
  uint64_t event_position = 0;
  uint64_t at_position = 0;
  // kNoDigest: it was published without one, as a week is, which has no figures by month; there is nothing to compare.
  // kNotRemade: it has one, but of something that no digest can be made of; an honest service publishes nothing like
  // it.
  enum class Result { kHolds, kDiffers, kNoDigest, kNotRemade };
  Result result = Result::kDiffers;
  std::string why;  // of kNotRemade
};
// Of every PeriodPublished, in order of the log.
absl::StatusOr<std::vector<PublicationCheck>> CheckPublications(const Replayed& replayed);

// One figure that differs.
struct CellDifference {
  std::string place_id;
  int32_t month = 0;  // YYYYMM
  std::string scheme;
  std::string figure;  // "first", "paid_vnd"..., "active_change": of the month alone
  int64_t served = 0;
  int64_t replayed = 0;
};
// Where GetProgress leads to the figures of a month of a village, as of the replay's position.
using AskFigures = std::function<absl::StatusOr<v1::GetProgressResponse>(const v1::GetProgressRequest&)>;
// Every figure of the cells whose digests differ, by place, month, scheme.
absl::StatusOr<std::vector<CellDifference>> CompareCells(const Replayed& replayed, const v1::GetDigestsResponse& served,
                                                         const AskFigures& ask_served);

}  // namespace sothon::cli
