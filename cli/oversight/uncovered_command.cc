// sothon uncovered: who lacks what: rosters, schools, groups (plan#20 to #23, #62 to #64).
#include "cli/oversight/asking.h"
#include "cli/oversight/oversight_commands.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

RecordList RostersOf(const v1::GetUncoveredResponse& response) {
  RecordList list{"rosters", "Danh sách phải đạt mức tối thiểu mỗi người:",
                  Columns(Columns({{"roster_id", "danh sách"}, {"of_party_id", "của"}}, UnitColumns()),
                          {{"minimum", "tối thiểu", Align::kRight},
                           {"members", "số người", Align::kRight},
                           {"met", "đã đạt", Align::kRight},
                           {"short_member_ids", "chưa đạt"},
                           {"target_id", "", Align::kLeft, Column::kPrograms},
                           {"reading", "", Align::kLeft, Column::kPrograms},
                           {"position", "vị trí", Align::kRight}})};
  list.if_empty = "Không có danh sách nào.";
  for (const v1::RosterState& roster : response.rosters()) {
    std::vector<Cell> record = {TextCell(roster.roster_id()), TextCell(roster.of_party_id())};
    AppendUnit(roster.scheme(), roster.scheme_group_id(), &record);
    record.insert(record.end(),
                  {CountCell(roster.minimum()), CountCell(roster.members()), CountCell(roster.met()),
                   TextsCell({roster.short_member_ids().begin(), roster.short_member_ids().end()}),
                   TextCell(roster.target_id()), TextCell(roster.reading()), PositionCell(roster.position())});
    list.records.push_back(std::move(record));
  }
  return list;
}

RecordList SchoolsOf(const v1::GetUncoveredResponse& response) {
  RecordList list{"schools",
                  "Học sinh các trường:",
                  {{"party_id", "trường"},
                   {"school_year", "năm học"},
                   {"pupils", "học sinh", Align::kRight},
                   {"insured_otherwise", "có thẻ khác", Align::kRight},
                   {"covered", "BHYT HSSV", Align::kRight},
                   {"covered_twice", "trùng thẻ", Align::kRight},
                   {"percent_of_rest", "% số còn lại", Align::kRight},
                   {"percent_of_all", "% tổng số", Align::kRight},
                   {"uncovered", "chưa có thẻ", Align::kRight},
                   {"sponsored", "được hỗ trợ", Align::kRight}}};
  list.if_empty = "Không có trường nào.";
  for (const v1::SchoolState& school : response.schools()) {
    const auto known = [](bool is_known, int64_t value) {
      return CountOrUnknownCell(is_known ? std::optional(value) : std::nullopt);
    };
    list.records.push_back(
        {TextCell(school.party_id()), TextCell(school.school_year()), known(school.pupils_known(), school.pupils()),
         known(school.insured_otherwise_known(), school.insured_otherwise()), CountCell(school.covered()),
         CountCell(school.covered_twice()),
         PercentCell(school.has_percent_of_rest() ? std::optional(school.percent_of_rest()) : std::nullopt),
         PercentCell(school.has_percent_of_all() ? std::optional(school.percent_of_all()) : std::nullopt),
         known(school.pupils_known(), school.uncovered()), CountCell(school.sponsored())});
  }
  return list;
}

RecordList GroupsOf(const v1::GetUncoveredResponse& response, const PlaceNames& places) {
  RecordList list{"groups",
                  "Nhóm đối tượng:",
                  {{"group", "nhóm"},
                   {"place_id", "nơi"},
                   {"people", "số người", Align::kRight},
                   {"covered", "có thẻ BHYT", Align::kRight},
                   {"uncovered", "chưa có thẻ", Align::kRight}}};
  list.if_empty = "Không có nhóm nào.";
  for (const v1::GroupState& group : response.groups()) {
    list.records.push_back({TextCell(group.group()), places.Of(group.place_id()), CountCell(group.people()),
                            CountCell(group.covered()), CountCell(group.uncovered())});
  }
  return list;
}

ExitStatus RunUncovered(const Asking& asking, const Endpoints& endpoints) {
  v1::GetUncoveredRequest request;
  const absl::Status usage = FillInquiry(asking, request.mutable_inquiry());
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::GetUncovered, asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("CHƯA THAM GIA", asking.query.place, response->answered());
  view.lists = {RostersOf(*response), SchoolsOf(*response), GroupsOf(*response, places)};
  return Show(asking, view);
}

}  // namespace

void AddUncoveredCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("uncovered", "who lacks what: officials and members, schools, groups");
  const auto asking = std::make_shared<Asking>();
  AddAsking(command, PlaceOption::kRequired, {"rosters", "schools", "groups"}, asking.get());
  SetRun(command, line, asking, &RunUncovered);
}

}  // namespace sothon::cli
