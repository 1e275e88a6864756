#include "projection-service/view/unknown_fields.h"

#include <vector>

#include "common/base/strings.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace sothon::projection {
namespace {

// The number of an unknown field of `message` itself; 0: none.
int FirstUnknown(const google::protobuf::Message& message) {
  const auto& unknown = message.GetReflection()->GetUnknownFields(message);
  return unknown.empty() ? 0 : unknown.field(0).number();
}

// The number of some unknown field in `message` or in what it contains; 0: none.
int FindUnknown(const google::protobuf::Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (const int number = FirstUnknown(message); number != 0) return number;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const auto& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                               : reflection.GetMessage(message, field);
      if (const int number = FindUnknown(inner); number != 0) return number;
    }
  }
  return 0;
}

// The kinds that come by the million are flat, so they need no walk through their fields.
int FindUnknownInEvent(const v1::Event& event) {
  const google::protobuf::Message* flat = nullptr;
  if (event.has_contribution_recorded()) flat = &event.contribution_recorded();
  if (event.has_contribution_reversed()) flat = &event.contribution_reversed();
  if (event.has_opening_recorded()) flat = &event.opening_recorded();
  if (event.has_participant_moved()) flat = &event.participant_moved();
  if (flat == nullptr) return FindUnknown(event);
  const int number = FirstUnknown(event);
  return number != 0 ? number : FirstUnknown(*flat);
}

}  // namespace

absl::Status CheckNoUnknownFields(const v1::Event& event) {
  const int number = FindUnknownInEvent(event);
  if (number == 0) return absl::OkStatus();
  return absl::UnimplementedError(StrCat("the event at position ", event.position(), " has a kind or field, number ",
                                         number, ", that this version does not know; install a newer version"));
}

}  // namespace sothon::projection
