// What the commands of the oversight ask alike: of a place, as of a date, as known at a point, in a format.
#pragma once

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/app/command_line.h"
#include "cli/oversight/answer_view.h"
#include "cli/views/query.h"
#include "common/status/status.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::cli {

struct Asking {
  Query query;       // of it: place, as_of, min_position, wait_seconds, format
  std::string date;  // 2025-11-05 or 05/11/2025; empty: today
  std::string list;  // the only one that is wanted; empty: CSV has the first, others have all
};

enum class PlaceOption { kRequired, kOptional };
// --place, --date, --as-of, --min-position, --wait-seconds, --format; and --list where an answer has several `lists`.
void AddAsking(CLI::App* command, PlaceOption place, std::vector<std::string> lists, Asking* asking);
void AddFormat(CLI::App* command, std::string* format);
// --lang vi or en: of tables whose texts the service has in both.
void AddLanguage(CLI::App* command, std::string* language);
inline Language LanguageOf(const std::string& option) {
  return option == "en" ? Language::kEnglish : Language::kVietnamese;
}
// Columns of one text in both languages: people read theirs, programs get both.
std::vector<Column> TextColumns(const std::string& name, const char* title, Language language);

// INVALID_ARGUMENT: place, date or as-of has no such form.
absl::Status FillInquiry(const Asking& asking, v1::Inquiry* inquiry);
// "--date 31/11/2025: ..." where it is none.
absl::Status ParseDateOption(const std::string& option, const std::string& text, int32_t* wire);

// How long an answer may take: it is computed when it is asked for.
inline constexpr absl::Duration kOversightTimeout = absl::Seconds(120);

template <typename Request, typename Response>
using AskMethod = grpc::Status (v1::ProgressService::StubInterface::*)(grpc::ClientContext*, const Request&, Response*);

// Asks the projection, after waiting for --min-position. Errors are in terms of the command line.
template <typename Request, typename Response>
absl::StatusOr<Response> Ask(AskMethod<Request, Response> method, const Asking& asking, const Endpoints& endpoints,
                             const Request& request) {
  const std::unique_ptr<v1::ProgressService::StubInterface> stub = ProgressAt(endpoints);
  SOTHON_RETURN_IF_ERROR(AwaitMinPosition(stub.get(), asking.query, endpoints));
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kOversightTimeout));
  Response response;
  const absl::Status status = FromProjection((stub.get()->*method)(&context, request, &response), endpoints);
  if (!status.ok()) return InTermsOf(asking.query, status);
  return response;
}

// The names of places, for people. What the projection does not tell of them is left out: tables do without.
class PlaceNames {
 public:
  PlaceNames(const Asking& asking, const v1::Inquiry& inquiry, const Endpoints& endpoints);
  // "Thôn 1 (23500-01)" for people, the id for programs.
  Cell Of(const std::string& place_id) const;

 private:
  std::map<std::string, std::string> names_;
};

// Begins the view of an answer: its heading, and what it reflects. `place` may be empty.
template <typename Answered>
AnswerView BeginView(const std::string& title, const std::string& place, const Answered& answered) {
  AnswerView view;
  view.heading = place.empty() ? title : title + " · " + place;
  view.freshness = answered.freshness();
  view.date = answered.date();
  view.contains_synthetic = answered.contains_synthetic();
  return view;
}

// Prints it in the format asked for.
ExitStatus Show(const Asking& asking, const AnswerView& view);

// `command` runs `run` with its arguments.
template <typename Arguments>
void SetRun(CLI::App* command, CommandLine* line, const std::shared_ptr<Arguments>& arguments,
            ExitStatus (*run)(const Arguments&, const Endpoints&)) {
  command->callback(
      [arguments, line, run] { line->run = [arguments, line, run] { return run(*arguments, line->endpoints); }; });
}

// Fields that several views have.
// A product: `scheme`, `scheme_group`, `target`, `achieved`, `remaining`, `reached_date`, `reached_position`.
std::vector<Column> ProductColumns();
void AppendProduct(const v1::ProductState& product, std::vector<Cell>* record);
// `scheme` and `scheme_group`: one of the two is set; people read one column.
std::vector<Column> UnitColumns();
void AppendUnit(v1::Scheme scheme, const std::string& scheme_group_id, std::vector<Cell>* record);
// "BHXH_TN" or the group's id.
std::string UnitText(v1::Scheme scheme, const std::string& scheme_group_id);
// `front` and then `back`.
std::vector<Column> Columns(std::vector<Column> front, const std::vector<Column>& back);

}  // namespace sothon::cli
