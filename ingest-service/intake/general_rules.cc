#include "ingest-service/intake/general_rules.h"

#include <map>
#include <vector>

#include "common/base/ids.h"
#include "common/event/event_kind.h"
#include "google/protobuf/descriptor.h"
#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kTextBytesMax = 4'096;
constexpr int kRepeatedMax = 10'000;
// The one field named like a party that names none that is known.
constexpr std::string_view kRegisteredParty = "event.party_registered.party_id";

bool EndsWith(std::string_view text, std::string_view end) { return text.ends_with(end); }

// Fields that a kind cannot do without, by name; "place_id" alone means the event's own.
const std::vector<std::string_view>& RequiredFields(EventKind kind) {
  using Fields = std::vector<std::string_view>;
  static const auto* const kRequired = new std::map<EventKind, Fields>{
      {v1::Event::kDocumentIssued, {"document_id"}},
      {v1::Event::kPlaceRegistered, {"place_id", "level", "name"}},
      {v1::Event::kPlaceChanged, {"place_id", "change"}},
      {v1::Event::kJurisdictionAssigned, {"place_id", "tree", "office_party_id"}},
      {v1::Event::kPartyRegistered, {"party_id", "kind", "name"}},
      {v1::Event::kRoleAssigned, {"role_id", "role", "party_id"}},
      {v1::Event::kRoleEnded, {"role_id"}},
      {v1::Event::kTargetSet, {"target_id", "measure", "from_month", "to_month"}},
      {v1::Event::kDenominatorDeclared, {"denominator_id", "of"}},
      {v1::Event::kRosterDeclared, {"roster_id"}},
      {v1::Event::kParameterSet, {"name"}},
      {v1::Event::kDriveProposed, {"drive_id", "agency_id"}},
      {v1::Event::kDriveAgreed, {"drive_id", "office_party_id"}},
      {v1::Event::kDriveScheduled, {"drive_id", "from_date"}},
      {v1::Event::kDriveOpened, {"drive_id", "office_party_id"}},
      {v1::Event::kAttendanceRecorded, {"drive_id", "agency_id"}},
      {v1::Event::kDriveClosed, {"drive_id", "office_party_id"}},
      {v1::Event::kCommitmentSigned, {"party_id"}},
      {v1::Event::kActivityRecorded, {"kind"}},
      {v1::Event::kProspectRecorded, {"prospect_id", "scheme"}},
      {v1::Event::kProspectResolved, {"prospect_id", "outcome"}},
      {v1::Event::kCertificateIssued, {"scheme"}},
      {v1::Event::kPortfolioHandedOver, {"from_party_id", "to_party_id"}},
      {v1::Event::kParticipantClassified, {"group"}},
      {v1::Event::kReportFiled, {"report_kind", "by_party_id"}},
      {v1::Event::kPeriodPublished, {"period", "at_position"}},
      {v1::Event::kDecisionRecorded, {"kind"}},
      {v1::Event::kErasureRequested, {"legal_basis"}},
  };
  static const Fields kNone;
  const auto found = kRequired->find(kind);
  return found == kRequired->end() ? kNone : found->second;
}

// Kinds whose event must say where.
bool NeedsPlace(EventKind kind) {
  switch (kind) {
    case v1::Event::kDriveProposed:
    case v1::Event::kDriveOpened:
    case v1::Event::kCommitmentSigned:
    case v1::Event::kActivityRecorded:
    case v1::Event::kProspectRecorded:
    case v1::Event::kPortfolioHandedOver:
      return true;
    default:
      return false;
  }
}

void CheckOneText(const std::string& path, std::string_view name, std::string* value, const CheckContext& context) {
  CheckText(path, value, kTextBytesMax, context);
  if (value->empty()) return;
  if (EndsWith(name, "collector_id") || EndsWith(name, "collector_ids")) {
    CheckParty(path, *value, v1::COLLECTOR, context);
  } else if (EndsWith(name, "agency_id") || EndsWith(name, "agency_ids")) {
    CheckParty(path, *value, v1::AGENCY, context);
  } else if (path == kRegisteredParty) {
    CheckId(path, *value, context);
  } else if (EndsWith(name, "party_id") || EndsWith(name, "party_ids") || EndsWith(name, "guide_ids")) {
    CheckParty(path, *value, v1::PARTY_KIND_UNSPECIFIED, context);
  } else if (EndsWith(name, "into_place_ids")) {
    CheckPlace(path, *value, context);
  } else if (EndsWith(name, "_id") && !EndsWith(name, "place_id")) {
    CheckId(path, *value, context);
  }
}

class Walker {
 public:
  explicit Walker(const CheckContext& context) : context_(context) {}

