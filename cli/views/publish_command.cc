// sothon publish: closes a month, quarter, year or week for a place, at a position and with the digest of the figures
// there (plan#38).
#include <iostream>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "cli/app/command_line.h"
#include "cli/app/digest.h"
#include "cli/app/log_access.h"
#include "cli/app/period_text.h"
#include "cli/app/submission_errors.h"
#include "cli/app/text_tools.h"
#include "cli/directory/directory.h"
#include "cli/import/fields.h"
#include "cli/record/differences.h"
#include "cli/views/event_text.h"
#include "cli/views/publications.h"
#include "cli/views/query.h"
#include "common/base/absl_view.h"
#include "common/base/civil_time.h"
#include "common/base/place_id.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct PublishArguments {
  Query query;  // place, period
  std::string by;
  uint64_t at = 0;  // 0: where the figures stand now
  std::string date;
  std::string document;
  bool early = false;
  bool again = false;
  bool synthetic = false;
  bool dry_run = false;
};

std::string NormalPeriodOrWeek(std::string text) {
  if (text.size() == 8 && text[5] == 'w') text[5] = 'W';
  return NormalPeriod(std::move(text));
}

CivilDate LastDayOf(const std::string& period) {
  return IsWeek(period) ? CivilWeek::Parse(period)->LastDay() : CivilDate::LastOf(MonthRange::Parse(period)->last);
}

// A period that still runs has figures that are bound to change.
absl::Status CheckIsOver(const PublishArguments& arguments, CivilDate date) {
  const CivilDate last = LastDayOf(arguments.query.period);
  if (arguments.early || date > last) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat(arguments.query.period, " ends on ", last.ToString(), " and is not over on ", date.ToString(),
             arguments.date.empty() ? ", today" : ", the day of --date",
             ": publish it from the day after on, or say --early if it has to be closed before its end"));
}

absl::Status Check(const PublishArguments& arguments, CivilDate* date) {
  if (!ShapeOfPlaceId(arguments.query.place)) {
    return absl::InvalidArgumentError(
        StrCat("--place ", arguments.query.place, ": write a province 51, a commune 23500 or a village 23500-07"));
  }
  const std::string wrong = IsWeek(arguments.query.period) ? "" : WhatIsWrongWithPeriod(arguments.query.period);
  if (!wrong.empty()) {
    return absl::InvalidArgumentError(StrCat("--period ", arguments.query.period, ": ", wrong, ", or a week 2025-W45"));
  }
  *date = CivilDate::AtMoment(absl::ToUnixMicros(absl::Now()));
  if (!arguments.date.empty()) {
    Problem problem;
    const auto given = ParseDateField(arguments.date, &problem);
    if (!given) return absl::InvalidArgumentError(StrCat("--date: ", problem.reason, "; ", problem.remedy));
    *date = *given;
  }
  return CheckIsOver(arguments, *date);
}

// What is published: the position and, but for weeks, the digest there.
struct Closing {
  v1::Freshness freshness;
  std::string digest;
};

// Weeks have no cells of their own, so nothing to take a digest of.
absl::StatusOr<Closing> FindClosing(const PublishArguments& arguments, const Endpoints& endpoints) {
  const auto stub = ProgressAt(endpoints);
  Query waiting = arguments.query;
  waiting.min_position = std::max(waiting.min_position, arguments.at);
  const absl::Status waited = AwaitMinPosition(stub.get(), waiting, endpoints);
  if (!waited.ok() && waiting.min_position == arguments.at) {
    return absl::Status(waited.code(), absl::StrReplaceAll(waited.message(), {{"--min-position ", "--at "}}));
  }
  if (!waited.ok()) return waited;
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  Closing closing;
  if (IsWeek(arguments.query.period)) {
    v1::GetProjectionStatusResponse response;
    SOTHON_RETURN_IF_ERROR(FromProjection(stub->GetProjectionStatus(&context, {}, &response), endpoints));
    closing.freshness = response.freshness();
    if (arguments.at > 0) closing.freshness.set_position(arguments.at);
    return closing;
  }
  v1::GetDigestsRequest request;
  request.set_place_id(arguments.query.place);
  request.set_period(arguments.query.period);
  if (arguments.at > 0) request.mutable_as_of()->set_position(arguments.at);
  v1::GetDigestsResponse response;
  const absl::Status status = FromProjection(stub->GetDigests(&context, request, &response), endpoints);
  SOTHON_RETURN_IF_ERROR(InTermsOf(arguments.query, status));
  closing.freshness = response.freshness();
  closing.digest = response.sha256();
  return closing;
}

