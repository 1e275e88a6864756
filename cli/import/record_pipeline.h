// Sends submissions over RecordStream in batches, several in flight, until each is settled: recorded, known or refused.
//
// Operation
//   What is recorded stands in the log in the order of `next`. That is why one batch only is under way while recording:
//   a batch that had been sent behind a refused one would be recorded before its good rest. The next batch is made
//   meanwhile. A refusal that names submissions costs only those: the rest of the batch is sent again, before anything
//   new. One that names none is narrowed down by halves. When the stream breaks, or the service cannot take a batch
//   just now, everything unanswered is sent again in its order after a pause; event ids make that safe. Batches are
//   halved by each refusal and doubled by each acceptance, since a conflict names one submission at a time and the rest
//   is checked again.
// Concurrency
//   Thread-compatible: one thread drives the stream through a completion queue, so that a stalled service is noticed.
// Limitations
//   Two submissions of one event id never stand in one batch, so that each has an answer of its own. An equal one is
//   not sent at all: it shares the fate of the first, recorded there or refused. One with other content begins a new
//   batch.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

struct PipelineOptions {
  size_t batch_submissions_max = 1000;
  size_t batch_bytes_max = 1 << 20;
  // With validate_only, where no order is to be kept; otherwise it is one.
  size_t batches_in_flight_max = 16;
  // How long to go on without any answer before giving up.
  absl::Duration retry_for = absl::Seconds(60);
  // A stream on which nothing was answered for this long is broken off.
  absl::Duration stall_after = absl::Seconds(30);
  bool validate_only = false;
  std::function<void(absl::Duration)> sleep = [](absl::Duration pause) { absl::SleepFor(pause); };
};

class RecordPipeline {
 public:
  struct Item {
    uint64_t ordinal = 0;  // the caller's own name for it
    v1::Submission submission;
    // A stream broke after it was sent: it may have been recorded without an answer.
    bool may_be_recorded = false;
    // Ordinals of later items with an equal submission, settled or refused together with this one.
    std::vector<uint64_t> repeats = {};
  };
  struct Callbacks {
    // The next one; nullopt at the end.
    std::function<std::optional<Item>()> next;
    std::function<void(const Item&, const v1::Receipt&)> settled;
    // `why` is about this submission alone: violations name paths inside it ("event.place_id").
    std::function<void(const Item&, const absl::Status& why)> refused;
    // The stream broke and will be opened again, for the `attempt`-th time since the last answer.
    std::function<void(const absl::Status& why, int attempt)> retrying = [](const absl::Status&, int) {};
    // After every answer.
    std::function<void()> progressed = [] {};
  };

  RecordPipeline(v1::IngestService::StubInterface* ingest, PipelineOptions options, Callbacks callbacks);

  // OK: everything was settled. Otherwise the error that ended it: everything settled so far stays so.
  absl::Status Run();

 private:
  using Batch = std::vector<Item>;

  // A batch to send: what has to be sent again first, else new ones.
  std::optional<Batch> NextBatch();
  // Of new ones; empty at the end.
  Batch MakeBatch();
  size_t InFlightMax() const { return options_.validate_only ? options_.batches_in_flight_max : 1; }
  bool IsAtEnd() const {
    return is_at_end_ && !held_back_ && prepared_.empty() && again_.empty() && in_flight_.empty();
  }
  // OK: the answer was dealt with. Otherwise the stream is to be opened again, or ended.
  absl::Status HandleAnswer(const v1::RecordStreamResponse& answer);
  absl::Status HandleRefusal(Batch batch, const absl::Status& refusal);
  // Tells the fate of an item, then of its repeats: those are known, or refused for the same reason.
  void Settle(Item item, v1::Receipt receipt);
  void Refuse(Item item, const absl::Status& why);
  // Before everything else that waits.
  void SendAgain(Batch batch);
  std::optional<v1::RecordRequest> NextRequest();

  v1::IngestService::StubInterface* ingest_;
  PipelineOptions options_;
  Callbacks callbacks_;
  std::deque<Batch> again_;
  struct Sent {
    uint64_t request_id;
    Batch batch;
  };
  std::deque<Sent> in_flight_;
  Batch prepared_;  // made while another one is in flight
  size_t batch_size_;
  std::optional<Item> held_back_;  // taken from `next`, but it did not fit into the batch
  bool is_at_end_ = false;
  uint64_t next_request_id_ = 1;
  absl::Time last_answer_;
};

// True for errors after which the same request may be sent again.
bool IsTransient(absl::StatusCode code);

}  // namespace sothon::cli
