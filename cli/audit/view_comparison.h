// What is said of a log beside its figures, asked of two services alike: places, what parties and drives brought in,
// what changed after a publication, findings, and the oversight.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
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
  MonthRange months;      // of views that are about months
  // Place and period of what was published.
  std::set<std::pair<std::string, std::string>> published;
};

struct ViewDifference {
  std::string view;   // "ListDrives"
  std::string about;  // the place or kind of party
  std::string what;   // fields that differ, at most a few
};

struct ViewComparison {
  size_t views = 0;  // how many answers were held against each other
  std::vector<ViewDifference> differences;
  uint64_t findings = 0;      // by the log
  uint64_t not_compared = 0;  // findings and items beyond what any question is answered with
  // Questions that neither side answers, with the refusal: about these nothing is known. Each question is put so that
  // there is an answer (of a ladder: to each commune, and where there is none to nobody), so none of them is in order.
  std::vector<ViewDifference> unanswered;
};

// Where an answer would be too long, the question is put again for each half of its months: then rows of longer
// stretches (cumulative, period) are compared as far as they lie within a piece; of the whole they are sums of the
// months. Errors are those of the service that is asked. What an answer says of its service, freshness, is not
// compared.
absl::StatusOr<ViewComparison> CompareViews(const ViewQuestion& question, v1::ProgressService::StubInterface* served,
                                            v1::ProgressService::StubInterface* replayed);

}  // namespace sothon::cli
