#include "cli/record/events_file.h"

#include <filesystem>
#include <set>

#include "cli/import/row_mapper.h"
#include "cli/record/event_keys.h"
#include "cli/toml/toml_file.h"
#include "cli/toml/toml_section.h"
#include "common/base/nearest.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

using google::protobuf::FieldDescriptor;
using Need = TomlSection::Need;

constexpr char kFormat[] = "sothon-events/1";
// With a dot and the 24 digits of a derived id it is an event id still.
constexpr size_t kFileIdBytesMax = 39;

// Thread-compatible; for one file.
class EventsReader {
 public:
  EventsReader(std::string file, bool all_synthetic) : all_synthetic_(all_synthetic) { read_.file = std::move(file); }

  absl::StatusOr<EventsFile> Read(const toml::table& table) {
    TomlSection root(table, "", read_.file, &problems_);
    if (root.Text("format", Need::kRequired) != kFormat) {
      root.AddProblem("format", StrCat("must be \"", kFormat, "\""));
    }
    read_.file_id = root.Id("file_id", Need::kRequired);
    if (read_.file_id.size() > kFileIdBytesMax) {
      root.AddProblem("file_id", StrCat("is longer than ", kFileIdBytesMax, " characters; shorten it"));
    }
    is_synthetic_ = root.Boolean("synthetic", false) || all_synthetic_;
    if (!root.Has("events")) root.AddProblem("", "holds no events; add [[events]]");
    std::vector<TomlSection> sections = root.Sections("events");
    for (size_t i = 0; i < sections.size(); ++i) ReadEvent(&sections[i], i);
    root.RefuseOtherKeys();
    if (!problems_.empty()) return BadRequest(problems_);
    return std::move(read_);
  }

 private:
  void ReadEvent(TomlSection* section, size_t number);
  // The kind's field in Event; null, with a problem: there is none.
  static const FieldDescriptor* ReadKind(TomlSection* section);
  void GiveId(TomlSection* section, EventItem* item);
  void FindNeeds(TomlSection* section, EventItem* item);

  const bool all_synthetic_;
  bool is_synthetic_ = false;
  std::vector<FieldViolation> problems_;
  std::map<std::string, int> line_by_event_id_;
  EventsFile read_;
};

const FieldDescriptor* EventsReader::ReadKind(TomlSection* section) {
  const std::string name = section->Text("kind", Need::kRequired);
  if (name.empty()) return nullptr;
  if (const auto kind = EventKindFromName(name)) {
    return v1::Event::descriptor()->FindFieldByNumber(static_cast<int>(*kind));
  }
  std::vector<std::string_view> known;
  for (const EventKind kind : AllEventKinds()) known.push_back(EventKindName(kind));
  const std::string nearest = NearestOf(name, known);
  section->AddProblem("kind", StrCat("\"", name, "\" is no kind of event; ",
                                     nearest.empty() ? "docs/formats/cli.md says where the kinds are listed"
                                                     : StrCat("did you mean \"", nearest, "\"?")));
  return nullptr;
}

void EventsReader::GiveId(TomlSection* section, EventItem* item) {
  v1::Event* event = item->submission.mutable_event();
  const bool is_derived = !section->Has("event_id");
  if (is_derived) event->set_event_id(DerivedEventId(read_.file_id, *event));
  if (event->event_id().empty()) {
    // One that is not well formed has been told already.
    if (problems_.empty()) section->AddProblem("event_id", "is empty; write one, or leave it out");
    return;
  }
  const auto [earlier, is_new] = line_by_event_id_.emplace(event->event_id(), item->line);
  if (is_new) return;
  section->AddProblem(is_derived ? "" : "event_id",
                      is_derived
                          ? StrCat("is about the same as the event on line ", earlier->second,
                                   " (kind, date, place and what it names), so that both would have one id; give "
                                   "this one an `event_id` of its own, or keep one of them")
                          : StrCat("\"", event->event_id(), "\" is the id of the event on line ", earlier->second,
                                   " too; give this one another"));
}

// Called before the event has its own id, so that it cannot name itself.
void EventsReader::FindNeeds(TomlSection* section, EventItem* item) {
  const v1::Event& event = item->submission.event();
  for (const PositionReference& reference : item->references) {
    if (line_by_event_id_.count(reference.event_id) > 0) {
      item->needs.push_back(reference.event_id);
      continue;
    }
    section->AddProblem(KeyOfKindField(EventKindName(event.kind_case()), *reference.field),
                        StrCat("names \"", reference.event_id,
                               "\", which is the event_id of no event above in this file; give the event that is "
                               "meant that `event_id`, or write its position as a number"));
  }
  if (event.has_contribution_reversed()) {
    const v1::ContributionReversed& reversal = event.contribution_reversed();
    for (const EventItem& above : read_.items) {
      const v1::ContributionRecorded& contribution = above.submission.event().contribution_recorded();
      if (above.submission.event().has_contribution_recorded() && contribution.agency_id() == reversal.agency_id() &&
          contribution.receipt_number() == reversal.receipt_number()) {
        item->needs.push_back(above.submission.event().event_id());
      }
    }
  }
  // A drive is closed only when it is open: what keeps its opening from being sent keeps its close, too.
  if (event.has_drive_closed()) {
    for (const EventItem& above : read_.items) {
      const v1::Event& earlier = above.submission.event();
      if (!earlier.has_drive_opened() || earlier.drive_opened().drive_id() != event.drive_closed().drive_id()) continue;
      item->needs.insert(item->needs.end(), above.needs.begin(), above.needs.end());
    }
  }
}

void EventsReader::ReadEvent(TomlSection* section, size_t number) {
  const FieldDescriptor* kind = ReadKind(section);
  if (kind == nullptr) return;
  EventItem item;
  item.file = read_.file;
  item.name = StrCat("events[", number, "]");
  item.line = section->Line();
  item.lines_of_keys = section->LinesOfKeys();
  v1::Event* event = item.submission.mutable_event();
  event->set_synthetic(is_synthetic_);
  ReadMessage(section, &item.submission, KeyOfSubmissionField, nullptr);
  ReadMessage(section, event, KeyOfEventField, nullptr);
  if (!section->Has("date")) section->AddProblem("", "`date` is missing; add the day on which it took effect");
  if (all_synthetic_) event->set_synthetic(true);
  const std::string kind_name = kind->name();
  ReadMessage(
      section, event->GetReflection()->MutableMessage(event, kind),
      [&kind_name](const FieldDescriptor& field) { return KeyOfKindField(kind_name, field); }, &item.references);
  section->RefuseOtherKeys();
  FindNeeds(section, &item);
  GiveId(section, &item);
  read_.items.push_back(std::move(item));
}

}  // namespace

std::string EventItem::Where(std::string_view path) const {
  const std::string key = KeyOfPath(path);
  const auto at = lines_of_keys.find(key.substr(0, key.find_first_of(".[")));
  return StrCat(file, " line ", at == lines_of_keys.end() ? line : at->second, " (", name, key.empty() ? "" : ".", key,
                ")");
}

absl::StatusOr<EventsFile> ReadEventsFile(const std::string& path, bool all_synthetic) {
  SOTHON_ASSIGN_OR_RETURN(const toml::table table, ReadTomlFile(path, "name an event file (TOML)"));
  return EventsReader(std::filesystem::path(path).filename().string(), all_synthetic).Read(table);
}

}  // namespace sothon::cli
