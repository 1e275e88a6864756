// sothon events: the log, as it stands.
#include <iostream>
#include <utility>

#include "absl/strings/str_join.h"
#include "cli/app/command_line.h"
#include "cli/app/log_access.h"
#include "cli/views/event_text.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct EventsArguments {
  uint64_t from = 0;
  uint64_t to = 0;
  std::string place;
  std::vector<std::string> kinds;
  bool follow = false;
  std::string format = "table";
};

void PrintHeading() {
  std::cout << PadTo("vị trí", 9, Align::kRight) << "  " << PadTo("ghi lúc", 19, Align::kLeft) << "  "
            << PadTo("ngày", 10, Align::kLeft) << "  " << PadTo("nơi", 9, Align::kLeft) << "  "
            << PadTo("sự kiện", 22, Align::kLeft) << "  nội dung\n";
}

// The columns have fixed widths, since the table may have no end.
void PrintLine(const v1::Event& event) {
  std::cout << PadTo(StrCat(event.position()), 9, Align::kRight) << "  "
            << FormatMoment(event.recorded_at_us()).substr(0, 19) << "  "
            << PadTo(DateText(event.effective_date()), 10, Align::kLeft) << "  "
            << PadTo(event.place_id(), 9, Align::kLeft) << "  "
            << PadTo(EventKindName(event.kind_case()), 22, Align::kLeft) << "  " << Summarise(event) << "\n";
}

// What the log answered, in terms of the command line.
absl::Status InTermsOf(const EventsArguments& arguments, const absl::Status& status,
                       v1::IngestService::StubInterface* ingest) {
  if (status.code() == absl::StatusCode::kOutOfRange) {
    const auto log = FetchStatus(ingest);
    if (!log.ok()) return status;
    return absl::OutOfRangeError(StrCat("--from ", arguments.from, ": the log ends at position ", log->head_position(),
                                        "; write one up to there (log ", log->log_id(), ")"));
  }
  const std::vector<FieldViolation> violations = FieldViolationsOf(status);
  if (!violations.empty() && violations[0].field == "place_id") {
    return absl::InvalidArgumentError(
        StrCat("--place ", arguments.place, " is not in the book; `sothon places` lists what is"));
  }
  return status;
}

ExitStatus RunEvents(const EventsArguments& arguments, const Endpoints& endpoints) {
  v1::ReadEventsRequest request;
  for (const std::string& kind : arguments.kinds) {
    if (!EventKindFromName(kind)) {
      std::vector<std::string> known;
      for (EventKind candidate : AllEventKinds()) known.emplace_back(EventKindName(candidate));
      return TellWrongUsage(StrCat("--kind ", kind, " is unknown; write one of ", absl::StrJoin(known, ", ")));
    }
    request.add_kinds(kind);
  }
  if (arguments.follow && arguments.to != 0) return TellWrongUsage("--follow has no end: leave --to out");
  if (arguments.to != 0 && arguments.from > arguments.to) {
    return TellWrongUsage(StrCat("--from ", arguments.from, " lies behind --to ", arguments.to, "; exchange them"));
  }
  request.set_from_position(arguments.from);
  request.set_to_position(arguments.to);
  request.set_place_id(arguments.place);
  request.set_follow(arguments.follow);
  const auto stub = IngestAt(endpoints);
  grpc::ClientContext context;
  const auto reader = stub->ReadEvents(&context, request);
  bool has_heading = arguments.format != "table";
  v1::ReadEventsResponse response;
  while (reader->Read(&response)) {
    if (!std::exchange(has_heading, true)) PrintHeading();
    for (const std::string& stored : response.events()) {
      v1::Event event;
      if (!event.ParseFromString(stored)) {
        context.TryCancel();
        (void)reader->Finish();
        return TellFailure(absl::DataLossError("the log holds an event that cannot be read; is this client too old?"));
      }
      if (arguments.format == "jsonl") {
        std::cout << EventJson(event) << "\n";
      } else {
        PrintLine(event);
      }
    }
    std::cout.flush();
  }
  const absl::Status status = FromIngest(reader->Finish(), endpoints);
  if (!status.ok()) return TellFailure(InTermsOf(arguments, status, stub.get()));
  if (!has_heading) PrintHeading();
  return kDone;
}

}  // namespace

void AddEventsCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("events", "the events of the log, in order");
  const auto arguments = std::make_shared<EventsArguments>();
  command->add_option("--from", arguments->from, "first position (default: 1)")->check(CheckPosition);
  command->add_option("--to", arguments->to, "last position (default: the head)")->check(CheckPosition);
  command->add_option("--place", arguments->place, "only this place and what is below it");
  command->add_option("--kind", arguments->kinds, "only this kind, for example contribution_recorded; may be repeated");
  command->add_flag("--follow", arguments->follow, "stay, and print new ones as they come");
  command->add_option("--format", arguments->format, "table or jsonl")->check(CLI::IsMember({"table", "jsonl"}));
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunEvents(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
