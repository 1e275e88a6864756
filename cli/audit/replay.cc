#include "cli/audit/replay.h"

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/audit/export_directory.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// So many bundles are put through at a time.
constexpr uint64_t kBundlesAtOnce = 32;
constexpr int32_t kLastDate = 21991231;  // of CivilDate::FromWire

// Some entries of an export, in order.
struct Chunk {
  std::vector<std::unique_ptr<std::string>> bundles;
  std::vector<std::string_view> entries;  // point into them
};

// Of the bundles [first, first + kBundlesAtOnce) of an export of `size` entries.
absl::StatusOr<Chunk> ReadChunk(const std::string& directory, uint64_t size, uint64_t first) {
  const ExpectedFiles expected(size, ExportFile::kEntries);
  Chunk chunk;
  const uint64_t end = std::min(expected.count, first + kBundlesAtOnce);
  for (uint64_t index = first; index < end; ++index) {
    const ExportFile file = expected.At(ExportFile::kEntries, index);
    SOTHON_ASSIGN_OR_RETURN(std::string bytes, ReadExportFile(directory, file.Path()));
    chunk.bundles.push_back(std::make_unique<std::string>(std::move(bytes)));
    std::vector<std::string_view> of_bundle;
    const absl::Status split = SplitBundle(*chunk.bundles.back(), file.width, &of_bundle);
    if (!split.ok()) return absl::DataLossError(StrCat(file.Path(), ": ", split.message()));
    chunk.entries.insert(chunk.entries.end(), of_bundle.begin(), of_bundle.end());
  }
  return chunk;
}

// Takes away what was recorded after the moment. False: nothing more is to come.
absl::StatusOr<bool> CutAtTime(int64_t until_us, std::vector<std::string_view>* entries) {
  if (until_us == 0) return true;
  for (size_t i = 0; i < entries->size(); ++i) {
    SOTHON_ASSIGN_OR_RETURN(const StoredEventView view, SplitStoredEvent((*entries)[i]));
    if (view.recorded_at_us <= until_us) continue;
    entries->resize(i);
    return false;
  }
  return true;
}

std::vector<std::pair<std::string, int64_t>> FiguresOf(const v1::ProgressRow& row) {
  std::vector<std::pair<std::string, int64_t>> figures;
  const google::protobuf::Descriptor* type = v1::Figures::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type->field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_INT64 || field->is_repeated()) continue;
    figures.emplace_back(field->name(), row.figures().GetReflection()->GetInt64(row.figures(), field));
  }
  return figures;
}

// By scheme.
using MonthFigures = std::map<int, std::vector<std::pair<std::string, int64_t>>>;

// Of `month`, with what has changed of `active` since the month before it, which is what a cell holds.
MonthFigures MonthOf(const v1::GetProgressResponse& response, const std::string& place_id, CivilMonth month) {
  MonthFigures figures;
  std::map<int, int64_t> active_before;
  for (const v1::ProgressRow& row : response.rows()) {
    if (row.place_id() != place_id || row.span() != v1::ProgressRow::MONTH || row.scheme() == 0) continue;
    if (row.month() == month.ToWire()) {
      figures[row.scheme()] = FiguresOf(row);
    } else if (row.month() == month.Plus(-1).ToWire()) {
      active_before[row.scheme()] = row.figures().active();
    }
  }
  for (auto& [scheme, values] : figures) {
    int64_t& change = values.emplace_back("active_change", 0).second;
    for (const auto& [name, value] : values) {
      if (name == "active") change = value - active_before[scheme];
    }
  }
  return figures;
}

int64_t Value(const MonthFigures& figures, int scheme, size_t figure) {
  const auto found = figures.find(scheme);
  return found == figures.end() ? 0 : found->second[figure].second;
}

