#include "cli/views/query.h"

#include <algorithm>

#include "cli/app/command_line.h"
#include "cli/app/period_text.h"
#include "cli/app/text_tools.h"
#include "cli/import/fields.h"
#include "common/base/civil_time.h"
#include "common/base/place_id.h"
#include "common/base/scheme.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr std::string_view kCounterPrefix = "COUNTER_";

// The last microsecond of the second or minute that `text` names, as a bare date means its whole day: stamps are shown
// to the second. Text that says it more finely, or is no moment, stays as it is.
std::string LastMomentOf(const std::string& text) {
  const std::string_view rest = std::string_view(text).substr(std::min<size_t>(text.size(), 10));
  const auto is_zone = [](std::string_view zone) { return zone.empty() || zone == "Z" || zone == "+07:00"; };
  const bool has_minute = rest.size() >= 6 && (rest[0] == 'T' || rest[0] == ' ') && rest[3] == ':';
  if (has_minute && is_zone(rest.substr(6))) return StrCat(text.substr(0, 16), ":59.999999", rest.substr(6));
  const bool has_second = has_minute && rest.size() >= 9 && rest[6] == ':';
  if (has_second && is_zone(rest.substr(9))) return StrCat(text.substr(0, 19), ".999999", rest.substr(9));
  return text;
}

}  // namespace

void AddPlaceAndPeriod(CLI::App* command, Query* query) {
  command->add_option("--place", query->place, "province 51, commune 23500 or village 23500-07")->required();
  AddPeriod(command, query);
}

void AddPeriod(CLI::App* command, Query* query) {
  command->add_option("--period", query->period, "2025-10, 2025Q4, 2025 or 2025-10..2025-12")
      ->transform(NormalPeriod)
      ->required();
}

void AddAsOf(CLI::App* command, Query* query) {
  command->add_option(
      "--as-of", query->as_of,
      "as known at a position (4711 or @4711) or a moment (2025-12-05, or with T09:30 or T09:30:00: the "
      "whole day, minute or second counts)");
  command
      ->add_option("--min-position", query->min_position, "wait until this position is counted: read your own writes")
      ->check(CheckPosition);
  command->add_option("--wait-seconds", query->wait_seconds, "how long to wait for --min-position")
      ->check(CLI::Range(1, 3600));
}

absl::Status ParseAsOf(const std::string& text, v1::AsOf* as_of) {
  if (text.empty()) return absl::OkStatus();
  constexpr char kForms[] = "write a position (4711 or @4711) or a moment (2025-12-05, 2025-12-05T09:30:00)";
  const bool has_mark = text[0] == '@';
  const std::string digits = text.substr(has_mark ? 1 : 0);
  uint64_t position = 0;
  if (digits.find_first_not_of("0123456789") == std::string::npos && ParseNumber(digits, &position)) {
    if (!has_mark && digits.size() == 4 && position >= 1900 && position <= 2199) {
      return absl::InvalidArgumentError(StrCat("--as-of ", text, " may be a position or a year: write @", text,
                                               " for the position, or a day, for example ", text,
                                               "-12-31, for what was known at its end"));
    }
    as_of->set_position(position);
    return absl::OkStatus();
  }
  const auto moment = ParseMoment(LastMomentOf(text));
  if (!moment) {
    Problem problem;
    const bool is_day = text.size() >= 10 && ParseDateField(std::string_view(text).substr(0, 10), &problem).has_value();
    const bool is_impossible = !is_day && problem.reason.find("does not exist") != std::string::npos;
    return absl::InvalidArgumentError(
        StrCat("--as-of ", text, ": ", is_impossible ? problem.reason + "; " : "", kForms));
  }
  as_of->set_recorded_at_us(*moment);
  return absl::OkStatus();
}

absl::Status ParseScheme(const std::string& text, v1::Scheme* scheme) {
  const auto found = SchemeFromName(AsciiUpper(text));
  if (found) *scheme = *found;
  return found ? absl::OkStatus()
               : absl::InvalidArgumentError(StrCat("--scheme ", text,
                                                   ": write BHXH_TN, BHYT_HGD, BHYT_HSSV, "
                                                   "BHYT_NLNN, BHYT_NSNN or BHYT_KHAC"));
}

std::string CounterName(v1::Counter counter) {
  return AsciiLower(v1::Counter_Name(counter).substr(kCounterPrefix.size()));
}

absl::Status ParseCounter(const std::string& text, v1::Counter* counter) {
  const std::string name = StrCat(kCounterPrefix, AsciiUpper(text));
  if (v1::Counter_Parse(name, counter) && *counter != v1::COUNTER_UNSPECIFIED) return absl::OkStatus();
  std::string known;
  for (int i = 1; i < v1::Counter_descriptor()->value_count(); ++i) {
    StrAppend(&known, i > 1 ? ", " : "",
              CounterName(static_cast<v1::Counter>(v1::Counter_descriptor()->value(i)->number())));
  }
  return absl::InvalidArgumentError(StrCat("--counter ", text, ": write one of ", known));
}

