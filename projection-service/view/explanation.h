// Explain: the postings behind a figure, in order of position.
//
// Operation
//   Postings are read twice: once to count and add them up, so that the first message can say both and they can be held
//   against the figure, and once to merge the accounts by position. Neither keeps more than a block of each account.
// Concurrency
//   Thread-compatible.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "projection-service/view/excerpt.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

class Explanation {
 public:
  // INTERNAL: the postings do not add up to the figure; the projection is damaged.
  static absl::StatusOr<std::unique_ptr<Explanation>> Start(std::shared_ptr<const BuiltView> view,
                                                            const SchemeGroups& groups,
                                                            const v1::ExplainRequest& request);

  const Applied& applied() const { return applied_; }
  bool of_the_past() const { return of_the_past_; }
  int64_t sum() const { return sum_; }
  uint64_t posting_count() const { return posting_count_; }

  // Appends the next postings to `*response`, at most `count_max`.
  absl::Status Next(size_t count_max, v1::ExplainResponse* response);
  bool AtEnd() const { return next_.empty(); }

 private:
  struct Source {
    ledger::AccountKey account;
    std::string place_id;  // empty: of no village
    Store::PostingsCursor cursor;
    std::vector<PostedChange> changes;  // of the block at hand, those asked for
    size_t taken = 0;
  };
  explicit Explanation(std::shared_ptr<const BuiltView> view) : view_(std::move(view)) {}
  absl::Status AddPlaces(const v1::ExplainRequest& request, const v1::AsOf& as_of, const Unit& unit, MonthRange months);
  absl::Status AddParty(const v1::ExplainRequest& request, const v1::AsOf& as_of, const Unit& unit, MonthRange months);
  absl::Status AddSources(const Account& account, const std::string& place_id, const SchemeSeries& series,
                          const Unit& unit, MonthRange months);
  absl::Status CountAll();
  // Reads on for these sources until each has a change to show or is at its end.
  absl::Status Fill(std::vector<size_t> sources);
  void PushIfAny(size_t source);
  bool IsAskedFor(ledger::Counter counter) const { return counters_ >> static_cast<size_t>(counter) & 1; }

  const std::shared_ptr<const BuiltView> view_;
  Applied applied_;
  bool of_the_past_ = false;
  uint32_t counters_ = 0;  // a bit for each ledger::Counter that is listed
  int64_t sum_ = 0;
  uint64_t posting_count_ = 0;
  std::vector<Source> sources_;
  // A heap of (position, source) of each source's next change.
  std::vector<std::pair<uint64_t, size_t>> next_;
};

}  // namespace sothon::projection