void CompareMonth(const std::string& place_id, int32_t month, const MonthFigures& served, const MonthFigures& replayed,
                  std::vector<CellDifference>* differences) {
  std::set<int> schemes;
  for (const auto& [scheme, figures] : served) schemes.insert(scheme);
  for (const auto& [scheme, figures] : replayed) schemes.insert(scheme);
  auto names = FiguresOf(v1::ProgressRow());
  names.emplace_back("active_change", 0);
  for (const int scheme : schemes) {
    for (size_t i = 0; i < names.size(); ++i) {
      const int64_t left = Value(served, scheme, i);
      const int64_t right = Value(replayed, scheme, i);
      if (left == right) continue;
      differences->push_back({place_id, month, v1::Scheme_Name(scheme), names[i].first, left, right});
    }
  }
}

// Of the figures that a PeriodPublished is of, as it says. Errors as of GetDigests.
absl::StatusOr<std::string> DigestOf(const projection::Projection& projection, const v1::Event& event) {
  const v1::PeriodPublished& published = event.period_published();
  // Without a period the digest would be of every month, at position 0 of whatever came last.
  if (!MonthRange::Parse(published.period())) {
    return absl::InvalidArgumentError(StrCat("\"", published.period(), "\" is no month, quarter, year or months"));
  }
  if (published.at_position() == 0) return absl::InvalidArgumentError("it does not say of which position it is");
  v1::GetDigestsRequest request;
  request.set_place_id(event.place_id());
  request.set_period(published.period());
  request.mutable_as_of()->set_position(published.at_position());
  SOTHON_ASSIGN_OR_RETURN(v1::GetDigestsResponse digests, projection.GetDigests(request));
  return digests.sha256();
}

}  // namespace

absl::StatusOr<Replayed> Replay(const ReplayOptions& options) {
  SOTHON_ASSIGN_OR_RETURN(const std::string signed_note, ReadExportFile(options.export_directory, kCheckpointFile));
  SOTHON_ASSIGN_OR_RETURN(const note::Checkpoint checkpoint, CheckpointOf(signed_note));
  if (options.until > checkpoint.size) {
    return absl::OutOfRangeError(StrCat("the export has ", checkpoint.size, " entries, not ", options.until));
  }
  const uint64_t until = options.until == 0 ? checkpoint.size : options.until;
  projection::ProjectionOptions projection_options = options.projection;
  projection_options.data_directory = options.work_directory;
  Replayed replayed;
  replayed.log_id = checkpoint.origin;
  SOTHON_ASSIGN_OR_RETURN(replayed.projection, projection::Projection::Open(std::move(projection_options)));
  SOTHON_RETURN_IF_ERROR(replayed.projection->BindLog(checkpoint.origin));

  const absl::Time begin = absl::Now();
  replayed.repeats = RepeatFinder(until);
  const auto read = [&](uint64_t bundle) {
    return std::async(std::launch::async, ReadChunk, std::cref(options.export_directory), checkpoint.size, bundle);
  };
  // One chunk is read while the one before it is put through.
  std::future<absl::StatusOr<Chunk>> ahead = read(0);
  for (uint64_t bundle = kBundlesAtOnce; replayed.position < until; bundle += kBundlesAtOnce) {
    SOTHON_ASSIGN_OR_RETURN(Chunk chunk, ahead.get());
    std::vector<std::string_view>& events = chunk.entries;
    const bool ends_here = replayed.position + events.size() >= until;
    if (!ends_here) ahead = read(bundle);
    events.resize(std::min<size_t>(events.size(), until - replayed.position));
    SOTHON_ASSIGN_OR_RETURN(const bool goes_on, CutAtTime(options.until_recorded_at_us, &events));
    std::thread looking([&] { replayed.repeats.Look(events); });
    const absl::Status applied = replayed.projection->Apply(events, /*catching_up=*/true);
    looking.join();
    SOTHON_RETURN_IF_ERROR(applied);
    replayed.position += events.size();
    if (options.on_progress) options.on_progress(replayed.position, until);
    if (!goes_on || ends_here) break;
  }
  SOTHON_RETURN_IF_ERROR(replayed.projection->Flush());
  if (replayed.position == 0 && checkpoint.size > 0) {
    return absl::OutOfRangeError("nothing was recorded up to then, so there is nothing to replay");
  }
  replayed.seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  return replayed;
}

