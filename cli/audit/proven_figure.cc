#include "cli/audit/proven_figure.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "cli/app/plain_text.h"
#include "cli/views/event_text.h"
#include "cli/views/posting_check.h"
#include "cli/views/query.h"
#include "common/base/civil_time.h"
#include "common/base/place_id.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace sothon::cli {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr double kWholeNumberMax = 9'007'199'254'740'992;  // 2^53: beyond it JSON's numbers have gaps

// The fields of one JSON object, each of which must be there and be what it is asked as.
class Fields {
 public:
  Fields(const Struct& object, std::string where) : object_(object), where_(std::move(where)) {}

  absl::StatusOr<std::string> Text(const std::string& name) const {
    SOTHON_ASSIGN_OR_RETURN(const Value* const value, Find(name));
    const std::string& text = value->string_value();
    const bool is_plain =
        std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
    if (value->kind_case() == Value::kStringValue && is_plain) return text;
    return Wrong(name, "one line of text");
  }
  absl::StatusOr<int64_t> Number(const std::string& name) const {
    SOTHON_ASSIGN_OR_RETURN(const Value* const value, Find(name));
    const double number = value->kind_case() == Value::kNumberValue ? value->number_value() : std::nan("");
    if (std::trunc(number) == number && std::fabs(number) <= kWholeNumberMax) return static_cast<int64_t>(number);
    return Wrong(name, "a whole number");
  }
  absl::StatusOr<uint64_t> LogPosition(const std::string& name) const {
    SOTHON_ASSIGN_OR_RETURN(const int64_t number, Number(name));
    if (number < 0) return Wrong(name, "a position");
    return static_cast<uint64_t>(number);
  }
  absl::StatusOr<const google::protobuf::ListValue*> List(const std::string& name) const {
    SOTHON_ASSIGN_OR_RETURN(const Value* const value, Find(name));
    if (value->kind_case() == Value::kListValue) return &value->list_value();
    return Wrong(name, "a list");
  }
  absl::Status Wrong(const std::string& name, std::string_view must_be) const {
    return absl::InvalidArgumentError(StrCat(where_, "\"", name, "\" must be ", must_be));
  }

 private:
  absl::StatusOr<const Value*> Find(const std::string& name) const {
    const auto found = object_.fields().find(name);
    if (found != object_.fields().end()) return &found->second;
    return absl::InvalidArgumentError(StrCat(where_, "there is no \"", name, "\""));
  }

  const Struct& object_;
  const std::string where_;
};

absl::StatusOr<FigurePosting> ParsePosting(const Value& value, const std::string& where) {
  if (value.kind_case() != Value::kStructValue) return absl::InvalidArgumentError(where + "it must be an object");
  const Fields fields(value.struct_value(), where);
  FigurePosting parsed;
  v1::Posting& posting = parsed.posting;
  SOTHON_ASSIGN_OR_RETURN(const uint64_t position, fields.LogPosition("position"));
  if (position == 0) return fields.Wrong("position", "a position");
  posting.set_position(position);
  SOTHON_ASSIGN_OR_RETURN(const int64_t change, fields.Number("change"));
  posting.set_change(change);
  SOTHON_ASSIGN_OR_RETURN(*posting.mutable_place_id(), fields.Text("place_id"));
  SOTHON_ASSIGN_OR_RETURN(const std::string month_text, fields.Text("month"));
  const auto month = CivilMonth::Parse(month_text);
  if (!month) return fields.Wrong("month", "a month like 2025-11");
  posting.set_month(month->ToWire());
  SOTHON_ASSIGN_OR_RETURN(const std::string scheme_name, fields.Text("scheme"));
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  if (!v1::Scheme_Parse(scheme_name, &scheme)) return fields.Wrong("scheme", "a scheme like BHXH_TN");
  posting.set_scheme(scheme);
  SOTHON_ASSIGN_OR_RETURN(const std::string counter_name, fields.Text("counter"));
  v1::Counter counter = v1::COUNTER_UNSPECIFIED;
  if (!ParseCounter(counter_name, &counter).ok()) return fields.Wrong("counter", "a counter like first");
  posting.set_counter(counter);
  for (const std::string& name : EventCellNames()) {
    SOTHON_ASSIGN_OR_RETURN(parsed.event_cells.emplace_back(), fields.Text(name));
  }
  return parsed;
}

// Whether postings of `counted` make up the counter that was asked for.
bool IsPartOf(v1::Counter counted, v1::Counter asked) {
  const bool is_developed = counted == v1::COUNTER_FIRST || counted == v1::COUNTER_RETURNED;
  if (asked == v1::COUNTER_DEVELOPED) return is_developed;
  if (asked == v1::COUNTER_COLLECTED) return is_developed || counted == v1::COUNTER_RENEWED;
  return counted == asked;
}

// The schemes that a figure of this unit is of; empty: it is neither a scheme nor one of the groups.
std::vector<v1::Scheme> SchemesOf(const std::string& unit, const projection::SchemeGroups& groups) {
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  if (ParseScheme(unit, &scheme).ok()) return {scheme};
  const auto group = projection::ParseGroup(unit, groups, "unit");
  return group.ok() ? group->schemes : std::vector<v1::Scheme>();
}

