// Projection::Rebuild: build beside, compare cell by cell, switch only if equal (a difference nobody explained refuses
// it).
#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {
namespace {

// Applying waits while the last events are read, so they must be few.
constexpr uint64_t kReadWhileApplyingWaitsMax = 1'000;
constexpr size_t kDifferencesNamedMax = 20;

absl::Status ReadInto(LogReader* log, Position to, const std::function<bool()>& is_cancelled, BuiltView* rebuilt) {
  return log->ReadRange(rebuilt->position().Next(), to, [&](absl::Span<const std::string_view> stored) {
    if (is_cancelled()) return absl::CancelledError("the rebuild was cancelled");
    return rebuilt->Apply(stored, /*catching_up=*/true);
  });
}

std::map<ledger::AccountKey, ledger::Cell> CellsOf(const BuiltView& view) {
  std::map<ledger::AccountKey, ledger::Cell> cells;
  view.Read([&](const Published& published) {
    published.cells.ForEach(
        [&](ledger::AccountKey account, const ledger::Cell& cell) { cells.emplace(account, cell); });
  });
  return cells;
}

std::string Describe(const ledger::Reference& reference, ledger::AccountKey account, const ledger::Cell* running,
                     const ledger::Cell* rebuilt) {
  static const ledger::Cell kAbsent;
  const ledger::Cell& left = running == nullptr ? kAbsent : *running;
  const ledger::Cell& right = rebuilt == nullptr ? kAbsent : *rebuilt;
  const size_t ordinal = account.ordinal().value;
  std::string text =
      StrCat(ordinal < reference.places().size() ? reference.places()[ordinal].id : StrCat("place ", ordinal), " ",
             v1::Scheme_Name(account.scheme()), " ", account.month().ToString(), ":");
  for (size_t i = 0; i < ledger::kCounterCount; ++i) {
    if (left.counters.values[i] == right.counters.values[i]) continue;
    StrAppend(&text, " counter ", i, " is ", left.counters.values[i], ", rebuilt ", right.counters.values[i]);
  }
  if (left.last_change != right.last_change) {
    StrAppend(&text, " last change is ", left.last_change.value, ", rebuilt ", right.last_change.value);
  }
  return text;
}

// Compares two views at the same position; `*compared` counts the cells.
absl::Status CompareViews(const BuiltView& running, const BuiltView& rebuilt, uint64_t* compared) {
  const auto left = CellsOf(running);
  const auto right = CellsOf(rebuilt);
  size_t count = 0;
  std::string named;
  const auto differ = [&](ledger::AccountKey account, const ledger::Cell* a, const ledger::Cell* b) {
    if (++count > kDifferencesNamedMax) return;
    StrAppend(&named, named.empty() ? "" : "; ", Describe(rebuilt.ledger().reference(), account, a, b));
  };
  for (const auto& [account, cell] : left) {
    const auto other = right.find(account);
    const ledger::Cell* const found = other == right.end() ? nullptr : &other->second;
    if (found == nullptr || found->counters != cell.counters || found->last_change != cell.last_change) {
      differ(account, &cell, found);
    }
    ++*compared;
  }
  for (const auto& [account, cell] : right) {
    if (left.contains(account)) continue;
    differ(account, nullptr, &cell);
    ++*compared;
  }
  const ledger::Participants& people = running.ledger().participants();
  const ledger::Participants& people_rebuilt = rebuilt.ledger().participants();
  size_t histories = people.size() == people_rebuilt.size() ? 0 : 1;
  for (const auto& [subject, history] : people) {
    const auto other = people_rebuilt.find(subject);
    if (other == people_rebuilt.end() || other->second != history) ++histories;
  }
  if (count == 0 && histories == 0) return absl::OkStatus();
  return WithReason(absl::StatusCode::kFailedPrecondition,
                    StrCat("the rebuilt view differs from the running one, which stays: ", count, " cells, ", histories,
                           " participants; look at the differences before anything else"),
                    "REBUILD_DIFFERS",
                    {{"differences", named}, {"cells", StrCat(count)}, {"participants", StrCat(histories)}});
}

}  // namespace

