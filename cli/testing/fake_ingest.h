// An IngestService in memory, for tests of clients: idempotent as the real one, and unwell in the ways a test asks for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

// Thread-safe.
class FakeIngest final : public v1::IngestService::Service {
 public:
  // Looks at a request before it is recorded; an error refuses it.
  using Check = std::function<absl::Status(const v1::RecordRequest&)>;

  FakeIngest();
  ~FakeIngest() override;

  std::unique_ptr<v1::IngestService::Stub> NewStub();
  const std::string& address() const { return address_; }

  void SetCheck(Check check);
  // Holds what `other` holds.
  void CopyFrom(const FakeIngest& other);
  // Ends each stream with UNAVAILABLE in place of its `requests`-th answer, `times` times; the request is recorded.
  void BreakStreams(int requests, int times);
  // Answers nothing from now on, without ending streams, until the client cancels.
  void Stall(int streams);
  // Answers GetStatus with UNAVAILABLE, as a service that still loads, `times` times.
  void SetAway(int times);
  void SetLimits(const v1::Limits& limits);
  // Does not know ReadEventsRequest.with_reversals, as a service of before.
  void ForgetReversals();
  // Ends the service; calls fail with UNAVAILABLE from then on.
  void Stop();

  // As a log would hold them.
  std::vector<v1::Event> events() const;
  // Sizes of the requests seen so far, refused ones included.
  std::vector<int> request_sizes() const;
  int streams() const;

  grpc::Status Record(grpc::ServerContext* context, const v1::RecordRequest* request,
                      v1::RecordResponse* response) override;
  grpc::Status RecordStream(grpc::ServerContext* context,
                            grpc::ServerReaderWriter<v1::RecordStreamResponse, v1::RecordRequest>* stream) override;
  grpc::Status ReadEvents(grpc::ServerContext* context, const v1::ReadEventsRequest* request,
                          grpc::ServerWriter<v1::ReadEventsResponse>* writer) override;
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;

 private:
  absl::Status Append(const v1::RecordRequest& request, std::vector<v1::Receipt>* receipts);

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  mutable absl::Mutex mutex_;
  Check check_ ABSL_GUARDED_BY(mutex_);
  v1::Limits limits_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::Event> events_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t> position_by_event_id_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t> position_by_receipt_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> request_sizes_ ABSL_GUARDED_BY(mutex_);
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int break_after_ ABSL_GUARDED_BY(mutex_) = 0;
  int breaks_left_ ABSL_GUARDED_BY(mutex_) = 0;
  int away_left_ ABSL_GUARDED_BY(mutex_) = 0;
  int stalls_left_ ABSL_GUARDED_BY(mutex_) = 0;
  bool knows_reversals_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace sothon::cli
