// Connections to the two services, and what to tell a person when one is not there.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/ingest.grpc.pb.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::cli {

struct Endpoints {
  std::string ingest = "127.0.0.1:7401";
  std::string projection = "127.0.0.1:7402";
};

// How long a call that answers at once may take.
inline constexpr absl::Duration kCallTimeout = absl::Seconds(20);

// A plaintext channel that ignores proxy settings and reconnects quickly.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address);
std::unique_ptr<v1::IngestService::Stub> IngestAt(const Endpoints& endpoints);
std::unique_ptr<v1::ProgressService::Stub> ProgressAt(const Endpoints& endpoints);

// Whether a service said in its own words that its disk takes nothing.
bool IsFullDisk(const absl::Status& status);

// A deadline for grpc::ClientContext::set_deadline.
std::chrono::system_clock::time_point DeadlineIn(absl::Duration timeout);

// What an RPC answered, as a status for people: an unreachable service says how to start it.
absl::Status FromIngest(const grpc::Status& status, const Endpoints& endpoints);
absl::Status FromProjection(const grpc::Status& status, const Endpoints& endpoints);
// The same for a status already converted.
absl::Status NameIngest(const absl::Status& status, const Endpoints& endpoints);

}  // namespace sothon::cli