absl::Status Projection::CatchUp(LogReader* log, const std::function<bool()>& is_cancelled, BuiltView* rebuilt) const {
  SOTHON_RETURN_IF_ERROR(rebuilt->BindLog(log_id()));
  for (Position goal = position(); goal.value - rebuilt->position().value > kReadWhileApplyingWaitsMax;
       goal = position()) {
    SOTHON_RETURN_IF_ERROR(ReadInto(log, goal, is_cancelled, rebuilt));
  }
  return rebuilt->Flush();
}

absl::StatusOr<uint64_t> Projection::CompareAndSwitch(LogReader* log, const std::function<bool()>& is_cancelled,
                                                      bool dry_run, std::shared_ptr<BuiltView> rebuilt) {
  absl::MutexLock lock(&applying_);
  const std::shared_ptr<BuiltView> running = writable_view();
  SOTHON_RETURN_IF_ERROR(running->Flush());
  SOTHON_RETURN_IF_ERROR(ReadInto(log, running->position(), is_cancelled, rebuilt.get()));
  SOTHON_RETURN_IF_ERROR(rebuilt->Flush());
  uint64_t compared = 0;
  SOTHON_RETURN_IF_ERROR(CompareViews(*running, *rebuilt, &compared));
  if (dry_run) return compared;
  SOTHON_RETURN_IF_ERROR(directories_->Switch(rebuilt->store().directory()));
  rebuilt->ObserveCommits(options_.on_commit);
  rebuilt->RemoveWhenClosed(false);
  running->RemoveWhenClosed();
  absl::MutexLock switching(&mutex_);
  view_ = std::move(rebuilt);
  return compared;
}

absl::Status Projection::CheckNoTrouble() const {
  const std::string why = trouble();
  if (why.empty()) return absl::OkStatus();
  return WithReason(
      absl::StatusCode::kFailedPrecondition,
      StrCat("the running view does not follow the log, so a rebuilt one cannot be held against it: ", why,
             ". Mend that first; or, where the log that ingest serves now is the right one, stop the "
             "projection and start it with --rebuild"),
      "PROJECTION_IN_TROUBLE", {{"trouble", why}});
}

absl::StatusOr<v1::RebuildResponse> Projection::Rebuild(LogReader* log, bool dry_run,
                                                        const std::function<bool()>& is_cancelled) {
  if (rebuilding_.exchange(true)) return absl::AbortedError("a rebuild is running already; wait for its end");
  const absl::Cleanup done = [this] { rebuilding_.store(false); };
  SOTHON_RETURN_IF_ERROR(CheckNoTrouble());
  absl::StatusOr<v1::RebuildResponse> response = BuildBeside(log, dry_run, is_cancelled);
  // Trouble that came meanwhile explains more than what it led to.
  if (!response.ok()) SOTHON_RETURN_IF_ERROR(CheckNoTrouble());
  return response;
}

absl::StatusOr<v1::RebuildResponse> Projection::BuildBeside(LogReader* log, bool dry_run,
                                                            const std::function<bool()>& is_cancelled) {
  const absl::Time begin = absl::Now();
  SOTHON_ASSIGN_OR_RETURN(const std::string directory, directories_->MakeNext());
  SOTHON_ASSIGN_OR_RETURN(const std::shared_ptr<BuiltView> rebuilt, OpenView(options_, directory));
  rebuilt->RemoveWhenClosed();
  SOTHON_RETURN_IF_ERROR(CatchUp(log, is_cancelled, rebuilt.get()));
  SOTHON_ASSIGN_OR_RETURN(const uint64_t compared, CompareAndSwitch(log, is_cancelled, dry_run, rebuilt));
  v1::RebuildResponse response;
  Applied applied;
  rebuilt->Read([&](const Published& published) { applied = published.applied; });
  *response.mutable_freshness() = FreshnessOf(applied, false);
  response.set_events(applied.position.value);
  response.set_cells_compared(compared);
  response.set_seconds(absl::ToDoubleSeconds(absl::Now() - begin));
  return response;
}

}  // namespace sothon::projection
