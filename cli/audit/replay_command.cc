// sothon audit replay: the views and findings of an export, derived again and held against what is served and was
// published.
#include <algorithm>
#include <iostream>

#include "absl/strings/str_format.h"
#include "cli/app/command_line.h"
#include "cli/app/progress_bar.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/replay.h"
#include "cli/audit/view_comparison.h"
#include "cli/audit/work_folder.h"
#include "cli/oversight/asking.h"
#include "cli/views/event_text.h"
#include "cli/views/query.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/service/projection_config.h"
#include "spdlog/spdlog.h"

namespace sothon::cli {
namespace {

constexpr absl::Duration kAnswerWithin = absl::Seconds(120);
constexpr size_t kDifferencesNamedMax = 50;

struct Arguments {
  std::string directory;
  std::string until;
  std::string date;
  std::string config_file;
  bool offline = false;
};

absl::Status FillOptions(const Arguments& arguments, ReplayOptions* options) {
  options->export_directory = arguments.directory;
  v1::AsOf until;
  const absl::Status parsed = ParseAsOf(arguments.until, &until);
  if (!parsed.ok()) return absl::InvalidArgumentError(StrCat("--until ", arguments.until, ": ", parsed.message()));
  if (!arguments.until.empty() && until.position() == 0 && until.recorded_at_us() <= 0) {
    return absl::InvalidArgumentError("--until: positions begin with 1");
  }
  options->until = until.position();
  options->until_recorded_at_us = until.recorded_at_us();
  projection::ProjectionConfig config;
  if (!arguments.config_file.empty()) {
    ConfigSchema schema;
    projection::DeclareKeys(&config, &schema);
    SOTHON_RETURN_IF_ERROR(schema.LoadFile(arguments.config_file));
  }
  SOTHON_ASSIGN_OR_RETURN(options->projection, projection::OptionsOf(config));
  return absl::OkStatus();
}

// Whom the replay is compared with.
class Served {
 public:
  explicit Served(const Endpoints& endpoints) : endpoints_(endpoints), stub_(ProgressAt(endpoints)) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(AskMethod<Request, Response> method, const Request& request) const {
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(kAnswerWithin));
    Response response;
    SOTHON_RETURN_IF_ERROR(FromProjection((stub_.get()->*method)(&context, request, &response), endpoints_));
    return response;
  }

