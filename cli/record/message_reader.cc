#include "cli/record/message_reader.h"

#include <limits>
#include <map>

#include "absl/strings/escaping.h"
#include "cli/record/event_keys.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

constexpr char kHexExpected[] = "hexadecimal digits in quotes, two for each byte";

enum class Meaning { kPlain, kDate, kMonth, kPosition };

Meaning MeaningOf(const FieldDescriptor& field) {
  const std::string_view name = field.name();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    return name.ends_with("_position") || name.ends_with("_positions") ? Meaning::kPosition : Meaning::kPlain;
  }
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_INT32) return Meaning::kPlain;
  if (name.ends_with("_month")) return Meaning::kMonth;
  const bool is_date =
      name.ends_with("_date") || name.ends_with("_from") || name.ends_with("_to") || name.ends_with("_until");
  return is_date ? Meaning::kDate : Meaning::kPlain;
}

bool IsId(const FieldDescriptor& field) {
  const std::string_view name = field.name();
  return field.type() == FieldDescriptor::TYPE_STRING && (name.ends_with("_id") || name.ends_with("_ids"));
}

struct Bounds {
  int64_t min = 0;
  int64_t max = std::numeric_limits<int64_t>::max();  // TOML has no larger one
};

Bounds BoundsOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {0, std::numeric_limits<uint32_t>::max()};
    case FieldDescriptor::CPPTYPE_INT64:
      return {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
    default:
      return {};
  }
}

std::optional<std::string> BytesOf(const std::string& text) {
  if (text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    return std::nullopt;
  }
  return absl::HexStringToBytes(text);
}

// One field of one message.
class FieldReader {
 public:
  FieldReader(TomlSection* section, std::string key, const FieldDescriptor& field, Message* message)
      : section_(section), key_(std::move(key)), field_(field), message_(message), set_(message->GetReflection()) {}

  void Read(std::vector<PositionReference>* references) {
    const Meaning meaning = MeaningOf(field_);
    if (meaning == Meaning::kPosition && references != nullptr) return Positions(references);
    if (meaning == Meaning::kDate) return field_.is_repeated() ? Dates() : Date();
    if (meaning == Meaning::kMonth) return field_.is_repeated() ? Months() : Month();
    if (field_.is_repeated()) return Many();
    One();
  }

