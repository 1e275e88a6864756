#include "cli/report/report_kind.h"

#include "cli/app/log_access.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "cli/views/publications.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {

const std::vector<ReportKind>& ReportKinds() {
  static const std::vector<ReportKind> kinds = {
      {.name = "monthly",
       .meaning = "results against targets by village, in the layout of the plan's own table",
       .period = "2025-11 (a month in its quarter), 2025Q4, 2025 or 2025-10..2025-12",
       .check_period = CheckMonthlyPeriod,
       .has_date = false,
       .period_is_day = false,
       .has_drive = false,
       .has_collector = false,
       .has_league = false,
       .make = MakeMonthlyReport},
      {.name = "weekly",
       .meaning = "which village reached its targets in which week, and the last week by village",
       .period = "2025-W45 (from its quarter's first week), 2025-W40..2026-W01, 2025-11 or 2025Q4",
       .check_period = CheckWeeklyPeriod,
       .has_date = true,
       .period_is_day = false,
       .has_drive = false,
       .has_collector = false,
       .has_league = false,
       .make = MakeWeeklyReport},
      {.name = "drive",
       .meaning = "drives: their steps, results, who attended",
       .period = nullptr,
       .check_period = nullptr,
       .has_date = true,
       .period_is_day = false,
       .has_drive = true,
       .has_collector = false,
       .has_league = false,
       .make = MakeDriveReport},
      {.name = "league",
       .meaning = "villages, agencies or collectors, the best first",
       .period = "2025-11, 2025Q4, 2025 or 2025-10..2025-12",
       .check_period = nullptr,
       .has_date = false,
       .period_is_day = false,
       .has_drive = false,
       .has_collector = false,
       .has_league = true,
       .make = MakeLeagueReport},
      {.name = "renewals",
       .meaning = "covers that end within 60 days or ended in the last 90, by who has to collect",
       .period = nullptr,
       .check_period = nullptr,
       .has_date = true,
       .period_is_day = true,
       .has_drive = false,
       .has_collector = true,
       .has_league = false,
       .make = MakeRenewalsReport},
      {.name = "uncovered",
       .meaning = "listed people, pupils and groups that lack what they should have",
       .period = nullptr,
       .check_period = nullptr,
       .has_date = true,
       .period_is_day = true,
       .has_drive = false,
       .has_collector = false,
       .has_league = false,
       .make = MakeUncoveredReport},
  };
  return kinds;
}

// ---------------------------------------------------------------- names

void ReportNames::AddPlaces(const v1::ListPlacesResponse& response) {
  for (const v1::PlaceInfo& place : response.places()) {
    places_[place.place_id()] = place;
    ranks_.try_emplace(place.place_id(), ranks_.size());
  }
}

const v1::PlaceInfo* ReportNames::FindPlace(const std::string& place_id) const {
  const auto found = places_.find(place_id);
  return found == places_.end() ? nullptr : &found->second;
}

std::string ReportNames::PlaceName(const std::string& place_id) const {
  const v1::PlaceInfo* place = FindPlace(place_id);
  return place == nullptr || place->name().empty() ? place_id : place->name();
}

std::string ReportNames::PartyName(const std::string& party_id) const {
  const auto known = parties_.find(party_id);
  if (known != parties_.end() && !known->second.empty()) return known->second;
  const v1::PartyRegistered* party = directory_ ? directory_->FindParty(party_id) : nullptr;
  return party == nullptr || party->name().empty() ? party_id : party->name();
}

CellValue ReportNames::PlaceOrdinal(const std::string& place_id) const {
  const v1::PlaceInfo* place = FindPlace(place_id);
  if (place == nullptr || place->source_row() == 0) return std::string();
  return static_cast<int64_t>(place->source_row());
}

size_t ReportNames::PlaceRank(const std::string& place_id) const {
  const auto found = ranks_.find(place_id);
  return found == ranks_.end() ? ranks_.size() : found->second;
}

const v1::DocumentIssued* ReportNames::FindDocument(const std::string& document_id) const {
  return directory_ ? directory_->FindDocument(document_id) : nullptr;
}

// ---------------------------------------------------------------- source

ReportSource::ReportSource(const ReportOptions& options, const Endpoints& endpoints)
    : options_(options), endpoints_(endpoints), progress_(ProgressAt(endpoints)) {}

