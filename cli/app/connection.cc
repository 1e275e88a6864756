#include "cli/app/connection.h"

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// UNAVAILABLE comes from the service, in its own words, or from gRPC, which could not get through to it.
bool IsOfTransport(std::string_view message) {
  for (const std::string_view part : {"failed to connect",
                                      "onnection refused",
                                      "onnection reset",
                                      "Socket closed",
                                      "onnection closed",
                                      "Broken pipe",
                                      "GOAWAY",
                                      "empty address list",
                                      "resolution",
                                      "resolve",
                                      "Endpoint",
                                      "Transport closed",
                                      "keepalive",
                                      "Cancelling all calls",
                                      "Channel shutdown",
                                      "channel",
                                      "subchannel",
                                      "handshake",
                                      "Handshake",
                                      "Connect Failed",
                                      "timed out",
                                      "Timeout",
                                      "the service broke the stream off",
                                      "the service ended the stream",
                                      "No route to host",
                                      "Network is unreachable",
                                      "recvmsg",
                                      "sendmsg",
                                      "tcp "}) {
    if (message.find(part) != std::string_view::npos) return true;
  }
  return false;
}

absl::Status NameService(const absl::Status& status, std::string_view service, std::string_view address,
                         std::string_view option, std::string_view config) {
  // The answer of a gRPC server to a method that it does not have.
  if (status.code() == absl::StatusCode::kUnimplemented && status.message().empty()) {
    return absl::UnimplementedError(StrCat("this is not ", service, " at ", address,
                                           "; are the ports swapped? Name where it listens with ", option,
                                           " HOST:PORT"));
  }
  if (status.code() != absl::StatusCode::kUnavailable) return status;
  if (!status.message().empty() && !IsOfTransport(std::string(status.message()))) {
    return absl::UnavailableError(
        StrCat(service, " at ", address, " answered: ", status.message(),
               IsFullDisk(status) ? ". It goes on by itself when there is room; try again then" : ""));
  }
  return absl::UnavailableError(
      StrCat("cannot reach ", service, " at ", address, " (", status.message(), "). Start it with `", service,
             " --config ", config, "` or `tools/quickstart`, or name where it listens with ", option, " HOST:PORT"));
}

}  // namespace

bool IsFullDisk(const absl::Status& status) {
  const std::string message(status.message());
  return status.code() == absl::StatusCode::kUnavailable && !IsOfTransport(message) &&
         (message.find("disk") != std::string::npos || message.find("space") != std::string::npos);
}

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  // Loopback and office networks: a proxy of the environment is never meant for these services.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetMaxReceiveMessageSize(64 << 20);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<v1::IngestService::Stub> IngestAt(const Endpoints& endpoints) {
  return v1::IngestService::NewStub(ConnectTo(endpoints.ingest));
}

std::unique_ptr<v1::ProgressService::Stub> ProgressAt(const Endpoints& endpoints) {
  return v1::ProgressService::NewStub(ConnectTo(endpoints.projection));
}

std::chrono::system_clock::time_point DeadlineIn(absl::Duration timeout) {
  return std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout);
}

absl::Status FromIngest(const grpc::Status& status, const Endpoints& endpoints) {
  return NameIngest(FromGrpc(status), endpoints);
}

absl::Status NameIngest(const absl::Status& status, const Endpoints& endpoints) {
  return NameService(status, "sothon-ingest", endpoints.ingest, "--ingest", "deploy/config/ingest.toml");
}

absl::Status FromProjection(const grpc::Status& status, const Endpoints& endpoints) {
  return NameService(FromGrpc(status), "sothon-projection", endpoints.projection, "--projection",
                     "deploy/config/projection.toml");
}

}  // namespace sothon::cli
