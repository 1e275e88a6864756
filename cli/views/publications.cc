#include "cli/views/publications.h"

#include <cctype>

#include "cli/app/period_text.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

bool IsSamePeriod(const std::string& a, const std::string& b) {
  const auto months = MonthRange::Parse(a);
  return a == b || (months && months == MonthRange::Parse(b));
}

std::string NormalWeek(std::string text) {
  if (text.size() == 8 && text[5] == 'w') text[5] = 'W';
  return text;
}

}  // namespace

bool IsWeek(const std::string& period) { return CivilWeek::Parse(NormalWeek(period)).has_value(); }

absl::StatusOr<std::optional<v1::Event>> FindPublication(v1::IngestService::StubInterface* ingest,
                                                         const std::string& place_id, const std::string& period) {
  v1::ReadEventsRequest request;
  request.add_kinds("period_published");
  request.set_place_id(place_id);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(120)));
  const auto reader = ingest->ReadEvents(&context, request);
  std::optional<v1::Event> newest;
  v1::ReadEventsResponse response;
  while (reader->Read(&response)) {
    for (const std::string& stored : response.events()) {
      v1::Event event;
      if (!event.ParseFromString(stored) || !event.has_period_published() || event.place_id() != place_id) continue;
      if (IsSamePeriod(event.period_published().period(), period)) newest = std::move(event);
    }
  }
  SOTHON_RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  return newest;
}

absl::Status NoFiguresOfWeek(const std::string& place_id, const std::string& week, const Endpoints& endpoints) {
  const std::string period = NormalWeek(week);
  const std::string what = StrCat("--period ", period, " is a week, and a week has no figures by month; ");
  const std::string show = StrCat("`sothon weeks --place ", place_id, " --from ", period, " --to ", period, " --rows");
  const auto published = FindPublication(IngestAt(endpoints).get(), place_id, period);
  if (!published.ok()) return absl::InvalidArgumentError(StrCat(what, show, "` shows it"));
  if (!*published) {
    return absl::InvalidArgumentError(StrCat(what, show, "` shows it; it was not published for ", place_id, " so far"));
  }
  return absl::InvalidArgumentError(StrCat(what, show, " --as-of @", (*published)->period_published().at_position(),
                                           "` shows it as it was published"));
}

}  // namespace sothon::cli
