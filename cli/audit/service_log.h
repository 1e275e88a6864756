// A log as sothon-ingest serves it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/connection.h"
#include "cli/audit/exporter.h"
#include "sothon/v1/audit.grpc.pb.h"

namespace sothon::cli {

// Thread-compatible. Errors are those of FromIngest().
class ServiceLog final : public LogSource {
 public:
  explicit ServiceLog(const Endpoints& endpoints);

  absl::StatusOr<std::string> FreshCheckpoint() override;
  absl::Status ReadEvents(uint64_t from, uint64_t to, absl::FunctionRef<absl::Status(std::string_view)> take) override;
  absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second) override;

 private:
  absl::Status ReadSome(uint64_t from, uint64_t to, absl::FunctionRef<absl::Status(std::string_view)> take);

  const Endpoints endpoints_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::IngestService::Stub> ingest_;
  const std::unique_ptr<v1::AuditService::Stub> audit_;
};

}  // namespace sothon::cli
