// sothon weeks: which village reached its targets in which week (plan#31, #32, #35).
#include "cli/app/text_tools.h"
#include "cli/oversight/asking.h"
#include "cli/oversight/oversight_commands.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr int32_t kWeeksMax = 106;

struct WeeksArguments {
  Asking asking;
  std::string from;
  std::string to;
  bool with_rows = false;
};

absl::StatusOr<CivilWeek> ParseWeek(const std::string& option, const std::string& text) {
  const auto week = CivilWeek::Parse(AsciiUpper(text));
  if (week) return *week;
  return absl::InvalidArgumentError(
      StrCat(option, " ", text,
             ": there is no such week; write an ISO week, for example 2025-W40 (weeks run from "
             "Monday to Sunday, and a year has 52 or 53)"));
}

absl::Status FillRequest(const WeeksArguments& arguments, v1::GetWeekLadderRequest* request) {
  SOTHON_RETURN_IF_ERROR(FillInquiry(arguments.asking, request->mutable_inquiry()));
  SOTHON_ASSIGN_OR_RETURN(const CivilWeek from, ParseWeek("--from", arguments.from));
  SOTHON_ASSIGN_OR_RETURN(const CivilWeek to, ParseWeek("--to", arguments.to));
  if (to < from) {
    return absl::InvalidArgumentError(StrCat("--to ", arguments.to, " is before --from ", arguments.from));
  }
  const int32_t weeks = to.value - from.value + 1;
  if (weeks > kWeeksMax) {
    return absl::InvalidArgumentError(StrCat("--from ", arguments.from, " --to ", arguments.to, " are ", weeks,
                                             " weeks; ask for at most ", kWeeksMax));
  }
  request->set_from_week(from.ToString());
  request->set_to_week(to.ToString());
  request->set_with_rows(arguments.with_rows || arguments.asking.list == "rows");
  return absl::OkStatus();
}

RecordList WeeksOf(const v1::GetWeekLadderResponse& response, const PlaceNames& places) {
  RecordList list{"weeks",
                  "",
                  {{"week", "tuần"},
                   {"from_date", "từ ngày"},
                   {"to_date", "đến ngày"},
                   {"reached_place_ids", "thôn hoàn thành trong tuần"},
                   {"reached_so_far", "đến nay", Align::kRight},
                   {"villages", "trên", Align::kRight},
                   {"due", "", Align::kLeft, Column::kPrograms},
                   {"empty", "tuần trống"}}};
  for (const v1::LadderWeek& week : response.weeks()) {
    Cell::Texts ids;
    std::string names;
    for (const v1::VillageReached& reached : week.reached()) {
      ids.push_back(reached.place_id());
      StrAppend(&names, names.empty() ? "" : ", ", places.Of(reached.place_id()).text);
    }
    const char* state = week.empty() ? "không có thôn nào" : (week.due() && ids.empty() ? "đang chờ" : "");
    list.records.push_back({TextCell(week.week()), DateCell(week.from_date()), DateCell(week.to_date()),
                            Cell{std::move(ids), std::move(names)}, CountCell(week.reached_so_far()),
                            CountCell(response.villages()), FlagCell(week.due(), "có"), Cell{week.empty(), state}});
  }
  return list;
}

RecordList ReachedOf(const v1::GetWeekLadderResponse& response, const PlaceNames& places) {
  RecordList list{
      "reached", "Chỉ tiêu của các thôn đã hoàn thành:",
      Columns({{"week", "tuần"}, {"place_id", "thôn"}, {"date", "ngày"}, {"position", "vị trí", Align::kRight}},
              ProductColumns())};
  // The product's own day and event beside those of the village.
  list.columns[9] = {"product_reached_date", "loại hình đạt ngày"};
  list.columns[10] = {"product_reached_position", "vị trí", Align::kRight};
  for (const v1::LadderWeek& week : response.weeks()) {
    for (const v1::VillageReached& reached : week.reached()) {
      for (const v1::ProductState& product : reached.products()) {
        std::vector<Cell> record = {TextCell(week.week()), places.Of(reached.place_id()), DateCell(reached.date()),
                                    PositionCell(reached.position())};
        AppendProduct(product, &record);
        list.records.push_back(std::move(record));
      }
    }
  }
  list.is_shown = !list.records.empty();
  return list;
}

RecordList RowsOf(const v1::GetWeekLadderResponse& response, const PlaceNames& places) {
  RecordList list{"rows", "Từng thôn, từng tuần:",
                  Columns(Columns({{"week", "tuần"}, {"place_id", "thôn"}}, UnitColumns()),
                          {{"developed", "phát triển", Align::kRight},
                           {"collected", "người đóng", Align::kRight},
                           {"paid_vnd", "số tiền (đồng)", Align::kRight},
                           {"developed_cumulative", "lũy kế", Align::kRight},
                           {"target", "chỉ tiêu", Align::kRight},
                           {"remaining", "còn lại", Align::kRight}})};
  for (const v1::LadderWeek& week : response.weeks()) {
    for (const v1::WeekRow& row : week.rows()) {
      std::vector<Cell> record = {TextCell(week.week()), places.Of(row.place_id())};
      AppendUnit(row.scheme(), row.scheme_group_id(), &record);
      for (const int64_t value : {row.developed(), row.collected(), row.paid_vnd(), row.developed_cumulative(),
                                  row.target(), row.remaining()}) {
        record.push_back(CountCell(value));
      }
      list.records.push_back(std::move(record));
    }
  }
  list.is_shown = !list.records.empty();
  return list;
}

ExitStatus RunWeeks(const WeeksArguments& arguments, const Endpoints& endpoints) {
  v1::GetWeekLadderRequest request;
  const absl::Status usage = FillRequest(arguments, &request);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::GetWeekLadder, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("MỖI TUẦN MỘT THÔN", arguments.asking.query.place, response->answered());
  view.facts = {{"villages", NumberCell(response->villages())}};
  view.lists = {WeeksOf(*response, places), ReachedOf(*response, places), RowsOf(*response, places)};
  // Who asks for the rows wants them in a file, too.
  Asking asking = arguments.asking;
  if (arguments.with_rows && asking.list.empty() && asking.query.format == "csv") asking.list = "rows";
  return Show(asking, view);
}

}  // namespace

void AddWeeksCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command =
      app->add_subcommand("weeks", "which village reached its targets in which week, and the empty weeks");
  const auto arguments = std::make_shared<WeeksArguments>();
  AddAsking(command, PlaceOption::kRequired, {"weeks", "reached", "rows"}, &arguments->asking);
  command->add_option("--from", arguments->from, "first week, 2025-W40")->required();
  command->add_option("--to", arguments->to, "last week, 2026-W01")->required();
  command->add_flag("--rows", arguments->with_rows, "also the figures of each village in each week");
  SetRun(command, line, arguments, &RunWeeks);
}

}  // namespace sothon::cli
