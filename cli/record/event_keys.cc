#include "cli/record/event_keys.h"

#include <algorithm>
#include <set>

#include "cli/app/digest.h"
#include "cli/import/row_mapper.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/event/stored_event.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Keys of every event, whatever its kind.
const std::set<std::string>& OwnKeys() {
  static const auto* const keys = [] {
    auto* built = new std::set<std::string>{"kind"};
    const Descriptor* submission = v1::Submission::descriptor();
    for (int i = 0; i < submission->field_count(); ++i) built->insert(KeyOfSubmissionField(*submission->field(i)));
    const Descriptor* event = v1::Event::descriptor();
    for (int i = 0; i < event->field_count(); ++i) built->insert(KeyOfEventField(*event->field(i)));
    built->erase("");
    return built;
  }();
  return *keys;
}

// Whether a field of a kind says which thing the event is about, rather than how much or why. A change of this list
// gives recorded events new ids: it must stay.
bool NamesTheEvent(const FieldDescriptor& field) {
  if (field.is_repeated() || field.type() == FieldDescriptor::TYPE_BYTES) return false;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING && field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) {
    return false;
  }
  constexpr std::string_view kEnds[] = {"_id", "_number", "kind", "period", "scheme"};
  const std::string_view name = field.name();
  return std::any_of(std::begin(kEnds), std::end(kEnds), [&](std::string_view end) { return name.ends_with(end); });
}

void CopyNames(const Message& from, Message* to) {
  const Reflection* reflection = from.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(from, &fields);
  for (const FieldDescriptor* field : fields) {
    if (!NamesTheEvent(*field)) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      reflection->SetEnumValue(to, field, reflection->GetEnumValue(from, field));
    } else {
      reflection->SetString(to, field, reflection->GetString(from, field));
    }
  }
}

}  // namespace

std::string KeyOfSubmissionField(const FieldDescriptor& field) {
  return field.number() == v1::Submission::kEventFieldNumber ? "" : field.name();
}

std::string KeyOfEventField(const FieldDescriptor& field) {
  if (field.containing_oneof() != nullptr) return "";
  switch (field.number()) {
    case v1::Event::kEffectiveDateFieldNumber:
      return "date";
    case v1::Event::kPlaceIdFieldNumber:
      return "place";
    case v1::Event::kDocumentIdFieldNumber:
      return "document";
    default:
      return field.name();
  }
}

std::string KeyOfKindField(std::string_view kind, const FieldDescriptor& field) {
  if (OwnKeys().count(field.name()) == 0) return field.name();
  return StrCat(kind.substr(0, kind.find('_')), "_", field.name());
}

bool IsServerAssigned(const FieldDescriptor& field) {
  return field.name() == "subject_id" || field.name() == "reversed_position" ||
         field.full_name() == "sothon.v1.Event.position" || field.full_name() == "sothon.v1.Event.recorded_at_us" ||
         field.full_name() == "sothon.v1.ContributionReversed.scheme";
}

std::string KeyOfPath(std::string_view path) {
  constexpr std::string_view kEvent = "event";
  if (path == kEvent) return "";
  if (!path.starts_with("event.")) return std::string(path);
  path.remove_prefix(kEvent.size() + 1);
  const std::string_view name = path.substr(0, path.find_first_of(".["));
  const FieldDescriptor* field = v1::Event::descriptor()->FindFieldByName(std::string(name));
  if (field == nullptr) return std::string(path);
  std::string_view rest = path.substr(name.size());
  if (field->containing_oneof() == nullptr) return StrCat(KeyOfEventField(*field), rest);
  if (rest.empty()) return "kind";
  rest.remove_prefix(1);
  const std::string_view inner = rest.substr(0, rest.find_first_of(".["));
  const FieldDescriptor* inner_field = field->message_type()->FindFieldByName(std::string(inner));
  if (inner_field == nullptr) return std::string(rest);
  return StrCat(KeyOfKindField(name, *inner_field), rest.substr(inner.size()));
}

std::string DerivedEventId(std::string_view file_id, const v1::Event& event) {
  if (event.has_contribution_recorded()) {
    const v1::ContributionRecorded& contribution = event.contribution_recorded();
    return ContributionEventId(contribution.agency_id(), contribution.receipt_number());
  }
  if (event.has_contribution_reversed()) {
    const v1::ContributionReversed& reversal = event.contribution_reversed();
    return ReversalEventId(reversal.agency_id(), reversal.receipt_number());
  }
  v1::Event about;
  about.set_effective_date(event.effective_date());
  about.set_place_id(event.place_id());
  const Reflection* reflection = event.GetReflection();
  const FieldDescriptor* kind =
      reflection->GetOneofFieldDescriptor(event, v1::Event::descriptor()->FindOneofByName("kind"));
  if (kind != nullptr) CopyNames(reflection->GetMessage(event, kind), reflection->MutableMessage(&about, kind));
  return StrCat(file_id, ".", ShortDigest(SerializeBody(about)));
}

}  // namespace sothon::cli