v1::Event MakeEvent(const PublishArguments& arguments, CivilDate date, const Closing& closing) {
  const Query& query = arguments.query;
  const uint64_t position = closing.freshness.position();
  v1::Event event;
  event.set_event_id(DerivedId("publish-", {query.place, query.period, StrCat(position)}));
  event.set_effective_date(date.ToWire());
  event.set_place_id(query.place);
  event.set_document_id(arguments.document);
  event.set_synthetic(arguments.synthetic);
  v1::PeriodPublished* published = event.mutable_period_published();
  published->set_period(query.period);
  published->set_at_position(position);
  published->set_digest(closing.digest);
  published->set_by_party_id(arguments.by);
  return event;
}

std::string Describe(const v1::Event& event) {
  const v1::PeriodPublished& published = event.period_published();
  const std::string digest = absl::BytesToHexString(published.digest()).substr(0, 16);
  return StrCat(published.period(), " of ", event.place_id(), " as of position ", published.at_position(),
                digest.empty() ? ", without digest" : StrCat(", digest ", digest, "…"), ", by ",
                published.by_party_id(), ", ", DateText(event.effective_date()));
}

ExitStatus TellPublishedBefore(const v1::Event& earlier) {
  std::cout << "Published before, at position " << earlier.position() << ": " << Describe(earlier) << "\n";
  TellHowToRead(earlier.position());
  return kDone;
}

// One publication and another in other words: what was published first stays. A day that nobody gave is no difference:
// it is that of the first time. `event` has the position and digest that are asked for.
ExitStatus TellRepeated(const PublishArguments& arguments, const v1::Event& earlier, v1::Event event,
                        v1::IngestService::StubInterface* ingest) {
  if (arguments.date.empty()) event.set_effective_date(earlier.effective_date());
  const bool is_same = earlier.period_published().SerializeAsString() == event.period_published().SerializeAsString() &&
                       earlier.document_id() == event.document_id() && earlier.synthetic() == event.synthetic() &&
                       earlier.effective_date() == event.effective_date();
  if (is_same) return TellPublishedBefore(earlier);
  const absl::StatusOr<Directory> directory = ReadDirectory(ingest);
  if (directory.ok() && arguments.by != earlier.period_published().by_party_id() &&
      directory->FindParty(arguments.by) == nullptr) {
    return TellFailure(
        absl::InvalidArgumentError(StrCat("--by ", arguments.by, ": no party with this id is registered; ",
                                          "this was published before, by ", earlier.period_published().by_party_id())));
  }
  const std::string differs = DescribeDifferences(earlier, event);
  return TellFailure(absl::AlreadyExistsError(StrCat(
      arguments.query.period, " of ", arguments.query.place, " was published for this position before, at position ",
      earlier.position(), ", with other content: ", differs,
      ". What was published stays; published: ", Describe(earlier), "; asked for now: ", Describe(event))));
}

// The log has a publication of this position, with other content.
ExitStatus TellConflict(const PublishArguments& arguments, const absl::Status& refusal, const v1::Event& event,
                        v1::IngestService::StubInterface* ingest) {
  const uint64_t position = PositionOf(refusal);
  const auto events = FetchEvents(ingest, {position});
  if (!events.ok() || events->count(position) == 0) return TellFailure(refusal);
  return TellRepeated(arguments, events->at(position), event, ingest);
}

// A later publication stands: one of older figures would take its place.
absl::Status CheckIsNewer(const PublishArguments& arguments, const v1::Event& earlier) {
  const uint64_t published_at = earlier.period_published().at_position();
  if (arguments.again || arguments.at >= published_at) return absl::OkStatus();
  return absl::FailedPreconditionError(StrCat(
      "--at ", arguments.at, " lies before position ", published_at, ", whose figures stand as published (at position ",
      earlier.position(), ": ", Describe(earlier), "); say --again if older figures have to take their place"));
}

