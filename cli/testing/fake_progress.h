// A ProgressService that answers what a test gives it.
#pragma once

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
    return grpc::Status::OK;
  }
  grpc::Status ListLateChanges(grpc::ServerContext*, const v1::ListLateChangesRequest*,
                               v1::ListLateChangesResponse* response) override {
    *response = late_changes;
    *response->mutable_freshness() = freshness;
    return grpc::Status::OK;
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
    return Oversight(request->inquiry(), drives, response);
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
