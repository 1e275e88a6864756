#include "common/event/event_kind.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/place_id.h"
#include "common/base/strings.h"
#include "google/protobuf/descriptor.h"

namespace sothon {
namespace {

// One more than the largest field number of `kind`.
constexpr size_t kKindNumbers = 128;

struct KindTable {
  std::vector<EventKind> kinds;
  std::array<std::string_view, kKindNumbers> names{};
};

// Read from the descriptor, so that a kind added to the proto cannot be forgotten here.
const KindTable& Kinds() {
  static const KindTable* const table = [] {
    auto* built = new KindTable;
    const google::protobuf::OneofDescriptor* oneof = v1::Event::descriptor()->FindOneofByName("kind");
    for (int i = 0; i < oneof->field_count(); ++i) {
      const google::protobuf::FieldDescriptor* field = oneof->field(i);
      built->kinds.push_back(static_cast<EventKind>(field->number()));
      built->names.at(static_cast<size_t>(field->number())) = field->name();
    }
    return built;
  }();
  return *table;
}

std::string Stream(std::string_view type, std::string_view id) {
  return id.empty() ? std::string() : StrCat(type, "/", id);
}

// The place a kind is about by itself; empty for the kinds that leave it to Event.place_id.
std::string_view OwnPlaceOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kPlaceRegistered:
      return event.place_registered().place_id();
    case v1::Event::kPlaceChanged:
      return event.place_changed().place_id();
    case v1::Event::kJurisdictionAssigned:
      return event.jurisdiction_assigned().place_id();
    default:
      return {};
  }
}

// A '.', '*' or '>' in a token would change what the subject means to the broker.
void AppendToken(std::string_view token, std::string* subject) {
  if (token.empty()) token = "_";
  for (char c : token) {
    const bool safe =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    subject->push_back(safe ? c : '_');
  }
}

}  // namespace

std::string_view EventKindName(EventKind kind) {
  const auto number = static_cast<size_t>(kind);
  return number < kKindNumbers ? Kinds().names[number] : std::string_view{};
}

std::optional<EventKind> EventKindFromName(std::string_view name) {
  const std::vector<EventKind>& kinds = AllEventKinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](EventKind k) { return EventKindName(k) == name; });
  if (found == kinds.end()) return std::nullopt;
  return *found;
}

const std::vector<EventKind>& AllEventKinds() { return Kinds().kinds; }

bool IsReferenceKind(EventKind kind) {
  switch (kind) {
    case v1::Event::kDocumentIssued:
    case v1::Event::kPlaceRegistered:
    case v1::Event::kPlaceChanged:
    case v1::Event::kJurisdictionAssigned:
    case v1::Event::kPartyRegistered:
    case v1::Event::kRoleAssigned:
    case v1::Event::kRoleEnded:
    case v1::Event::kTargetSet:
    case v1::Event::kDenominatorDeclared:
    case v1::Event::kRosterDeclared:
    case v1::Event::kParameterSet:
    case v1::Event::kDriveOpened:
    case v1::Event::kDriveClosed:
    case v1::Event::kPeriodPublished:
    case v1::Event::kErasureRequested:
    case v1::Event::kErasureCompleted:
      return true;
    default:
      return false;
  }
}

bool IsFactKind(EventKind kind) {
  switch (kind) {
    case v1::Event::KIND_NOT_SET:
    case v1::Event::kOpeningRecorded:
    case v1::Event::kContributionRecorded:
    case v1::Event::kContributionReversed:
    case v1::Event::kCertificateIssued:
    case v1::Event::kParticipantClassified:
    case v1::Event::kParticipantMoved:
      return false;
    default:
      return true;
  }
}

std::string_view SubjectIn(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kOpeningRecorded:
      return event.opening_recorded().subject_id();
    case v1::Event::kContributionRecorded:
      return event.contribution_recorded().subject_id();
    case v1::Event::kContributionReversed:
      return event.contribution_reversed().subject_id();
    case v1::Event::kCertificateIssued:
      return event.certificate_issued().subject_id();
    case v1::Event::kParticipantClassified:
      return event.participant_classified().subject_id();
    case v1::Event::kParticipantMoved:
      return event.participant_moved().subject_id();
    case v1::Event::kErasureRequested:
      return event.erasure_requested().subject_id();
    case v1::Event::kErasureCompleted:
      return event.erasure_completed().subject_id();
    case v1::Event::kProspectRecorded:
      return event.prospect_recorded().subject_id();
    default:
      return {};
  }
}

std::string StreamOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      return Stream("document", event.document_issued().document_id());
    case v1::Event::kPlaceRegistered:
    case v1::Event::kPlaceChanged:
    case v1::Event::kJurisdictionAssigned:
      return Stream("place", OwnPlaceOf(event));
    case v1::Event::kPartyRegistered:
      return Stream("party", event.party_registered().party_id());
    case v1::Event::kRoleAssigned:
      return Stream("role", event.role_assigned().role_id());
    case v1::Event::kRoleEnded:
      return Stream("role", event.role_ended().role_id());
    case v1::Event::kTargetSet:
      return Stream("target", event.target_set().target_id());
    case v1::Event::kDenominatorDeclared:
      return Stream("denominator", event.denominator_declared().denominator_id());
    case v1::Event::kRosterDeclared:
      return Stream("roster", event.roster_declared().roster_id());
    case v1::Event::kDriveProposed:
      return Stream("drive", event.drive_proposed().drive_id());
    case v1::Event::kDriveAgreed:
      return Stream("drive", event.drive_agreed().drive_id());
    case v1::Event::kDriveScheduled:
      return Stream("drive", event.drive_scheduled().drive_id());
    case v1::Event::kDriveOpened:
      return Stream("drive", event.drive_opened().drive_id());
    case v1::Event::kAttendanceRecorded:
      return Stream("drive", event.attendance_recorded().drive_id());
    case v1::Event::kDriveClosed:
      return Stream("drive", event.drive_closed().drive_id());
    case v1::Event::kCommitmentSigned:
      return Stream("drive", event.commitment_signed().drive_id());
    case v1::Event::kProspectRecorded:
      return Stream("prospect", event.prospect_recorded().prospect_id());
    case v1::Event::kProspectResolved:
      return Stream("prospect", event.prospect_resolved().prospect_id());
    default:
      return {};
  }
}

std::string BusSubject(std::string_view province_id, const v1::Event& event) {
  const std::string_view place = event.place_id().empty() ? OwnPlaceOf(event) : std::string_view(event.place_id());
  std::string subject = "sothon.v1.";
  subject.reserve(64);
  AppendToken(province_id, &subject);
  subject.push_back('.');
  AppendToken(ShapeOfPlaceId(place) ? CommuneOfPlaceId(place) : std::string_view{}, &subject);
  subject.push_back('.');
  AppendToken(EventKindName(event.kind_case()), &subject);
  return subject;
}

}  // namespace sothon
