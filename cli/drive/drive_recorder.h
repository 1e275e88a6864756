// Opens and closes drives: asks the projection what the village lacks, and records the step.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "cli/app/connection.h"
#include "common/base/civil_time.h"
#include "sothon/v1/ingest.grpc.pb.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::cli {

struct DriveStep {
  std::string drive_id;
  std::string place_id;  // of a close: may be empty
  std::string office_party_id;
  CivilDate date;
  // What the baseline is known at; 0: everything that is counted now.
  uint64_t position = 0;
  bool synthetic = false;
  bool dry_run = false;
  // Of an opening: also where the village has no target of the year.
  bool without_targets = false;
};

// What stands in the log, or in a dry run would.
struct RecordedStep {
  v1::Event event;
  uint64_t position = 0;  // 0: a dry run
  // It was taken before, on the same day, maybe with another baseline: that event is told, and nothing was recorded.
  bool was_there = false;
};

// `endpoints` are named in errors. NOT_FOUND: the village. OUT_OF_RANGE: the position is not counted yet.
// INVALID_ARGUMENT, FAILED_PRECONDITION as from Record, in words of the step. FAILED_PRECONDITION: the village has no
// target of the year, or receipts that name the drive are older than it. ALREADY_EXISTS: the drive was opened
// (closed) on another day, elsewhere or by another office. The event's id is derived from the drive's, so opening it
// twice at the same moment records it once, too.
absl::StatusOr<RecordedStep> OpenDrive(v1::IngestService::StubInterface* ingest,
                                       v1::ProgressService::StubInterface* progress, const DriveStep& step,
                                       const Endpoints& endpoints);
absl::StatusOr<RecordedStep> CloseDrive(v1::IngestService::StubInterface* ingest, const DriveStep& step,
                                        const Endpoints& endpoints);

}  // namespace sothon::cli
