// IngestService over a log in memory, on a real port, that can be stopped, restarted, hung and replaced. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/event/stored_event.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::projection {

class FakeIngest final : public v1::IngestService::Service {
 public:
  ~FakeIngest() override { Stop(); }

  // The first start picks the port; later ones take the same.
  void Start();
  void Stop();
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Appends an event; returns its stored bytes.
  std::string Add(const v1::Event& event);
  std::string Get(uint64_t position) const;
  uint64_t Head() const;
  void SetLogId(std::string log_id);
  // Forgets what came after `head`, as a log restored from an older copy has.
  void CutTo(uint64_t head);
  // What GetStatus tells of the outbox; by default the head.
  void SetPublished(uint64_t position);
  // ReadEvents and GetStatus take calls and never answer.
  void SetHanging(bool hanging);
  uint64_t reads() const;

  grpc::Status ReadEvents(grpc::ServerContext* context, const v1::ReadEventsRequest* request,
                          grpc::ServerWriter<v1::ReadEventsResponse>* writer) override;
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;

 private:
  // Fills a message from `next` on; false: there is nothing.
  bool NextMessage(uint64_t next, uint64_t to, v1::ReadEventsResponse* message) const;

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  mutable absl::Mutex mutex_;
  std::string log_id_ ABSL_GUARDED_BY(mutex_) = "test-log";
  std::vector<std::string> stored_ ABSL_GUARDED_BY(mutex_);
  uint64_t published_ ABSL_GUARDED_BY(mutex_) = UINT64_MAX;
  bool hanging_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t reads_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace sothon::projection
