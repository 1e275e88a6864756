#include "cli/audit/view_comparison.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
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
constexpr uint32_t kFindingsMax = 10'000;
constexpr uint32_t kRenewalsMax = 50'000;

template <typename Request, typename Response>
absl::StatusOr<Response> Ask(Stub* stub, Method<Request, Response> method, const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kAnswerWithin));
  Response response;
  const absl::Status status = FromGrpc((stub->*method)(&context, request, &response));
  if (status.ok()) return response;
  return absl::Status(status.code(), StrCat(Request::descriptor()->name(), ": ", status.message()));
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
        v1::ListPlacesResponse::descriptor()->FindFieldByName("freshness"),
        v1::ListLateChangesResponse::descriptor()->FindFieldByName("freshness"),
        v1::ProgressRow::descriptor()->FindFieldByName("last_change_position")}) {
    differencer.IgnoreField(field);
  }
  if (differencer.Compare(served, replayed)) return "";
  std::string told;
  for (const absl::string_view line : absl::StrSplit(what, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, "ignored:")) continue;
    std::string text;  // the differencer writes names in octal
    StrAppend(&told, absl::CUnescape(line, &text) ? text : std::string(line), "\n");
    if (told.size() > kWhatCharsMax) return told + "…";
  }
  return told;
}

std::string NameOf(const v1::Finding& finding) {
  return StrCat(finding.code(), " ", finding.place_id(), " ", finding.party_id(), " ", finding.period(), " ×",
                finding.count());
}

// Findings as they are on the wire, each with its name.
using Findings = std::multimap<std::string, std::string>;

// Takes out of both what they have in common.
void RemoveCommon(Findings* one, Findings* other) {
  for (auto each = one->begin(); each != one->end();) {
    const auto found = other->find(each->first);
    if (found == other->end()) {
      ++each;
      continue;
    }
    other->erase(found);
    each = one->erase(each);
  }
}

class Comparer {
 public:
  Comparer(const ViewQuestion& question, Stub* served, Stub* replayed)
      : question_(question), served_(served), replayed_(replayed) {}

  absl::Status ComparePlaces() {
    v1::ListPlacesRequest request;
    request.mutable_as_of()->set_position(question_.position);
    SOTHON_RETURN_IF_ERROR(Compare("ListPlaces", "", &Stub::ListPlaces, request));
    SOTHON_ASSIGN_OR_RETURN(const v1::ListPlacesResponse places, Ask(replayed_, &Stub::ListPlaces, request));
    for (const v1::PlaceInfo& place : places.places()) {
      if (place.parent_place_id().empty()) roots_.push_back(place.place_id());
      const bool is_village = place.level() == v1::VILLAGE || place.level() == v1::RESIDENTIAL_GROUP;
      if (is_village) villages_.push_back(place.place_id());
    }
    return absl::OkStatus();
  }

  absl::Status CompareFindings() {
    SOTHON_ASSIGN_OR_RETURN(Findings theirs, Gather(served_));
    SOTHON_ASSIGN_OR_RETURN(Findings own, Gather(replayed_));
    comparison_.findings = own.size();
    RemoveCommon(&theirs, &own);
    for (const auto& [bytes, name] : theirs) comparison_.differences.push_back({"ListFindings", name, "only served"});
    for (const auto& [bytes, name] : own) comparison_.differences.push_back({"ListFindings", name, "only replayed"});
    return absl::OkStatus();
  }

  absl::Status CompareLateChanges() {
    for (const auto& [place_id, period] : question_.published) {
      if (!MonthRange::Parse(period)) continue;  // a week has no figures by month
      v1::ListLateChangesRequest request;
      request.set_place_id(place_id);
      request.set_period(period);
      request.mutable_as_of()->set_position(question_.position);
      SOTHON_RETURN_IF_ERROR(
          Compare("ListLateChanges", StrCat(place_id, " ", period), &Stub::ListLateChanges, request));
    }
    return absl::OkStatus();
  }

  absl::Status CompareOversight() {
    for (const std::string& root : roots_) SOTHON_RETURN_IF_ERROR(CompareOversight(root));
    return absl::OkStatus();
  }

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

  ViewComparison& comparison() { return comparison_; }

