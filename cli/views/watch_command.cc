// sothon watch: figures as they change.
#include <iostream>

#include "cli/app/command_line.h"
#include "cli/format/json_writer.h"
#include "cli/import/record_pipeline.h"
#include "cli/views/progress_view.h"
#include "cli/views/query.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct WatchArguments {
  Query query;
  uint64_t from_position = 0;
  uint64_t changes_max = 0;  // 0: no end
};

std::string MonthText(int32_t wire) {
  const auto month = CivilMonth::FromWire(wire);
  return month ? month->ToString() : "";
}

void PrintLine(const v1::ProgressRow& row, uint64_t position) {
  const v1::Figures& f = row.figures();
  std::cout << PadTo(StrCat(position), 10, Align::kRight) << "  " << PadTo(row.place_id(), 9, Align::kLeft) << " "
            << MonthText(row.month()) << "  " << PadTo(v1::Scheme_Name(row.scheme()), 9, Align::kLeft) << "  lần đầu "
            << PadTo(StrCat(f.first()), 4, Align::kRight) << "  tham gia lại "
            << PadTo(StrCat(f.returned()), 4, Align::kRight) << "  đóng tiếp "
            << PadTo(StrCat(f.renewed()), 5, Align::kRight) << "  cộng "
            << PadTo(StrCat(f.collected()), 5, Align::kRight) << "  đang tham gia "
            << PadTo(StrCat(f.active()), 5, Align::kRight) << "  " << FormatThousands(f.paid_vnd()) << " đ\n";
}

void PrintJsonLine(const v1::ProgressRow& row, const v1::Freshness& freshness) {
  const v1::Figures& f = row.figures();
  std::cout << "{\"position\": " << freshness.position() << ", \"place_id\": " << JsonQuote(row.place_id())
            << ", \"scheme\": " << JsonQuote(v1::Scheme_Name(row.scheme()))
            << ", \"month\": " << JsonQuote(MonthText(row.month())) << ", \"first\": " << f.first()
            << ", \"returned\": " << f.returned() << ", \"renewed\": " << f.renewed() << ", \"repeat\": " << f.repeat()
            << ", \"collected\": " << f.collected() << ", \"active\": " << f.active()
            << ", \"paid_vnd\": " << f.paid_vnd() << ", \"central_support_vnd\": " << f.central_support_vnd()
            << ", \"local_support_vnd\": " << f.local_support_vnd()
            << ", \"trouble\": " << JsonQuote(freshness.trouble()) << "}\n";
}

// Tells when the figures cease to follow the log, and when they do again.
void TellTrouble(const v1::Freshness& freshness, bool is_table, std::string* told) {
  if (freshness.trouble() == *told) return;
  *told = freshness.trouble();
  (is_table ? std::cout : std::cerr) << (told->empty() ? "*** CẬP NHẬT TRỞ LẠI ***\n" : TroubleLine(freshness));
}

// Follows one stream until it breaks or enough was seen; `request` is brought forward to resume from.
absl::Status Follow(v1::ProgressService::Stub* stub, const WatchArguments& arguments, v1::WatchProgressRequest* request,
                    uint64_t* seen, std::string* told_trouble) {
  grpc::ClientContext context;
  const auto reader = stub->WatchProgress(&context, *request);
  v1::WatchProgressResponse response;
  while (reader->Read(&response)) {
    TellTrouble(response.freshness(), arguments.query.format == "table", told_trouble);
    for (const v1::ProgressRow& row : response.changes()) {
      if (arguments.query.format == "jsonl") {
        PrintJsonLine(row, response.freshness());
      } else {
        PrintLine(row, response.freshness().position());
      }
      if (arguments.changes_max > 0 && ++*seen >= arguments.changes_max) {
        std::cout.flush();
        context.TryCancel();
        (void)reader->Finish();
        return absl::OkStatus();
      }
    }
    std::cout.flush();
    request->set_from_position(response.freshness().position());
  }
  const absl::Status status = FromGrpc(reader->Finish());
  return status.ok() ? absl::UnavailableError("the service ended the stream") : status;
}

ExitStatus RunWatch(const WatchArguments& arguments, const Endpoints& endpoints) {
  const absl::Status usage = CheckQuery(arguments.query);
  if (!usage.ok()) return TellWrongUsage(usage);
  v1::WatchProgressRequest request;
  request.set_place_id(arguments.query.place);
  request.set_period(arguments.query.period);
  request.set_from_position(arguments.from_position);
  for (const std::string& name : arguments.query.schemes) {
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
    const absl::Status status = ParseScheme(name, &scheme);
    if (!status.ok()) return TellWrongUsage(status);
    request.add_schemes(scheme);
  }
  const auto stub = ProgressAt(endpoints);
  uint64_t seen = 0;
  uint64_t resumed_from = 0;
  std::string told_trouble;
  while (true) {
    const absl::Status status = Follow(stub.get(), arguments, &request, &seen, &told_trouble);
    if (status.ok()) return kDone;
    // A service that never answered is told of; one that went away is waited for.
    const bool has_begun = request.from_position() > arguments.from_position;
    if (!IsTransient(status.code()) || !has_begun) {
      return TellFailure(InTermsOf(arguments.query, FromProjection(ToGrpc(status), endpoints)));
    }
    if (resumed_from != request.from_position()) {
      std::cerr << "sothon: the stream broke (" << status.message() << "); going on from position "
                << request.from_position() << "\n";
      resumed_from = request.from_position();
    }
    absl::SleepFor(absl::Seconds(1));
  }
}

}  // namespace

void AddWatchCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("watch", "figures as they change; ends with Ctrl-C");
  const auto arguments = std::make_shared<WatchArguments>();
  AddPlaceAndPeriod(command, &arguments->query);
  command->add_option("--scheme", arguments->query.schemes, "BHXH_TN, ...; may be repeated (default: all)");
  command
      ->add_option("--from", arguments->from_position,
                   "begin with what changed after this position (default: with every figure that is not 0)")
      ->check(CheckPosition);
  command->add_option("--changes", arguments->changes_max, "end after this many changes (default: never)")
      ->check(CheckCount);
  command->add_option("--format", arguments->query.format, "table or jsonl")->check(CLI::IsMember({"table", "jsonl"}));
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunWatch(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
