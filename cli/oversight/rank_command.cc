// sothon rank: villages by what is still to be done, the easiest first (plan#42).
#include "cli/oversight/asking.h"
#include "cli/oversight/oversight_commands.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

// "BHXH_TN 3/8"
std::string ProductsText(const v1::VillagePotential& village) {
  std::string out;
  for (const v1::ProductState& product : village.products()) {
    StrAppend(&out, out.empty() ? "" : "; ", UnitText(product.scheme(), product.scheme_group_id()), " ",
              FormatThousands(product.achieved()), "/", FormatThousands(product.target()));
  }
  return out;
}

RecordList VillagesOf(const v1::RankVillagesResponse& response, const PlaceNames& places) {
  RecordList list{"villages",
                  "",
                  {{"rank", "TT", Align::kRight},
                   {"place_id", "thôn"},
                   {"", "đạt / chỉ tiêu năm", Align::kLeft, Column::kPeople},
                   {"remaining", "còn lại", Align::kRight},
                   {"population", "dân số", Align::kRight},
                   {"insured", "có BHYT", Align::kRight},
                   {"not_participating", "chưa tham gia", Align::kRight},
                   {"due_soon", "sắp hết hạn", Align::kRight},
                   {"in_drive", "đang ra quân"}}};
  for (const v1::VillagePotential& village : response.villages()) {
    const auto known = [&](int64_t value) {
      return CountOrUnknownCell(village.population_known() ? std::optional(value) : std::nullopt);
    };
    int64_t remaining = 0;
    for (const v1::ProductState& product : village.products()) remaining += product.remaining();
    list.records.push_back({NumberCell(list.records.size() + 1), places.Of(village.place_id()),
                            Cell{{}, ProductsText(village)}, CountCell(remaining), known(village.population()),
                            CountCell(village.insured()), known(village.not_participating()),
                            CountCell(village.due_soon()), FlagCell(village.in_drive(), "có")});
  }
  return list;
}

RecordList ProductsOf(const v1::RankVillagesResponse& response, const PlaceNames& places) {
  RecordList list{"products", "", Columns({{"place_id", "thôn"}}, ProductColumns())};
  for (const v1::VillagePotential& village : response.villages()) {
    for (const v1::ProductState& product : village.products()) {
      std::vector<Cell> record = {places.Of(village.place_id())};
      AppendProduct(product, &record);
      list.records.push_back(std::move(record));
    }
  }
  list.is_shown = false;
  return list;
}

ExitStatus RunRank(const Asking& asking, const Endpoints& endpoints) {
  v1::RankVillagesRequest request;
  const absl::Status usage = FillInquiry(asking, request.mutable_inquiry());
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::RankVillages, asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("XẾP THÔN ĐỂ RA QUÂN, DỄ LÀM TRƯỚC", asking.query.place, response->answered());
  view.lists = {VillagesOf(*response, places), ProductsOf(*response, places)};
  return Show(asking, view);
}

}  // namespace

void AddRankCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("rank", "villages by what is still to be done, the easiest first");
  const auto asking = std::make_shared<Asking>();
  AddAsking(command, PlaceOption::kRequired, {"villages", "products"}, asking.get());
  SetRun(command, line, asking, &RunRank);
}

}  // namespace sothon::cli
