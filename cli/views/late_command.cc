// sothon late: what has moved in a published period since, and by which events (plan#60).
#include <iostream>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/app/command_line.h"
#include "cli/app/log_access.h"
#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/format/table.h"
#include "cli/views/event_text.h"
#include "cli/views/progress_fields.h"
#include "cli/views/progress_words.h"
#include "cli/views/publications.h"
#include "cli/views/query.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

using Events = std::map<uint64_t, v1::Event>;

// "12, 13, 14" and how many more there are than the answer names.
std::string Positions(const v1::LateChange& change, const char* separator) {
  return absl::StrJoin(change.positions(), separator);
}
std::string More(const v1::LateChange& change) {
  const uint64_t named = static_cast<uint64_t>(change.positions_size());
  return change.position_count() > named ? StrCat(" … (+", change.position_count() - named, ")") : "";
}

std::string RecordedText(const v1::Event& event) { return FormatMoment(event.recorded_at_us()).substr(0, 19); }

std::string ReceiptOf(const v1::Event& event) {
  return event.has_contribution_reversed() ? event.contribution_reversed().receipt_number()
                                           : event.contribution_recorded().receipt_number();
}
std::string AgencyOf(const v1::Event& event) {
  return event.has_contribution_reversed() ? event.contribution_reversed().agency_id()
                                           : event.contribution_recorded().agency_id();
}

void PrintTable(const Query& query, const v1::ListLateChangesResponse& response, const Events& events) {
  std::cout << "THAY ĐỔI SAU CÔNG BỐ · " << query.place << " · " << query.period << "\n"
            << TroubleLine(response.freshness()) << SyntheticLine(response.contains_synthetic())
            << DescribePublication(response.publication()) << DescribeFreshness(response.freshness()) << "\n\n";
  if (response.changes().empty()) {
    std::cout << "Không có gì thay đổi kể từ khi công bố.\n";
    return;
  }
  Table table({{"nơi"},
               {"loại hình"},
               {"tháng"},
               {"số đếm"},
               {"đã công bố", Align::kRight},
               {"nay", Align::kRight},
               {"chênh", Align::kRight},
               {"do sự kiện ở vị trí"}});
  for (const v1::LateChange& change : response.changes()) {
    table.AddRow({change.place_id(), v1::Scheme_Name(change.scheme()), MonthText(change.month()),
                  CounterName(change.counter()), FormatThousands(change.published()), FormatThousands(change.now()),
                  absl::StrFormat("%+d", change.now() - change.published()),
                  StrCat(Positions(change, ", "), More(change))});
  }
  std::cout << table.Render();
  if (events.empty()) return;
  Table causes({{"vị trí", Align::kRight}, {"ghi lúc"}, {"sự kiện"}, {"ngày"}, {"nơi"}, {"nội dung"}});
  for (const auto& [position, event] : events) {
    causes.AddRow({StrCat(position), RecordedText(event), std::string(EventKindName(event.kind_case())),
                   DateText(event.effective_date()), event.place_id(), Summarise(event)});
  }
  std::cout << "\nDo các sự kiện:\n" << causes.Render();
}

void PrintCsv(const v1::ListLateChangesResponse& response) {
  std::cerr << TroubleLine(response.freshness());
  std::string out;
  AppendCsvRecord({"place_id", "scheme", "month", "counter", "published", "now", "change", "position_count",
                   "positions", "log_id", "position", "at_position", "published_date", "publication_position",
                   "published_by", "digest_holds", "contains_synthetic"},
                  ',', &out);
  for (const v1::LateChange& change : response.changes()) {
    std::vector<std::string> cells = {change.place_id(),
                                      v1::Scheme_Name(change.scheme()),
                                      MonthText(change.month()),
                                      CounterName(change.counter()),
                                      StrCat(change.published()),
                                      StrCat(change.now()),
                                      StrCat(change.now() - change.published()),
                                      StrCat(change.position_count()),
                                      Positions(change, "|"),
                                      response.freshness().log_id(),
                                      StrCat(response.freshness().position()),
                                      StrCat(response.publication().at_position())};
    AppendPublicationCells(response.publication(), &cells);
    cells.emplace_back(response.contains_synthetic() ? "1" : "0");
    AppendCsvRecord(cells, ',', &out);
  }
  std::cout << out;
}

