// sothon drives: the drives (đợt ra quân) and how far each got (plan#27, #36, #37, #42 to #53).
#include "cli/oversight/asking.h"
#include "cli/oversight/known_ids.h"
#include "cli/oversight/oversight_commands.h"
#include "cli/oversight/oversight_words.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

struct DrivesArguments {
  Asking asking;
  std::string drive;
};

Cell::Texts TextsOf(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

// "BD-DH (3), BD-HM (vắng)"
std::string WhoWasThere(const v1::DriveView& drive) {
  std::string out;
  for (const v1::DriveAttendance& agency : drive.attendance()) {
    StrAppend(&out, out.empty() ? "" : ", ", agency.agency_id(),
              agency.positions().empty() ? " (vắng)" : StrCat(" (", agency.collector_ids_size(), ")"));
  }
  return out;
}

// "BHXH_TN: còn 8, đạt 5, còn lại 3"
std::string ResultText(const v1::DriveView& drive) {
  std::string out;
  for (const v1::DriveProduct& product : drive.products()) {
    StrAppend(&out, out.empty() ? "" : "; ", UnitText(product.scheme(), product.scheme_group_id()), " ",
              FormatThousands(product.result()), "/", FormatThousands(product.remaining_before()));
  }
  return out;
}

RecordList DrivesOf(const v1::ListDrivesResponse& response, const PlaceNames& places) {
  RecordList list{"drives",
                  "",
                  {{"drive_id", "đợt"},
                   {"place_id", "thôn"},
                   {"state", "trạng thái"},
                   {"from_date", "từ ngày"},
                   {"to_date", "đến ngày"},
                   {"venue", "địa điểm", Align::kLeft, Column::kPrograms},
                   {"", "tổ chức dịch vụ thu (số nhân viên)", Align::kLeft, Column::kPeople},
                   {"", "phát triển / còn thiếu khi mở đợt", Align::kLeft, Column::kPeople},
                   {"guide_ids", "người dẫn đường"},
                   {"surveyed_non_participants", "đã rà soát", Align::kRight},
                   {"households_visited", "hộ đã đến", Align::kRight},
                   {"conferences", "hội nghị", Align::kRight},
                   {"prospects", "tiềm năng", Align::kRight},
                   {"prospects_joined", "đã tham gia", Align::kRight},
                   {"prospects_open", "đang theo dõi", Align::kRight},
                   {"notified_agency_ids", "", Align::kLeft, Column::kPrograms},
                   {"reason", "", Align::kLeft, Column::kPrograms}}};
  list.if_empty = "Không có đợt ra quân nào.";
  for (const v1::DriveView& drive : response.drives()) {
    list.records.push_back(
        {TextCell(drive.drive_id()), places.Of(drive.place_id()),
         WordCell(v1::DriveView::State_Name(drive.state()), DriveStateWord(drive.state())), DateCell(drive.from_date()),
         DateCell(drive.to_date()), TextCell(drive.venue()), Cell{{}, WhoWasThere(drive)}, Cell{{}, ResultText(drive)},
         TextsCell(TextsOf(drive.guide_ids())), CountCell(drive.surveyed_non_participants()),
         CountCell(drive.households_visited()), CountCell(drive.conferences()), CountCell(drive.prospects()),
         CountCell(drive.prospects_joined()), CountCell(drive.prospects_open()),
         TextsCell(TextsOf(drive.notified_agency_ids())), TextCell(drive.reason())});
  }
  return list;
}

RecordList StepsOf(const v1::ListDrivesResponse& response) {
  RecordList list{"steps",
                  "Các bước:",
                  {{"drive_id", "đợt"},
                   {"step", "bước"},
                   {"date", "ngày"},
                   {"party_id", "bên"},
                   {"position", "vị trí", Align::kRight}}};
  for (const v1::DriveView& drive : response.drives()) {
    const auto add = [&](const char* name, const char* word, const v1::DriveStep& step) {
      if (step.position() == 0) return;
      list.records.push_back({TextCell(drive.drive_id()), WordCell(name, word), DateCell(step.date()),
                              TextCell(step.party_id()), PositionCell(step.position())});
    };
    add("proposed", "đề xuất", drive.proposed());
    add("agreed", "thống nhất", drive.agreed());
    add("scheduled", "lên lịch", drive.scheduled());
    add("committed", "ký cam kết", drive.committed());
    add("opened", "mở đợt", drive.opened());
    add("closed", "kết thúc", drive.closed());
    for (const v1::DriveStep& report : drive.reports()) add("report", "báo cáo", report);
    add("notice", "thông báo kết quả", drive.notice());
  }
  return list;
}

RecordList ProductsOf(const v1::ListDrivesResponse& response) {
  RecordList list{"products", "Chỉ tiêu và kết quả:",
                  Columns(Columns({{"drive_id", "đợt"}}, UnitColumns()),
                          {{"target", "chỉ tiêu", Align::kRight},
                           {"achieved_before", "đã đạt trước đợt", Align::kRight},
                           {"remaining_before", "còn thiếu khi mở đợt", Align::kRight},
                           {"result", "phát triển", Align::kRight},
                           {"rest", "còn lại", Align::kRight},
                           {"baseline_holds", "số chốt khớp sổ"}})};
  for (const v1::DriveView& drive : response.drives()) {
    for (const v1::DriveProduct& product : drive.products()) {
      std::vector<Cell> record = {TextCell(drive.drive_id())};
      AppendUnit(product.scheme(), product.scheme_group_id(), &record);
      for (const int64_t value : {product.target(), product.achieved_before(), product.remaining_before(),
                                  product.result(), product.rest()}) {
        record.push_back(CountCell(value));
      }
      record.push_back({product.baseline_holds(), product.baseline_holds() ? "khớp" : "KHÔNG KHỚP"});
      list.records.push_back(std::move(record));
    }
  }
  return list;
}

RecordList AttendanceOf(const v1::ListDrivesResponse& response) {
  RecordList list{"attendance",
                  "Tham gia:",
                  {{"drive_id", "đợt"},
                   {"agency_id", "tổ chức dịch vụ thu"},
                   {"present", "có mặt"},
                   {"collector_ids", "nhân viên thu"},
                   {"positions", "vị trí"}}};
  for (const v1::DriveView& drive : response.drives()) {
    for (const v1::DriveAttendance& agency : drive.attendance()) {
      const bool is_present = !agency.positions().empty();
      list.records.push_back({TextCell(drive.drive_id()), TextCell(agency.agency_id()),
                              Cell{is_present, is_present ? "có" : "vắng"}, TextsCell(TextsOf(agency.collector_ids())),
                              PositionsCell({agency.positions().begin(), agency.positions().end()},
                                            static_cast<uint64_t>(agency.positions_size()))});
    }
  }
  return list;
}

ExitStatus RunDrives(const DrivesArguments& arguments, const Endpoints& endpoints) {
  v1::ListDrivesRequest request;
  const absl::Status usage = FillInquiry(arguments.asking, request.mutable_inquiry());
  if (!usage.ok()) return TellWrongUsage(usage);
  request.set_drive_id(arguments.drive);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListDrives, arguments.asking, endpoints, request);
  const bool has_none = response.ok() ? response->drives().empty() : absl::IsNotFound(response.status());
  if (has_none && !arguments.drive.empty()) {
    // Which of the two is not there, the place or the drive?
    const absl::Status known = CheckDrive(arguments.asking, request.inquiry(), arguments.drive, endpoints);
    if (!known.ok()) return TellFailure(known);
  }
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("ĐỢT RA QUÂN", arguments.asking.query.place, response->answered());
  view.lists = {DrivesOf(*response, places), StepsOf(*response), ProductsOf(*response), AttendanceOf(*response)};
  // Of all drives the first table says enough.
  for (size_t i = 1; i < view.lists.size(); ++i) view.lists[i].is_shown = !arguments.drive.empty();
  return Show(arguments.asking, view);
}

}  // namespace

void AddDrivesCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("drives", "the drives (đợt ra quân): steps, attendance, baseline and result");
  const auto arguments = std::make_shared<DrivesArguments>();
  AddAsking(command, PlaceOption::kRequired, {"drives", "steps", "products", "attendance"}, &arguments->asking);
  command->add_option("--drive", arguments->drive, "only this drive, with all its details");
  SetRun(command, line, arguments, &RunDrives);
}

}  // namespace sothon::cli