std::string SubjectOf(const Query& query) {
  for (const std::string* named : {&query.place, &query.office, &query.party, &query.drive, &query.kind}) {
    if (!named->empty()) return *named;
  }
  return query.every_drive ? "every drive" : "";
}

absl::Status CheckQuery(const Query& query, std::string_view offered) {
  const int named = !query.place.empty() + !query.office.empty() + !query.party.empty() + !query.drive.empty() +
                    !query.kind.empty() + query.every_drive;
  if (named != 1) return absl::InvalidArgumentError(StrCat("name exactly one of ", offered));
  if (!query.place.empty() && !ShapeOfPlaceId(query.place)) {
    return absl::InvalidArgumentError(
        StrCat("--place ", query.place, ": write a province 51, a commune 23500 or a village 23500-07"));
  }
  if (const std::string wrong = WhatIsWrongWithPeriod(query.period); !wrong.empty()) {
    return absl::InvalidArgumentError(StrCat("--period ", query.period, ": ", wrong));
  }
  if (query.as_published && query.place.empty()) {
    return absl::InvalidArgumentError("--as-published goes with --place: a period is published for a place");
  }
  if (query.as_published && !query.as_of.empty()) {
    return absl::InvalidArgumentError("--as-of and --as-published both say as of when; give one of them");
  }
  return absl::OkStatus();
}

absl::Status AwaitMinPosition(v1::ProgressService::StubInterface* progress, const Query& query,
                              const Endpoints& endpoints) {
  const absl::Time until = absl::Now() + absl::Seconds(query.wait_seconds);
  while (query.min_position > 0) {
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(kCallTimeout));
    v1::GetProjectionStatusResponse response;
    SOTHON_RETURN_IF_ERROR(FromProjection(progress->GetProjectionStatus(&context, {}, &response), endpoints));
    const v1::Freshness& freshness = response.freshness();
    if (freshness.position() >= query.min_position) break;
    if (absl::Now() >= until && !freshness.trouble().empty()) {
      return absl::DeadlineExceededError(
          StrCat("--min-position ", query.min_position, " was not counted within ", query.wait_seconds,
                 " s: the figures do not follow the log (", freshness.trouble(), "; heard from the log ",
                 static_cast<int64_t>(freshness.heard_seconds_ago()), " s ago). The projection stands at ",
                 freshness.position(), "; mend that first, `sothon status` tells more"));
    }
    if (absl::Now() >= until) {
      const uint64_t head = std::max(freshness.head_position(), freshness.position());
      return absl::DeadlineExceededError(
          StrCat("--min-position ", query.min_position, " was not counted within ", query.wait_seconds, " s; ",
                 head < query.min_position
                     ? StrCat("the log ends at position ", head,
                              ", as far as the projection knows: is it the number "
                              "that the import told, and of this log?")
                     : StrCat("the projection is at ", freshness.position(),
                              ": try again, or longer with --wait-seconds; `sothon status` tells what holds it up")));
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  return absl::OkStatus();
}

absl::Status InTermsOf(const Query& query, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kNotFound) return status;
  // The service says which of the two it misses in its sentence alone; its remedies are for programs.
  const std::string_view said(status.message().data(), status.message().size());
  std::string as_of = query.as_of.empty() ? "" : StrCat(" as of ", query.as_of);
  if (said.find(" was not published for ") != std::string_view::npos) {
    return absl::NotFoundError(StrCat(query.as_published ? "--as-published: " : "", query.period,
                                      " was not published for ", query.place, as_of,
                                      "; `sothon publish` closes a period"));
  }
  const std::string_view sentence = said.substr(0, said.find(';'));
  if (!as_of.empty() && sentence.ends_with(" up to position 0")) as_of += ": nothing was recorded by then";
  if (!query.party.empty()) {
    return absl::NotFoundError(StrCat("--party ", query.party, " is not registered", as_of,
                                      "; `sothon progress --kind agency` (collector, ...) lists who is"));
  }
  if (!query.office.empty()) return absl::NotFoundError(StrCat("--office ", query.office, " is not registered", as_of));
  if (!query.drive.empty()) {
    return absl::NotFoundError(StrCat("--drive ", query.drive, " is named by no receipt", as_of,
                                      "; `sothon progress --every-drive` lists those that are"));
  }
  return absl::NotFoundError(
      StrCat("--place ", query.place, " is not in the book", as_of, "; `sothon places` lists what is"));
}

absl::Status CheckSameLog(const v1::Freshness& counted, const std::string& ingest_log_id, const Endpoints& endpoints) {
  if (ingest_log_id == counted.log_id()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      StrCat("the figures are of log ", counted.log_id(), " (sothon-projection at ", endpoints.projection,
             "), the events at ", endpoints.ingest, " (sothon-ingest) of log ", ingest_log_id,
             ": these would be the wrong ones. Name the ingest of log ", counted.log_id(), " with --ingest HOST:PORT"));
}

}  // namespace sothon::cli