  void Walk(const std::string& path, Message* message) {
    std::vector<const FieldDescriptor*> fields;
    message->GetReflection()->ListFields(*message, &fields);
    for (const FieldDescriptor* field : fields) {
      const std::string field_path = StrCat(path, ".", field->name());
      if (!field->is_repeated()) {
        One(field_path, field, message);
        continue;
      }
      const int size = message->GetReflection()->FieldSize(*message, field);
      if (size > kRepeatedMax) {
        context_.violations->Add(field_path, StrCat(size, " entries, at most ", kRepeatedMax, " are taken"));
      }
      for (int i = 0; i < size && i < kRepeatedMax; ++i) Element(StrCat(field_path, "[", i, "]"), field, message, i);
    }
  }

 private:
  void One(const std::string& path, const FieldDescriptor* field, Message* message) {
    const Reflection* reflection = message->GetReflection();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Walk(path, reflection->MutableMessage(message, field));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        if (field->type() == FieldDescriptor::TYPE_BYTES) {
          Bytes(path, field, reflection->GetString(*message, field));
        } else {
          std::string value = reflection->GetString(*message, field);
          CheckOneText(path, field->name(), &value, context_);
          reflection->SetString(message, field, value);
        }
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        Number32(path, field->name(), reflection->GetInt32(*message, field));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        CheckAmount(path, reflection->GetInt64(*message, field), context_.limits.amount_vnd_max, context_);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        Enumerator(path, field, reflection->GetEnumValue(*message, field));
        break;
      default:
        break;
    }
  }

  void Element(const std::string& path, const FieldDescriptor* field, Message* message, int index) {
    const Reflection* reflection = message->GetReflection();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Walk(path, reflection->MutableRepeatedMessage(message, field, index));
    } else if (field->type() == FieldDescriptor::TYPE_BYTES) {
      Bytes(path, field, reflection->GetRepeatedString(*message, field, index));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      std::string value = reflection->GetRepeatedString(*message, field, index);
      CheckOneText(path, field->name(), &value, context_);
      reflection->SetRepeatedString(message, field, index, value);
    }
  }

  void Number32(const std::string& path, std::string_view name, int32_t value) {
    const auto future = static_cast<int32_t>(context_.limits.other_future_days_max);
    if (EndsWith(name, "date") || name == "period_from" || name == "period_to") {
      CheckDate(path, value, future, context_);
    } else if (EndsWith(name, "month")) {
      CheckMonth(path, value, future, context_);
    }
  }

  void Bytes(const std::string& path, const FieldDescriptor* field, const std::string& value) {
    if (EndsWith(field->name(), "subject_id")) {
      context_.violations->Add(path, "is assigned by the server; leave it empty");
    } else if (EndsWith(field->name(), "subject_ids") && !SubjectId::FromBytes(value)) {
      context_.violations->Add(path, StrCat("a subject id has 16 bytes, this one ", value.size()));
    }
  }

  // Enums of proto3 are open: a number that this version has no name for would be stored without being understood.
  void Enumerator(const std::string& path, const FieldDescriptor* field, int value) {
    if (field->enum_type()->FindValueByNumber(value) == nullptr) {
      context_.violations->Add(
          path, StrCat(value, " is unknown to this version; use a named value of ", field->enum_type()->name()));
    }
  }

  const CheckContext& context_;
};

}  // namespace

void CheckByName(v1::Event* event, const CheckContext& context) {
  const Reflection* reflection = event->GetReflection();
  const FieldDescriptor* kind = reflection->GetOneofFieldDescriptor(*event, event->GetDescriptor()->oneof_decl(0));
  const std::string path = StrCat("event.", kind->name());
  Message* payload = reflection->MutableMessage(event, kind);
  for (const std::string_view name : RequiredFields(event->kind_case())) {
    const FieldDescriptor* field = payload->GetDescriptor()->FindFieldByName(std::string(name));
    if (!payload->GetReflection()->HasField(*payload, field)) {
      context.violations->Add(StrCat(path, ".", name), "missing; this kind of event needs it");
    }
  }
  Walker(context).Walk(path, payload);
  // One that is given was looked up before.
  if (NeedsPlace(event->kind_case()) && event->place_id().empty()) CheckPlace("event.place_id", "", context);
  if (!context.violations->found()) CheckJoinedFields(*event, context);
}

bool HasUnknownFields(const Message& message) {
  const Reflection* reflection = message.GetReflection();
  if (HasOwnUnknownFields(message)) return true;
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (HasUnknownFields(reflection->GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      if (HasUnknownFields(reflection->GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

}  // namespace sothon::ingest
