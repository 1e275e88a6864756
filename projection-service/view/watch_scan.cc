#include "projection-service/view/watch_scan.h"

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/month_figures.h"

namespace sothon::projection {
namespace {

// So many villages are looked at before the writer gets its turn.
constexpr size_t kLeavesPerLook = 512;

}  // namespace

absl::StatusOr<WatchScan> WatchScan::Start(const BuiltView& view, const v1::WatchProgressRequest& request) {
  WatchScan scan;
  scan.place_id_ = request.place_id();
  SOTHON_ASSIGN_OR_RETURN(scan.period_, ParsePeriod(request.period()));
  for (int i = 0; i < request.schemes_size(); ++i) {
    SOTHON_ASSIGN_OR_RETURN(const Unit unit, ParseScheme(request.schemes(i), StrCat("schemes[", i, "]")));
    scan.schemes_.push_back(unit.scheme);
  }
  for (size_t scheme = 1; request.schemes_size() == 0 && scheme < kSchemeCount; ++scheme) {
    scan.schemes_.push_back(static_cast<v1::Scheme>(scheme));
  }
  scan.told_.position = {request.from_position()};
  absl::Status status;
  view.Read([&](const Published& published) {
    const Position applied = published.applied.position;
    if (request.from_position() > applied.value) {
      status = absl::OutOfRangeError(StrCat("from_position ", request.from_position(), " is not projected yet; the ",
                                            "projection is at ", applied.value));
    } else if (published.reference->FindPlace(scan.place_id_, applied) == nullptr) {
      status = absl::NotFoundError(
          StrCat("no place \"", scan.place_id_, "\" is registered; ListPlaces names those that are"));
    }
  });
  SOTHON_RETURN_IF_ERROR(status);
  return scan;
}

void WatchScan::Begin(const Published& published) {
  looking_ = true;
  looking_at_ = published.applied;
  next_leaf_ = 0;
  const ledger::Place* place = published.reference->FindPlace(place_id_, published.applied.position);
  leaves_.clear();
  if (place != nullptr) leaves_ = published.reference->LeavesUnder(place->ordinal, published.applied.position);
}

bool WatchScan::Next(const BuiltView& view, size_t rows_max, v1::WatchProgressResponse* response,
                     Applied* resume_from) {
  response->Clear();
  bool done = false;
  while (!done) {
    view.Read([&](const Published& published) {
      if (!looking_) {
        if (greeted_ && published.applied.position == told_.position) {
          done = true;
          return;
        }
        Begin(published);
      }
      for (size_t looked = 0; next_leaf_ < leaves_.size() && looked < kLeavesPerLook; ++looked) {
        AddRows(published, leaves_[next_leaf_++], response);
        if (static_cast<size_t>(response->changes_size()) >= rows_max) break;
      }
      if (next_leaf_ == leaves_.size()) {
        looking_ = false;
        told_ = looking_at_;
      }
    });
    done |= !looking_ || static_cast<size_t>(response->changes_size()) >= rows_max;
  }
  *resume_from = told_;
  if (response->changes_size() == 0 && greeted_) return false;
  greeted_ = true;
  return true;
}

void WatchScan::AddRows(const Published& published, ledger::Ordinal leaf, v1::WatchProgressResponse* response) const {
  for (const v1::Scheme scheme : schemes_) {
    const Series* series = published.cells.FindSeries(ledger::Dimension::kVillage, leaf, scheme);
    if (series == nullptr || series->last_change <= told_.position) continue;
    std::vector<MonthFigures> months;
    AddSeries(series->months, period_, &months);
    for (size_t i = 0; i < months.size(); ++i) {
      if (months[i].last_change <= told_.position) continue;
      if (told_.position.value == 0 && months[i].IsZero()) continue;
      v1::ProgressRow* row = response->add_changes();
      row->set_place_id(published.reference->reference().place(leaf).id);
      row->set_scheme(scheme);
      row->set_span(v1::ProgressRow::MONTH);
      row->set_month(period_.first.Plus(static_cast<int32_t>(i)).ToWire());
      row->set_from_month(row->month());
      FillFigures({&months[i], 1}, row->mutable_figures());
      row->set_last_change_position(months[i].last_change.value);
    }
  }
}

}  // namespace sothon::projection
