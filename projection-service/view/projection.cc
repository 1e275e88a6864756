#include "projection-service/view/projection.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "projection-service/answers/findings.h"
#include "projection-service/view/digests.h"
#include "projection-service/view/late_changes.h"
#include "projection-service/view/party_progress.h"
#include "projection-service/view/place_info.h"
#include "projection-service/view/progress.h"

namespace sothon::projection {

absl::StatusOr<std::unique_ptr<Projection>> Projection::Open(ProjectionOptions options) {
  SOTHON_ASSIGN_OR_RETURN(std::unique_ptr<ViewDirectories> directories,
                          ViewDirectories::Open(options.data_directory, options.afresh));
  if (!options.now_us) options.now_us = [] { return absl::ToUnixMicros(absl::Now()); };
  SOTHON_ASSIGN_OR_RETURN(std::shared_ptr<BuiltView> view, OpenView(options, directories->current()));
  view->ObserveCommits(options.on_commit);
  SOTHON_RETURN_IF_ERROR(directories->Switch(directories->current()));
  directories->RemoveOthers("");
  return std::unique_ptr<Projection>(new Projection(std::move(options), std::move(directories), std::move(view)));
}

Projection::Projection(ProjectionOptions options, std::unique_ptr<ViewDirectories> directories,
                       std::shared_ptr<BuiltView> view)
    : options_(std::move(options)),
      directories_(std::move(directories)),
      heads_(options_.now_us),
      notifier_(view->visible(), options_.waiters_max),
      view_(std::move(view)) {
  heads_.NoteApplied(position());
}

Projection::~Projection() { notifier_.Stop(); }

absl::StatusOr<std::shared_ptr<BuiltView>> Projection::OpenView(const ProjectionOptions& options,
                                                                const std::string& directory) {
  BuiltViewOptions view_options = options.view;
  view_options.store.directory = directory;
  return BuiltView::Open(std::move(view_options));
}

std::shared_ptr<const BuiltView> Projection::view() const { return writable_view(); }

std::shared_ptr<BuiltView> Projection::writable_view() const {
  absl::ReaderMutexLock lock(&mutex_);
  return view_;
}

// ---------------------------------------------------------------- applying

Position Projection::position() const { return view()->position(); }

bool Projection::IsLast(std::string_view stored) const {
  absl::MutexLock lock(&applying_);
  return view()->IsLast(stored);
}

absl::Status Projection::Apply(absl::Span<const std::string_view> stored, bool catching_up) {
  absl::MutexLock lock(&applying_);
  const std::shared_ptr<BuiltView> view = writable_view();
  const absl::Status status = view->Apply(stored, catching_up);
  TellVisible(view->visible());
  return status;
}

absl::Status Projection::Flush() {
  absl::MutexLock lock(&applying_);
  const std::shared_ptr<BuiltView> view = writable_view();
  const absl::Status status = view->Flush();
  TellVisible(view->visible());
  return status;
}

void Projection::TellVisible(Position position) {
  heads_.NoteApplied(position);
  notifier_.Advance(position);
}

void Projection::NoteHead(Position head, int64_t recorded_at_us) { heads_.NoteHead(head, recorded_at_us); }

void Projection::NoteTrouble(std::string_view trouble) {
  if (heads_.NoteTrouble(trouble)) notifier_.Announce();
}

std::string Projection::log_id() const { return view()->log_id(); }

absl::Status Projection::BindLog(std::string_view log_id) {
  absl::MutexLock lock(&applying_);
  return writable_view()->BindLog(log_id);
}

// ---------------------------------------------------------------- answering

v1::Freshness Projection::FreshnessOf(const Applied& answer, bool of_the_past) const {
  v1::Freshness freshness;
  FillFreshness(*view(), answer, of_the_past, &freshness);
  return freshness;
}

void Projection::FillFreshness(const BuiltView& view, const Applied& answer, bool of_the_past,
                               v1::Freshness* freshness) const {
  heads_.FillFreshness(answer, view.visible(), of_the_past, freshness);
  *freshness->mutable_log_id() = view.log_id();
}

std::string Projection::trouble() const { return heads_.trouble(); }

absl::Status Projection::GetProgress(const v1::GetProgressRequest& request, v1::GetProgressResponse* response) const {
  const std::shared_ptr<const BuiltView> current = view();
  SOTHON_ASSIGN_OR_RETURN(const AnswerPosition at, AnswerProgress(*current, options_.groups, request, response));
  FillFreshness(*current, at.applied, at.of_the_past, response->mutable_freshness());
  return absl::OkStatus();
}

absl::Status Projection::GetPartyProgress(const v1::GetPartyProgressRequest& request,
                                          v1::GetPartyProgressResponse* response) const {
  SOTHON_ASSIGN_OR_RETURN(const AnswerPosition at, AnswerPartyProgress(*view(), options_.groups, request, response));
  *response->mutable_freshness() = FreshnessOf(at.applied, at.of_the_past);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Explanation>> Projection::StartExplanation(const v1::ExplainRequest& request) const {
  return Explanation::Start(view(), options_.groups, request);
}

absl::StatusOr<WatchScan> Projection::StartWatch(const v1::WatchProgressRequest& request) const {
  return WatchScan::Start(*view(), request);
}

bool Projection::NextChanges(size_t rows_max, WatchScan* scan, v1::WatchProgressResponse* response) const {
  const uint64_t troubles = heads_.troubles();  // before the text is: at worst it is told twice
  Applied resume_from;
  const bool changes = scan->Next(*view(), rows_max, response, &resume_from);
  const bool told = scan->TellOnce(troubles);
  if (!changes && told) return false;
  *response->mutable_freshness() = FreshnessOf(resume_from, false);
  return true;
}

absl::StatusOr<v1::ListPlacesResponse> Projection::ListPlaces(const v1::ListPlacesRequest& request) const {
  v1::ListPlacesResponse response;
  SOTHON_ASSIGN_OR_RETURN(const AnswerPosition at, AnswerPlaces(*view(), request, &response));
  *response.mutable_freshness() = FreshnessOf(at.applied, at.of_the_past);
  return response;
}

absl::Status Projection::Oversee(const v1::Inquiry& inquiry, Overseer::Answer answer, v1::Answered* answered) const {
  const std::shared_ptr<const BuiltView> current = view();
  SOTHON_ASSIGN_OR_RETURN(
      const Overseen overseen,
      current->overseer().Ask(inquiry, CivilDate::AtMoment(options_.now_us()), options_.groups, answer));
  FillFreshness(*current, overseen.applied, overseen.of_the_past, answered->mutable_freshness());
  answered->set_date(overseen.date.ToWire());
  answered->set_contains_synthetic(overseen.contains_synthetic);
  return absl::OkStatus();
}

absl::Status Projection::ListFindings(const v1::ListFindingsRequest& request, v1::ListFindingsResponse* rest,
                                      std::string* findings) const {
  v1::Answered answered;
  const auto answer = [&](const oversight::Situation& situation) {
    return answers::EncodeFindings(situation, request, rest, findings);
  };
  SOTHON_RETURN_IF_ERROR(Oversee(request.inquiry(), answer, &answered));
  *rest->mutable_freshness() = std::move(*answered.mutable_freshness());
  rest->set_date(answered.date());
  rest->set_contains_synthetic(answered.contains_synthetic());
  return absl::OkStatus();
}

absl::StatusOr<v1::GetDigestsResponse> Projection::GetDigests(const v1::GetDigestsRequest& request) const {
  SOTHON_ASSIGN_OR_RETURN(DigestsAnswer answer, AnswerDigests(*view(), request));
  *answer.response.mutable_freshness() = FreshnessOf(answer.applied, answer.of_the_past);
  return std::move(answer.response);
}

absl::StatusOr<v1::ListLateChangesResponse> Projection::ListLateChanges(
    const v1::ListLateChangesRequest& request) const {
  SOTHON_ASSIGN_OR_RETURN(LateChangesAnswer answer, AnswerLateChanges(*view(), request));
  *answer.response.mutable_freshness() = FreshnessOf(answer.applied, answer.of_the_past);
  return std::move(answer.response);
}

v1::GetProjectionStatusResponse Projection::GetStatus() const {
  v1::GetProjectionStatusResponse response;
  Applied applied;
  view()->Read([&](const Published& published) {
    applied = published.applied;
    response.set_participants(published.participants);
    response.set_cells(published.cells.size());
  });
  *response.mutable_freshness() = FreshnessOf(applied, false);
  response.set_trouble(response.freshness().trouble());
  return response;
}

}  // namespace sothon::projection
