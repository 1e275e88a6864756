// Intake: from a request as it came to a request that the log can append, or every reason why not.
//
// Operation
//   Checks every field against limits and the registry, brings text into normal form C, puts the vault's subject id
//   where the identity was, resolves reversed receipts, and serialises the bodies. All violations of a request are told
//   together (up to a limit), each with its field's path and the remedy. A broken rule of the plans is not refused
//   here: it is a finding, for the projection to tell. An event that is recorded already is not refused, whatever the
//   limits and the registry have become since: the log tells whether it is the same.
// Concurrency
//   Thread-safe; runs on the caller's thread.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/civil_time.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/registry/registry.h"
#include "ingest-service/vault/vault.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::ingest {

struct IntakeLimits {
  int64_t events_per_request_max = 1'000;
  int64_t event_bytes_max = 65'535;     // of the stored event; the audit format's limit
  int64_t request_bytes_max = 8 << 20;  // counted before the request is parsed, by the caller of Intake
  int64_t violations_told_max = 100;
  // Dates of collections: from here to this many days after today.
  int64_t collection_date_min = 19920101;
  int64_t collection_future_days_max = 1;
  // Dates of everything else (plans are made ahead).
  int64_t other_future_days_max = 3'660;
  int64_t amount_vnd_max = 1'000'000'000'000;
};

class Intake {
 public:
  // The borrowed parts must outlive the intake.
  Intake(const IntakeLimits& limits, const Registry* registry, Vault* vault, const EventLog* log)
      : limits_(limits), registry_(registry), vault_(vault), log_(log) {}

  // `request` is changed on the way (normal form, assigned fields); preparing it again gives the same. `today` is the
  // date in Asia/Ho_Chi_Minh. What `*prepared` holds from before is overwritten; keeping it from request to request
  // saves allocations. Numbers that it links are held by prepared->reservation. With request.validate_only() no subject
  // is minted: events about persons unknown so far are prepared with a subject id of zeros, which is good for
  // EventLog::Check() only. INVALID_ARGUMENT with BadRequest; RESOURCE_EXHAUSTED: over a limit of the request;
  // UNAVAILABLE: the vault.
  absl::Status Prepare(v1::RecordRequest* request, CivilDate today, PreparedRequest* prepared) const;

 private:
  // By submission: true where the event's id is recorded already. Empty: nowhere.
  using Recorded = std::vector<bool>;

  // Everything that needs neither vault nor receipts. `*refused`: the submissions that could be mended.
  absl::Status Check(v1::RecordRequest* request, CivilDate today, const Recorded& recorded,
                     std::vector<int>* refused) const;
  absl::StatusOr<Recorded> FindRecorded(const v1::RecordRequest& request, const std::vector<int>& refused) const;
  // Fills in what the server assigns, and serialises.
  absl::Status Complete(v1::RecordRequest* request, const Recorded& recorded, PreparedRequest* prepared) const;

  const IntakeLimits limits_;
  const Registry* const registry_;
  Vault* const vault_;
  const EventLog* const log_;
};

}  // namespace sothon::ingest
