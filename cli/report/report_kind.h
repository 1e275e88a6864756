// The kinds of reports there are, and what each may ask of the services.
//
// A kind is one file that has a pure function from answers to a Report (its Build..., tested with answers made by hand)
// and a Make... that asks for them; it is listed in report_kind.cc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/app/connection.h"
#include "cli/directory/directory.h"
#include "cli/report/report.h"

namespace sothon::cli {

struct ReportOptions {
  std::string place;
  std::string period;  // as it was asked for; empty where the kind can do without
  int32_t date = 0;    // YYYYMMDD; 0: not given
  v1::AsOf as_of;
  bool as_published = false;
  uint64_t min_position = 0;
  std::string drive;
  std::string collector;
  std::string league = "village";  // agency, collector or village
  std::string issuer;              // who reports; empty: the place's own authority
};

// Names of places and parties, as far as they can be had. Thread-compatible.
class ReportNames {
 public:
  void AddPlaces(const v1::ListPlacesResponse& response);
  void SetDirectory(Directory directory) { directory_ = std::move(directory); }
  void AddPartyName(const std::string& party_id, const std::string& name) { parties_[party_id] = name; }

  // nullptr: not a place of the book.
  const v1::PlaceInfo* FindPlace(const std::string& place_id) const;
  // The name, or the id where it has none.
  std::string PlaceName(const std::string& place_id) const;
  std::string PartyName(const std::string& party_id) const;
  // STT of the source document, as a cell; blank without one.
  CellValue PlaceOrdinal(const std::string& place_id) const;
  // In the order of the source documents, which is that of the answers.
  size_t PlaceRank(const std::string& place_id) const;
  const v1::DocumentIssued* FindDocument(const std::string& document_id) const;

 private:
  std::map<std::string, v1::PlaceInfo> places_;
  std::map<std::string, size_t> ranks_;
  std::map<std::string, std::string> parties_;
  std::optional<Directory> directory_;
};

// The services, as a report asks them. Thread-compatible.
class ReportSource {
 public:
  ReportSource(const ReportOptions& options, const Endpoints& endpoints);

  const ReportOptions& options() const { return options_; }

  // Asks ProgressService for one answer.
  template <typename Request, typename Response>
  absl::Status Ask(grpc::Status (v1::ProgressService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(kCallTimeout));
    return FromProjection(((*progress_).*method)(&context, request, response), endpoints_);
  }

  // Of which point every question of this report is asked: as published, that is the position of the publication.
  absl::StatusOr<v1::AsOf> PointOfView();
  // Set once PointOfView was asked for figures as published.
  const std::optional<v1::Publication>& publication() const { return publication_; }
  // Place, date, point of view.
  absl::StatusOr<v1::Inquiry> MakeInquiry();

  // Places as of the point of view; parties and documents of the ingest service of this very log, if it can be reached.
  absl::StatusOr<ReportNames> ReadNames(const std::string& log_id);

 private:
  absl::StatusOr<v1::Publication> FindPublishedWeek();

  const ReportOptions options_;
  const Endpoints endpoints_;
  std::unique_ptr<v1::ProgressService::Stub> progress_;
  std::optional<v1::Publication> publication_;
};

struct ReportKind {
  const char* name;     // "monthly"
  const char* meaning;  // for --help
  const char* period;   // what --period means; nullptr: may be left out, its last day is then the date
  // INVALID_ARGUMENT where --period is none that it can be made for; nullptr: any months.
  absl::Status (*check_period)(const std::string& period);
  bool has_date;
  // --period says which day to judge, and nothing else: it goes without --date.
  bool period_is_day;
  bool has_drive;
  bool has_collector;
  bool has_league;
  absl::StatusOr<Report> (*make)(ReportSource* source);
};
const std::vector<ReportKind>& ReportKinds();

// What follows from place and options alone: who reports, where it is signed, what was published.
void FinishReport(const ReportSource& source, const ReportNames& names, Report* report);

}  // namespace sothon::cli
