// sothon findings: rules of the plans that are broken, with the events that prove it; sothon rules: the rules.
#include <algorithm>

#include "absl/strings/str_join.h"
#include "cli/app/text_tools.h"
#include "cli/oversight/asking.h"
#include "cli/oversight/known_ids.h"
#include "cli/oversight/nearest.h"
#include "cli/oversight/oversight_commands.h"
#include "cli/oversight/oversight_words.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct FindingsArguments {
  Asking asking;
  std::vector<std::string> codes;
  std::string severity;
  std::string party;
  std::string drive;
  std::string fail_on;
  std::string lang = "vi";
  uint32_t limit = 0;
  uint32_t positions = 0;
};

// What programs get of each finding where they ask for no number.
constexpr uint32_t kPositionsForPrograms = 100;

struct RulesArguments {
  std::string format = "table";
  std::string lang = "vi";
};

const std::vector<std::string> kSeverities = {"notice", "warning", "violation"};

v1::Severity SeverityOf(const std::string& name) {
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  v1::Severity_Parse(AsciiUpper(name), &severity);
  return severity;
}

Cell SeverityCell(v1::Severity severity, Language language) {
  const std::string& name = v1::Severity_Name(severity);
  return WordCell(name, language == Language::kEnglish ? AsciiLower(name) : SeverityWord(severity));
}

Cell PlanCell(const google::protobuf::RepeatedField<uint32_t>& items) {
  return {Cell::Numbers(items.begin(), items.end()), StrCat(items.empty() ? "" : "plan#", absl::StrJoin(items, ", #"))};
}

absl::StatusOr<v1::ListRulesResponse> FetchRules(const Endpoints& endpoints) {
  return Ask(&v1::ProgressService::StubInterface::ListRules, Asking(), endpoints, v1::ListRulesRequest());
}

// INVALID_ARGUMENT: a code that no rule has, with the nearest that one has. Other errors: the rules cannot be asked
// for.
absl::Status CheckCodes(const std::vector<std::string>& codes, const Endpoints& endpoints) {
  if (codes.empty()) return absl::OkStatus();
  SOTHON_ASSIGN_OR_RETURN(const v1::ListRulesResponse rules, FetchRules(endpoints));
  std::vector<std::string> known;
  for (const v1::RuleInfo& rule : rules.rules()) known.push_back(rule.code());
  for (const std::string& code : codes) {
    if (std::find(known.begin(), known.end(), code) != known.end()) continue;
    const std::string nearest = NearestWord(AsciiLower(code), known);
    return absl::InvalidArgumentError(StrCat("--code ", code, ": no rule has this code; ",
                                             nearest.empty() ? "" : StrCat("do you mean ", nearest, "? "),
                                             "`sothon rules` lists all of them"));
  }
  return absl::OkStatus();
}

RecordList ListOf(const v1::ListFindingsResponse& response, const PlaceNames& places, Language language) {
  const auto say = [language](const char* vi, const char* en) { return In(language, vi, en); };
  RecordList list{"findings", "",
                  Columns({{"severity", say("mức", "severity")},
                           {"code", say("mã", "code")},
                           {"plan_items", say("quy định", "rule")},
                           {"place_id", say("nơi", "place")},
                           {"party_id", "", Align::kLeft, Column::kPrograms},
                           {"drive_id", "", Align::kLeft, Column::kPrograms},
                           {"scheme", "", Align::kLeft, Column::kPrograms},
                           {"period", "", Align::kLeft, Column::kPrograms},
                           {"since_date", say("từ ngày", "since")},
                           {"count", say("số", "count"), Align::kRight},
                           {"position_count", "", Align::kLeft, Column::kPrograms},
                           {"positions", say("vị trí", "positions")}},
                          TextColumns("text", say("nội dung", "finding"), language))};
  list.if_empty = say("Không phát hiện gì.", "Nothing was found.");
  for (const v1::Finding& finding : response.findings()) {
    const bool has_scheme = finding.scheme() != v1::SCHEME_UNSPECIFIED;
    list.records.push_back(
        {SeverityCell(finding.severity(), language), TextCell(finding.code()), PlanCell(finding.plan_items()),
         places.Of(finding.place_id()), TextCell(finding.party_id()), TextCell(finding.drive_id()),
         TextCell(has_scheme ? v1::Scheme_Name(finding.scheme()) : ""), TextCell(finding.period()),
         DateCell(finding.since_date()), CountCell(static_cast<int64_t>(finding.count()), language),
         NumberCell(finding.position_count()),
         PositionsCell({finding.positions().begin(), finding.positions().end()}, finding.position_count()),
         TextCell(finding.text_vi()), TextCell(finding.text_en())});
  }
  return list;
}

