// sothon explain: the postings behind a figure, each with the event that caused it, and the proofs of those.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_format.h"
#include "cli/app/command_line.h"
#include "cli/app/log_access.h"
#include "cli/app/output_place.h"
#include "cli/app/text_tools.h"
#include "cli/audit/figure_directory.h"
#include "cli/audit/proof_files.h"
#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/format/table.h"
#include "cli/views/event_text.h"
#include "cli/views/posting_check.h"
#include "cli/views/progress_view.h"
#include "cli/views/query.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct ExplainArguments {
  Query query;
  std::string counter;
  std::string proof;  // a directory; empty: no proofs
};

struct Explanation {
  v1::Freshness freshness;
  int64_t sum = 0;
  std::vector<v1::Posting> postings;
  std::map<uint64_t, v1::Event> events;
  Reversals reversals;  // as known then

  // 0: none, or not known.
  uint64_t ReversalOf(const v1::Posting& posting) const {
    if (!reversals) return 0;
    const auto found = reversals->find(posting.position());
    return found == reversals->end() ? 0 : found->second;
  }
  // Of how many postings the receipt was taken back, and the counter there stayed as it was.
  size_t OutlivedCount() const {
    using Changed = std::tuple<uint64_t, std::string, int, int, int>;
    const auto at = [](uint64_t position, const v1::Posting& posting) {
      return Changed(position, posting.place_id(), posting.scheme(), posting.month(), posting.counter());
    };
    std::set<Changed> changed;
    for (const v1::Posting& posting : postings) changed.insert(at(posting.position(), posting));
    return static_cast<size_t>(std::count_if(postings.begin(), postings.end(), [&](const v1::Posting& posting) {
      return ReversalOf(posting) > 0 && changed.count(at(ReversalOf(posting), posting)) == 0;
    }));
  }
};

absl::Status FillRequest(const ExplainArguments& arguments, v1::ExplainRequest* request) {
  const Query& query = arguments.query;
  SOTHON_RETURN_IF_ERROR(CheckQuery(query, "--place, --party and --drive"));
  if (query.schemes.size() + query.groups.size() != 1) {
    return absl::InvalidArgumentError("name one --scheme or one --group");
  }
  request->set_place_id(query.place);
  request->set_party_id(query.party);
  request->set_drive_id(query.drive);
  request->set_period(query.period);
  request->set_min_position(query.min_position);
  if (!query.as_of.empty()) SOTHON_RETURN_IF_ERROR(ParseAsOf(query.as_of, request->mutable_as_of()));
  if (!query.groups.empty()) request->set_scheme_group_id(query.groups[0]);
  if (!query.schemes.empty()) {
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
    SOTHON_RETURN_IF_ERROR(ParseScheme(query.schemes[0], &scheme));
    request->set_scheme(scheme);
  }
  v1::Counter counter = v1::COUNTER_UNSPECIFIED;
  SOTHON_RETURN_IF_ERROR(ParseCounter(arguments.counter, &counter));
  request->set_counter(counter);
  return absl::OkStatus();
}

absl::StatusOr<Explanation> Fetch(const Query& query, const v1::ExplainRequest& request, const Endpoints& endpoints) {
  Explanation explanation;
  const auto stub = ProgressAt(endpoints);
  SOTHON_RETURN_IF_ERROR(AwaitMinPosition(stub.get(), query, endpoints));
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(120)));
  const auto reader = stub->Explain(&context, request);
  v1::ExplainResponse response;
  for (bool is_first = true; reader->Read(&response); is_first = false) {
    if (is_first) explanation.freshness = response.freshness();
    if (is_first) explanation.sum = response.sum();
    explanation.postings.insert(explanation.postings.end(), response.postings().begin(), response.postings().end());
  }
  SOTHON_RETURN_IF_ERROR(InTermsOf(query, FromProjection(reader->Finish(), endpoints)));
  return explanation;
}