absl::StatusOr<v1::AsOf> ReportSource::PointOfView() {
  if (!options_.as_published) return options_.as_of;
  if (!publication_ && IsWeek(options_.period)) {
    SOTHON_ASSIGN_OR_RETURN(publication_, FindPublishedWeek());
  }
  if (!publication_) {
    // Months around the one that was published, parties and drives are asked as of the publication's position: they
    // were never published by themselves.
    v1::GetProgressRequest request;
    request.set_place_id(options_.place);
    request.set_period(options_.period);
    request.mutable_as_of()->set_published(true);
    v1::GetProgressResponse response;
    SOTHON_RETURN_IF_ERROR(Ask(&v1::ProgressService::Stub::GetProgress, request, &response));
    if (!response.has_publication()) {
      return absl::UnimplementedError("the projection does not know figures as published: is it older than this?");
    }
    publication_ = response.publication();
  }
  v1::AsOf point;
  point.set_position(publication_->at_position());
  return point;
}

// Weeks have no figures of their own that the projection could answer as published: the events tell where they stood.
absl::StatusOr<v1::Publication> ReportSource::FindPublishedWeek() {
  v1::GetProjectionStatusResponse projection;
  SOTHON_RETURN_IF_ERROR(Ask(&v1::ProgressService::Stub::GetProjectionStatus, {}, &projection));
  const auto ingest = IngestAt(endpoints_);
  const absl::StatusOr<v1::GetStatusResponse> log = FetchStatus(ingest.get());
  if (!log.ok()) return NameIngest(log.status(), endpoints_);
  if (log->log_id() != projection.freshness().log_id()) {
    return absl::FailedPreconditionError(StrCat("--as-published: the figures are of log ",
                                                projection.freshness().log_id(), ", the events at ", endpoints_.ingest,
                                                " (sothon-ingest) of log ", log->log_id()));
  }
  const auto event = FindPublication(ingest.get(), options_.place, options_.period);
  if (!event.ok()) return NameIngest(event.status(), endpoints_);
  if (!*event) {
    return absl::FailedPreconditionError(StrCat("--as-published: ", options_.period, " was not published for ",
                                                options_.place, "; `sothon publish` closes a period"));
  }
  v1::Publication publication;
  publication.set_at_position((*event)->period_published().at_position());
  publication.set_event_position((*event)->position());
  publication.set_published_date((*event)->effective_date());
  publication.set_by_party_id((*event)->period_published().by_party_id());
  return publication;
}

absl::StatusOr<v1::Inquiry> ReportSource::MakeInquiry() {
  v1::Inquiry inquiry;
  inquiry.set_place_id(options_.place);
  inquiry.set_date(options_.date);
  const absl::StatusOr<v1::AsOf> point = PointOfView();
  if (!point.ok()) return point.status();
  // A week is judged as it was on the day it was published.
  const bool is_week = publication_ && IsWeek(options_.period);
  if (is_week && options_.date == 0) inquiry.set_date(publication_->published_date());
  if (point->point_case() != v1::AsOf::POINT_NOT_SET) *inquiry.mutable_as_of() = *point;
  return inquiry;
}

absl::StatusOr<ReportNames> ReportSource::ReadNames(const std::string& log_id) {
  const absl::StatusOr<v1::AsOf> point = PointOfView();
  if (!point.ok()) return point.status();
  ReportNames names;
  v1::ListPlacesRequest request;
  if (point->point_case() != v1::AsOf::POINT_NOT_SET) *request.mutable_as_of() = *point;
  v1::ListPlacesResponse places;
  SOTHON_RETURN_IF_ERROR(Ask(&v1::ProgressService::Stub::ListPlaces, request, &places));
  names.AddPlaces(places);
  // Without ingest parties are shown by their ids: a report of the figures is still a report.
  const auto ingest = IngestAt(endpoints_);
  const absl::StatusOr<v1::GetStatusResponse> log = FetchStatus(ingest.get());
  if (log.ok() && log->log_id() == log_id) {
    absl::StatusOr<Directory> directory = ReadDirectory(ingest.get());
    if (directory.ok()) names.SetDirectory(*std::move(directory));
  }
  return names;
}

void FinishReport(const ReportSource& source, const ReportNames& names, Report* report) {
  v1::PlaceInfo place;
  place.set_place_id(source.options().place);
  if (const v1::PlaceInfo* known = names.FindPlace(source.options().place)) place = *known;
  report->issuer = IssuerOf(place, source.options().issuer);
  report->signed_at = place.name();
  if (source.publication()) DescribePublished(*source.publication(), report);
}

}  // namespace sothon::cli
