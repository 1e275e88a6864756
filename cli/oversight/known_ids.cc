#include "cli/oversight/known_ids.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "cli/directory/directory.h"
#include "cli/oversight/nearest.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::string DoYouMean(const std::string& typed, const std::vector<std::string>& known) {
  const std::string nearest = NearestWord(typed, known);
  return nearest.empty() ? "" : StrCat("do you mean ", nearest, "? ");
}

// Empty where the events cannot be read.
std::vector<std::string> PartyIds(const Endpoints& endpoints) {
  std::vector<std::string> ids;
  const auto directory = ReadDirectory(IngestAt(endpoints).get());
  if (!directory.ok()) return ids;
  for (int i = 0; i < v1::PartyKind_descriptor()->value_count(); ++i) {
    const auto kind = static_cast<v1::PartyKind>(v1::PartyKind_descriptor()->value(i)->number());
    const std::vector<std::string> of_kind = directory->PartyIds(kind);
    ids.insert(ids.end(), of_kind.begin(), of_kind.end());
  }
  return ids;
}

}  // namespace

absl::Status CheckDrive(const Asking& asking, const v1::Inquiry& inquiry, const std::string& drive_id,
                        const Endpoints& endpoints) {
  v1::ListDrivesRequest request;
  *request.mutable_inquiry() = inquiry;
  SOTHON_ASSIGN_OR_RETURN(const v1::ListDrivesResponse all,
                          Ask(&v1::ProgressService::StubInterface::ListDrives, asking, endpoints, request));
  std::vector<std::string> known;
  for (const v1::DriveView& drive : all.drives()) known.push_back(drive.drive_id());
  if (std::find(known.begin(), known.end(), drive_id) != known.end()) return absl::OkStatus();
  const std::string& place = inquiry.place_id();
  return absl::NotFoundError(StrCat("--drive ", drive_id, ": ", place, " has no such drive by then; ",
                                    DoYouMean(drive_id, known), "`sothon drives --place ", place,
                                    "` lists those that it has"));
}

absl::Status CheckParty(const std::string& option, const std::string& party_id, const v1::AsOf& as_of,
                        const Endpoints& endpoints) {
  // Whose figures they are is of no matter here: the service refuses a party that it does not know.
  v1::GetPartyProgressRequest request;
  request.set_party_id(party_id);
  request.set_period(CivilDate::AtMoment(absl::ToUnixMicros(absl::Now())).Month().ToString());
  if (as_of.point_case() != v1::AsOf::POINT_NOT_SET) *request.mutable_as_of() = as_of;
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetPartyProgressResponse response;
  const grpc::Status status = ProgressAt(endpoints)->GetPartyProgress(&context, request, &response);
  if (status.error_code() != grpc::StatusCode::NOT_FOUND) return absl::OkStatus();
  return absl::NotFoundError(StrCat(option, " ", party_id, ": no party with this id is registered by then; ",
                                    DoYouMean(party_id, PartyIds(endpoints)),
                                    "`sothon progress --kind collector --period 2025` (agency, ...) lists who is"));
}

}  // namespace sothon::cli
