// LogReader over IngestService.ReadEvents.
#pragma once

#include <atomic>
#include <memory>

#include "grpcpp/grpcpp.h"
#include "projection-service/view/log_reader.h"

namespace sothon::projection {

// Thread-safe; every ReadRange() has a stream of its own, received by a thread of its own.
class GrpcLogReader final : public LogReader {
 public:
  explicit GrpcLogReader(const std::shared_ptr<grpc::Channel>& ingest);

  absl::Status ReadRange(Position from, Position to,
                         absl::FunctionRef<absl::Status(absl::Span<const std::string_view>)> visit) override;

  // Ends every ReadRange(), now and in future, with CANCELLED; for shutdown.
  void Cancel() { cancelled_.store(true, std::memory_order_release); }

 private:
  const std::shared_ptr<grpc::Channel> ingest_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace sothon::projection
