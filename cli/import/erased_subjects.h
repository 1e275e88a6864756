// Who was erased, or asked to be, as the log tells it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

// Asks the service once, when the first question comes: that reads the whole log there, for the few erasures in it.
// Thread-compatible.
class ErasedSubjects {
 public:
  // `ingest` is borrowed.
  explicit ErasedSubjects(v1::IngestService::StubInterface* ingest) : ingest_(ingest) {}

  // Whether the subject of a recorded event was erased since, as far as that no number leads there any more; nullopt:
  // the log could not be asked.
  std::optional<bool> Contains(std::string_view subject_id);

 private:
  absl::Status Fetch();

  v1::IngestService::StubInterface* const ingest_;
  std::optional<absl::Status> fetched_;
  absl::flat_hash_set<std::string> subjects_;
};

}  // namespace sothon::cli
