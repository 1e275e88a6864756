#include "cli/views/query.h"

#include <algorithm>

#include "cli/app/command_line.h"
#include "cli/app/text_tools.h"
#include "common/base/civil_time.h"
#include "common/base/place_id.h"
#include "common/base/scheme.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {
constexpr std::string_view kCounterPrefix = "COUNTER_";
}  // namespace

void AddPlaceAndPeriod(CLI::App* command, Query* query) {
  command->add_option("--place", query->place, "province 51, commune 23500 or village 23500-07")->required();
  command->add_option("--period", query->period, "2025-10, 2025Q4, 2025 or 2025-10..2025-12")->required();
}

void AddAsOf(CLI::App* command, Query* query) {
  command->add_option("--as-of", query->as_of,
                      "as known at a position (4711) or a moment (2025-12-05, or with T09:30:00)");
  command
      ->add_option("--min-position", query->min_position, "wait until this position is counted: read your own writes")
      ->check(CheckPosition);
  command->add_option("--wait-seconds", query->wait_seconds, "how long to wait for --min-position")
      ->check(CLI::Range(1, 3600));
}

absl::Status ParseAsOf(const std::string& text, v1::AsOf* as_of) {
  if (text.empty()) return absl::OkStatus();
  uint64_t position = 0;
  if (text.find_first_not_of("0123456789") == std::string::npos && ParseNumber(text, &position)) {
    as_of->set_position(position);
    return absl::OkStatus();
  }
  const auto moment = ParseMoment(text);
  if (!moment) {
    return absl::InvalidArgumentError(
        StrCat("--as-of ", text, ": write a position (4711) or a moment (2025-12-05, 2025-12-05T09:30:00)"));
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

absl::Status CheckQuery(const Query& query) {
  if (!ShapeOfPlaceId(query.place)) {
    return absl::InvalidArgumentError(
        StrCat("--place ", query.place, ": write a province 51, a commune 23500 or a village 23500-07"));
  }
  if (!MonthRange::Parse(query.period)) {
    return absl::InvalidArgumentError(
        StrCat("--period ", query.period, ": write 2025-10, 2025Q4, 2025 or 2025-10..2025-12"));
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
  return absl::NotFoundError(StrCat("--place ", query.place, " is not in the book",
                                    query.as_of.empty() ? "" : StrCat(" as of ", query.as_of),
                                    "; `sothon places` lists what is"));
}

}  // namespace sothon::cli
