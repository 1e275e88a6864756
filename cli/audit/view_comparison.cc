#include "cli/audit/view_comparison.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "cli/app/connection.h"
#include "cli/app/plain_text.h"
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
constexpr int kMonthsOfYear = 12;
constexpr int kMonthsOfQuarter = 3;
constexpr int32_t kDateInLastWeek = 21991228;  // of the last year that a week can be named of; always in its last one
constexpr uint32_t kEveryLevel = 1'000;
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
    StrAppend(&told, ForTerminal(absl::CUnescape(line, &text) ? text : std::string(line)), "\n");
    if (told.size() > kWhatCharsMax) return told + "…";
  }
  return told;
}

std::string NameOf(const v1::Finding& finding) {
  return StrCat(finding.code(), " ", finding.place_id(), " ", finding.party_id(), " ", finding.period(), " ×",
                finding.count());
}

// Where a year or a quarter begins, when one does: then the rows of each lie in one half.
CivilMonth BeginOfSecondHalf(MonthRange months) {
  const int32_t middle = months.first.value + months.Size() / 2;
  for (const int32_t stretch : {kMonthsOfYear, kMonthsOfQuarter}) {
    if (middle - middle % stretch > months.first.value) return {middle - middle % stretch};
  }
  return {middle};
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
      if (place.level() == v1::COMMUNE) communes_.push_back(place.place_id());
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
    for (const std::string& commune : communes_) SOTHON_RETURN_IF_ERROR(CompareLadder(commune));
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
    v1::GetRetentionRequest retention;
    FillInquiry(place_id, retention.mutable_inquiry());
    retention.set_depth(kEveryLevel);
    SOTHON_RETURN_IF_ERROR(CompareByMonths("GetRetention", place_id, &Stub::GetRetention, std::move(retention)));
    v1::CountActivitiesRequest activities;
    FillInquiry(place_id, activities.mutable_inquiry());
    return CompareByMonths("CountActivities", place_id, &Stub::CountActivities, std::move(activities));
  }

  // Each commune has a ladder of its own.
  absl::Status CompareLadder(const std::string& commune) {
    const CivilWeek last = std::min(CivilWeek::Of(CivilDate::LastOf(question_.months.last)),
                                    CivilWeek::Of(*CivilDate::FromWire(kDateInLastWeek)));
    CivilWeek from = CivilWeek::Of(CivilDate::FirstOf(question_.months.first));
    for (; from <= last; from = from.Plus(kWeeksMax)) {
      SOTHON_RETURN_IF_ERROR(
          About<v1::GetWeekLadderRequest>("GetWeekLadder", commune, &Stub::GetWeekLadder, [&](auto* request) {
            request->set_from_week(from.ToString());
            request->set_to_week(std::min(from.Plus(kWeeksMax - 1), last).ToString());
            request->set_with_rows(true);
          }));
    }
    return absl::OkStatus();
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

  absl::Status CompareParty(const std::string& about, v1::GetPartyProgressRequest request) {
    request.mutable_as_of()->set_position(question_.position);
    return CompareByMonths("GetPartyProgress", about, &Stub::GetPartyProgress, std::move(request));
  }

  // Pieces that a question may be about; but the last each ends with a year.
  template <typename Request, typename Response>
  absl::Status CompareByMonths(const char* view, const std::string& about, Method<Request, Response> method,
                               Request request) {
    const CivilMonth end = question_.months.last;
    for (CivilMonth first = question_.months.first; first <= end;) {
      const CivilMonth last = std::min(first.Plus(kMonthsMax - 1 - first.value % kMonthsOfYear), end);
      SOTHON_RETURN_IF_ERROR(CompareMonths(view, about, method, request, {first, last}));
      first = last.Plus(1);
    }
    return absl::OkStatus();
  }

  // In halves where the answer would be too long: for the projection, or for one message of the service.
  template <typename Request, typename Response>
  absl::Status CompareMonths(const char* view, const std::string& about, Method<Request, Response> method,
                             const Request& request, MonthRange months) {
    Request of_these = request;
    of_these.set_period(StrCat(months.first.ToString(), "..", months.last.ToString()));
    SOTHON_ASSIGN_OR_RETURN(const auto answers, AskBoth(method, of_these));
    const bool is_too_long = absl::IsInvalidArgument(answers.own.status()) ||
                             absl::IsResourceExhausted(answers.own.status()) ||
                             absl::IsResourceExhausted(answers.theirs.status());
    if (!is_too_long || months.Size() == 1) {
      Hold(view, StrCat(about, about.empty() ? "" : " ", of_these.period()), answers);
      return absl::OkStatus();
    }
    const CivilMonth second = BeginOfSecondHalf(months);
    SOTHON_RETURN_IF_ERROR(CompareMonths(view, about, method, request, {months.first, second.Plus(-1)}));
    return CompareMonths(view, about, method, request, {second, months.last});
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
    SOTHON_ASSIGN_OR_RETURN(const auto answers, AskBoth(method, request));
    Hold(view, about, answers);
    return absl::OkStatus();
  }

  template <typename Response>
  struct Answers {
    absl::StatusOr<Response> theirs;
    absl::StatusOr<Response> own;
  };
  template <typename Request, typename Response>
  absl::StatusOr<Answers<Response>> AskBoth(Method<Request, Response> method, const Request& request) {
    Answers<Response> answers;
    answers.theirs = Ask(served_, method, request);
    const absl::Status& theirs = answers.theirs.status();
    if (absl::IsUnavailable(theirs) || absl::IsDeadlineExceeded(theirs)) return theirs;
    answers.own = Ask(replayed_, method, request);
    return answers;
  }
  template <typename Response>
  void Hold(const char* view, const std::string& about, const Answers<Response>& answers) {
    const absl::Status& theirs = answers.theirs.status();
    const absl::Status& own = answers.own.status();
    if (!own.ok() && theirs.code() == own.code()) {  // that both refuse does not make them equal
      comparison_.unanswered.push_back({view, about, std::string(own.message())});
      return;
    }
    ++comparison_.views;
    std::string what = theirs.ok() && own.ok() ? DifferencesOf(*answers.theirs, *answers.own)
                                               : ForTerminal(StrCat(theirs.ToString(), " -> ", own.ToString())) + "\n";
    if (!what.empty()) comparison_.differences.push_back({view, about, std::move(what)});
  }

  const ViewQuestion question_;
  Stub* const served_;
  Stub* const replayed_;
  std::vector<std::string> roots_;
  std::vector<std::string> communes_;
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