// Why a figure that is headed so has no such posting; empty: it may.
std::string OtherThanHeaded(const Figure& figure, absl::Span<const v1::Scheme> schemes, const v1::Posting& posting) {
  v1::Counter counter = v1::COUNTER_UNSPECIFIED;
  if (!ParseCounter(figure.counter, &counter).ok() || !IsPartOf(posting.counter(), counter)) {
    return StrCat("is of the counter ", CounterName(posting.counter()));
  }
  if (std::find(schemes.begin(), schemes.end(), posting.scheme()) == schemes.end()) {
    return StrCat("is of the scheme ", v1::Scheme_Name(posting.scheme()));
  }
  // Who is covered at the end of a month is all who came less all who went, from the beginning.
  const auto period = MonthRange::Parse(figure.period);
  const auto month = CivilMonth::FromWire(posting.month());
  const bool from_beginning = counter == v1::COUNTER_ACTIVE;
  if (!period || !month || *month > period->last || (!from_beginning && *month < period->first)) {
    return StrCat("is of the month ", posting.month());
  }
  const auto shape = ShapeOfPlaceId(figure.about);
  if (!shape) return counter == v1::COUNTER_ACTIVE ? "is of covers, which places alone have" : "";
  // Which communes a province has is not known here.
  const bool is_there = shape == PlaceShape::kVillage   ? posting.place_id() == figure.about
                        : shape == PlaceShape::kCommune ? CommuneOfPlaceId(posting.place_id()) == figure.about
                                                        : true;
  if (!is_there || ShapeOfPlaceId(posting.place_id()) != PlaceShape::kVillage) {
    return StrCat("is of the place ", posting.place_id());
  }
  return "";
}

// Whom or what a receipt counts for, beside its village.
bool Names(const v1::ContributionRecorded& receipt, const std::string& about) {
  const auto& credited = receipt.credited_party_ids();
  return receipt.agency_id() == about || receipt.collector_id() == about || receipt.drive_id() == about ||
         std::find(credited.begin(), credited.end(), about) != credited.end();
}

// The postings of one figure, held against the events that they are said to be of.
class PostingsCheck {
 public:
  PostingsCheck(const Figure& figure, const std::map<uint64_t, ProvenEvent>& proven, std::vector<v1::Scheme> schemes)
      : figure_(figure),
        proven_(proven),
        schemes_(std::move(schemes)),
        is_of_place_(ShapeOfPlaceId(figure.about).has_value()) {}

  std::vector<std::string> Faults();

 private:
  // What is wrong with it; empty: nothing.
  std::string FaultOf(const FigurePosting& told);
  std::string OtherThanCaused(const FigurePosting& told, const v1::Event& event);
  bool IsNew(const v1::Posting& posting);

  const Figure& figure_;
  const std::map<uint64_t, ProvenEvent>& proven_;
  const std::vector<v1::Scheme> schemes_;
  const bool is_of_place_;
  std::set<std::tuple<uint64_t, bool, std::string, int, int, int>> seen_;
  std::set<uint64_t> counted_;  // positions of the receipts that count somebody here
};

// One event changes each counter of a cell once. Several desks of an agency are several cells: what a receipt adds to
// one it may take from another.
bool PostingsCheck::IsNew(const v1::Posting& posting) {
  return seen_
      .emplace(posting.position(), !is_of_place_ && posting.change() < 0, posting.place_id(), posting.scheme(),
               posting.month(), posting.counter())
      .second;
}

// Why `event` did not cause it; empty: it can have.
std::string PostingsCheck::OtherThanCaused(const FigurePosting& told, const v1::Event& event) {
  v1::Posting posting = told.posting;
  // Of desks, credits and drives the file has the place of the event, where the posting names none.
  if (!is_of_place_ && posting.place_id() != event.place_id()) {
    return StrCat("is of the place ", posting.place_id(), ", the event in the log of ", ForTerminal(event.place_id()));
  }
  if (!is_of_place_) posting.clear_place_id();
  const auto found = proven_.find(event.contribution_reversed().reversed_position());
  const v1::Event* const reversed = found == proven_.end() ? nullptr : &found->second.event;
  if (!CanHaveCaused(event, reversed, posting)) return "the event there cannot have caused what is counted of it";
  if (const v1::ContributionRecorded* const receipt = ReceiptItself(event, reversed, posting)) {
    if (!is_of_place_ && !Names(*receipt, figure_.about)) return StrCat("the receipt does not name ", figure_.about);
    const bool counts_people = posting.counter() == v1::COUNTER_FIRST || posting.counter() == v1::COUNTER_RETURNED ||
                               posting.counter() == v1::COUNTER_RENEWED;
    if (counts_people && !counted_.insert(event.position()).second) return "is counted twice";
  }
  if (const std::vector<std::string> cells = EventCells(event); cells != told.event_cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] == told.event_cells[i]) continue;
      return StrCat("\"", EventCellNames()[i], "\" is \"", told.event_cells[i], "\", of the event in the log \"",
                    ForTerminal(cells[i]), "\"");
    }
  }
  return "";
}

