#include "projection-service/view/projection_checker.h"

#include <memory>
#include <utility>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/store/store_comparison.h"
#include "projection-service/view/built_view.h"

namespace sothon::projection {
namespace {

constexpr char kFoldDirectory[] = "/view";

class ProjectionChecker {
 public:
  ProjectionChecker(const StoredView& stored, const ProjectionCheckOptions& options)
      : stored_(stored), options_(options) {}
  absl::StatusOr<CheckReport> Run();

 private:
  absl::Status CheckLogIsTheSame() const;
  // Where the stored figures stand: the position that is stored, or, where another event stands there, that of the
  // event that was applied last.
  absl::StatusOr<Position> FindPosition();
  // NOT_FOUND: no event of the log has that hash.
  absl::StatusOr<Position> FindLeaf(const std::string& leaf_hash);
  // False: the log does not allow it, and the report says so.
  absl::StatusOr<bool> Fold(Position to);
  void TellRules();
  // What went wrong with the fold says nothing of what is checked.
  absl::Status OfWorkDirectory(const absl::Status& status) const;

  const StoredView& stored_;
  const ProjectionCheckOptions& options_;
  CheckReport report_;
  // Of the fold, for names.
  Snapshot snapshot_;
};

std::string NameOf(const Snapshot& by_log, ledger::AccountKey account) {
  const uint32_t ordinal = account.ordinal().value;
  const auto name_in = [&](ledger::Names::Kind kind) {
    const std::vector<std::string>& all = by_log.names->All(kind);
    return ordinal < all.size() ? all[ordinal] : StrCat("no. ", ordinal);
  };
  switch (account.dimension()) {
    case ledger::Dimension::kVillage: {
      const std::vector<ledger::Place>& places = by_log.reference->reference().places();
      return ordinal < places.size() ? StrCat(places[ordinal].name, " (", places[ordinal].id, ")")
                                     : StrCat("place no. ", ordinal);
    }
    case ledger::Dimension::kDesk:
      return StrCat("desk ", name_in(ledger::Names::Kind::kDesk));
    case ledger::Dimension::kCredited:
      return StrCat("credited party ", name_in(ledger::Names::Kind::kCredited));
    case ledger::Dimension::kDrive:
      return StrCat("drive ", name_in(ledger::Names::Kind::kDrive));
  }
  return StrCat("account ", account.packed());
}

std::string Words(const Snapshot& by_log, ledger::AccountKey account) {
  const int scheme = static_cast<int>(account.scheme());
  return StrCat(NameOf(by_log, account), ", ", account.month().ToString(), ", ",
                v1::Scheme_IsValid(scheme) ? v1::Scheme_Name(scheme) : StrCat("scheme ", scheme));
}

absl::Status ProjectionChecker::CheckLogIsTheSame() const {
  if (stored_.log_id() == options_.log_id) return absl::OkStatus();
  if (stored_.log_id().empty() && stored_.applied().position.value == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(StrCat("the projection in ", stored_.directory(), " is of the log \"",
                                              stored_.log_id(), "\", the event log is \"", options_.log_id,
                                              "\"; name the data directories that belong together"));
}

absl::StatusOr<Position> ProjectionChecker::FindLeaf(const std::string& leaf_hash) {
  Position found;
  Position at{1};
  SOTHON_RETURN_IF_ERROR(options_.log->ReadRange({1}, options_.head, [&](absl::Span<const std::string_view> stored) {
    for (const std::string_view event : stored) {
      if (LeafHash(event) == leaf_hash) found = at;
      at = at.Next();
    }
    return absl::OkStatus();
  }));
  if (found.value == 0) return absl::NotFoundError("no such event");
  return found;
}

absl::StatusOr<Position> ProjectionChecker::FindPosition() {
  const Position stands{stored_.applied().position};
  std::string leaf_hash;
  if (stands.value != 0 && stands <= options_.head) {
    SOTHON_RETURN_IF_ERROR(options_.log->ReadRange(stands, stands, [&](absl::Span<const std::string_view> stored) {
      leaf_hash = LeafHash(stored.front());
      return absl::OkStatus();
    }));
  }
  if (leaf_hash == stored_.leaf_hash()) return stands;
  const absl::StatusOr<Position> applied = FindLeaf(stored_.leaf_hash());
  if (!applied.ok() && !absl::IsNotFound(applied.status())) return applied.status();
  report_.AddFault("position",
                   StrCat("the projection says that it stands at ", stands.value, ", the log ends at ",
                          options_.head.value, "; the event that was applied last is ",
                          applied.ok() ? StrCat("that at ", applied->value) : std::string("none of this log"),
                          ". Start the projection with --rebuild"));
  return applied.ok() ? *applied : std::min(stands, options_.head);
}

absl::StatusOr<bool> ProjectionChecker::Fold(Position to) {
  BuiltViewOptions view_options;
  view_options.store.directory = options_.work_directory + kFoldDirectory;
  view_options.store.rules = options_.rules.value_or(stored_.rules());
  absl::StatusOr<std::unique_ptr<BuiltView>> opened = BuiltView::Open(std::move(view_options));
  if (!opened.ok()) return OfWorkDirectory(opened.status());
  const std::unique_ptr<BuiltView> view = *std::move(opened);
  if (!stored_.log_id().empty()) SOTHON_RETURN_IF_ERROR(OfWorkDirectory(view->BindLog(options_.log_id)));
  absl::Status applied;
  const absl::Status folded = options_.log->ReadRange({1}, to, [&](absl::Span<const std::string_view> stored) {
    applied = view->Apply(stored, /*catching_up=*/true);
    SOTHON_RETURN_IF_ERROR(applied);
    if (options_.on_progress) options_.on_progress(view->position().value, to.value);
    return absl::OkStatus();
  });
  if (absl::IsDataLoss(folded) || absl::IsUnimplemented(folded)) {
    report_.AddFault("log", StrCat("the accounts cannot be held against it: ", folded.message()));
    return false;
  }
  SOTHON_RETURN_IF_ERROR(OfWorkDirectory(applied));
  SOTHON_RETURN_IF_ERROR(folded);
  SOTHON_RETURN_IF_ERROR(OfWorkDirectory(view->Flush()));
  snapshot_ = view->TakeSnapshot();
  return true;
}

absl::Status ProjectionChecker::OfWorkDirectory(const absl::Status& status) const {
  if (status.ok()) return status;
  return absl::UnavailableError(StrCat("the work directory ", options_.work_directory, " does not hold what is folded ",
                                       "to compare with: ", status.message(),
                                       "; free space there, or name another one with TMPDIR"));
}

void ProjectionChecker::TellRules() {
  const ledger::CountingRules usual;
  if (options_.rules || EncodeRules(stored_.rules()) == EncodeRules(usual)) return;
  report_.AddRemark(
      "the projection was counted with other days of grace than the usual; hold them against its configuration with "
      "--projection-config");
}

absl::StatusOr<CheckReport> ProjectionChecker::Run() {
  SOTHON_RETURN_IF_ERROR(CheckLogIsTheSame());
  TellRules();
  SOTHON_ASSIGN_OR_RETURN(const Position position, FindPosition());
  SOTHON_ASSIGN_OR_RETURN(const bool folded, Fold(position));
  if (!folded) return std::move(report_);
  report_.AddArea("events folded", position.value, position.value);
  const absl::StatusOr<std::unique_ptr<StoredView>> by_log =
      StoredView::OpenAt(options_.work_directory + kFoldDirectory);
  if (!by_log.ok()) return OfWorkDirectory(by_log.status());
  SOTHON_RETURN_IF_ERROR(OfWorkDirectory(CompareStores(
      stored_, **by_log, [this](ledger::AccountKey account) { return Words(snapshot_, account); }, &report_)));
  return std::move(report_);
}

}  // namespace

absl::StatusOr<CheckReport> CheckProjection(const StoredView& stored, const ProjectionCheckOptions& options) {
  return ProjectionChecker(stored, options).Run();
}

}  // namespace sothon::projection
