// sothon audit replay: the views and findings of an export, derived again and held against what is served and was
// published.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "cli/app/command_line.h"
#include "cli/app/plain_text.h"
#include "cli/app/progress_bar.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/projection_rules.h"
#include "cli/audit/replay.h"
#include "cli/audit/view_comparison.h"
#include "cli/audit/work_folder.h"
#include "cli/oversight/asking.h"
#include "cli/views/event_text.h"
#include "cli/views/query.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "spdlog/spdlog.h"

namespace sothon::cli {
namespace {

constexpr absl::Duration kAnswerWithin = absl::Seconds(120);
constexpr size_t kDifferencesNamedMax = 50;
// What CivilMonth::FromWire takes.
constexpr int32_t kFirstMonth = 190001;
constexpr int32_t kLastMonth = 219912;

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
  if (!parsed.ok())
    return absl::InvalidArgumentError(StrCat("--until: ", absl::StripPrefix(parsed.message(), "--as-of ")));
  if (!arguments.until.empty() && until.position() == 0 && until.recorded_at_us() <= 0) {
    return absl::InvalidArgumentError("--until: positions begin with 1");
  }
  options->until = until.position();
  options->until_recorded_at_us = until.recorded_at_us();
  int32_t date = 0;
  SOTHON_RETURN_IF_ERROR(ParseDateOption("--date", arguments.date, &date));
  SOTHON_ASSIGN_OR_RETURN(options->projection, LoadProjectionRules(arguments.config_file));
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

// How many publications do not hold, or could not be held against anything. Adds to `*held` those that hold.
absl::StatusOr<size_t> TellPublications(const Replayed& replayed, size_t* held) {
  SOTHON_ASSIGN_OR_RETURN(const std::vector<PublicationCheck> checks, CheckPublications(replayed));
  using Result = PublicationCheck::Result;
  size_t wrong = 0, not_remade = 0, without_digest = 0;
  const auto tell = [](const char* word, const PublicationCheck& check, const std::string& what) {
    std::cout << "  " << word << ": " << ForTerminal(check.place_id) << " " << ForTerminal(check.period)
              << ", công bố ở vị trí " << check.event_position << " theo số liệu tại vị trí " << check.at_position
              << ": " << what << "\n";
  };
  for (const PublicationCheck& check : checks) {
    *held += check.result == Result::kHolds ? 1 : 0;
    if (check.result == Result::kDiffers) {
      ++wrong;
      tell("SAI", check, "mã băm khác");
    } else if (check.result == Result::kNotRemade) {
      ++not_remade;
      tell("CHƯA SO", check, StrCat("có mã băm nhưng không tính lại được: ", ForTerminal(check.why)));
    } else if (check.result == Result::kNoDigest) {
      ++without_digest;
      tell("KHÔNG SO ĐƯỢC", check, "không có mã băm");
    }
  }
  std::cout << "Các kỳ đã công bố: " << checks.size() << ", sai " << wrong;
  if (not_remade > 0) std::cout << ", chưa so được " << not_remade;
  if (without_digest > 0) std::cout << ", không có mã băm để so " << without_digest;
  std::cout << "\n";
  return wrong + not_remade;
}

// How often something stands in the log again that may count only once.
size_t TellRepeats(const Replayed& replayed) {
  for (const Repeat& repeat : replayed.repeats.repeats()) {
    std::cout << "  SAI: vị trí " << repeat.position << " ghi lại " << ForTerminal(repeat.what) << " của vị trí "
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
  const uint64_t head = std::max(digests.freshness().head_position(), digests.freshness().position());
  if (head > replayed.position) {
    std::cout << "So ở vị trí " << replayed.position << "; sổ nay đã đến vị trí " << head << ": "
              << head - replayed.position << " sự kiện ghi sau đó không nằm trong phép so này\n";
  }
  for (size_t i = 0; i < differences.size() && i < kDifferencesNamedMax; ++i) {
    const CellDifference& one = differences[i];
    std::cout << "  SAI: " << ForTerminal(one.place_id) << " " << one.month << " " << one.scheme << " " << one.figure
              << ": đang hiện " << one.served << ", dựng lại được " << one.replayed << "\n";
  }
  if (differences.size() > kDifferencesNamedMax) {
    std::cout << "  … và " << differences.size() - kDifferencesNamedMax << " chỗ khác\n";
  }
  std::cout << "Các ô (thôn, tháng) đang hiện: " << digests.cells_size() << ", số liệu sai " << differences.size()
            << "\n";
  return differences.size();
}

// All months that have figures, or that of `date`. Cover that is paid far ahead may end in a month that no question can
// name.
MonthRange MonthsOf(const v1::GetDigestsResponse& cells, CivilDate date) {
  if (cells.cells().empty()) return {date.Month(), date.Month()};
  const auto [first, last] = std::minmax_element(cells.cells().begin(), cells.cells().end(),
                                                 [](const auto& a, const auto& b) { return a.month() < b.month(); });
  const auto nameable = [](int32_t wire) { return *CivilMonth::FromWire(std::clamp(wire, kFirstMonth, kLastMonth)); };
  return {nameable(first->month()), nameable(last->month())};
}

void TellNotCompared(const ViewComparison& comparison) {
  if (comparison.not_compared > 0) {
    std::cout << "  CHƯA SO: " << comparison.not_compared << " mục vượt quá số mà dịch vụ trả lời một lần\n";
  }
  for (size_t i = 0; i < comparison.unanswered.size() && i < kDifferencesNamedMax; ++i) {
    const ViewDifference& one = comparison.unanswered[i];
    std::cout << "  CHƯA SO: " << one.view << " " << ForTerminal(one.about)
              << ": cả hai bên đều không trả lời: " << ForTerminal(one.what) << "\n";
  }
  if (comparison.unanswered.size() > kDifferencesNamedMax) {
    std::cout << "  … và " << comparison.unanswered.size() - kDifferencesNamedMax << " câu hỏi khác chưa so được\n";
  }
}

// What the log led to has to say beside its figures, and what is said of it.
absl::StatusOr<size_t> TellViews(const Replayed& replayed, const Endpoints& endpoints, CivilDate date) {
  v1::GetDigestsRequest every_cell;
  every_cell.mutable_as_of()->set_position(replayed.position);
  SOTHON_ASSIGN_OR_RETURN(const v1::GetDigestsResponse cells, replayed.projection->GetDigests(every_cell));
  ViewQuestion question;
  question.position = replayed.position;
  question.date = date.ToWire();
  question.months = MonthsOf(cells, date);
  const projection::Snapshot snapshot = replayed.projection->view()->TakeSnapshot();
  for (const v1::Event* event : snapshot.facts->Of(v1::Event::kPeriodPublished, snapshot.applied.position)) {
    question.published.emplace(event->place_id(), event->period_published().period());
  }
  const ServiceInProcess own(replayed.projection.get());
  const auto served = ProgressAt(endpoints);
  SOTHON_ASSIGN_OR_RETURN(const ViewComparison comparison, CompareViews(question, served.get(), own.stub()));
  for (size_t i = 0; i < comparison.differences.size() && i < kDifferencesNamedMax; ++i) {
    const ViewDifference& one = comparison.differences[i];
    std::cout << "  SAI: " << one.view << " " << ForTerminal(one.about) << " (đang hiện → dựng lại được)\n"
              << one.what << "\n";
  }
  std::cout << "Phát hiện theo ngày " << DateText(question.date) << ": " << comparison.findings
            << "; các bảng khác: " << comparison.views
            << " (nơi, đại lý, người thu, đợt ra quân, thay đổi sau công bố, tuần, tái tục…); sai "
            << comparison.differences.size() << "\n";
  TellNotCompared(comparison);
  return comparison.differences.size() + comparison.not_compared + comparison.unanswered.size();
}

// The day of the last event, so that the same export always asks the same.
absl::StatusOr<CivilDate> DateAsked(const Arguments& arguments, const Replayed& replayed) {
  if (arguments.date.empty()) return DayOfLastEvent(replayed);
  int32_t date = 0;
  SOTHON_RETURN_IF_ERROR(ParseDateOption("--date", arguments.date, &date));
  return *CivilDate::FromWire(date);
}

// How many differences there are. Adds to `*held` what the replay was compared with and agrees with.
absl::StatusOr<size_t> TellAll(const Arguments& arguments, const Endpoints& endpoints, const Replayed& replayed,
                               size_t* held) {
  std::cout << absl::StrFormat("Đã dựng lại %d sự kiện của sổ %s trong %.1f giây (%.0f sự kiện mỗi giây)\n",
                               replayed.position, ForTerminal(replayed.log_id), replayed.seconds,
                               static_cast<double>(replayed.position) / std::max(replayed.seconds, 1e-9));
  const size_t repeats = TellRepeats(replayed);
  SOTHON_ASSIGN_OR_RETURN(const size_t publications, TellPublications(replayed, held));
  const size_t wrong = repeats + publications;
  if (arguments.offline) {
    std::cout << "Không so với dịch vụ nào (--offline)\n";
    return wrong;
  }
  const Served served(endpoints);
  SOTHON_ASSIGN_OR_RETURN(const size_t cells, TellCells(replayed, served));
  *held += replayed.position > 0 ? 1 : 0;
  SOTHON_ASSIGN_OR_RETURN(const CivilDate date, DateAsked(arguments, replayed));
  SOTHON_ASSIGN_OR_RETURN(const size_t views, TellViews(replayed, endpoints, date));
  return wrong + cells + views;
}

// What a log or a service says of itself may stand in the message.
ExitStatus TellStrangersFailure(const absl::Status& status) {
  return TellFailure(absl::Status(status.code(), ForTerminal(std::string(status.message()))));
}

ExitStatus RunReplay(const Arguments& arguments, const Endpoints& endpoints) {
  spdlog::set_level(spdlog::level::err);  // what RocksDB remarks on in the work folder would stand among the answers
  ReplayOptions options;
  const absl::Status usage = FillOptions(arguments, &options);
  if (!usage.ok()) return TellWrongUsage(usage);
  std::error_code error;
  if (!std::filesystem::is_directory(arguments.directory, error)) {
    return TellWrongUsage(StrCat("there is no directory ", arguments.directory));
  }
  auto folder = WorkFolder::Make("sothon-replay");
  if (!folder.ok()) return TellFailure(folder.status());
  options.work_directory = (*folder)->path();
  ProgressBar bar("events");
  options.on_progress = [&](uint64_t done, uint64_t of) {
    bar.Show(static_cast<double>(done) / static_cast<double>(of), done);
  };
  absl::StatusOr<Replayed> replayed = Replay(options);
  bar.Clear();
  if (!replayed.ok()) return TellStrangersFailure(replayed.status());
  size_t held = 0;
  const absl::StatusOr<size_t> wrong = TellAll(arguments, endpoints, *replayed, &held);
  replayed->projection.reset();
  if (!wrong.ok()) return TellStrangersFailure(wrong.status());
  if (*wrong == 0 && held == 0) {
    std::cout << "KHÔNG THẤY GÌ SAI, nhưng cũng không có số liệu nào để so\n";
    return kDone;
  }
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
