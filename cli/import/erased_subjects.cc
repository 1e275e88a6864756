#include "cli/import/erased_subjects.h"

#include "cli/app/connection.h"
#include "common/status/status.h"

namespace sothon::cli {

absl::Status ErasedSubjects::Fetch() {
  v1::ReadEventsRequest request;
  // The request alone is enough: no number leads to the person from then on, and the completion may wait for room for
  // days.
  request.add_kinds("erasure_requested");
  request.add_kinds("erasure_completed");
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(60)));
  const auto reader = ingest_->ReadEvents(&context, request);
  v1::ReadEventsResponse response;
  while (reader->Read(&response)) {
    for (const std::string& stored : response.events()) {
      v1::Event event;
      if (!event.ParseFromString(stored)) continue;
      subjects_.insert(event.has_erasure_requested() ? event.erasure_requested().subject_id()
                                                     : event.erasure_completed().subject_id());
    }
  }
  return FromGrpc(reader->Finish());
}

std::optional<bool> ErasedSubjects::Contains(std::string_view subject_id) {
  if (subject_id.empty()) return false;
  if (!fetched_) fetched_ = Fetch();
  // Who was found before the answer broke off is erased all the same.
  if (subjects_.contains(std::string(subject_id))) return true;
  if (!fetched_->ok()) return std::nullopt;
  return false;
}

}  // namespace sothon::cli
