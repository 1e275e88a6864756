// sothon renewals: whose cover ends soon or has ended, and who has to collect (plan#54, #56, #76).
#include "absl/strings/escaping.h"
#include "cli/oversight/asking.h"
#include "cli/oversight/known_ids.h"
#include "cli/oversight/oversight_commands.h"
#include "cli/views/progress_words.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr size_t kSubjectBytesShown = 4;  // 8 hexadecimal digits

constexpr char kNobody[] = "-";

struct RenewalsArguments {
  Asking asking;
  std::string collector;
  uint32_t within_days = 60;
  uint32_t lapsed_days = 90;
  uint32_t limit = 0;
  bool with_items = false;
};

Cell CollectorCell(const std::string& collector_id) {
  return WordCell(collector_id, collector_id.empty() ? "(chưa có người thu)" : collector_id);
}

RecordList CountsOf(const v1::ListRenewalsResponse& response, const PlaceNames& places) {
  RecordList list{"counts",
                  "",
                  {{"place_id", "thôn"},
                   {"collector_id", "nhân viên thu"},
                   {"scheme", "loại hình"},
                   {"due_in_30_days", "đến hạn 30 ngày", Align::kRight},
                   {"due_in_60_days", "đến hạn 60 ngày", Align::kRight},
                   {"lapsed", "đã gián đoạn", Align::kRight}}};
  list.if_empty = "Không có ai đến hạn hoặc gián đoạn.";
  for (const v1::RenewalCount& count : response.counts()) {
    list.records.push_back(
        {places.Of(count.place_id()), CollectorCell(count.collector_id()), TextCell(v1::Scheme_Name(count.scheme())),
         CountCell(static_cast<int64_t>(count.due_in_30_days())),
         CountCell(static_cast<int64_t>(count.due_in_60_days())), CountCell(static_cast<int64_t>(count.lapsed()))});
  }
  return list;
}

RecordList ItemsOf(const v1::ListRenewalsResponse& response, const PlaceNames& places) {
  RecordList list{"items",
                  "Từng người:",
                  {{"covered_until", "hạn thẻ, hạn đóng"},
                   {"state", "tình trạng"},
                   {"place_id", "thôn"},
                   {"collector_id", "nhân viên thu"},
                   {"scheme", "loại hình"},
                   {"subject", "người tham gia"},
                   {"sequence", "lần thu", Align::kRight},
                   {"last_position", "vị trí", Align::kRight}}};
  for (const v1::RenewalItem& item : response.items()) {
    const bool is_lapsed = item.covered_until() < response.answered().date();
    list.records.push_back({DateCell(item.covered_until()),
                            is_lapsed ? WordCell("lapsed", "đã gián đoạn") : WordCell("due", "sắp đến hạn"),
                            places.Of(item.place_id()), CollectorCell(item.collector_id()),
                            TextCell(v1::Scheme_Name(item.scheme())),
                            TextCell(absl::BytesToHexString(item.subject_id().substr(0, kSubjectBytesShown))),
                            NumberCell(item.sequence()), PositionCell(item.last_position())});
  }
  return list;
}

bool ShowsItems(const RenewalsArguments& arguments) {
  const std::string& list = arguments.asking.list;
  return list.empty() ? arguments.with_items : list == "items";
}

// How many items are wanted: where nobody sees them, as few as there can be.
uint32_t LimitOf(const RenewalsArguments& arguments) {
  const bool has_all_lists = arguments.asking.query.format == "json" && arguments.asking.list.empty();
  return ShowsItems(arguments) || has_all_lists ? arguments.limit : 1;
}

absl::Status FillRequest(const RenewalsArguments& arguments, v1::ListRenewalsRequest* request) {
  SOTHON_RETURN_IF_ERROR(FillInquiry(arguments.asking, request->mutable_inquiry()));
  for (const std::string& name : arguments.asking.query.schemes) {
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
    SOTHON_RETURN_IF_ERROR(ParseScheme(name, &scheme));
    request->add_schemes(scheme);
  }
  request->set_collector_id(arguments.collector);
  request->set_within_days(arguments.within_days);
  request->set_lapsed_days(arguments.lapsed_days);
  request->set_limit(LimitOf(arguments));
  return absl::OkStatus();
}

ExitStatus RunRenewals(const RenewalsArguments& arguments, const Endpoints& endpoints) {
  v1::ListRenewalsRequest request;
  const absl::Status usage = FillRequest(arguments, &request);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListRenewals, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  if (response->counts().empty() && !arguments.collector.empty() && arguments.collector != kNobody) {
    const absl::Status known = CheckParty("--collector", arguments.collector, request.inquiry().as_of(), endpoints);
    if (!known.ok()) return TellFailure(known);
  }
  const PlaceNames places(arguments.asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("ĐẾN HẠN VÀ GIÁN ĐOẠN", arguments.asking.query.place, response->answered());
  view.facts = {{"item_count", NumberCell(response->item_count())}};
  view.lists = {CountsOf(*response, places), ItemsOf(*response, places)};
  view.lists[1].is_shown = ShowsItems(arguments);
  const auto items = static_cast<uint64_t>(response->items_size());
  if (ShowsItems(arguments) && items < response->item_count()) {
    view.notes.push_back(StrCat("Hiện ", items, " trong ", response->item_count(), " người; thêm với --limit."));
  }
  if (!ShowsItems(arguments) && response->item_count() > 0) {
    view.notes.push_back(
        StrCat(FormatThousands(static_cast<int64_t>(response->item_count())), " người; từng người với --items."));
  }
  Asking asking = arguments.asking;
  if (ShowsItems(arguments) && asking.query.format == "csv") asking.list = "items";
  return Show(asking, view);
}

}  // namespace

void AddRenewalsCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("renewals", "whose cover ends soon or has ended, and who has to collect");
  const auto arguments = std::make_shared<RenewalsArguments>();
  AddAsking(command, PlaceOption::kRequired, {"counts", "items"}, &arguments->asking);
  command->add_option("--collector", arguments->collector, "only whom this collector has to collect; -: nobody has to");
  command->add_option("--scheme", arguments->asking.query.schemes, "BHXH_TN, BHYT_HGD, ...; may be repeated");
  command->add_option("--within", arguments->within_days, "covers that end within so many days")
      ->check(CLI::Range(1, 366));
  command->add_option("--lapsed", arguments->lapsed_days, "covers that ended so many days ago at most")
      ->check(CLI::Range(1, 3660));
  command->add_flag("--items", arguments->with_items, "also each person, by a pseudonym");
  command->add_option("--limit", arguments->limit, "at most so many people; 0: 10000");
  SetRun(command, line, arguments, &RunRenewals);
}

}  // namespace sothon::cli