void PrintJson(const Query& query, const v1::ListLateChangesResponse& response, const Events& events) {
  JsonWriter json;
  json.BeginObject();
  WriteFreshness(response.freshness(), &json);
  json.Key("place_id").Text(query.place).Key("period").Text(query.period).Key("publication");
  WritePublication(&response.publication(), &json);
  json.Key("contains_synthetic").Boolean(response.contains_synthetic());
  json.Key("changes").BeginArray();
  for (const v1::LateChange& change : response.changes()) {
    json.BeginObject().Key("place_id").Text(change.place_id()).Key("scheme").Text(v1::Scheme_Name(change.scheme()));
    json.Key("month").Text(MonthText(change.month())).Key("counter").Text(CounterName(change.counter()));
    json.Key("published").Integer(change.published()).Key("now").Integer(change.now());
    json.Key("change").Integer(change.now() - change.published());
    json.Key("position_count").Unsigned(change.position_count()).Key("positions").BeginArray();
    for (const uint64_t position : change.positions()) json.Unsigned(position);
    json.End().End();
  }
  json.End().Key("events").BeginArray();
  for (const auto& [position, event] : events) {
    json.BeginObject().Key("position").Unsigned(position);
    json.Key("recorded_at").Text(FormatMoment(event.recorded_at_us()));
    json.Key("kind").Text(std::string(EventKindName(event.kind_case())));
    json.Key("effective_date").Text(DateText(event.effective_date())).Key("place_id").Text(event.place_id());
    json.Key("receipt").Text(ReceiptOf(event)).Key("agency_id").Text(AgencyOf(event));
    json.Key("subject").Text(SubjectPrefix(event)).End();
  }
  json.End().End();
  std::cout << json.text() << "\n";
}

bool IsAway(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kDeadlineExceeded;
}

// The events that the changes name, of the log that was counted.
absl::StatusOr<Events> FetchCauses(const v1::ListLateChangesResponse& response, const Endpoints& endpoints) {
  std::set<uint64_t> positions;
  for (const v1::LateChange& change : response.changes()) {
    positions.insert(change.positions().begin(), change.positions().end());
  }
  if (positions.empty()) return Events();
  const auto stub = IngestAt(endpoints);
  const auto log = FetchStatus(stub.get());
  if (!log.ok()) return NameIngest(log.status(), endpoints);
  SOTHON_RETURN_IF_ERROR(CheckSameLog(response.freshness(), log->log_id(), endpoints));
  auto events = FetchEvents(stub.get(), {positions.begin(), positions.end()});
  if (!events.ok()) return NameIngest(events.status(), endpoints);
  return events;
}

ExitStatus RunLate(const Query& query, const Endpoints& endpoints) {
  if (IsWeek(query.period)) return TellWrongUsage(NoFiguresOfWeek(query.place, query.period, endpoints));
  const absl::Status usage = CheckQuery(query);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto stub = ProgressAt(endpoints);
  const absl::Status waited = AwaitMinPosition(stub.get(), query, endpoints);
  if (!waited.ok()) return TellFailure(waited);
  v1::ListLateChangesRequest request;
  request.set_place_id(query.place);
  request.set_period(query.period);
  if (!query.as_of.empty()) {
    const absl::Status bad = ParseAsOf(query.as_of, request.mutable_as_of());
    if (!bad.ok()) return TellWrongUsage(bad);
  }
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(120)));
  v1::ListLateChangesResponse response;
  const absl::Status status = FromProjection(stub->ListLateChanges(&context, request, &response), endpoints);
  if (!status.ok()) return TellFailure(InTermsOf(query, status));
  const auto events = FetchCauses(response, endpoints);
  if (!events.ok() && !IsAway(events.status())) return TellFailure(events.status());
  if (!events.ok()) {
    std::cerr << "sothon: the changes stand without their events: " << events.status().message() << "\n";
  }
  const Events known = events.ok() ? *events : Events();
  if (query.format == "json") {
    PrintJson(query, response, known);
  } else if (query.format == "csv") {
    PrintCsv(response);
  } else {
    PrintTable(query, response, known);
  }
  const v1::Publication& publication = response.publication();
  if (!publication.has_digest_holds() || publication.digest_holds()) return kDone;
  return TellFailure(absl::DataLossError(WrongDigest(publication)));
}

}  // namespace

void AddLateCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("late", "what has changed in a published period since, and by which events");
  const auto query = std::make_shared<Query>();
  AddPlaceAndPeriod(command, query.get());
  AddAsOf(command, query.get());
  command->add_option("--format", query->format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
  command->callback([query, line] { line->run = [query, line] { return RunLate(*query, line->endpoints); }; });
}

}  // namespace sothon::cli