// What one posting's line holds: the same for tables, CSV and JSON.
std::vector<std::string> Cells(const v1::Posting& posting, const Explanation& explanation) {
  const auto found = explanation.events.find(posting.position());
  const v1::Event event = found == explanation.events.end() ? v1::Event() : found->second;
  const auto month = CivilMonth::FromWire(posting.month());
  std::vector<std::string> cells = {StrCat(posting.position()), absl::StrFormat("%+d", posting.change()),
                                    month ? month->ToString() : "",
                                    // Desks, credits and drives are no villages: there the event says where.
                                    posting.place_id().empty() ? event.place_id() : posting.place_id(),
                                    v1::Scheme_Name(posting.scheme()), CounterName(posting.counter())};
  const std::vector<std::string> of_event = EventCells(event);
  cells.insert(cells.end(), of_event.begin(), of_event.end());
  const uint64_t reversal = explanation.ReversalOf(posting);
  cells.push_back(reversal > 0 ? StrCat(reversal) : "");
  return cells;
}

std::vector<std::string> Columns() {
  std::vector<std::string> columns = {"position", "change", "month", "place_id", "scheme", "counter"};
  columns.insert(columns.end(), EventCellNames().begin(), EventCellNames().end());
  columns.push_back("reversed_by_position");
  return columns;
}

void PrintTable(const ExplainArguments& arguments, const Explanation& explanation) {
  const Query& query = arguments.query;
  std::cout << AsciiLower(arguments.counter) << " · " << SubjectOf(query) << " · " << query.period << " · "
            << (query.groups.empty() ? query.schemes[0] : query.groups[0]) << " = " << explanation.sum << ", "
            << explanation.postings.size() << " bút toán\n"
            << TroubleLine(explanation.freshness) << DescribeFreshness(explanation.freshness) << "\n\n";
  std::vector<TableColumn> columns = {{"vị trí", Align::kRight},
                                      {"thay đổi", Align::kRight},
                                      {"tháng"},
                                      {"nơi"},
                                      {"loại hình"},
                                      {"số đếm"},
                                      {"sự kiện"},
                                      {"ngày"},
                                      {"biên lai"},
                                      {"đại lý"},
                                      {"người"},
                                      {"ghi lúc"}};
  if (explanation.reversals && !explanation.reversals->empty()) columns.push_back({"đã hủy ở", Align::kRight});
  Table table(columns);
  for (const v1::Posting& posting : explanation.postings) {
    std::vector<std::string> cells = Cells(posting, explanation);
    std::string& recorded_at = *(cells.end() - 2);
    recorded_at = recorded_at.substr(0, 19);
    cells.resize(columns.size());
    table.AddRow(cells);
  }
  std::cout << table.Render();
  const size_t outlived = explanation.OutlivedCount();
  if (outlived == 0) return;
  std::cout << "\n"
            << outlived << " bút toán là của biên lai đã hủy mà việc hủy không đổi số này: lúc hủy, biên lai khác của "
            << "cùng người đã thay chỗ, hoặc biên lai ấy không còn được tính ở đây\n";
}

void PrintCsv(const Explanation& explanation) {
  std::cerr << TroubleLine(explanation.freshness);
  std::string out;
  AppendCsvRecord(Columns(), ',', &out);
  for (const v1::Posting& posting : explanation.postings) AppendCsvRecord(Cells(posting, explanation), ',', &out);
  std::cout << out;
}

std::string ToJson(const ExplainArguments& arguments, const Explanation& explanation) {
  const Query& query = arguments.query;
  const std::vector<std::string> columns = Columns();
  JsonWriter json;
  json.BeginObject();
  json.Key("log_id").Text(explanation.freshness.log_id());
  json.Key("position").Unsigned(explanation.freshness.position());
  json.Key("about").Text(SubjectOf(query)).Key("period").Text(query.period);
  json.Key("unit").Text(query.groups.empty() ? query.schemes[0] : query.groups[0]);
  json.Key("counter").Text(AsciiLower(arguments.counter));
  json.Key("sum").Integer(explanation.sum);
  json.Key("postings").BeginArray();
  for (const v1::Posting& posting : explanation.postings) {
    const std::vector<std::string> cells = Cells(posting, explanation);
    json.BeginObject();
    json.Key("position").Unsigned(posting.position());
    json.Key("change").Integer(posting.change());
    for (size_t i = 2; i + 1 < cells.size(); ++i) json.Key(columns[i]).Text(cells[i]);
    if (explanation.reversals) json.Key(columns.back()).Unsigned(explanation.ReversalOf(posting));
    json.End();
  }
  json.End();
  json.Key("trouble").Text(explanation.freshness.trouble());
  json.Key("heard_seconds_ago").Number(explanation.freshness.heard_seconds_ago());
  json.End();
  return json.text() + "\n";
}