absl::StatusOr<CivilDate> DayOfLastEvent(const Replayed& replayed) {
  const int64_t moment_us = replayed.projection->view()->TakeSnapshot().applied.recorded_at_us;
  const CivilDate date = CivilDate::AtMoment(moment_us);
  if (date <= *CivilDate::FromWire(kLastDate)) return date;
  return absl::OutOfRangeError(StrCat("the last event of the export says that it was recorded ", moment_us,
                                      " us after 1970, which is beyond the year 2199; name the day that is asked "
                                      "about with --date YYYY-MM-DD"));
}

absl::StatusOr<std::vector<PublicationCheck>> CheckPublications(const Replayed& replayed) {
  std::vector<PublicationCheck> checks;
  const projection::Snapshot snapshot = replayed.projection->view()->TakeSnapshot();
  for (const v1::Event* event : snapshot.facts->Of(v1::Event::kPeriodPublished, snapshot.applied.position)) {
    const v1::PeriodPublished& published = event->period_published();
    PublicationCheck check{event->place_id(),
                           published.period(),
                           event->position(),
                           published.at_position(),
                           PublicationCheck::Result::kDiffers,
                           ""};
    const absl::StatusOr<std::string> own = DigestOf(*replayed.projection, *event);
    if (published.digest().empty()) {
      check.result = PublicationCheck::Result::kNoDigest;
    } else if (absl::IsInvalidArgument(own.status()) || absl::IsNotFound(own.status()) ||
               absl::IsOutOfRange(own.status())) {
      check.result = PublicationCheck::Result::kNotRemade;
      check.why = std::string(own.status().message());
    } else if (!own.ok()) {
      return own.status();
    } else if (*own == published.digest()) {
      check.result = PublicationCheck::Result::kHolds;
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

absl::StatusOr<std::vector<CellDifference>> CompareCells(const Replayed& replayed, const v1::GetDigestsResponse& served,
                                                         const AskFigures& ask_served) {
  v1::GetDigestsRequest request;
  request.mutable_as_of()->set_position(replayed.position);
  SOTHON_ASSIGN_OR_RETURN(const v1::GetDigestsResponse own, replayed.projection->GetDigests(request));
  std::map<std::pair<std::string, int32_t>, std::pair<std::string, std::string>> cells;
  for (const v1::CellDigest& cell : served.cells()) cells[{cell.place_id(), cell.month()}].first = cell.sha256();
  for (const v1::CellDigest& cell : own.cells()) cells[{cell.place_id(), cell.month()}].second = cell.sha256();
  std::vector<CellDifference> differences;
  for (const auto& [cell, digests] : cells) {
    if (digests.first == digests.second) continue;
    v1::GetProgressRequest ask;
    ask.set_place_id(cell.first);
    const std::optional<CivilMonth> month = CivilMonth::FromWire(cell.second);
    if (!month) return absl::DataLossError(StrCat("the service tells of a month ", cell.second));
    ask.set_period(StrCat(month->Plus(-1).ToString(), "..", month->ToString()));
    ask.mutable_as_of()->set_position(replayed.position);
    SOTHON_ASSIGN_OR_RETURN(const v1::GetProgressResponse figures_served, ask_served(ask));
    v1::GetProgressResponse figures_replayed;
    SOTHON_RETURN_IF_ERROR(replayed.projection->GetProgress(ask, &figures_replayed));
    const size_t before = differences.size();
    CompareMonth(cell.first, cell.second, MonthOf(figures_served, cell.first, *month),
                 MonthOf(figures_replayed, cell.first, *month), &differences);
    // Figures may be equal where a service lies about its digests, or they changed while it was asked.
    if (differences.size() == before) differences.push_back({cell.first, cell.second, "", "digest", 0, 0});
  }
  return differences;
}

}  // namespace sothon::cli
