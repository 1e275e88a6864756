// A ProgressService that answers what a test gives it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "common/base/strings.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::cli {

// The answers are set before the first call.
class FakeProgress final : public v1::ProgressService::Service {
 public:
  FakeProgress() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = StrCat("127.0.0.1:", port);
  }
  ~FakeProgress() override { server_->Shutdown(std::chrono::system_clock::now()); }

  const std::string& address() const { return address_; }

  v1::Freshness freshness;
  v1::GetProgressResponse progress;
  v1::ExplainResponse explanation;
  v1::ListPlacesResponse places;
  v1::WatchProgressResponse change;
  v1::GetPartyProgressResponse party_progress;
  v1::ListLateChangesResponse late_changes;
  v1::GetDigestsResponse digests;
  v1::GetProgressRequest asked;
  v1::GetPartyProgressRequest asked_of_parties;
  v1::ExplainRequest asked_to_explain;
  v1::ListPlacesRequest asked_of_places;
  v1::GetDigestsRequest asked_digests;
  v1::GetWeekLadderResponse ladder;
  v1::ListDrivesResponse drives;
  v1::ListRenewalsResponse renewals;
  v1::GetUncoveredResponse uncovered;
  v1::Inquiry asked_inquiry;  // of the last question of the oversight
  v1::ListFindingsResponse findings;
  v1::ListRulesResponse rules;
  v1::RankVillagesResponse ranking;
  v1::GetRetentionResponse retention;
  v1::ListDocumentsResponse documents;
  v1::ListProvenanceResponse provenance;
  v1::ListRolesResponse roles;
  v1::ListDecisionsResponse decisions;
  v1::CountActivitiesResponse activities;
  grpc::Status oversight_status;  // what ListFindings and ListDrives answer with
  grpc::Status party_status;      // what GetPartyProgress answers with
  grpc::Status late_status;       // what ListLateChanges answers with
  v1::ListLateChangesRequest asked_late;
  v1::ListFindingsRequest asked_findings;
  v1::ListDrivesRequest asked_drives;
  v1::GetRetentionRequest asked_retention;
  v1::ListRolesRequest asked_roles;
  v1::ListDecisionsRequest asked_decisions;
  v1::CountActivitiesRequest asked_activities;
  v1::GetWeekLadderRequest asked_ladder;
  v1::ListRenewalsRequest asked_renewals;
  v1::AsOf asked_as_of;
  std::string asked_period;

  grpc::Status GetProgress(grpc::ServerContext*, const v1::GetProgressRequest* request,
                           v1::GetProgressResponse* response) override {
    asked = *request;
    asked_as_of = request->as_of();
    asked_period = request->period();
    *response = progress;
    *response->mutable_freshness() = freshness;
    return grpc::Status::OK;
  }
  grpc::Status GetPartyProgress(grpc::ServerContext*, const v1::GetPartyProgressRequest* request,
                                v1::GetPartyProgressResponse* response) override {
    asked_of_parties = *request;
    *response = party_progress;
    *response->mutable_freshness() = freshness;
    return party_status;
  }
  grpc::Status ListLateChanges(grpc::ServerContext*, const v1::ListLateChangesRequest* request,
                               v1::ListLateChangesResponse* response) override {
    asked_late = *request;
    *response = late_changes;
    *response->mutable_freshness() = freshness;
    return late_status;
  }
  // As of a position it has the digests of that position.
  grpc::Status GetDigests(grpc::ServerContext*, const v1::GetDigestsRequest* request,
                          v1::GetDigestsResponse* response) override {
    asked_digests = *request;
    *response = digests;
    *response->mutable_freshness() = freshness;
    if (request->as_of().has_position()) response->mutable_freshness()->set_position(request->as_of().position());
    return grpc::Status::OK;
  }
  grpc::Status Explain(grpc::ServerContext*, const v1::ExplainRequest* request,
                       grpc::ServerWriter<v1::ExplainResponse>* writer) override {
    asked_to_explain = *request;
    v1::ExplainResponse response = explanation;
    *response.mutable_freshness() = freshness;
    writer->Write(response);
    return grpc::Status::OK;
  }
  grpc::Status WatchProgress(grpc::ServerContext*, const v1::WatchProgressRequest*,
                             grpc::ServerWriter<v1::WatchProgressResponse>* writer) override {
    v1::WatchProgressResponse response = change;
    *response.mutable_freshness() = freshness;
    writer->Write(response);
    return grpc::Status::OK;
  }
  grpc::Status GetWeekLadder(grpc::ServerContext*, const v1::GetWeekLadderRequest* request,
                             v1::GetWeekLadderResponse* response) override {
    asked_ladder = *request;
    return Oversight(request->inquiry(), ladder, response);
  }
  grpc::Status ListDrives(grpc::ServerContext*, const v1::ListDrivesRequest* request,
                          v1::ListDrivesResponse* response) override {
    asked_drives = *request;
    Oversight(request->inquiry(), drives, response);
    if (request->drive_id().empty()) return oversight_status;
    // As the service does.
    const bool has_it = std::any_of(drives.drives().begin(), drives.drives().end(), [&](const v1::DriveView& drive) {
      return drive.drive_id() == request->drive_id();
    });
    return has_it ? oversight_status : grpc::Status(grpc::StatusCode::NOT_FOUND, "the place has no drive");
  }
  grpc::Status ListFindings(grpc::ServerContext*, const v1::ListFindingsRequest* request,
                            v1::ListFindingsResponse* response) override {
    asked_findings = *request;
    asked_inquiry = request->inquiry();
    *response = findings;
    *response->mutable_freshness() = freshness;
    return oversight_status;
  }
  grpc::Status ListRules(grpc::ServerContext*, const v1::ListRulesRequest*, v1::ListRulesResponse* response) override {
    *response = rules;
    return grpc::Status::OK;
  }
  grpc::Status RankVillages(grpc::ServerContext*, const v1::RankVillagesRequest* request,
                            v1::RankVillagesResponse* response) override {
    return Oversight(request->inquiry(), ranking, response);
  }
  grpc::Status GetRetention(grpc::ServerContext*, const v1::GetRetentionRequest* request,
                            v1::GetRetentionResponse* response) override {
    asked_retention = *request;
    return Oversight(request->inquiry(), retention, response);
  }
  grpc::Status ListDocuments(grpc::ServerContext*, const v1::ListDocumentsRequest* request,
                             v1::ListDocumentsResponse* response) override {
    return Oversight(request->inquiry(), documents, response);
  }
  grpc::Status ListProvenance(grpc::ServerContext*, const v1::ListProvenanceRequest* request,
                              v1::ListProvenanceResponse* response) override {
    return Oversight(request->inquiry(), provenance, response);
  }
  grpc::Status ListRoles(grpc::ServerContext*, const v1::ListRolesRequest* request,
                         v1::ListRolesResponse* response) override {
    asked_roles = *request;
    return Oversight(request->inquiry(), roles, response);
  }
  grpc::Status ListDecisions(grpc::ServerContext*, const v1::ListDecisionsRequest* request,
                             v1::ListDecisionsResponse* response) override {
    asked_decisions = *request;
    return Oversight(request->inquiry(), decisions, response);
  }
  grpc::Status CountActivities(grpc::ServerContext*, const v1::CountActivitiesRequest* request,
                               v1::CountActivitiesResponse* response) override {
    asked_activities = *request;
    return Oversight(request->inquiry(), activities, response);
  }
  grpc::Status ListRenewals(grpc::ServerContext*, const v1::ListRenewalsRequest* request,
                            v1::ListRenewalsResponse* response) override {
    asked_renewals = *request;
    return Oversight(request->inquiry(), renewals, response);
  }
  grpc::Status GetUncovered(grpc::ServerContext*, const v1::GetUncoveredRequest* request,
                            v1::GetUncoveredResponse* response) override {
    return Oversight(request->inquiry(), uncovered, response);
  }
  grpc::Status ListPlaces(grpc::ServerContext*, const v1::ListPlacesRequest* request,
                          v1::ListPlacesResponse* response) override {
    asked_of_places = *request;
    *response = places;
    *response->mutable_freshness() = freshness;
    return grpc::Status::OK;
  }
  grpc::Status GetProjectionStatus(grpc::ServerContext*, const v1::GetProjectionStatusRequest*,
                                   v1::GetProjectionStatusResponse* response) override {
    *response->mutable_freshness() = freshness;
    return grpc::Status::OK;
  }

 private:
  template <typename Response>
  grpc::Status Oversight(const v1::Inquiry& inquiry, const Response& answer, Response* response) {
    asked_inquiry = inquiry;
    *response = answer;
    *response->mutable_answered()->mutable_freshness() = freshness;
    return grpc::Status::OK;
  }

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace sothon::cli
