#include "cli/directory/directory.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/app/connection.h"
#include "cli/app/text_tools.h"
#include "common/base/place_id.h"
#include "common/base/text.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

bool IsLeaf(const v1::PlaceRegistered& place) {
  return place.level() == v1::VILLAGE || place.level() == v1::RESIDENTIAL_GROUP;
}

// What names are compared by: "Tổ dân phố 1" and "TDP 1" are one.
std::string NameKey(std::string_view name) {
  std::string key = MatchingForm(name).value_or("");
  if (key.starts_with("tổ dân phố ")) key = "tdp " + key.substr(std::string_view("tổ dân phố ").size());
  return key;
}

}  // namespace

bool IsTotalLabel(std::string_view text) {
  const std::string key = MatchingForm(text).value_or("");
  return key == "tổng" || key == "tổng cộng" || key == "tổng số" || key == "cộng" || key == "total";
}

void Directory::AddName(std::string_view name, const std::string& place_id) {
  const std::string key = NameKey(name);
  if (key.empty()) return;
  std::vector<std::string>& ids = places_by_name_[key];
  if (std::find(ids.begin(), ids.end(), place_id) == ids.end()) ids.push_back(place_id);
}

void Directory::AddPlace(const v1::PlaceRegistered& place, const std::string& document_id) {
  places_[place.place_id()] = {place, document_id};
  if (!IsLeaf(place)) return;
  const std::string& name = place.name();
  AddName(name, place.place_id());
  for (const std::string& alias : place.aliases()) AddName(alias, place.place_id());
  // "Thôn 4 (Đăk Tiêng Kơ Tu)" is also called by either half; the first one then collides with other villages' names.
  const size_t open = name.find('(');
  const size_t close = name.rfind(')');
  if (open != std::string::npos && close != std::string::npos && open < close) {
    AddName(std::string_view(name).substr(0, open), place.place_id());
    AddName(std::string_view(name).substr(open + 1, close - open - 1), place.place_id());
  }
}

void Directory::Apply(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      documents_[event.document_issued().document_id()] = event.document_issued();
      break;
    case v1::Event::kPartyRegistered:
      parties_[event.party_registered().party_id()] = event.party_registered();
      break;
    case v1::Event::kPlaceRegistered:
      AddPlace(event.place_registered(), event.document_id());
      break;
    case v1::Event::kPlaceChanged: {
      const auto found = places_.find(event.place_changed().place_id());
      if (found == places_.end()) break;
      // The earlier name goes on meaning the place.
      const v1::PlaceChanged& change = event.place_changed();
      if (!change.new_name().empty()) {
        found->second.place.set_name(change.new_name());
        if (IsLeaf(found->second.place)) AddName(change.new_name(), change.place_id());
      }
      if (change.new_level() != v1::PLACE_LEVEL_UNSPECIFIED) found->second.place.set_level(change.new_level());
      break;
    }
    default:
      break;
  }
}

const KnownPlace* Directory::FindPlace(std::string_view place_id) const {
  const auto found = places_.find(place_id);
  return found == places_.end() ? nullptr : &found->second;
}

const v1::DocumentIssued* Directory::FindDocument(std::string_view document_id) const {
  const auto found = documents_.find(document_id);
  return found == documents_.end() ? nullptr : &found->second;
}

const v1::PartyRegistered* Directory::FindParty(std::string_view party_id) const {
  const auto found = parties_.find(party_id);
  return found == parties_.end() ? nullptr : &found->second;
}

std::vector<std::string> Directory::PartyIds(v1::PartyKind kind) const {
  std::vector<std::string> ids;
  for (const auto& [id, party] : parties_) {
    if (party.kind() == kind) ids.push_back(id);
  }
  return ids;
}

std::string Directory::Describe(const std::string& place_id) const {
  const KnownPlace* known = FindPlace(place_id);
  std::string out = StrCat(place_id, " (", known->place.name());
  if (known->place.source_row() > 0) StrAppend(&out, ", STT ", known->place.source_row());
  if (!known->place.former_unit().empty()) StrAppend(&out, ", ", known->place.former_unit());
  return out + ")";
}