absl::Status WriteProven(const ExplainArguments& arguments, const Explanation& explanation,
                         const Endpoints& endpoints) {
  std::set<uint64_t> positions;
  for (const v1::Posting& posting : explanation.postings) positions.insert(posting.position());
  SOTHON_ASSIGN_OR_RETURN(FigureWriter writer, FigureWriter::Open(arguments.proof));
  if (!positions.empty()) {
    SOTHON_RETURN_IF_ERROR(WriteProofs({positions.begin(), positions.end()}, writer.folder(), endpoints));
  }
  SOTHON_RETURN_IF_ERROR(writer.Replace(ToJson(arguments, explanation)));
  std::cerr << "sothon: " << arguments.proof << ": " << kFigureFile << " and " << positions.size()
            << " proofs; check them with: sothon audit prove " << arguments.proof << " --key VKEY\n";
  return absl::OkStatus();
}

bool IsAway(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kDeadlineExceeded;
}

// Adds to `events` those at `positions`, each of which the log must have; `reversals` as of FetchEvents().
absl::Status FetchInto(v1::IngestService::StubInterface* ingest, const std::vector<uint64_t>& positions,
                       const Endpoints& endpoints, std::map<uint64_t, v1::Event>* events,
                       Reversals* reversals = nullptr) {
  auto fetched = FetchEvents(ingest, positions, reversals);
  const bool is_beyond = fetched.status().code() == absl::StatusCode::kOutOfRange;  // the log ends before the last one
  if (!fetched.ok() && !is_beyond) return NameIngest(fetched.status(), endpoints);
  for (const uint64_t position : positions) {
    if (is_beyond ? position != positions.back() : fetched->count(position) > 0) continue;
    return absl::DataLossError(StrCat("the log at ", endpoints.ingest, " has no event at position ", position,
                                      ", which was counted; `sothon status` tells how the services are"));
  }
  events->merge(*fetched);
  return absl::OkStatus();
}

// The events of the postings, from the log that was counted and no other. UNAVAILABLE, DEADLINE_EXCEEDED: ingest cannot
// be asked just now.
absl::Status FetchCauses(const Endpoints& endpoints, Explanation* explanation) {
  if (explanation->postings.empty()) return absl::OkStatus();
  const auto stub = IngestAt(endpoints);
  const auto log = FetchStatus(stub.get());
  if (!log.ok()) return NameIngest(log.status(), endpoints);
  SOTHON_RETURN_IF_ERROR(CheckSameLog(explanation->freshness, log->log_id(), endpoints));
  std::vector<uint64_t> positions;
  for (const v1::Posting& posting : explanation->postings) {
    if (positions.empty() || positions.back() != posting.position()) positions.push_back(posting.position());
  }
  std::map<uint64_t, v1::Event> events;
  Reversals reversals;
  SOTHON_RETURN_IF_ERROR(FetchInto(stub.get(), positions, endpoints, &events, &reversals));
  const auto is_later = [&](const auto& reversal) { return reversal.second > explanation->freshness.position(); };
  if (reversals) std::erase_if(*reversals, is_later);
  std::vector<uint64_t> reversed_positions;
  for (const auto& [position, event] : events) {
    const uint64_t reversed = event.contribution_reversed().reversed_position();
    if (reversed > 0) reversed_positions.push_back(reversed);
  }
  std::map<uint64_t, v1::Event> reversed_events;
  if (!reversed_positions.empty()) {
    SOTHON_RETURN_IF_ERROR(FetchInto(stub.get(), reversed_positions, endpoints, &reversed_events));
  }
  for (const v1::Posting& posting : explanation->postings) {
    const v1::Event& event = events.at(posting.position());
    const auto reversed = reversed_events.find(event.contribution_reversed().reversed_position());
    if (CanHaveCaused(event, reversed == reversed_events.end() ? nullptr : &reversed->second, posting)) continue;
    return absl::DataLossError(StrCat(
        "the log has another event at position ", posting.position(), " than the one counted (log ", log->log_id(),
        ", sothon-ingest at ", endpoints.ingest, ", sothon-projection at ", endpoints.projection,
        "): the log was restored from a copy, or replaced. `sothon status` and `sothon rebuild --dry-run` tell more"));
  }
  explanation->events = std::move(events);
  explanation->reversals = std::move(reversals);
  return absl::OkStatus();
}

