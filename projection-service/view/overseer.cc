#include "projection-service/view/overseer.h"

#include <algorithm>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/rules/rule.h"
#include "projection-service/view/excerpt.h"

namespace sothon::projection {
namespace {

constexpr size_t kKeptMax = 8;

absl::StatusOr<CivilDate> DateAsked(const v1::Inquiry& inquiry, CivilDate today) {
  if (inquiry.date() == 0) return today;
  if (const auto date = CivilDate::FromWire(inquiry.date())) return *date;
  return BadRequest({{"inquiry.date", StrCat(inquiry.date(), " is no date; write it as 20251105")}});
}

bool SameSnapshot(const Snapshot& a, const Snapshot& b) {
  return a.reference == b.reference && a.names == b.names && a.facts == b.facts;
}

}  // namespace

// A situation that is kept, with all that it is made of.
class Overseer::Kept {
 public:
  Kept(Made made, CivilDate date, std::string place_id, std::optional<ledger::Ordinal> place,
       const std::vector<SchemeGroupDefinition>& groups)
      : made_(std::move(made)),
        date_(date),
        place_id_(std::move(place_id)),
        situation_({.known = &made_.known->circumstances,
                    .reference = made_.known->snapshot.reference.get(),
                    .registers = &made_.registers,
                    .groups = &groups,
                    .position = made_.position,
                    .date = date},
                   place) {}

  bool Is(Position position, CivilDate date, const std::string& place_id) const {
    return made_.position == position && date_ == date && place_id_ == place_id;
  }
  absl::Status Answer(Overseer::Answer answer) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return answer(situation_);
  }

 private:
  const Made made_;
  const CivilDate date_;
  const std::string place_id_;
  absl::Mutex mutex_;  // held by who asks
  const oversight::Situation situation_;
};

Overseer::Overseer(const BuiltView* view) : view_(*view) {}
Overseer::~Overseer() = default;

absl::StatusOr<Overseen> Overseer::Ask(const v1::Inquiry& inquiry, CivilDate today,
                                       const std::vector<SchemeGroupDefinition>& groups, Answer answer) const {
  Overseen overseen;
  SOTHON_ASSIGN_OR_RETURN(overseen.date, DateAsked(inquiry, today));
  SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> asked, PositionOf(view_.store(), inquiry.as_of()));
  std::shared_ptr<Kept> kept;
  {
    absl::MutexLock lock(&mutex_);
    const Snapshot newest = view_.TakeSnapshot();
    if (asked && inquiry.as_of().has_position() && *asked > newest.applied.position) {
      return absl::OutOfRangeError(StrCat("as_of position ", asked->value,
                                          " is not projected yet; the projection is at ",
                                          newest.applied.position.value));
    }
    overseen.of_the_past = asked && *asked < newest.applied.position;
    overseen.applied = newest.applied;
    if (overseen.of_the_past) {
      overseen.applied = {*asked, 0};
      SOTHON_ASSIGN_OR_RETURN(overseen.applied.recorded_at_us, view_.store().RecordedAt(*asked));
    }
    overseen.contains_synthetic =
        newest.first_synthetic.value != 0 && newest.first_synthetic <= overseen.applied.position;
    SOTHON_ASSIGN_OR_RETURN(kept, Find(newest, overseen.applied.position, overseen.date, inquiry.place_id(), groups));
  }
  SOTHON_RETURN_IF_ERROR(kept->Answer(answer));
  return overseen;
}

