#include "projection-service/view/late_changes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/counter_names.h"
#include "projection-service/view/excerpt.h"
#include "projection-service/view/publications.h"
#include "projection-service/view/question.h"

namespace sothon::projection {
namespace {

using ledger::Counter;

constexpr int kPositionsMax = 100;
constexpr int kChangesMax = 20'000;

// The changes of one cell after `since`, by counter: what they add up to, and who made them.
struct CellChanges {
  struct OfCounter {
    int64_t change = 0;
    std::vector<uint64_t> positions;
  };
  std::array<OfCounter, ledger::kCounterCount> counters;
};

absl::Status ReadChanges(const Store& store, ledger::AccountKey account, Position since, Position until,
                         CellChanges* changes) {
  Store::PostingsCursor cursor{account, {}};
  for (Position before{UINT64_MAX}; cursor.after != before;) {
    before = cursor.after;
    Store::PostingsCursor* const only = &cursor;
    SOTHON_RETURN_IF_ERROR(store.ReadPostings({&only, 1}, until, [&](size_t, const PostedChange& posted) {
      if (posted.position <= since) return;
      CellChanges::OfCounter& counter = changes->counters[static_cast<size_t>(posted.counter)];
      counter.change += posted.change;
      counter.positions.push_back(posted.position.value);
    }));
  }
  return absl::OkStatus();
}

// Lists what has changed in one village and scheme, month by month.
class Lister {
 public:
  Lister(const Excerpt& now, MonthRange period, Position since, v1::ListLateChangesResponse* response)
      : now_(now), period_(period), since_(since), response_(response) {}

  absl::Status List(const Store& store, size_t leaf, v1::Scheme scheme) {
    leaf_ = leaf;
    scheme_ = scheme;
    const std::vector<MonthCell>& series = now_.series[leaf][scheme];
    // Who is covered at the end of a month is all who came less all who went, so earlier months count, too.
    int64_t active = 0;
    CellChanges::OfCounter active_changes;
    size_t next = 0;
    CivilMonth month = series.empty() ? period_.first : std::min(series.front().month, period_.first);
    for (; month <= period_.last; month = month.Plus(1)) {
      CellChanges changes;
      const bool has_cell = next < series.size() && series[next].month == month;
      const MonthCell* cell = has_cell ? &series[next++] : nullptr;
      if (cell != nullptr) {
        active += cell->cell.counters[Counter::kActiveChange];
        // Cells of the past do not tell their last change.
        if (now_.of_the_past || cell->cell.last_change > since_) {
          const ledger::AccountKey account(ledger::Dimension::kVillage, now_.leaves[leaf], scheme, month);
          SOTHON_RETURN_IF_ERROR(ReadChanges(store, account, since_, now_.applied.position, &changes));
          const auto& of_active = changes.counters[static_cast<size_t>(Counter::kActiveChange)];
          active_changes.change += of_active.change;
          active_changes.positions.insert(active_changes.positions.end(), of_active.positions.begin(),
                                          of_active.positions.end());
        }
      }
      if (!period_.Contains(month)) continue;
      for (size_t i = 0; i < ledger::kCounterCount; ++i) {
        const bool is_active = static_cast<Counter>(i) == Counter::kActiveChange;
        if (is_active) SortOnce(&active_changes.positions);
        const CellChanges::OfCounter& counter = is_active ? active_changes : changes.counters[i];
        if (counter.positions.empty() || (is_active && counter.change == 0)) continue;
        const int64_t figure = is_active ? active : cell->cell.counters.values[i];
        SOTHON_RETURN_IF_ERROR(Add(month, static_cast<Counter>(i), figure, counter));
      }
    }
    return absl::OkStatus();
  }

 private:
  static void SortOnce(std::vector<uint64_t>* positions) {
    std::sort(positions->begin(), positions->end());
    positions->erase(std::unique(positions->begin(), positions->end()), positions->end());
  }

  absl::Status Add(CivilMonth month, Counter counter, int64_t figure, const CellChanges::OfCounter& changes) {
    if (response_->changes_size() == kChangesMax) {
      return absl::ResourceExhaustedError(
          StrCat("more than ", kChangesMax, " figures have changed; ask for a smaller place or a month"));
    }
    v1::LateChange* change = response_->add_changes();
    change->set_place_id(now_.reference->reference().place(now_.leaves[leaf_]).id);
    change->set_scheme(scheme_);
    change->set_month(month.ToWire());
    change->set_counter(NameOf(counter));
    change->set_now(figure);
    change->set_published(figure - changes.change);
    change->set_position_count(changes.positions.size());
    for (const uint64_t position : changes.positions) {
      if (change->positions_size() == kPositionsMax) break;
      change->add_positions(position);
    }
    return absl::OkStatus();
  }

  const Excerpt& now_;
  const MonthRange period_;
  const Position since_;
  v1::ListLateChangesResponse* const response_;
  size_t leaf_ = 0;
  v1::Scheme scheme_ = v1::SCHEME_UNSPECIFIED;
};

}  // namespace

absl::StatusOr<LateChangesAnswer> AnswerLateChanges(const BuiltView& view, const v1::ListLateChangesRequest& request) {
  SOTHON_ASSIGN_OR_RETURN(const MonthRange period, ParsePeriod(request.period()));
  if (request.place_id().empty()) return BadRequest({{"place_id", "a period is published for a place; name one"}});
  SOTHON_ASSIGN_OR_RETURN(const Excerpt now,
                          TakeExcerpt(view, {request.place_id(), AllSchemes(), period.last, request.as_of()}));
  SOTHON_ASSIGN_OR_RETURN(const ledger::Publication publication,
                          NewestPublication(view, request.place_id(), request.period(), now.applied.position));

  LateChangesAnswer answer;
  answer.applied = now.applied;
  answer.of_the_past = now.of_the_past;
  answer.response.set_contains_synthetic(now.contains_synthetic);
  SOTHON_RETURN_IF_ERROR(
      Describe(view, request.place_id(), request.period(), publication, answer.response.mutable_publication()));
  Lister lister(now, period, publication.at, &answer.response);
  for (size_t leaf = 0; leaf < now.leaves.size(); ++leaf) {
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) {
      SOTHON_RETURN_IF_ERROR(lister.List(view.store(), leaf, static_cast<v1::Scheme>(scheme)));
    }
  }
  return answer;
}

}  // namespace sothon::projection
