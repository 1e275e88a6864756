#include "projection-service/answers/activities.h"

#include <map>
#include <set>
#include <tuple>

#include "common/status/status.h"
#include "projection-service/answers/period.h"

namespace sothon::answers {
namespace {

struct Count {
  uint64_t activities = 0;
  int64_t households = 0;
  int64_t people = 0;
  std::set<ledger::Ordinal> villages;
};

}  // namespace

absl::Status FillActivities(const oversight::Situation& situation, const v1::CountActivitiesRequest& request,
                            v1::CountActivitiesResponse* response) {
  SOTHON_ASSIGN_OR_RETURN(const MonthRange months, ParsePeriod(request.period()));
  response->mutable_answered()->set_date(situation.date().ToWire());
  std::map<std::tuple<CivilMonth, int, std::string_view>, Count> counts;
  for (const v1::Event* event : situation.Facts(v1::Event::kActivityRecorded)) {
    const CivilMonth month = ledger::DateOf(*event).Month();
    if (!months.Contains(month)) continue;
    const ledger::Place* place = situation.reference_view().FindPlace(event->place_id(), situation.position());
    if (place == nullptr || !situation.Covers(place->ordinal)) continue;
    const v1::ActivityRecorded& activity = event->activity_recorded();
    Count& count = counts[{month, activity.kind(), activity.party_id()}];
    ++count.activities;
    count.households += activity.households();
    count.people += activity.people();
    if (place->IsLeaf()) count.villages.insert(place->ordinal);
  }
  for (const auto& [key, count] : counts) {
    v1::ActivityCount* out = response->add_counts();
    out->set_month(std::get<0>(key).ToWire());
    out->set_kind(static_cast<v1::ActivityKind>(std::get<1>(key)));
    out->set_party_id(std::string(std::get<2>(key)));
    out->set_activities(count.activities);
    out->set_households(count.households);
    out->set_people(count.people);
    out->set_villages(static_cast<uint32_t>(count.villages.size()));
  }
  return absl::OkStatus();
}

}  // namespace sothon::answers