 private:
  void One() {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (auto nested = section_->Section(key_)) ReadNested(&*nested, set_->MutableMessage(message_, &field_));
        return;
      case FieldDescriptor::CPPTYPE_STRING:
        return OneText();
      case FieldDescriptor::CPPTYPE_ENUM:
        return set_->SetEnumValue(message_, &field_, section_->Choice<int>(key_, *field_.enum_type()));
      case FieldDescriptor::CPPTYPE_BOOL:
        return set_->SetBool(message_, &field_, section_->Boolean(key_, false));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return set_->SetDouble(message_, &field_, section_->Number(key_));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return set_->SetFloat(message_, &field_, static_cast<float>(section_->Number(key_)));
      default:
        return OneInteger();
    }
  }

  void OneText() {
    if (field_.type() != FieldDescriptor::TYPE_BYTES) {
      return set_->SetString(message_, &field_, IsId(field_) ? section_->Id(key_) : section_->Text(key_));
    }
    const auto bytes = BytesOf(section_->Text(key_));
    if (!bytes) return section_->AddProblem(key_, StrCat("must be ", kHexExpected));
    set_->SetString(message_, &field_, *bytes);
  }

  void OneInteger() {
    const Bounds bounds = BoundsOf(field_);
    const int64_t value = section_->Integer(key_, bounds.min, bounds.max);
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return set_->SetInt32(message_, &field_, static_cast<int32_t>(value));
      case FieldDescriptor::CPPTYPE_UINT32:
        return set_->SetUInt32(message_, &field_, static_cast<uint32_t>(value));
      case FieldDescriptor::CPPTYPE_INT64:
        return set_->SetInt64(message_, &field_, value);
      default:
        return set_->SetUInt64(message_, &field_, static_cast<uint64_t>(value));
    }
  }

  void Many() {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        for (TomlSection& nested : section_->Sections(key_)) ReadNested(&nested, set_->AddMessage(message_, &field_));
        return;
      case FieldDescriptor::CPPTYPE_STRING:
        return ManyTexts();
      case FieldDescriptor::CPPTYPE_ENUM:
        for (int value : section_->ChoiceList(key_, *field_.enum_type())) set_->AddEnumValue(message_, &field_, value);
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return section_->AddProblem(key_, "is a list of a type that event files cannot hold; leave it out");
      default:
        return ManyIntegers();
    }
  }

  void ManyTexts() {
    const auto texts = IsId(field_) ? section_->IdList(key_) : section_->TextList(key_);
    for (const std::string& text : texts) {
      if (field_.type() != FieldDescriptor::TYPE_BYTES) {
        set_->AddString(message_, &field_, text);
      } else if (const auto bytes = BytesOf(text)) {
        set_->AddString(message_, &field_, *bytes);
      } else {
        return section_->AddProblem(key_, StrCat("must be a list of ", kHexExpected));
      }
    }
  }

  void ManyIntegers() {
    const Bounds bounds = BoundsOf(field_);
    for (const int64_t value : section_->IntegerList(key_, bounds.min, bounds.max)) {
      switch (field_.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          set_->AddInt32(message_, &field_, static_cast<int32_t>(value));
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          set_->AddUInt32(message_, &field_, static_cast<uint32_t>(value));
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          set_->AddInt64(message_, &field_, value);
          break;
        default:
          set_->AddUInt64(message_, &field_, static_cast<uint64_t>(value));
          break;
      }
    }
  }

  void Date() {
    if (const auto date = section_->Date(key_)) set_->SetInt32(message_, &field_, date->ToWire());
  }
  void Month() {
    if (const auto month = section_->Month(key_)) set_->SetInt32(message_, &field_, month->ToWire());
  }
  void Dates() {
    for (const CivilDate date : section_->DateList(key_)) set_->AddInt32(message_, &field_, date.ToWire());
  }
  void Months() {
    for (const CivilMonth month : section_->MonthList(key_)) set_->AddInt32(message_, &field_, month.ToWire());
  }

  void Positions(std::vector<PositionReference>* references) {
    const auto given = section_->NumberOrIdList(key_);
    if (!field_.is_repeated() && given.size() > 1)
      return section_->AddProblem(key_, "must be one position, not a list");
    for (size_t i = 0; i < given.size(); ++i) {
      const auto* number = std::get_if<uint64_t>(&given[i]);
      if (field_.is_repeated()) {
        set_->AddUInt64(message_, &field_, number != nullptr ? *number : 0);
      } else if (number != nullptr) {
        set_->SetUInt64(message_, &field_, *number);
      }
      if (number == nullptr) {
        references->push_back(
            {&field_, field_.is_repeated() ? static_cast<int>(i) : -1, std::get<std::string>(given[i])});
      }
    }
  }

  static void ReadNested(TomlSection* section, Message* message) {
    ReadMessage(
        section, message, [](const FieldDescriptor& field) { return field.name(); }, nullptr);
    section->RefuseOtherKeys();
  }

  TomlSection* const section_;
  const std::string key_;
  const FieldDescriptor& field_;
  Message* const message_;
  const Reflection* const set_;
};

}  // namespace

void ReadMessage(TomlSection* section, Message* message, const KeyOfField& key_of,
                 std::vector<PositionReference>* references) {
  const google::protobuf::Descriptor* descriptor = message->GetDescriptor();
  std::map<const OneofDescriptor*, std::string> chosen;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    const std::string key = key_of(field);
    if (key.empty()) continue;
    if (IsServerAssigned(field)) {
      section->Refuse(key, field.name() == "subject_id"
                               ? "is assigned by the service; give the person's number under [events.identity] instead"
                               : "is assigned by the service; leave it out");
      continue;
    }
    if (!section->Has(key)) continue;
    if (const OneofDescriptor* oneof = field.real_containing_oneof()) {
      const auto [earlier, is_first] = chosen.emplace(oneof, key);
      if (!is_first) section->AddProblem(key, StrCat("cannot stand beside `", earlier->second, "`; keep one of them"));
    }
    FieldReader(section, key, field, message).Read(references);
  }
}

}  // namespace sothon::cli
