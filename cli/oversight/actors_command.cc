// sothon roles, decisions, activities: who is to do what, what was decided about it, what was done (plan#34, #48, #49,
// #54, #66 to #78).
#include <functional>

#include "cli/app/period_text.h"
#include "cli/app/text_tools.h"
#include "cli/oversight/asking.h"
#include "cli/oversight/nearest.h"
#include "cli/oversight/oversight_commands.h"
#include "cli/oversight/oversight_words.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct KindsArguments {
  Asking asking;
  std::vector<std::string> kinds;
  bool open_only = false;
};

// The value of an enum by its name in any case; INVALID_ARGUMENT names the nearest, or all.
absl::StatusOr<int> ParseKind(const google::protobuf::EnumDescriptor& kinds, const std::string& option,
                              const std::string& text) {
  std::vector<std::string> names;
  for (int i = 0; i < kinds.value_count(); ++i) {
    if (kinds.value(i)->number() == 0) continue;
    names.push_back(AsciiLower(kinds.value(i)->name()));
    if (names.back() == AsciiLower(text)) return kinds.value(i)->number();
  }
  const std::string nearest = NearestWord(AsciiLower(text), names);
  std::string all;
  for (const std::string& name : names) StrAppend(&all, all.empty() ? "" : ", ", name);
  return absl::InvalidArgumentError(StrCat(option, " ", text, ": there is no such kind; ",
                                           nearest.empty() ? "" : StrCat("do you mean ", nearest, "? "),
                                           "write one of ", all));
}

absl::Status FillKinds(const KindsArguments& arguments, const google::protobuf::EnumDescriptor& kinds,
                       const std::string& option, const std::function<void(int)>& add) {
  for (const std::string& name : arguments.kinds) {
    SOTHON_ASSIGN_OR_RETURN(const int kind, ParseKind(kinds, option, name));
    add(kind);
  }
  return absl::OkStatus();
}

RecordList RolesOf(const v1::ListRolesResponse& response, const PlaceNames& places) {
  RecordList list{"roles",
                  "",
                  {{"role_id", "mã"},
                   {"role", "vai trò"},
                   {"party_id", "bên"},
                   {"of_party_id", "trong"},
                   {"place_id", "nơi"},
                   {"drive_id", "đợt"},
                   {"nominator_party_id", "bên giới thiệu"},
                   {"from_date", "từ ngày"},
                   {"until_date", "đến hết ngày"},
                   {"ended_date", "thôi từ ngày"},
                   {"position", "vị trí", Align::kRight},
                   {"ended_position", "", Align::kRight, Column::kPrograms}}};
  for (const v1::RoleView& view : response.roles()) {
    const v1::RoleAssigned& role = view.role();
    list.records.push_back({TextCell(role.role_id()), WordCell(v1::RoleKind_Name(role.role()), RoleWord(role.role())),
                            TextCell(role.party_id()), TextCell(role.of_party_id()), places.Of(view.place_id()),
                            TextCell(role.drive_id()), TextCell(role.nominator_party_id()), DateCell(view.from_date()),
                            DateCell(role.until_date()), DateCell(view.ended_date()), PositionCell(view.position()),
                            PositionCell(view.ended_position())});
  }
  return list;
}

ExitStatus RunRoles(const KindsArguments& arguments, const Endpoints& endpoints) {
  v1::ListRolesRequest request;
  absl::Status usage = FillInquiry(arguments.asking, request.mutable_inquiry());
  if (usage.ok()) {
    usage = FillKinds(arguments, *v1::RoleKind_descriptor(), "--role",
                      [&](int kind) { request.add_roles(static_cast<v1::RoleKind>(kind)); });
  }
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListRoles, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("VAI TRÒ", arguments.asking.query.place, response->answered());
  view.facts = {{"villages", NumberCell(response->villages())},
                {"with_committee", NumberCell(response->with_committee())},
                {"with_collector", NumberCell(response->with_collector())}};
  view.lists = {RolesOf(*response, places)};
  view.notes = {StrCat("Có tổ vận động: ", response->with_committee(), "/", response->villages(),
                       " thôn. Có nhân viên thu tại thôn: ", response->with_collector(), "/", response->villages(),
                       " thôn.")};
  return Show(arguments.asking, view);
}

