#include "cli/record/differences.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "cli/record/event_keys.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "google/protobuf/text_format.h"

namespace sothon::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kShownBytesMax = 120;

std::string ValueText(const Message& message, const FieldDescriptor& field) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  if (!field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
      !message.GetReflection()->HasField(message, &field)) {
    return "nothing";
  }
  std::vector<std::string> values;
  const int size = field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) : 1;
  for (int i = 0; i < size; ++i) {
    values.emplace_back();
    printer.PrintFieldValueToString(message, &field, field.is_repeated() ? i : -1, &values.back());
  }
  const std::string text = absl::StrJoin(values, ", ");
  return field.is_repeated() ? StrCat("[", text, "]") : text;
}

void Compare(const std::string& key, const Message& recorded, const Message& submitted, const FieldDescriptor& field,
             std::vector<std::string>* differences) {
  const std::string there = ValueText(recorded, field);
  const std::string here = ValueText(submitted, field);
  if (there == here) return;
  const bool is_long = there.size() > kShownBytesMax || here.size() > kShownBytesMax;
  differences->push_back(is_long ? StrCat(key, " (too long to be shown)")
                                 : StrCat(key, " ", there, " there, ", here, " here"));
}

}  // namespace

std::string DescribeDifferences(const v1::Event& recorded, const v1::Event& submitted) {
  const std::string_view kind = EventKindName(submitted.kind_case());
  if (recorded.kind_case() != submitted.kind_case()) {
    return StrCat("kind ", EventKindName(recorded.kind_case()), " there, ", kind, " here");
  }
  std::vector<std::string> differences;
  const auto* descriptor = v1::Event::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    const std::string key = KeyOfEventField(field);
    // A reversal takes the place of its receipt when it names none.
    const bool is_filled_in = key == "place" && submitted.has_contribution_reversed() && submitted.place_id().empty();
    if (key.empty() || IsServerAssigned(field) || is_filled_in) continue;
    Compare(key, recorded, submitted, field, &differences);
  }
  if (const FieldDescriptor* field = descriptor->FindFieldByNumber(submitted.kind_case()); field != nullptr) {
    const Message& there = recorded.GetReflection()->GetMessage(recorded, field);
    const Message& here = submitted.GetReflection()->GetMessage(submitted, field);
    for (int i = 0; i < field->message_type()->field_count(); ++i) {
      const FieldDescriptor& inner = *field->message_type()->field(i);
      if (!IsServerAssigned(inner)) Compare(KeyOfKindField(kind, inner), there, here, inner, &differences);
    }
  }
  return differences.empty() ? "it is about another person" : absl::StrJoin(differences, "; ");
}

}  // namespace sothon::cli
