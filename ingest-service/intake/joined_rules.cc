#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {

void CheckJoinedFields(const v1::Event& event, const CheckContext& context) {
  switch (event.kind_case()) {
    case v1::Event::kPlaceRegistered:
      return CheckPlaceRegistered(event, context);
    case v1::Event::kPlaceChanged:
      return CheckPlaceChanged(event, context);
    case v1::Event::kJurisdictionAssigned:
      return CheckPlace("event.jurisdiction_assigned.place_id", event.jurisdiction_assigned().place_id(), context);
    case v1::Event::kPartyRegistered:
      return CheckPartyRegistered(event, context);
    case v1::Event::kRoleAssigned:
      return CheckRoleAssigned(event, context);
    case v1::Event::kRoleEnded:
      return CheckRoleEnded(event, context);
    case v1::Event::kTargetSet:
      return CheckTarget(event, context);
    case v1::Event::kRosterDeclared:
      return CheckRoster(event, context);
    case v1::Event::kParameterSet:
      return CheckParameter(event, context);
    case v1::Event::kDriveProposed:
      return CheckDriveProposed(event, context);
    case v1::Event::kDriveAgreed:
      return CheckDriveAgreed(event, context);
    case v1::Event::kDriveScheduled:
      return CheckDriveScheduled(event, context);
    case v1::Event::kDriveOpened:
      return CheckDriveOpened(event, context);
    case v1::Event::kDriveClosed:
      return CheckDriveClosed(event, context);
    case v1::Event::kAttendanceRecorded:
      return CheckAttendance(event, context);
    case v1::Event::kCommitmentSigned:
      return CheckCommitment(event, context);
    case v1::Event::kCertificateIssued:
      return CheckCertificate(event, context);
    case v1::Event::kPortfolioHandedOver:
      return CheckPortfolio(event, context);
    case v1::Event::kParticipantClassified:
      return CheckClassification(event, context);
    case v1::Event::kReportFiled:
      return CheckReport(event, context);
    case v1::Event::kPeriodPublished:
      return CheckPublication(event, context);
    case v1::Event::kDecisionRecorded:
      return CheckDecision(event, context);
    default:
      return;
  }
}

void CheckUntil(std::string_view field, int32_t until, const v1::Event& event, const CheckContext& context) {
  if (until == 0 || until >= event.effective_date()) return;
  context.violations->Add(field, StrCat(until, " is before the day from which it holds, ", event.effective_date(),
                                        "; correct one of both"));
}

}  // namespace sothon::ingest