AnswerView ViewOf(const v1::ListFindingsResponse& response, const FindingsArguments& arguments,
                  const PlaceNames& places) {
  const Language language = LanguageOf(arguments.lang);
  AnswerView view = BeginView(In(language, "PHÁT HIỆN", "FINDINGS"), arguments.asking.query.place, response);
  view.language = language;
  view.facts = {{"total", NumberCell(response.total())}};
  view.lists.push_back(ListOf(response, places, language));
  RecordList counts{"counts",
                    In(language, "Theo mã:", "By code:"),
                    {{"code", In(language, "mã", "code")}, {"findings", In(language, "số", "count"), Align::kRight}}};
  for (const v1::FindingCount& count : response.counts()) {
    counts.records.push_back({TextCell(count.code()), CountCell(static_cast<int64_t>(count.findings()), language)});
  }
  counts.is_shown = response.counts_size() > 1;
  view.lists.push_back(std::move(counts));
  const auto shown = static_cast<uint64_t>(response.findings_size());
  if (shown < response.total()) {
    view.notes.push_back(
        language == Language::kEnglish
            ? StrCat("Shown are ", shown, " of ", response.total(),
                     " findings, the gravest first; more with --limit, or narrow them with --code, --severity.")
            : StrCat("Hiện ", shown, " trong ", response.total(),
                     " phát hiện, nặng nhất trước; thêm với --limit, hoặc lọc với --code, --severity."));
  }
  return view;
}

absl::Status FillRequest(const FindingsArguments& arguments, v1::ListFindingsRequest* request) {
  SOTHON_RETURN_IF_ERROR(FillInquiry(arguments.asking, request->mutable_inquiry()));
  request->mutable_codes()->Assign(arguments.codes.begin(), arguments.codes.end());
  request->set_severity_min(SeverityOf(arguments.severity));
  request->set_party_id(arguments.party);
  request->set_drive_id(arguments.drive);
  request->set_limit(arguments.limit);
  const bool for_people = arguments.asking.query.format == "table";
  request->set_positions_max(arguments.positions != 0 ? arguments.positions : for_people ? 0 : kPositionsForPrograms);
  return absl::OkStatus();
}

// Nothing found about somebody, or a drive, that nobody knows is no all-clear.
absl::Status CheckNarrowedTo(const FindingsArguments& arguments, const v1::Inquiry& inquiry,
                             const Endpoints& endpoints) {
  if (!arguments.party.empty()) {
    SOTHON_RETURN_IF_ERROR(CheckParty("--party", arguments.party, inquiry.as_of(), endpoints));
  }
  return arguments.drive.empty() ? absl::OkStatus() : CheckDrive(arguments.asking, inquiry, arguments.drive, endpoints);
}

