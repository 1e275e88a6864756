// Situations of a view: what rules and oversight answers judge (plan#27 to #78), now or at any position of the past.
//
// Operation
//   The register of people is made from the stored histories when it is first asked for, and from then on kept at the
//   newest position by taking up whose histories changed. A fact that may change what is said of many people (a role,
//   an attendance, a parameter) has it made anew from everybody. The past is made from the
//   same histories, as of its position; the last one asked for is kept.
//   A situation is a pure function of position, date and place, so the last few are kept with all that was made of them
//   (Situation::Memo): a question asked again while nothing was recorded costs no judging.
// Concurrency
//   Thread-safe. Whoever asks while a register is being made waits for it, and questions about one situation wait for
//   each other.
// Limitations
//   The register keeps every step of every person in memory, from the first question on.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/scheme.h"
#include "projection-service/oversight/situation.h"
#include "projection-service/view/built_view.h"
#include "sothon/v1/reading.pb.h"

namespace sothon::projection {

// What an oversight answer reflects.
struct Overseen {
  Applied applied;
  bool of_the_past = false;
  bool contains_synthetic = false;
  CivilDate date;
};

class Overseer {
 public:
  using Answer = absl::FunctionRef<absl::Status(const oversight::Situation&)>;

  // Borrows the view.
  explicit Overseer(const BuiltView* view);
  ~Overseer();

  // Calls `answer` with the situation that `inquiry` is about. `today` stands for a date that is not given;
  // min_position is not looked at. Errors as of v1::Inquiry, and those of `answer`.
  absl::StatusOr<Overseen> Ask(const v1::Inquiry& inquiry, CivilDate today,
                               const std::vector<SchemeGroupDefinition>& groups, Answer answer) const;

 private:
  // What is known at a position, as far as a question of a date may know it; keeps alive what it is made of.
  struct Known {
    Snapshot snapshot;
    std::optional<CivilDate> date;
    oversight::Circumstances circumstances;
    Known(const Snapshot& made_of, Position as_of, std::optional<CivilDate> as_of_date)
        : snapshot(made_of),
          date(as_of_date),
          circumstances(*made_of.facts, made_of.reference->reference(), *made_of.names, as_of, as_of_date) {}
  };
  struct Made {
    std::shared_ptr<const Known> known;
    oversight::Registers registers;
    Position position;
  };

  class Kept;

  // The situation at the position, which is the newest one or an earlier one.
  absl::StatusOr<std::shared_ptr<Kept>> Find(const Snapshot& newest, Position position, CivilDate date,
                                             const std::string& place_id,
                                             const std::vector<SchemeGroupDefinition>& groups) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Made> MakeNow(CivilDate date, const Snapshot& snapshot) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Made> MakePast(Position position, CivilDate date, const Snapshot& snapshot) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status BringUpToDate(const Snapshot& snapshot) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status BuildAll(const Snapshot& snapshot, Position position, oversight::RegisterBuilder* builder) const;

  const BuiltView& view_;
  mutable absl::Mutex mutex_;
  // Of the newest position that was asked about; nullptr: of none.
  mutable std::unique_ptr<oversight::RegisterBuilder> newest_ ABSL_GUARDED_BY(mutex_);
  mutable Position newest_position_ ABSL_GUARDED_BY(mutex_);
  mutable size_t newest_decisive_ ABSL_GUARDED_BY(mutex_) = 0;  // facts that it rests on
  mutable oversight::Registers past_ ABSL_GUARDED_BY(mutex_);
  mutable Position past_position_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<const Known> known_now_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<const Known> of_all_dates_ ABSL_GUARDED_BY(mutex_);  // what people are examined by
  mutable std::list<std::shared_ptr<Kept>> kept_ ABSL_GUARDED_BY(mutex_);      // the one asked last first
};

}  // namespace sothon::projection