 private:
  const Endpoints& endpoints_;
  const std::unique_ptr<v1::ProgressService::StubInterface> stub_;
};

using Stub = v1::ProgressService::StubInterface;

// How many publications do not hold.
absl::StatusOr<size_t> TellPublications(const Replayed& replayed) {
  SOTHON_ASSIGN_OR_RETURN(const std::vector<PublicationCheck> checks, CheckPublications(replayed));
  size_t wrong = 0, without_digest = 0;
  for (const PublicationCheck& check : checks) {
    if (check.result == PublicationCheck::Result::kHolds) continue;
    const bool is_wrong = check.result == PublicationCheck::Result::kDiffers;
    ++(is_wrong ? wrong : without_digest);
    std::cout << "  " << (is_wrong ? "SAI" : "KHÔNG SO ĐƯỢC") << ": " << check.place_id << " " << check.period
              << ", công bố ở vị trí " << check.event_position << " theo số liệu tại vị trí " << check.at_position
              << (is_wrong ? ": mã băm khác\n" : ": không có mã băm\n");
  }
  std::cout << "Các kỳ đã công bố: " << checks.size() << ", sai " << wrong;
  if (without_digest > 0) std::cout << ", không có mã băm để so " << without_digest;
  std::cout << "\n";
  return wrong;
}

// How often something stands in the log again that may count only once.
size_t TellRepeats(const Replayed& replayed) {
  for (const Repeat& repeat : replayed.repeats.repeats()) {
    std::cout << "  SAI: vị trí " << repeat.position << " ghi lại " << repeat.what << " của vị trí "
              << repeat.first_position << "\n";
  }
  std::cout << "Mã sự kiện, biên lai, việc hủy ghi hai lần: " << replayed.repeats.count() << "\n";
  return replayed.repeats.count();
}

absl::StatusOr<size_t> TellCells(const Replayed& replayed, const Served& served) {
  v1::GetDigestsRequest request;
  request.mutable_as_of()->set_position(replayed.position);
  SOTHON_ASSIGN_OR_RETURN(const v1::GetDigestsResponse digests, served.Ask(&Stub::GetDigests, request));
  if (digests.freshness().log_id() != replayed.log_id) {
    return absl::FailedPreconditionError(StrCat("the projection shows log ", digests.freshness().log_id(),
                                                ", the export is of ", replayed.log_id,
                                                "; name its projection with --projection, or use --offline"));
  }
  const auto ask = [&](const v1::GetProgressRequest& cell) { return served.Ask(&Stub::GetProgress, cell); };
  SOTHON_ASSIGN_OR_RETURN(const std::vector<CellDifference> differences, CompareCells(replayed, digests, ask));
  for (size_t i = 0; i < differences.size() && i < kDifferencesNamedMax; ++i) {
    const CellDifference& one = differences[i];
    std::cout << "  SAI: " << one.place_id << " " << one.month << " " << one.scheme << " " << one.figure
              << ": đang hiện " << one.served << ", dựng lại được " << one.replayed << "\n";
  }
  if (differences.size() > kDifferencesNamedMax) {
    std::cout << "  … và " << differences.size() - kDifferencesNamedMax << " chỗ khác\n";
  }
  std::cout << "Các ô (thôn, tháng) đang hiện: " << digests.cells_size() << ", số liệu sai " << differences.size()
            << "\n";
  return differences.size();
}

// What the log led to has to say beside its figures, and what is said of it.
absl::StatusOr<size_t> TellViews(const Replayed& replayed, const Endpoints& endpoints, int32_t date) {
  v1::GetDigestsRequest every_cell;
  every_cell.mutable_as_of()->set_position(replayed.position);
  SOTHON_ASSIGN_OR_RETURN(const v1::GetDigestsResponse cells, replayed.projection->GetDigests(every_cell));
  ViewQuestion question;
  question.position = replayed.position;
  question.date = date;
  const CivilMonth month = CivilDate::FromWire(date)->Month();
  question.months = {month, month};
  if (!cells.cells().empty()) {
    const auto [first, last] = std::minmax_element(cells.cells().begin(), cells.cells().end(),
                                                   [](const auto& a, const auto& b) { return a.month() < b.month(); });
    question.months = {*CivilMonth::FromWire(first->month()), *CivilMonth::FromWire(last->month())};
  }
  const projection::Snapshot snapshot = replayed.projection->view()->TakeSnapshot();
  for (const v1::Event* event : snapshot.facts->Of(v1::Event::kPeriodPublished, snapshot.applied.position)) {
    question.published.emplace(event->place_id(), event->period_published().period());
  }
  const ServiceInProcess own(replayed.projection.get());
  const auto served = ProgressAt(endpoints);
  SOTHON_ASSIGN_OR_RETURN(const ViewComparison comparison, CompareViews(question, served.get(), own.stub()));
  for (size_t i = 0; i < comparison.differences.size() && i < kDifferencesNamedMax; ++i) {
    const ViewDifference& one = comparison.differences[i];
    std::cout << "  SAI: " << one.view << " " << one.about << " (đang hiện → dựng lại được)\n" << one.what << "\n";
  }
  std::cout << "Phát hiện theo ngày " << DateText(date) << ": " << comparison.findings
            << "; các bảng khác: " << comparison.views
            << " (nơi, đại lý, người thu, đợt ra quân, thay đổi sau công bố, tuần, tái tục…); sai "
            << comparison.differences.size() << "\n";
  if (comparison.not_compared > 0) {
    std::cout << "  CHƯA SO: " << comparison.not_compared << " mục vượt quá số mà dịch vụ trả lời một lần\n";
  }
  return comparison.differences.size() + comparison.not_compared;
}

// The day of the last event, so that the same export always asks the same.
absl::StatusOr<int32_t> DateAsked(const Arguments& arguments, const Replayed& replayed) {
  int32_t date = 0;
  if (!arguments.date.empty()) {
    SOTHON_RETURN_IF_ERROR(ParseDateOption("--date", arguments.date, &date));
    return date;
  }
  const projection::Snapshot snapshot = replayed.projection->view()->TakeSnapshot();
  return CivilDate::AtMoment(snapshot.applied.recorded_at_us).ToWire();
}

absl::StatusOr<size_t> TellAll(const Arguments& arguments, const Endpoints& endpoints, const Replayed& replayed) {
  std::cout << absl::StrFormat("Đã dựng lại %d sự kiện của sổ %s trong %.1f giây (%.0f sự kiện mỗi giây)\n",
                               replayed.position, replayed.log_id, replayed.seconds,
                               static_cast<double>(replayed.position) / std::max(replayed.seconds, 1e-9));
  const size_t repeats = TellRepeats(replayed);
  SOTHON_ASSIGN_OR_RETURN(const size_t publications, TellPublications(replayed));
  const size_t wrong = repeats + publications;
  if (arguments.offline) {
    std::cout << "Không so với dịch vụ nào (--offline)\n";
    return wrong;
  }
  const Served served(endpoints);
  SOTHON_ASSIGN_OR_RETURN(const size_t cells, TellCells(replayed, served));
  SOTHON_ASSIGN_OR_RETURN(const int32_t date, DateAsked(arguments, replayed));
  SOTHON_ASSIGN_OR_RETURN(const size_t views, TellViews(replayed, endpoints, date));
  return wrong + cells + views;
}

ExitStatus RunReplay(const Arguments& arguments, const Endpoints& endpoints) {
  spdlog::set_level(spdlog::level::err);  // what RocksDB remarks on in the work folder would stand among the answers
  ReplayOptions options;
  const absl::Status usage = FillOptions(arguments, &options);
  if (!usage.ok()) return TellWrongUsage(usage);
  auto folder = WorkFolder::Make("sothon-replay");
  if (!folder.ok()) return TellFailure(folder.status());
  options.work_directory = (*folder)->path();
  ProgressBar bar("events");
  options.on_progress = [&](uint64_t done, uint64_t of) {
    bar.Show(static_cast<double>(done) / static_cast<double>(of), done);
  };
  absl::StatusOr<Replayed> replayed = Replay(options);
  bar.Clear();
  if (!replayed.ok()) return TellFailure(replayed.status());
  const absl::StatusOr<size_t> wrong = TellAll(arguments, endpoints, *replayed);
  replayed->projection.reset();
  if (!wrong.ok()) return TellFailure(wrong.status());
  if (*wrong == 0) {
    std::cout << "ĐÚNG: tất cả những gì dựng lại đều khớp\n";
    return kDone;
  }
  return TellFailure(absl::DataLossError(
      StrCat(*wrong, " places where what is shown does not follow from the export, or could not be compared")));
}

}  // namespace

void AddAuditReplayCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand(
      "replay", "derive all views and findings from an export, and compare them with what is published and served");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("DIR", arguments->directory, "the export (sothon audit export)")->required();
  command->add_option("--until", arguments->until, "up to a position (4711 or @4711) or a moment (2025-12-05)");
  command->add_option("--date", arguments->date, "of the findings; without it the day of the last event");
  command->add_option("--config", arguments->config_file,
                      "the projection's configuration, for its days of grace and scheme groups");
  command->add_flag("--offline", arguments->offline, "hold it against publications alone, and ask no service");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunReplay(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
