#include "cli/audit/view_comparison.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <utility>

#include "cli/app/connection.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

using Stub = v1::ProgressService::StubInterface;
template <typename Request, typename Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

constexpr absl::Duration kAnswerWithin = absl::Seconds(120);
constexpr size_t kWhatCharsMax = 400;
constexpr int kMonthsMax = 120;  // of one question
constexpr int kWeeksMax = 106;

template <typename Request, typename Response>
absl::StatusOr<Response> Ask(Stub* stub, Method<Request, Response> method, const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kAnswerWithin));
  Response response;
  SOTHON_RETURN_IF_ERROR(FromGrpc((stub->*method)(&context, request, &response)));
  return response;
}

// The fields that differ, a line each; empty: none.
std::string DifferencesOf(const google::protobuf::Message& served, const google::protobuf::Message& replayed) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string what;
  differencer.ReportDifferencesToString(&what);
  // How far a service is, and how fresh: not what the log says.
  for (const google::protobuf::FieldDescriptor* field :
       {v1::Answered::descriptor()->FindFieldByName("freshness"),
        v1::GetPartyProgressResponse::descriptor()->FindFieldByName("freshness"),
        v1::ProgressRow::descriptor()->FindFieldByName("last_change_position")}) {
    differencer.IgnoreField(field);
  }
  if (differencer.Compare(served, replayed)) return "";
  if (what.size() > kWhatCharsMax) what = what.substr(0, what.rfind('\n', kWhatCharsMax)) + "\n…";
  return what;
}

class Comparer {
 public:
  Comparer(const ViewQuestion& question, Stub* served, Stub* replayed)
      : question_(question), served_(served), replayed_(replayed) {}

  absl::Status CompareParties() {
    for (int kind = v1::PartyKind_MIN; kind <= v1::PartyKind_MAX; ++kind) {
      if (kind == 0 || !v1::PartyKind_IsValid(kind)) continue;
      v1::GetPartyProgressRequest request;
      request.set_kind(static_cast<v1::PartyKind>(kind));
      request.set_by_desk(kind == v1::AGENCY);
      SOTHON_RETURN_IF_ERROR(CompareParty(v1::PartyKind_Name(kind), std::move(request)));
    }
    v1::GetPartyProgressRequest drives;
    drives.set_every_drive(true);
    return CompareParty("drives", std::move(drives));
  }

  // Everything about a place and what is below it.
  absl::Status CompareOversight(const std::string& place_id) {
    SOTHON_RETURN_IF_ERROR(About<v1::ListDrivesRequest>("ListDrives", place_id, &Stub::ListDrives));
    SOTHON_RETURN_IF_ERROR(About<v1::RankVillagesRequest>("RankVillages", place_id, &Stub::RankVillages));
    SOTHON_RETURN_IF_ERROR(About<v1::ListRenewalsRequest>("ListRenewals", place_id, &Stub::ListRenewals));
    SOTHON_RETURN_IF_ERROR(About<v1::GetUncoveredRequest>("GetUncovered", place_id, &Stub::GetUncovered));
    SOTHON_RETURN_IF_ERROR(About<v1::ListDocumentsRequest>("ListDocuments", place_id, &Stub::ListDocuments));
    SOTHON_RETURN_IF_ERROR(About<v1::ListProvenanceRequest>("ListProvenance", place_id, &Stub::ListProvenance));
    SOTHON_RETURN_IF_ERROR(About<v1::ListRolesRequest>("ListRoles", place_id, &Stub::ListRoles));
    SOTHON_RETURN_IF_ERROR(About<v1::ListDecisionsRequest>("ListDecisions", place_id, &Stub::ListDecisions));
    const std::string period = Period();
    SOTHON_RETURN_IF_ERROR(About<v1::GetRetentionRequest>("GetRetention", place_id, &Stub::GetRetention,
                                                          [&](auto* request) { request->set_period(period); }));
    SOTHON_RETURN_IF_ERROR(About<v1::CountActivitiesRequest>("CountActivities", place_id, &Stub::CountActivities,
                                                             [&](auto* request) { request->set_period(period); }));
    return About<v1::GetWeekLadderRequest>("GetWeekLadder", place_id, &Stub::GetWeekLadder, [&](auto* request) {
      const auto [from, to] = Weeks();
      request->set_from_week(from);
      request->set_to_week(to);
      request->set_with_rows(true);
    });
  }

  ViewComparison& comparison() { return comparison_; }

 private:
  std::string Period() const {
    const CivilMonth last = question_.months.last;
    return StrCat(std::max(question_.months.first, last.Plus(1 - kMonthsMax)).ToString(), "..", last.ToString());
  }
  std::pair<std::string, std::string> Weeks() const {
    const CivilWeek last = CivilWeek::Of(CivilDate::LastOf(question_.months.last));
    const CivilWeek first = CivilWeek::Of(CivilDate::FirstOf(question_.months.first));
    return {std::max(first, last.Plus(1 - kWeeksMax)).ToString(), last.ToString()};
  }

  absl::Status CompareParty(const std::string& about, v1::GetPartyProgressRequest request) {
    request.set_period(Period());
    request.mutable_as_of()->set_position(question_.position);
    return Compare("GetPartyProgress", about, &Stub::GetPartyProgress, request);
  }
  template <typename Request, typename Response>
  absl::Status About(const char* view, const std::string& place_id, Method<Request, Response> method, auto... fill) {
    Request request;
    request.mutable_inquiry()->set_place_id(place_id);
    request.mutable_inquiry()->set_date(question_.date);
    request.mutable_inquiry()->mutable_as_of()->set_position(question_.position);
    (fill(&request), ...);
    return Compare(view, place_id, method, request);
  }
  template <typename Request, typename Response>
  absl::Status Compare(const char* view, const std::string& about, Method<Request, Response> method,
                       const Request& request) {
    SOTHON_ASSIGN_OR_RETURN(const Response theirs, Ask(served_, method, request));
    SOTHON_ASSIGN_OR_RETURN(const Response own, Ask(replayed_, method, request));
    ++comparison_.views;
    std::string what = DifferencesOf(theirs, own);
    if (!what.empty()) comparison_.differences.push_back({view, about, std::move(what)});
    return absl::OkStatus();
  }

  const ViewQuestion question_;
  Stub* const served_;
  Stub* const replayed_;
  ViewComparison comparison_;
};

projection::ServiceParts PartsOf(projection::Projection* projection) {
  projection::ServiceParts parts;
  parts.projection = projection;
  return parts;
}

}  // namespace

ServiceInProcess::ServiceInProcess(projection::Projection* projection) : service_(PartsOf(projection)) {
  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  stub_ = v1::ProgressService::NewStub(server_->InProcessChannel(arguments));
}

ServiceInProcess::~ServiceInProcess() {
  service_.Stop();
  stub_.reset();
  server_->Shutdown();
}

absl::StatusOr<ViewComparison> CompareViews(const ViewQuestion& question, Stub* served, Stub* replayed) {
  Comparer comparer(question, served, replayed);
  SOTHON_RETURN_IF_ERROR(comparer.CompareParties());
  v1::ListPlacesRequest every_place;
  every_place.mutable_as_of()->set_position(question.position);
  SOTHON_ASSIGN_OR_RETURN(const v1::ListPlacesResponse places, Ask(replayed, &Stub::ListPlaces, every_place));
  for (const v1::PlaceInfo& place : places.places()) {
    if (place.parent_place_id().empty()) SOTHON_RETURN_IF_ERROR(comparer.CompareOversight(place.place_id()));
  }
  return std::move(comparer.comparison());
}

}  // namespace sothon::cli