ExitStatus RunExplain(const ExplainArguments& arguments, const Endpoints& endpoints) {
  v1::ExplainRequest request;
  absl::Status usage = FillRequest(arguments, &request);
  if (usage.ok()) usage = CheckFolderCanBeFilled("--proof", arguments.proof);
  if (!usage.ok()) return TellWrongUsage(usage);
  auto explanation = Fetch(arguments.query, request, endpoints);
  if (!explanation.ok()) return TellFailure(explanation.status());
  int64_t sum = 0;
  for (const v1::Posting& posting : explanation->postings) sum += posting.change();
  const absl::Status fetched = FetchCauses(endpoints, &*explanation);
  if (!fetched.ok() && !IsAway(fetched)) {
    std::cerr << TroubleLine(explanation->freshness);
    return TellFailure(fetched);
  }
  if (!fetched.ok()) {
    std::cerr << "sothon: the postings stand without their events: " << fetched.message() << "\n";
  } else if (!explanation->reversals && !explanation->postings.empty()) {
    std::cerr << "sothon: sothon-ingest at " << endpoints.ingest
              << " is too old to tell which receipts were taken back\n";
  }
  if (arguments.query.format == "json") {
    std::cout << ToJson(arguments, *explanation);
  } else if (arguments.query.format == "csv") {
    PrintCsv(*explanation);
  } else {
    PrintTable(arguments, *explanation);
  }
  if (sum != explanation->sum) {
    return TellFailure(absl::DataLossError(StrCat("the postings add up to ", sum, ", the figure is ", explanation->sum,
                                                  ": compare with `sothon rebuild --dry-run`")));
  }
  if (arguments.proof.empty()) return kDone;
  const absl::Status proven = fetched.ok() ? WriteProven(arguments, *explanation, endpoints) : fetched;
  return proven.ok() ? kDone : TellFailure(proven);
}

}  // namespace

void AddExplainCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("explain", "the postings behind a figure, each with its event");
  const auto arguments = std::make_shared<ExplainArguments>();
  command->add_option("--place", arguments->query.place, "of a province 51, commune 23500 or village 23500-07");
  command->add_option("--party", arguments->query.party,
                      "or of an agency, collector, official, union or school: its id");
  command->add_option("--drive", arguments->query.drive, "or of a drive: its id");
  AddPeriod(command, &arguments->query);
  command->add_option("--scheme", arguments->query.schemes, "BHXH_TN, BHYT_HGD, ...");
  command->add_option("--group", arguments->query.groups, "or a scheme group, for example BHYT_TU_DONG");
  command
      ->add_option("--counter", arguments->counter,
                   "first, returned, renewed, repeat, collected, active, developed, paid_vnd, central_support_vnd or "
                   "local_support_vnd")
      ->required();
  AddAsOf(command, &arguments->query);
  command->add_option("--proof", arguments->proof,
                      "a directory: the figure, and for each event behind it a proof that it stands in the log");
  command->add_option("--format", arguments->query.format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunExplain(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
