#include "projection-service/view/event_parser.h"

#include "common/base/wire_field.h"
#include "projection-service/view/unknown_fields.h"

namespace sothon::projection {
namespace {

// Numbers keep their meaning when they are cut to the field's width, as protobuf does it.
int32_t AsInt32(uint64_t number) { return static_cast<int32_t>(number); }
int64_t AsInt64(uint64_t number) { return static_cast<int64_t>(number); }

// Strings keep their memory, so those of the event before must go even where this one has none.
void ClearStrings(v1::Event* event, v1::ContributionRecorded* contribution) {
  event->mutable_event_id()->clear();
  event->mutable_place_id()->clear();
  event->mutable_document_id()->clear();
  event->mutable_correlation_id()->clear();
  event->mutable_causation_id()->clear();
  event->mutable_note()->clear();
  contribution->mutable_subject_id()->clear();
  contribution->mutable_agency_id()->clear();
  contribution->mutable_receipt_number()->clear();
  contribution->mutable_collector_id()->clear();
  contribution->mutable_drive_id()->clear();
  contribution->clear_credited_party_ids();
}

bool ParseContribution(std::string_view in, v1::ContributionRecorded* contribution) {
  contribution->set_scheme(v1::SCHEME_UNSPECIFIED);
  contribution->set_from_month(0);
  contribution->set_months(0);
  contribution->set_due_vnd(0);
  contribution->set_paid_vnd(0);
  contribution->set_central_support_vnd(0);
  contribution->set_local_support_vnd(0);
  contribution->set_channel(v1::CHANNEL_UNSPECIFIED);
  contribution->set_declared(v1::DECLARED_UNSPECIFIED);
  contribution->set_income_base_vnd(0);
  WireField field;
  while (ConsumeWireField(&in, &field)) {
    switch (field.tag) {
      case BytesTag(v1::ContributionRecorded::kSubjectIdFieldNumber):
        contribution->mutable_subject_id()->assign(field.bytes);
        break;
      case VarintTag(v1::ContributionRecorded::kSchemeFieldNumber):
        contribution->set_scheme(static_cast<v1::Scheme>(AsInt32(field.number)));
        break;
      case BytesTag(v1::ContributionRecorded::kAgencyIdFieldNumber):
        contribution->mutable_agency_id()->assign(field.bytes);
        break;
      case BytesTag(v1::ContributionRecorded::kReceiptNumberFieldNumber):
        contribution->mutable_receipt_number()->assign(field.bytes);
        break;
      case BytesTag(v1::ContributionRecorded::kCollectorIdFieldNumber):
        contribution->mutable_collector_id()->assign(field.bytes);
        break;
      case VarintTag(v1::ContributionRecorded::kFromMonthFieldNumber):
        contribution->set_from_month(AsInt32(field.number));
        break;
      case VarintTag(v1::ContributionRecorded::kMonthsFieldNumber):
        contribution->set_months(static_cast<uint32_t>(field.number));
        break;
      case VarintTag(v1::ContributionRecorded::kDueVndFieldNumber):
        contribution->set_due_vnd(AsInt64(field.number));
        break;
      case VarintTag(v1::ContributionRecorded::kPaidVndFieldNumber):
        contribution->set_paid_vnd(AsInt64(field.number));
        break;
      case VarintTag(v1::ContributionRecorded::kCentralSupportVndFieldNumber):
        contribution->set_central_support_vnd(AsInt64(field.number));
        break;
      case VarintTag(v1::ContributionRecorded::kLocalSupportVndFieldNumber):
        contribution->set_local_support_vnd(AsInt64(field.number));
        break;
      case BytesTag(v1::ContributionRecorded::kDriveIdFieldNumber):
        contribution->mutable_drive_id()->assign(field.bytes);
        break;
      case BytesTag(v1::ContributionRecorded::kCreditedPartyIdsFieldNumber):
        contribution->add_credited_party_ids()->assign(field.bytes);
        break;
      case VarintTag(v1::ContributionRecorded::kChannelFieldNumber):
        contribution->set_channel(static_cast<v1::Channel>(AsInt32(field.number)));
        break;
      case VarintTag(v1::ContributionRecorded::kDeclaredFieldNumber):
        contribution->set_declared(static_cast<v1::Declared>(AsInt32(field.number)));
        break;
      case VarintTag(v1::ContributionRecorded::kIncomeBaseVndFieldNumber):
        contribution->set_income_base_vnd(AsInt64(field.number));
        break;
      default:
        return false;
    }
  }
  return in.empty();
}

// False: not an ordinary contribution. What is then in `*event` is of no use.
bool ParseOrdinary(std::string_view in, v1::Event* event) {
  v1::ContributionRecorded* contribution = event->mutable_contribution_recorded();
  ClearStrings(event, contribution);
  event->set_effective_date(0);
  event->set_synthetic(false);
  bool has_contribution = false;
  WireField field;
  while (ConsumeWireField(&in, &field)) {
    switch (field.tag) {
      case VarintTag(v1::Event::kPositionFieldNumber):
        event->set_position(field.number);
        break;
      case VarintTag(v1::Event::kRecordedAtUsFieldNumber):
        event->set_recorded_at_us(AsInt64(field.number));
        break;
      case BytesTag(v1::Event::kEventIdFieldNumber):
        event->mutable_event_id()->assign(field.bytes);
        break;
      case VarintTag(v1::Event::kEffectiveDateFieldNumber):
        event->set_effective_date(AsInt32(field.number));
        break;
      case BytesTag(v1::Event::kPlaceIdFieldNumber):
        event->mutable_place_id()->assign(field.bytes);
        break;
      case BytesTag(v1::Event::kDocumentIdFieldNumber):
        event->mutable_document_id()->assign(field.bytes);
        break;
      case BytesTag(v1::Event::kCorrelationIdFieldNumber):
        event->mutable_correlation_id()->assign(field.bytes);
        break;
      case BytesTag(v1::Event::kCausationIdFieldNumber):
        event->mutable_causation_id()->assign(field.bytes);
        break;
      case VarintTag(v1::Event::kSyntheticFieldNumber):
        event->set_synthetic(field.number != 0);
        break;
      case BytesTag(v1::Event::kNoteFieldNumber):
        event->mutable_note()->assign(field.bytes);
        break;
      case BytesTag(v1::Event::kContributionRecordedFieldNumber):
        // A second one would be merged into the first by protobuf; that is not ordinary.
        if (has_contribution || !ParseContribution(field.bytes, contribution)) return false;
        has_contribution = true;
        break;
      default:
        return false;
    }
  }
  return in.empty() && has_contribution;
}

}  // namespace

absl::StatusOr<const v1::Event*> EventParser::Parse(std::string_view stored) {
  // A stored event always begins with its position and its recorded time, so neither is left from the one before.
  if (ParseOrdinary(stored, &contribution_)) return &contribution_;
  ++slowly_parsed_;
  if (!other_.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
    return absl::DataLossError("bytes that are no event");
  }
  if (const absl::Status known = CheckNoUnknownFields(other_); !known.ok()) return known;
  return &other_;
}

}  // namespace sothon::projection