ExitStatus RunFindings(const FindingsArguments& arguments, const Endpoints& endpoints) {
  v1::ListFindingsRequest request;
  absl::Status usage = FillRequest(arguments, &request);
  if (usage.ok()) usage = CheckCodes(arguments.codes, endpoints);
  if (absl::IsInvalidArgument(usage)) return TellWrongUsage(usage);
  if (!usage.ok()) return TellFailure(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListFindings, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  if (response->findings().empty()) {
    const absl::Status known = CheckNarrowedTo(arguments, request.inquiry(), endpoints);
    if (!known.ok()) return TellFailure(known);
  }
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  Show(arguments.asking, ViewOf(*response, arguments, places));
  // The gravest come first, so the first tells.
  const bool fails = !arguments.fail_on.empty() && !response->findings().empty() &&
                     response->findings(0).severity() >= SeverityOf(arguments.fail_on);
  if (!fails) return kDone;
  return TellFailure(absl::FailedPreconditionError(StrCat(
      "--fail-on ", arguments.fail_on, ": there are findings as grave as that, the gravest is a ",
      AsciiLower(v1::Severity_Name(response->findings(0).severity())), " (", response->findings(0).code(), ")")));
}

ExitStatus RunRules(const RulesArguments& arguments, const Endpoints& endpoints) {
  const auto response = FetchRules(endpoints);
  if (!response.ok()) return TellFailure(response.status());
  const Language language = LanguageOf(arguments.lang);
  const auto say = [language](const char* vi, const char* en) { return In(language, vi, en); };
  AnswerView view;
  view.heading = say("QUY TẮC", "RULES");
  view.language = language;
  RecordList list{"rules", "",
                  Columns(Columns({{"code", say("mã", "code")},
                                   {"severity", say("mức", "severity")},
                                   {"plan_items", say("quy định", "rule")}},
                                  TextColumns("title", say("tên", "title"), language)),
                          {{"reading", say("cách hiểu", "reading"), Align::kLeft, Column::kPrograms},
                           {"parameters", say("tham số", "parameters")}})};
  for (const v1::RuleInfo& rule : response->rules()) {
    list.records.push_back({TextCell(rule.code()), SeverityCell(rule.severity(), language), PlanCell(rule.plan_items()),
                            TextCell(rule.title_vi()), TextCell(rule.title_en()), TextCell(rule.reading()),
                            TextsCell({rule.parameters().begin(), rule.parameters().end()})});
  }
  view.lists.push_back(std::move(list));
  Asking asking;
  asking.query.format = arguments.format;
  return Show(asking, view);
}

}  // namespace

void AddFindingsCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "findings", "rules of the plans that are broken, with the events that prove it (status 0 whatever is found)");
  const auto arguments = std::make_shared<FindingsArguments>();
  AddAsking(command, PlaceOption::kRequired, {"findings", "counts"}, &arguments->asking);
  command->add_option("--code", arguments->codes, "only of this rule (`sothon rules`); may be repeated");
  command->add_option("--severity", arguments->severity, "at least notice, warning or violation")
      ->transform(CLI::IsMember(kSeverities, CLI::ignore_case));
  command->add_option("--party", arguments->party, "only about this agency, collector, ...");
  command->add_option("--drive", arguments->drive, "only about this drive");
  command->add_option("--limit", arguments->limit, "at most so many; 0: 1000")->check(CLI::Range(0, 10000));
  command
      ->add_option(
          "--positions", arguments->positions,
          "at most so many positions of the events that prove each finding (0: csv and json 100; a table never "
          "shows more than 5, and how many there are)")
      ->check(CLI::Range(0, 10000));
  AddLanguage(command, &arguments->lang);
  command
      ->add_option("--fail-on", arguments->fail_on, "status 1 where anything is as grave: notice, warning, violation")
      ->transform(CLI::IsMember(kSeverities, CLI::ignore_case));
  SetRun(command, line, arguments, &RunFindings);
}

void AddRulesCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("rules", "every rule of the plans that findings come from");
  const auto arguments = std::make_shared<RulesArguments>();
  AddFormat(command, &arguments->format);
  AddLanguage(command, &arguments->lang);
  SetRun(command, line, arguments, &RunRules);
}

}  // namespace sothon::cli