absl::StatusOr<std::shared_ptr<Overseer::Kept>> Overseer::Find(const Snapshot& newest, Position position,
                                                               CivilDate date, const std::string& place_id,
                                                               const std::vector<SchemeGroupDefinition>& groups) const {
  const auto known = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const std::shared_ptr<Kept>& one) { return one->Is(position, date, place_id); });
  if (known != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, known);
    return kept_.front();
  }
  std::optional<ledger::Ordinal> place;
  if (!place_id.empty()) {
    const ledger::Place* named = newest.reference->FindPlace(place_id, position);
    if (named == nullptr) {
      return absl::NotFoundError(StrCat("no place ", place_id, " is registered up to position ", position.value,
                                        "; ListPlaces names those that are"));
    }
    place = named->ordinal;
  }
  absl::StatusOr<Made> made =
      position < newest.applied.position ? MakePast(position, date, newest) : MakeNow(date, newest);
  if (!made.ok()) return made.status();
  kept_.push_front(std::make_shared<Kept>(*std::move(made), date, place_id, place, groups));
  if (kept_.size() > kKeptMax) kept_.pop_back();
  return kept_.front();
}

absl::StatusOr<Overseer::Made> Overseer::MakeNow(CivilDate date, const Snapshot& snapshot) const {
  SOTHON_RETURN_IF_ERROR(BringUpToDate(snapshot));
  if (known_now_ == nullptr || known_now_->date != date || !SameSnapshot(known_now_->snapshot, snapshot)) {
    known_now_ = std::make_shared<const Known>(snapshot, snapshot.applied.position, date);
  }
  return Made{known_now_, newest_->Finish(), snapshot.applied.position};
}

absl::StatusOr<Overseer::Made> Overseer::MakePast(Position position, CivilDate date, const Snapshot& snapshot) const {
  if (past_.empty() || past_position_ != position) {
    oversight::RegisterBuilder builder(view_.rules());
    SOTHON_RETURN_IF_ERROR(BuildAll(snapshot, position, &builder));
    past_ = builder.Finish();
    past_position_ = position;
  }
  return Made{std::make_shared<const Known>(snapshot, position, date), past_, position};
}

absl::Status Overseer::BringUpToDate(const Snapshot& snapshot) const {
  const Position position = snapshot.applied.position;
  const size_t decisive = oversight::CountOfDecisiveFacts(*snapshot.facts, position);
  std::vector<SubjectId> touched;
  const bool known =
      newest_ != nullptr && decisive == newest_decisive_ && view_.TouchedSince(newest_position_, &touched);
  if (!known) {
    auto builder = std::make_unique<oversight::RegisterBuilder>(view_.rules());
    SOTHON_RETURN_IF_ERROR(BuildAll(snapshot, position, builder.get()));
    newest_ = std::move(builder);
  } else if (!touched.empty()) {
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    if (of_all_dates_ == nullptr || !SameSnapshot(of_all_dates_->snapshot, snapshot)) {
      of_all_dates_ = std::make_shared<const Known>(snapshot, position, std::nullopt);
    }
    const Known& everything = *of_all_dates_;
    for (const SubjectId& subject : touched) {
      absl::StatusOr<ledger::History> history = view_.store().LoadParticipant(subject);
      if (!history.ok()) {
        newest_.reset();  // some are put, some are not
        return history.status();
      }
      newest_->Put(subject, ledger::AsOf(*history, position),
                   [&](const oversight::Person& person, std::vector<oversight::Trace>* traces) {
                     rules::ExaminePerson(person, everything.circumstances, traces);
                   });
    }
    newest_->Finish();
  }
  newest_position_ = position;
  newest_decisive_ = decisive;
  return absl::OkStatus();
}

absl::Status Overseer::BuildAll(const Snapshot& snapshot, Position position,
                                oversight::RegisterBuilder* builder) const {
  const Known everything(snapshot, position, {});
  const oversight::Examiner examiner = [&](const oversight::Person& person, std::vector<oversight::Trace>* traces) {
    rules::ExaminePerson(person, everything.circumstances, traces);
  };
  SOTHON_RETURN_IF_ERROR(view_.store().LoadParticipants([&](const SubjectId& subject, const ledger::History& history) {
    const ledger::History known = ledger::AsOf(history, position);
    if (!known.empty()) builder->Put(subject, known, examiner);
  }));
  builder->Finish();
  return absl::OkStatus();
}

}  // namespace sothon::projection
