#include "projection-service/service/explain_call.h"

#include <atomic>
#include <utility>

#include "common/status/status.h"

namespace sothon::projection {
namespace {

constexpr size_t kPostingsPerMessage = 1'000;

// One thing happens after another: the wait, then a write, then the next. Only OnCancel() comes from elsewhere.
class ExplainCall final : public grpc::ServerWriteReactor<v1::ExplainResponse> {
 public:
  ExplainCall(const ServiceParts& parts, const grpc::CallbackServerContext& context, const v1::ExplainRequest& request)
      : projection_(parts.projection), request_(request) {
    projection_->notifier().Await({request_.min_position()}, WaitDeadline(context, parts.wait_max),
                                  [this](const absl::Status& reached) { Begin(reached); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok || cancelled_.load(std::memory_order_relaxed)) {
      Finish(grpc::Status::CANCELLED);
    } else if (explanation_->AtEnd()) {
      Finish(grpc::Status::OK);
    } else {
      response_.Clear();
      WriteNext();
    }
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

 private:
  void Begin(const absl::Status& reached) {
    if (!reached.ok()) return Finish(ToGrpc(reached));
    auto explanation = projection_->StartExplanation(request_);
    if (!explanation.ok()) return Finish(ToGrpc(explanation.status()));
    explanation_ = *std::move(explanation);
    *response_.mutable_freshness() = projection_->FreshnessOf(explanation_->applied(), explanation_->of_the_past());
    response_.set_sum(explanation_->sum());
    response_.set_posting_count(explanation_->posting_count());
    WriteNext();
  }

  void WriteNext() {
    if (const absl::Status status = explanation_->Next(kPostingsPerMessage, &response_); !status.ok()) {
      return Finish(ToGrpc(status));
    }
    StartWrite(&response_);
  }

  Projection* const projection_;
  const v1::ExplainRequest request_;
  std::unique_ptr<Explanation> explanation_;
  v1::ExplainResponse response_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

grpc::ServerWriteReactor<v1::ExplainResponse>* StartExplainCall(const ServiceParts& parts,
                                                                const grpc::CallbackServerContext& context,
                                                                const v1::ExplainRequest& request) {
  return new ExplainCall(parts, context, request);
}

}  // namespace sothon::projection
