#include "projection-service/view/publications.h"

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/digests.h"
#include "projection-service/view/question.h"

namespace sothon::projection {

absl::StatusOr<ledger::Publication> NewestPublication(const BuiltView& view, const std::string& place_id,
                                                      const std::string& period, std::optional<Position> as_of) {
  if (place_id.empty()) return BadRequest({{"as_of.published", "a period is published for a place; name one"}});
  SOTHON_ASSIGN_OR_RETURN(const MonthRange months, ParsePeriod(period));
  absl::StatusOr<ledger::Publication> newest;
  view.Read([&](const Published& published) {
    const Position until = as_of.value_or(published.applied.position);
    const ledger::Place* place = published.reference->FindPlace(place_id, until);
    if (place == nullptr) {
      newest = absl::NotFoundError(StrCat("no place ", place_id, " is registered; ListPlaces names those that are"));
      return;
    }
    const ledger::Publication* found = published.reference->reference().FindPublication(place->ordinal, months, until);
    if (found == nullptr) {
      newest = absl::NotFoundError(StrCat(period, " was not published for ", place_id, " up to position ", until.value,
                                          "; ask without `published`, or publish it first"));
      return;
    }
    newest = *found;
  });
  return newest;
}

absl::StatusOr<AsOfAsked> ResolveAsOf(const BuiltView& view, const std::string& place_id, const std::string& period,
                                      const v1::AsOf& as_of) {
  if (!as_of.published()) return AsOfAsked{as_of, {}};
  SOTHON_ASSIGN_OR_RETURN(const ledger::Publication publication, NewestPublication(view, place_id, period, {}));
  AsOfAsked asked;
  asked.publication = publication;
  asked.as_of.set_position(publication.at.value);
  return asked;
}

absl::Status Describe(const BuiltView& view, const std::string& place_id, const std::string& period,
                      const ledger::Publication& publication, v1::Publication* described) {
  described->set_at_position(publication.at.value);
  described->set_event_position(publication.event.value);
  described->set_published_date(publication.date);
  described->set_by_party_id(publication.by_party_id);
  if (publication.digest.empty()) return absl::OkStatus();
  v1::GetDigestsRequest request;
  request.set_place_id(place_id);
  request.set_period(period);
  request.mutable_as_of()->set_position(publication.at.value);
  SOTHON_ASSIGN_OR_RETURN(const DigestsAnswer digests, AnswerDigests(view, request));
  described->set_digest_holds(digests.response.sha256() == publication.digest);
  return absl::OkStatus();
}

}  // namespace sothon::projection