RecordList DecisionsOf(const v1::ListDecisionsResponse& response, const PlaceNames& places) {
  RecordList list{"decisions",
                  "",
                  {{"date", "ngày"},
                   {"kind", "loại"},
                   {"by_party_id", "do"},
                   {"about_party_id", "về"},
                   {"place_id", "nơi"},
                   {"document_id", "văn bản"},
                   {"due_date", "hạn"},
                   {"open", "tình trạng"},
                   {"answered_position", "", Align::kRight, Column::kPrograms},
                   {"evidence_positions", "căn cứ (vị trí)"},
                   {"position", "vị trí", Align::kRight},
                   {"note", "ghi chú"}}};
  list.if_empty = "Không có quyết định nào.";
  for (const v1::DecisionView& view : response.decisions()) {
    const v1::DecisionRecorded& decision = view.decision();
    const bool is_late = view.open() && decision.due_date() != 0 && decision.due_date() < response.answered().date();
    const std::string state = view.answered_position() != 0
                                  ? StrCat("đã trả lời (vị trí ", view.answered_position(), ")")
                                  : (is_late ? "chưa trả lời, quá hạn" : (view.open() ? "chưa trả lời" : ""));
    list.records.push_back(
        {DateCell(view.date()),
         WordCell(v1::DecisionRecorded::DecisionKind_Name(decision.kind()), DecisionWord(decision.kind())),
         TextCell(decision.by_party_id()), TextCell(decision.about_party_id()), places.Of(view.place_id()),
         TextCell(view.document_id()), DateCell(decision.due_date()), Cell{view.open(), state},
         PositionCell(view.answered_position()),
         PositionsCell({decision.evidence_positions().begin(), decision.evidence_positions().end()},
                       static_cast<uint64_t>(decision.evidence_positions_size())),
         PositionCell(view.position()), TextCell(view.note())});
  }
  return list;
}

ExitStatus RunDecisions(const KindsArguments& arguments, const Endpoints& endpoints) {
  v1::ListDecisionsRequest request;
  absl::Status usage = FillInquiry(arguments.asking, request.mutable_inquiry());
  if (usage.ok()) {
    usage = FillKinds(arguments, *v1::DecisionRecorded::DecisionKind_descriptor(), "--kind",
                      [&](int kind) { request.add_kinds(static_cast<v1::DecisionRecorded::DecisionKind>(kind)); });
  }
  if (!usage.ok()) return TellWrongUsage(usage);
  request.set_open_only(arguments.open_only);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListDecisions, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("QUYẾT ĐỊNH, CHỈ ĐẠO", arguments.asking.query.place, response->answered());
  view.lists = {DecisionsOf(*response, places)};
  return Show(arguments.asking, view);
}

ExitStatus RunActivities(const Asking& asking, const Endpoints& endpoints) {
  v1::CountActivitiesRequest request;
  absl::Status usage = FillInquiry(asking, request.mutable_inquiry());
  const std::string wrong = WhatIsWrongWithPeriod(asking.query.period);
  if (usage.ok() && !wrong.empty()) {
    usage = absl::InvalidArgumentError(StrCat("--period ", asking.query.period, ": ", wrong));
  }
  if (!usage.ok()) return TellWrongUsage(usage);
  request.set_period(asking.query.period);
  const auto response = Ask(&v1::ProgressService::StubInterface::CountActivities, asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  RecordList list{"counts",
                  "",
                  {{"month", "tháng"},
                   {"kind", "hoạt động"},
                   {"party_id", "bên thực hiện"},
                   {"activities", "số lần", Align::kRight},
                   {"households", "số hộ", Align::kRight},
                   {"people", "số người", Align::kRight},
                   {"villages", "số thôn", Align::kRight}}};
  list.if_empty = "Không có hoạt động nào trong kỳ này.";
  for (const v1::ActivityCount& count : response->counts()) {
    list.records.push_back({MonthCell(count.month()),
                            WordCell(v1::ActivityKind_Name(count.kind()), ActivityWord(count.kind())),
                            TextCell(count.party_id()), CountCell(static_cast<int64_t>(count.activities())),
                            CountCell(count.households()), CountCell(count.people()), CountCell(count.villages())});
  }
  AnswerView view =
      BeginView("HOẠT ĐỘNG", StrCat(asking.query.place, " · ", asking.query.period), response->answered());
  view.lists = {std::move(list)};
  return Show(asking, view);
}

}  // namespace

void AddRolesCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("roles", "who holds or held which role where");
  const auto arguments = std::make_shared<KindsArguments>();
  AddAsking(command, PlaceOption::kRequired, {}, &arguments->asking);
  command->add_option("--role", arguments->kinds, "resident_collector, guide, village_head, ...; may be repeated");
  SetRun(command, line, arguments, &RunRoles);
}

void AddDecisionsCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("decisions", "praise, blame, reviews and directives, each with its evidence");
  const auto arguments = std::make_shared<KindsArguments>();
  AddAsking(command, PlaceOption::kRequired, {}, &arguments->asking);
  command->add_option("--kind", arguments->kinds, "commendation, reminder, criticism, directive, ...; may be repeated");
  command->add_flag("--open", arguments->open_only, "only directives that no report or decision answers yet");
  SetRun(command, line, arguments, &RunDecisions);
}

void AddActivitiesCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("activities", "visits, conferences, dialogues, ... by month, kind and body");
  const auto asking = std::make_shared<Asking>();
  AddAsking(command, PlaceOption::kRequired, {}, asking.get());
  AddPeriod(command, &asking->query);
  SetRun(command, line, asking, &RunActivities);
}

}  // namespace sothon::cli
