#include "ingest-service/intake/identity_rules.h"

#include <algorithm>

#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "ingest-service/intake/general_rules.h"

namespace sothon::ingest {
namespace {

constexpr size_t kCitizenDigits = 12;
constexpr size_t kSocialInsuranceDigits = 10;
constexpr size_t kOldIdentityCardDigits = 9;

enum class Use { kRefused, kOptional, kRequired };

Use UseOf(EventKind kind) {
  switch (kind) {
    case v1::Event::kOpeningRecorded:
    case v1::Event::kContributionRecorded:
    case v1::Event::kCertificateIssued:
    case v1::Event::kParticipantClassified:
    case v1::Event::kParticipantMoved:
    case v1::Event::kErasureRequested:
      return Use::kRequired;
    case v1::Event::kProspectRecorded:
      return Use::kOptional;
    default:
      return Use::kRefused;
  }
}

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Typed to get past a required field: it would make one person of everybody for whom it is done.
bool IsOneDigit(std::string_view number) { return number.find_first_not_of(number.front()) == std::string_view::npos; }

void CheckCitizenNumber(std::string_view number, const CheckContext& context) {
  const bool well_formed = number.size() == kCitizenDigits && AllDigits(number);
  if (number.empty() || (well_formed && !IsOneDigit(number))) return;
  std::string wrong;
  if (well_formed) {
    wrong =
        "is one digit repeated, which is nobody's number; send the number on the person's card (CCCD), or the 10-digit "
        "mã số BHXH as social_insurance_number";
  } else if (!AllDigits(number)) {
    wrong = "has characters that are not digits; send the 12 digits alone";
  } else if (number.size() == kOldIdentityCardDigits) {
    wrong =
        "has 9 digits, as the old identity card (CMND) had, which is no longer accepted; send the 12-digit số định "
        "danh cá nhân (CCCD) that replaced it, or the 10-digit mã số BHXH as social_insurance_number";
  } else {
    wrong = StrCat("has ", number.size(), " digits; a số định danh cá nhân (CCCD) has 12");
  }
  context.violations->Add("identity.citizen_number", std::move(wrong));
}

void CheckSocialInsuranceNumber(std::string_view number, const CheckContext& context) {
  const bool well_formed = number.size() == kSocialInsuranceDigits && AllDigits(number);
  if (number.empty() || (well_formed && !IsOneDigit(number))) return;
  std::string wrong;
  if (well_formed) {
    wrong =
        "is one digit repeated, which is nobody's number; send the person's mã số BHXH, or the 12-digit số định danh "
        "cá nhân (CCCD) as citizen_number";
  } else if (!AllDigits(number)) {
    wrong = "has characters that are not digits; send the 10 digits alone";
  } else if (number.size() == kCitizenDigits) {
    wrong = "has 12 digits; send a số định danh cá nhân (CCCD) as citizen_number";
  } else {
    wrong = StrCat("has ", number.size(), " digits; a mã số BHXH has 10");
  }
  context.violations->Add("identity.social_insurance_number", std::move(wrong));
}

}  // namespace

void CheckIdentity(const v1::Submission& submission, const CheckContext& context) {
  const EventKind kind = submission.event().kind_case();
  const Use use = UseOf(kind);
  const v1::Identity& identity = submission.identity();
  const bool given = !identity.citizen_number().empty() || !identity.social_insurance_number().empty();
  if (HasOwnUnknownFields(identity)) {
    context.violations->Add("identity", "has a field that this version does not know; send it to a newer server");
  } else if (use == Use::kRefused && submission.has_identity()) {
    context.violations->Add("identity", StrCat(EventKindName(kind), " is about nobody; leave it out"));
  } else if (use == Use::kRequired && !given) {
    context.violations->Add("identity",
                            "missing; give citizen_number (12 digits), social_insurance_number (10 digits) or both");
  } else if (use != Use::kRefused) {
    CheckCitizenNumber(identity.citizen_number(), context);
    CheckSocialInsuranceNumber(identity.social_insurance_number(), context);
  }
}

void SetSubject(std::string_view subject_id, v1::Event* event) {
  const auto set = [&](auto* payload) { payload->set_subject_id(subject_id.data(), subject_id.size()); };
  switch (event->kind_case()) {
    case v1::Event::kOpeningRecorded:
      return set(event->mutable_opening_recorded());
    case v1::Event::kContributionRecorded:
      return set(event->mutable_contribution_recorded());
    case v1::Event::kCertificateIssued:
      return set(event->mutable_certificate_issued());
    case v1::Event::kParticipantClassified:
      return set(event->mutable_participant_classified());
    case v1::Event::kParticipantMoved:
      return set(event->mutable_participant_moved());
    case v1::Event::kErasureRequested:
      return set(event->mutable_erasure_requested());
    case v1::Event::kProspectRecorded:
      return set(event->mutable_prospect_recorded());
    default:
      return;
  }
}

}  // namespace sothon::ingest
