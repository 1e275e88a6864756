// Broker, ingest and projection together, and a client of both.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/testing/temp_dir.h"
#include "sothon/v1/ingest.grpc.pb.h"
#include "sothon/v1/progress.grpc.pb.h"
#include "tests/harness/nats_server.h"
#include "tests/harness/service.h"

namespace sothon::testing {

inline constexpr char kLogId[] = "test-log";

// Owned by one thread. Nothing runs until it is started.
class Stack {
 public:
  struct Options {
    bool bus_enabled = true;
    // More TOML for each of the services.
    std::string ingest_config;
    std::string projection_config;
  };
  Stack() : Stack(Options()) {}
  explicit Stack(const Options& options);
  // Prints the end of the services' logs when the test has failed.
  ~Stack();

  // All that is to run, serving.
  void StartAll();
  NatsServer& broker() { return broker_; }
  Service& ingest() { return ingest_; }
  const Service& ingest() const { return ingest_; }
  Service& projection() { return projection_; }
  const std::string& directory() const { return directory_.path(); }

  // Records, retrying while ingest is away.
  absl::StatusOr<v1::RecordResponse> Record(std::vector<v1::Submission> submissions);
  absl::StatusOr<v1::GetStatusResponse> IngestStatus();
  absl::StatusOr<v1::GetProjectionStatusResponse> ProjectionStatus();
  uint64_t Head();
  uint64_t Projected();
  // The projection is where the log ends.
  bool AwaitProjected(absl::Duration timeout = absl::Seconds(60));
  // All stored events.
  absl::StatusOr<std::vector<v1::Event>> ReadAll();

  absl::StatusOr<v1::GetProgressResponse> Progress(const v1::GetProgressRequest& request);
  // All postings, in order, with the sum.
  absl::StatusOr<v1::ExplainResponse> Explain(const v1::ExplainRequest& request);
  // Of everything, as soon as the whole log is projected.
  absl::StatusOr<v1::GetDigestsResponse> Digests();

  std::unique_ptr<v1::IngestService::Stub> IngestStub() const { return v1::IngestService::NewStub(ingest_.channel()); }
  std::unique_ptr<v1::ProgressService::Stub> ProgressStub() const {
    return v1::ProgressService::NewStub(projection_.channel());
  }

 private:
  const bool bus_enabled_;
  TempDir directory_;
  NatsServer broker_;
  Service ingest_;
  Service projection_;
};

// A context whose deadline is `timeout` from now.
std::unique_ptr<grpc::ClientContext> WithDeadline(absl::Duration timeout);

}  // namespace sothon::testing