std::optional<std::string> Directory::ResolveVillage(std::string_view text, Problem* problem) const {
  const std::string_view trimmed = Trim(text);
  if (const auto shape = ShapeOfPlaceId(trimmed)) {
    const KnownPlace* known = FindPlace(trimmed);
    if (known != nullptr && IsLeaf(known->place)) return std::string(trimmed);
    problem->reason = known == nullptr ? StrCat("there is no village ", trimmed, " in the book")
                                       : StrCat(trimmed, " (", known->place.name(), ") is not a village");
    problem->remedy = "write the code of a village, for example 23500-07; `sothon places` lists them";
    return std::nullopt;
  }
  const auto found = places_by_name_.find(NameKey(trimmed));
  if (found == places_by_name_.end()) {
    problem->reason = StrCat("there is no village named \"", trimmed, "\" in the book");
    problem->remedy = "write its code, or document and STT; `sothon places` lists them";
    return std::nullopt;
  }
  if (found->second.size() == 1) return found->second.front();
  std::vector<std::string> candidates;
  for (const std::string& id : found->second) candidates.push_back(Describe(id));
  problem->reason = StrCat("\"", trimmed, "\" is the name of ", candidates.size(), " villages");
  problem->remedy =
      StrCat("write the code of the one that is meant, or document and STT: ", absl::StrJoin(candidates, "; "));
  return std::nullopt;
}

std::optional<std::string> Directory::ResolveRow(std::string_view document, std::string_view stt,
                                                 Problem* problem) const {
  const std::string_view wanted = Trim(document);
  uint32_t row = 0;
  if (!ParseNumber(stt, &row) || row == 0) {
    problem->reason = StrCat("\"", stt, "\" is not a row number of a document");
    problem->remedy = "write the STT as it stands in the document's table, for example 7";
    return std::nullopt;
  }
  std::vector<std::string> documents;
  for (const auto& [id, issued] : documents_) {
    if (id == wanted || NameKey(issued.number_verbatim()) == NameKey(wanted) ||
        NameKey(issued.number_normalised()) == NameKey(wanted)) {
      documents.push_back(id);
    }
  }
  if (documents.size() != 1) {
    problem->reason = documents.empty() ? StrCat("there is no document \"", wanted, "\" in the book")
                                        : StrCat("\"", wanted, "\" is the number of ", documents.size(), " documents");
    problem->remedy = "write the document's id, as `sothon events --kind document_issued` shows it";
    return std::nullopt;
  }
  for (const auto& [id, known] : places_) {
    if (known.document_id == documents.front() && known.place.source_row() == row && IsLeaf(known.place)) return id;
  }
  problem->reason = StrCat("document ", documents.front(), " lists no village in row ", row);
  problem->remedy = "write a row of the document's table; `sothon places` lists them";
  return std::nullopt;
}

bool Directory::IsCalled(std::string_view place_id, std::string_view name) const {
  const auto found = places_by_name_.find(NameKey(name));
  return found != places_by_name_.end() &&
         std::find(found->second.begin(), found->second.end(), place_id) != found->second.end();
}

absl::StatusOr<Directory> ReadDirectory(v1::IngestService::StubInterface* ingest) {
  v1::ReadEventsRequest request;
  for (const char* kind : {"place_registered", "place_changed", "document_issued", "party_registered"}) {
    request.add_kinds(kind);
  }
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(120)));
  const auto reader = ingest->ReadEvents(&context, request);
  Directory directory;
  v1::ReadEventsResponse response;
  bool is_readable = true;
  while (is_readable && reader->Read(&response)) {
    for (const std::string& stored : response.events()) {
      v1::Event event;
      is_readable = is_readable && event.ParseFromString(stored);
      if (is_readable) directory.Apply(event);
    }
  }
  if (!is_readable) context.TryCancel();
  const absl::Status status = FromGrpc(reader->Finish());
  if (!is_readable) return absl::DataLossError("the log holds an event that cannot be read; is this client too old?");
  if (!status.ok()) return status;
  return directory;
}

}  // namespace sothon::cli