std::string PostingsCheck::FaultOf(const FigurePosting& told) {
  std::string what = OtherThanHeaded(figure_, schemes_, told.posting);
  if (what.empty() && !IsNew(told.posting)) what = "is counted twice";
  const auto found = proven_.find(told.posting.position());
  if (what.empty() && found != proven_.end()) what = OtherThanCaused(told, found->second.event);
  return what;
}

std::vector<std::string> PostingsCheck::Faults() {
  std::vector<std::string> faults;
  int64_t sum = 0;
  for (const FigurePosting& told : figure_.postings) {
    // Numbers that somebody made up may be as large as they like.
    sum = static_cast<int64_t>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(told.posting.change()));
    if (const std::string what = FaultOf(told); !what.empty()) {
      faults.push_back(StrCat("position ", told.posting.position(), ": ", what));
    }
  }
  if (sum != figure_.sum) faults.push_back(StrCat("the postings add up to ", sum, ", not to ", figure_.sum));
  return faults;
}

}  // namespace

std::string Figure::Heading() const { return StrCat(counter, " · ", about, " · ", period, " · ", unit, " = ", sum); }

std::set<uint64_t> Figure::Positions() const {
  std::set<uint64_t> positions;
  for (const FigurePosting& each : postings) positions.insert(each.posting.position());
  return positions;
}

absl::StatusOr<Figure> ParseFigure(std::string_view json) {
  Struct object;
  const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(json), &object);
  if (!parsed.ok()) return absl::InvalidArgumentError("it is no JSON object");
  const Fields fields(object, "");
  Figure figure;
  SOTHON_ASSIGN_OR_RETURN(figure.log_id, fields.Text("log_id"));
  SOTHON_ASSIGN_OR_RETURN(figure.position, fields.LogPosition("position"));
  SOTHON_ASSIGN_OR_RETURN(figure.about, fields.Text("about"));
  SOTHON_ASSIGN_OR_RETURN(figure.period, fields.Text("period"));
  SOTHON_ASSIGN_OR_RETURN(figure.unit, fields.Text("unit"));
  SOTHON_ASSIGN_OR_RETURN(figure.counter, fields.Text("counter"));
  SOTHON_ASSIGN_OR_RETURN(figure.sum, fields.Number("sum"));
  SOTHON_ASSIGN_OR_RETURN(const google::protobuf::ListValue* const postings, fields.List("postings"));
  for (const Value& value : postings->values()) {
    SOTHON_ASSIGN_OR_RETURN(figure.postings.emplace_back(),
                            ParsePosting(value, StrCat("posting ", figure.postings.size() + 1, ": ")));
  }
  return figure;
}

std::vector<std::string> FaultsOfFigure(const Figure& figure, const std::map<uint64_t, ProvenEvent>& proven,
                                        const projection::SchemeGroups& groups) {
  std::vector<std::string> faults;
  std::vector<v1::Scheme> schemes = SchemesOf(figure.unit, groups);
  if (figure.about.empty()) faults.emplace_back("\"about\" names nobody");
  if (schemes.empty()) {
    faults.push_back(StrCat("\"unit\" ", figure.unit,
                            " is neither a scheme nor a known group; a group of the projection's own is made known "
                            "with --config FILE, its configuration"));
    return faults;
  }
  const std::set<uint64_t> positions = figure.Positions();
  for (const uint64_t position : positions) {
    if (proven.count(position) == 0) faults.push_back(StrCat("there is no proof of position ", position));
  }
  const note::Checkpoint* checkpoint = nullptr;
  for (const auto& [position, event] : proven) {
    const note::Checkpoint& each = event.checkpoint;
    if (positions.count(position) == 0) {
      faults.push_back(StrCat("there is a proof of position ", position, ", which is not behind the figure"));
    } else if (each.origin != figure.log_id) {
      faults.push_back(
          StrCat("position ", position, " is of the log ", each.origin, ", the figure of the log ", figure.log_id));
    } else if (each.size < figure.position) {
      faults.push_back(StrCat("the figure was counted up to position ", figure.position, ", the proof of position ",
                              position, " is of a log of ", each.size, " events"));
    } else if (checkpoint != nullptr && each != *checkpoint) {
      faults.push_back(StrCat("the proof of position ", position, " is of another checkpoint than the ones before it"));
    }
    if (checkpoint == nullptr) checkpoint = &each;
  }
  if (!positions.empty() && *positions.rbegin() > figure.position) {
    faults.push_back(
        StrCat("position ", *positions.rbegin(), " is behind the figure, which was counted up to ", figure.position));
  }
  const std::vector<std::string> of_postings = PostingsCheck(figure, proven, std::move(schemes)).Faults();
  faults.insert(faults.end(), of_postings.begin(), of_postings.end());
  return faults;
}

}  // namespace sothon::cli
