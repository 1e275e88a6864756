// Every other view of a log, asked of two services alike: what parties and drives brought in, and the oversight.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/civil_time.h"
#include "grpcpp/grpcpp.h"
#include "projection-service/service/progress_service.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::cli {

// ProgressService over a projection, without a port: it answers as the service does, because it is the service.
class ServiceInProcess {
 public:
  // `projection` is borrowed.
  explicit ServiceInProcess(projection::Projection* projection);
  ~ServiceInProcess();
  v1::ProgressService::StubInterface* stub() const { return stub_.get(); }

 private:
  projection::ProgressService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::ProgressService::Stub> stub_;
};

struct ViewQuestion {
  uint64_t position = 0;  // as known there
  int32_t date = 0;       // YYYYMMDD
  MonthRange months;  // of views that are about months; of a longer range the last ones that a question may be about
};

struct ViewDifference {
  std::string view;   // "ListDrives"
  std::string about;  // the place or kind of party
  std::string what;   // fields that differ, at most a few
};

struct ViewComparison {
  size_t views = 0;  // how many answers were held against each other
  std::vector<ViewDifference> differences;
};

// Errors are those of the service that is asked. What an answer says of its service, freshness, is not compared.
absl::StatusOr<ViewComparison> CompareViews(const ViewQuestion& question, v1::ProgressService::StubInterface* served,
                                            v1::ProgressService::StubInterface* replayed);

}  // namespace sothon::cli
