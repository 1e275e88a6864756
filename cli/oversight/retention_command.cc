// sothon retention: who came, who stayed, who stopped (plan#57).
#include "cli/app/period_text.h"
#include "cli/oversight/asking.h"
#include "cli/oversight/oversight_commands.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct RetentionArguments {
  Asking asking;
  uint32_t depth = 1;
};

absl::Status FillRequest(const RetentionArguments& arguments, v1::GetRetentionRequest* request) {
  const Query& query = arguments.asking.query;
  SOTHON_RETURN_IF_ERROR(FillInquiry(arguments.asking, request->mutable_inquiry()));
  if (const std::string wrong = WhatIsWrongWithPeriod(query.period); !wrong.empty()) {
    return absl::InvalidArgumentError(StrCat("--period ", query.period, ": ", wrong));
  }
  for (const std::string& name : query.schemes) {
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
    SOTHON_RETURN_IF_ERROR(ParseScheme(name, &scheme));
    request->add_schemes(scheme);
  }
  request->set_period(query.period);
  request->set_depth(arguments.depth);
  return absl::OkStatus();
}

RecordList RowsOf(const v1::GetRetentionResponse& response, const PlaceNames& places) {
  RecordList list{"rows",
                  "",
                  {{"place_id", "nơi"},
                   {"scheme", "loại hình"},
                   {"month", "tháng"},
                   {"first", "lần đầu", Align::kRight},
                   {"returned", "tham gia lại", Align::kRight},
                   {"renewed", "đóng tiếp", Align::kRight},
                   {"ended", "hết hạn", Align::kRight},
                   {"kept", "giữ được", Align::kRight},
                   {"lapsed", "gián đoạn", Align::kRight},
                   {"pending", "chưa rõ", Align::kRight},
                   {"net", "tăng ròng", Align::kRight},
                   {"retention_percent", "tỷ lệ duy trì (%)", Align::kRight}}};
  list.if_empty = "Không có số liệu nào cho kỳ này.";
  for (const v1::RetentionRow& row : response.rows()) {
    std::vector<Cell> record = {places.Of(row.place_id()), TextCell(v1::Scheme_Name(row.scheme())),
                                MonthCell(row.month())};
    for (const int64_t value : {row.first(), row.returned(), row.renewed(), row.ended(), row.kept(), row.lapsed(),
                                row.pending(), row.net()}) {
      record.push_back(CountCell(value));
    }
    record.push_back(PercentCell(row.has_retention_percent() ? std::optional(row.retention_percent()) : std::nullopt));
    list.records.push_back(std::move(record));
  }
  return list;
}

ExitStatus RunRetention(const RetentionArguments& arguments, const Endpoints& endpoints) {
  v1::GetRetentionRequest request;
  const absl::Status usage = FillRequest(arguments, &request);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::GetRetention, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  const std::string about = StrCat(arguments.asking.query.place, " · ", arguments.asking.query.period);
  AnswerView view = BeginView("DUY TRÌ NGƯỜI THAM GIA", about, response->answered());
  view.lists = {RowsOf(*response, places)};
  return Show(arguments.asking, view);
}

}  // namespace

void AddRetentionCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("retention", "who came, who stayed and who stopped, month by month");
  const auto arguments = std::make_shared<RetentionArguments>();
  AddAsking(command, PlaceOption::kRequired, {}, &arguments->asking);
  AddPeriod(command, &arguments->asking.query);
  command->add_option("--scheme", arguments->asking.query.schemes, "BHXH_TN, BHYT_HGD, ...; may be repeated");
  command->add_option("--depth", arguments->depth, "levels below the place: 0 itself, 1 its villages too")
      ->check(CLI::Range(0, 8));
  SetRun(command, line, arguments, &RunRetention);
}

}  // namespace sothon::cli