 private:
  // Everything about a place and what is below it.
  absl::Status CompareOversight(const std::string& place_id) {
    SOTHON_RETURN_IF_ERROR(About<v1::ListDrivesRequest>("ListDrives", place_id, &Stub::ListDrives));
    SOTHON_RETURN_IF_ERROR(About<v1::RankVillagesRequest>("RankVillages", place_id, &Stub::RankVillages));
    SOTHON_RETURN_IF_ERROR(CompareRenewals(place_id));
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

  // Where a place has more than one answer holds, its villages are asked about one by one.
  absl::Status CompareRenewals(const std::string& place_id) {
    const auto compare = [&](const std::string& place) -> absl::StatusOr<uint64_t> {
      v1::ListRenewalsRequest request;
      FillInquiry(place, request.mutable_inquiry());
      request.set_limit(kRenewalsMax);
      SOTHON_RETURN_IF_ERROR(Compare("ListRenewals", place, &Stub::ListRenewals, request));
      SOTHON_ASSIGN_OR_RETURN(const v1::ListRenewalsResponse own, Ask(replayed_, &Stub::ListRenewals, request));
      return own.item_count() - static_cast<uint64_t>(own.items_size());
    };
    SOTHON_ASSIGN_OR_RETURN(const uint64_t cut, compare(place_id));
    if (cut == 0) return absl::OkStatus();
    for (const std::string& village : villages_) {
      SOTHON_ASSIGN_OR_RETURN(const uint64_t cut_there, compare(village));
      comparison_.not_compared += cut_there;
    }
    return absl::OkStatus();
  }

  // All findings: where there are more than one answer holds, by rule; of a rule with more than that, by village.
  absl::StatusOr<Findings> Gather(Stub* stub) {
    Findings findings;
    const auto ask = [&](const std::string& place,
                         const std::string& code) -> absl::StatusOr<v1::ListFindingsResponse> {
      v1::ListFindingsRequest request;
      FillInquiry(place, request.mutable_inquiry());
      if (!code.empty()) request.add_codes(code);
      request.set_limit(kFindingsMax);
      request.set_positions_max(kFindingsMax);
      return Ask(stub, &Stub::ListFindings, request);
    };
    const auto take = [&](const v1::ListFindingsResponse& response) {
      for (const v1::Finding& finding : response.findings()) {
        findings.emplace(finding.SerializeAsString(), NameOf(finding));
      }
    };
    const auto is_whole = [](const v1::ListFindingsResponse& response) {
      return response.total() == static_cast<uint64_t>(response.findings_size());
    };
    SOTHON_ASSIGN_OR_RETURN(const v1::ListFindingsResponse all, ask("", ""));
    if (is_whole(all)) {
      take(all);
      return findings;
    }
    for (const v1::FindingCount& count : all.counts()) {
      SOTHON_ASSIGN_OR_RETURN(const v1::ListFindingsResponse of_rule, ask("", count.code()));
      if (is_whole(of_rule)) {
        take(of_rule);
        continue;
      }
      for (const std::string& village : villages_) {
        SOTHON_ASSIGN_OR_RETURN(const v1::ListFindingsResponse of_village, ask(village, count.code()));
        take(of_village);
      }
    }
    const uint64_t missing = all.total() - std::min<uint64_t>(all.total(), findings.size());
    comparison_.not_compared = std::max(comparison_.not_compared, missing);
    return findings;
  }

  void FillInquiry(const std::string& place_id, v1::Inquiry* inquiry) const {
    inquiry->set_place_id(place_id);
    inquiry->set_date(question_.date);
    inquiry->mutable_as_of()->set_position(question_.position);
  }

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
    FillInquiry(place_id, request.mutable_inquiry());
    (fill(&request), ...);
    return Compare(view, place_id, method, request);
  }
  template <typename Request, typename Response>
  absl::Status Compare(const char* view, const std::string& about, Method<Request, Response> method,
                       const Request& request) {
    const absl::StatusOr<Response> theirs = Ask(served_, method, request);
    if (absl::IsUnavailable(theirs.status()) || absl::IsDeadlineExceeded(theirs.status())) return theirs.status();
    const absl::StatusOr<Response> own = Ask(replayed_, method, request);
    ++comparison_.views;
    std::string what;
    if (theirs.ok() && own.ok()) {
      what = DifferencesOf(*theirs, *own);
    } else if (theirs.status().code() != own.status().code()) {  // equal: neither has such an answer
      what = StrCat(theirs.status().ToString(), " -> ", own.status().ToString(), "\n");
    }
    if (!what.empty()) comparison_.differences.push_back({view, about, std::move(what)});
    return absl::OkStatus();
  }

  const ViewQuestion question_;
  Stub* const served_;
  Stub* const replayed_;
  std::vector<std::string> roots_;
  std::vector<std::string> villages_;
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
  SOTHON_RETURN_IF_ERROR(comparer.ComparePlaces());
  SOTHON_RETURN_IF_ERROR(comparer.CompareFindings());
  SOTHON_RETURN_IF_ERROR(comparer.CompareLateChanges());
  SOTHON_RETURN_IF_ERROR(comparer.CompareParties());
  SOTHON_RETURN_IF_ERROR(comparer.CompareOversight());
  return std::move(comparer.comparison());
}

}  // namespace sothon::cli
