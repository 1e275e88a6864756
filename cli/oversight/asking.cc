#include "cli/oversight/asking.h"

#include "cli/import/fields.h"
#include "common/base/place_id.h"
#include "common/base/strings.h"

namespace sothon::cli {

void AddFormat(CLI::App* command, std::string* format) {
  command->add_option("--format", *format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
}

void AddLanguage(CLI::App* command, std::string* language) {
  command->add_option("--lang", *language, "of tables: vi or en")->check(CLI::IsMember({"vi", "en"}));
}

void AddAsking(CLI::App* command, PlaceOption place, std::vector<std::string> lists, Asking* asking) {
  CLI::Option* where = command->add_option("--place", asking->query.place,
                                           "province 51, commune 23500 or village 23500-07, with all below it");
  where->required(place == PlaceOption::kRequired);
  command->add_option("--date", asking->date,
                      "judged as of this day, 2025-11-05 or 05/11/2025: what took effect later is left out (default: "
                      "today)");
  AddAsOf(command, &asking->query);
  AddFormat(command, &asking->query.format);
  if (lists.empty()) return;
  command->add_option("--list", asking->list, "only this list of the answer (default: csv the first, others all)")
      ->check(CLI::IsMember(std::move(lists)));
}

absl::Status ParseDateOption(const std::string& option, const std::string& text, int32_t* wire) {
  if (text.empty()) return absl::OkStatus();
  Problem problem;
  const auto date = ParseDateField(text, &problem);
  if (!date) {
    return absl::InvalidArgumentError(StrCat(option, " ", text, ": ", problem.reason, "; ", problem.remedy));
  }
  *wire = date->ToWire();
  return absl::OkStatus();
}

absl::Status FillInquiry(const Asking& asking, v1::Inquiry* inquiry) {
  const std::string& place = asking.query.place;
  if (!place.empty() && !ShapeOfPlaceId(place)) {
    return absl::InvalidArgumentError(
        StrCat("--place ", place, ": write a province 51, a commune 23500 or a village 23500-07"));
  }
  int32_t date = 0;
  SOTHON_RETURN_IF_ERROR(ParseDateOption("--date", asking.date, &date));
  if (!asking.query.as_of.empty()) SOTHON_RETURN_IF_ERROR(ParseAsOf(asking.query.as_of, inquiry->mutable_as_of()));
  inquiry->set_place_id(place);
  inquiry->set_date(date);
  inquiry->set_min_position(asking.query.min_position);
  return absl::OkStatus();
}

PlaceNames::PlaceNames(const Asking& asking, const v1::Inquiry& inquiry, const Endpoints& endpoints) {
  if (asking.query.format != "table") return;
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::ListPlacesRequest request;
  if (inquiry.has_as_of()) *request.mutable_as_of() = inquiry.as_of();
  v1::ListPlacesResponse response;
  if (!ProgressAt(endpoints)->ListPlaces(&context, request, &response).ok()) return;
  for (const v1::PlaceInfo& place : response.places()) names_[place.place_id()] = place.name();
}

Cell PlaceNames::Of(const std::string& place_id) const {
  const auto found = names_.find(place_id);
  return WordCell(place_id, found == names_.end() ? place_id : StrCat(found->second, " (", place_id, ")"));
}

ExitStatus Show(const Asking& asking, const AnswerView& whole) {
  const AnswerView view = asking.list.empty() ? whole : OnlyList(whole, asking.list);
  if (asking.query.format == "json") {
    std::cout << RenderJson(view);
  } else if (asking.query.format == "csv") {
    // Where the figures do not follow the log: beside them, not among them.
    if (view.freshness && !view.freshness->trouble().empty()) {
      std::cerr << "sothon: the answer does not follow the log: " << view.freshness->trouble() << "\n";
    }
    std::cout << RenderCsv(view);
  } else {
    std::cout << RenderTables(view);
  }
  return kDone;
}

std::vector<Column> Columns(std::vector<Column> front, const std::vector<Column>& back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

std::vector<Column> TextColumns(const std::string& name, const char* title, Language language) {
  const auto read_in = [language](Language own) { return own == language ? Column::kBoth : Column::kPrograms; };
  return {{name + "_vi", title, Align::kLeft, read_in(Language::kVietnamese)},
          {name + "_en", title, Align::kLeft, read_in(Language::kEnglish)}};
}

std::string UnitText(v1::Scheme scheme, const std::string& scheme_group_id) {
  return scheme == v1::SCHEME_UNSPECIFIED ? scheme_group_id : v1::Scheme_Name(scheme);
}

std::vector<Column> UnitColumns() {
  return {{"scheme", "loại hình"}, {"scheme_group", "nhóm", Align::kLeft, Column::kPrograms}};
}

void AppendUnit(v1::Scheme scheme, const std::string& scheme_group_id, std::vector<Cell>* record) {
  const std::string name = scheme == v1::SCHEME_UNSPECIFIED ? "" : v1::Scheme_Name(scheme);
  record->push_back(WordCell(name, UnitText(scheme, scheme_group_id)));
  record->push_back(TextCell(scheme_group_id));
}

std::vector<Column> ProductColumns() {
  return Columns(UnitColumns(), {{"target", "chỉ tiêu", Align::kRight},
                                 {"achieved", "đạt", Align::kRight},
                                 {"remaining", "còn lại", Align::kRight},
                                 {"reached_date", "hoàn thành ngày"},
                                 {"reached_position", "vị trí", Align::kRight}});
}

void AppendProduct(const v1::ProductState& product, std::vector<Cell>* record) {
  AppendUnit(product.scheme(), product.scheme_group_id(), record);
  record->insert(record->end(),
                 {CountCell(product.target()), CountCell(product.achieved()), CountCell(product.remaining()),
                  DateCell(product.reached_date()), PositionCell(product.reached_position())});
}

}  // namespace sothon::cli
