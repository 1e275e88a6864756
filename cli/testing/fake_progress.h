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
  v1::AsOf asked_as_of;
  std::string asked_period;

  grpc::Status GetProgress(grpc::ServerContext*, const v1::GetProgressRequest* request,
                           v1::GetProgressResponse* response) override {
    asked_as_of = request->as_of();
    asked_period = request->period();
    *response = progress;
    *response->mutable_freshness() = freshness;
    return grpc::Status::OK;
  }
  grpc::Status Explain(grpc::ServerContext*, const v1::ExplainRequest*,
                       grpc::ServerWriter<v1::ExplainResponse>* writer) override {
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
  grpc::Status ListPlaces(grpc::ServerContext*, const v1::ListPlacesRequest*,
                          v1::ListPlacesResponse* response) override {
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
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace sothon::cli