ExitStatus Record(const PublishArguments& arguments, const v1::Event& event, v1::IngestService::StubInterface* ingest,
                  const Endpoints& endpoints) {
  v1::RecordRequest request;
  request.set_validate_only(arguments.dry_run);
  *request.add_submissions()->mutable_event() = event;
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::RecordResponse response;
  const absl::Status status = FromIngest(ingest->Record(&context, request, &response), endpoints);
  if (status.code() == absl::StatusCode::kAlreadyExists) return TellConflict(arguments, status, event, ingest);
  if (const auto violations = FieldViolationsOf(status); !violations.empty()) {
    std::string path;
    SubmissionIndexOfPath(violations[0].field, &path);
    return TellFailure(absl::InvalidArgumentError(StrCat(path, ": ", violations[0].description)));
  }
  if (!status.ok()) return TellFailure(status);
  const v1::Receipt& recorded = response.receipts(0);
  if (arguments.dry_run) {
    std::cout << "Dry run: would be published: " << Describe(event) << "\n";
    return kDone;
  }
  std::cout << "Published, at position " << recorded.position() << (recorded.duplicate() ? " (recorded before)" : "")
            << ": " << Describe(event) << "\n";
  TellHowToRead(recorded.position());
  return kDone;
}

ExitStatus RunPublish(const PublishArguments& arguments, const Endpoints& endpoints) {
  CivilDate date;
  const absl::Status usage = Check(arguments, &date);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto ingest = IngestAt(endpoints);
  const auto log = FetchStatus(ingest.get());
  if (!log.ok()) return TellFailure(NameIngest(log.status(), endpoints));
  if (arguments.at > log->head_position()) {
    return TellFailure(absl::OutOfRangeError(StrCat("--at ", arguments.at, ": the log ends at position ",
                                                    log->head_position(), "; is it one of this log?")));
  }
  const auto closing = FindClosing(arguments, endpoints);
  if (!closing.ok()) return TellFailure(closing.status());
  const absl::Status same_log = CheckSameLog(closing->freshness, log->log_id(), endpoints);
  if (!same_log.ok()) return TellFailure(same_log);
  const auto earlier = FindPublication(ingest.get(), arguments.query.place, arguments.query.period);
  if (!earlier.ok()) return TellFailure(NameIngest(earlier.status(), endpoints));
  if (arguments.at == 0) {
    // Published already, and nothing has moved since: once is enough. A week stands until another position is named.
    if (*earlier && (*earlier)->period_published().digest() == closing->digest) {
      v1::Event again = MakeEvent(arguments, date, *closing);
      again.set_event_id((*earlier)->event_id());
      again.mutable_period_published()->set_period((*earlier)->period_published().period());
      again.mutable_period_published()->set_at_position((*earlier)->period_published().at_position());
      return TellRepeated(arguments, **earlier, std::move(again), ingest.get());
    }
    if (!closing->freshness.trouble().empty() || closing->freshness.lag_events() > 0) {
      std::cerr << "sothon: the figures stand at position " << closing->freshness.position() << " and "
                << closing->freshness.lag_events()
                << " later events are not counted yet; what they change is a late change\n";
    }
  } else if (*earlier) {
    const absl::Status newer = CheckIsNewer(arguments, **earlier);
    if (!newer.ok()) return TellFailure(newer);
  }
  return Record(arguments, MakeEvent(arguments, date, *closing), ingest.get(), endpoints);
}

}  // namespace

void AddPublishCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "publish", "close a period: the figures of a position, with their digest; publishing twice changes nothing");
  const auto arguments = std::make_shared<PublishArguments>();
  Query& query = arguments->query;
  command->add_option("--place", query.place, "province 51, commune 23500 or village 23500-07")->required();
  command->add_option("--period", query.period, "2025-11, 2025Q4, 2025, 2025-10..2025-12 or a week, 2025-W45")
      ->transform(NormalPeriodOrWeek)
      ->required();
  command->add_option("--by", arguments->by, "id of the party that publishes")->required();
  command->add_option("--at", arguments->at, "the position whose figures these are (default: where they stand now)")
      ->check(CheckPosition);
  command->add_option("--date", arguments->date, "day of the publication, 2025-12-03 or 03/12/2025 (default: today)");
  command->add_option("--document", arguments->document, "id of the document that publishes it");
  command->add_option("--min-position", query.min_position, "wait until this position is counted: read your own writes")
      ->check(CheckPosition);
  command->add_option("--wait-seconds", query.wait_seconds, "how long to wait for --at and --min-position")
      ->check(CLI::Range(1, 3600));
  command->add_flag("--early", arguments->early, "publish a period that is not over by then");
  command->add_flag("--again", arguments->again, "with --at: in place of a publication of a later position");
  command->add_flag("--synthetic", arguments->synthetic, "mark the publication as made up");
  command->add_flag("--dry-run", arguments->dry_run, "check, record nothing");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunPublish(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
