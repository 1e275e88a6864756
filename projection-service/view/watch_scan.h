// WatchProgress: what one watcher has been told, and what it is to be told next.
//
// Operation
//   A watcher holds a position, not a list of changes: what changed after that position is looked up when the watcher
//   can take it. So a slow watcher costs nothing, and changes that follow quickly on each other become one. A look that
//   gives more rows than a message holds goes on in the next one; until it is through, messages carry the position
//   before it, so that one who resumes in between misses nothing.
// Concurrency
//   Thread-compatible.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "projection-service/view/built_view.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

class WatchScan {
 public:
  // NOT_FOUND: no such place; OUT_OF_RANGE: from_position lies beyond what is applied.
  static absl::StatusOr<WatchScan> Start(const BuiltView& view, const v1::WatchProgressRequest& request);

  // Puts the next message in `*response`, of about `rows_max` rows at most. False: nothing new. The first message comes
  // always, even without rows. `*resume_from`: where one who has received this message may resume.
  bool Next(const BuiltView& view, size_t rows_max, v1::WatchProgressResponse* response, Applied* resume_from);
  // True: the watcher has been told of this state of trouble already. The first one is told with the first message.
  bool TellOnce(uint64_t troubles) { return std::exchange(troubles_told_, troubles) == troubles; }

 private:
  void Begin(const Published& published);
  void AddRows(const Published& published, ledger::Ordinal leaf, v1::WatchProgressResponse* response) const;

  std::string place_id_;
  MonthRange period_;
  std::vector<v1::Scheme> schemes_;
  Applied told_;  // everything up to here was told; 0: nothing yet
  bool greeted_ = false;
  uint64_t troubles_told_ = 0;
  // The look that is under way.
  bool looking_ = false;
  Applied looking_at_;  // what will have been told when it is through
  std::vector<ledger::Ordinal> leaves_;
  size_t next_leaf_ = 0;
};

}  // namespace sothon::projection
