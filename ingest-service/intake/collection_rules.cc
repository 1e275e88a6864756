#include "ingest-service/intake/collection_rules.h"

#include <cstdio>
#include <optional>

#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::ingest {
namespace {

// Ledgers hold support in 32 bits.
constexpr int64_t kSupportMax = 4'294'967'295;
constexpr uint32_t kMonthsMax = 60;
// BHXH_TN may be paid up to five years ahead.
constexpr int32_t kAheadDaysMax = 5 * 366;
constexpr int32_t kCoverageDaysMax = 10 * 366;
constexpr int kCreditedMax = 16;
constexpr size_t kReceiptBytesMax = 64;
constexpr size_t kReasonBytesMax = 1'024;

constexpr char kServerAssigned[] = "is assigned by the server; leave it empty";

std::string CodePointName(uint32_t code_point) {
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(code_point));
  return name;
}

// What is wrong with a number that holds it, and the remedy.
std::string Describe(const HiddenCharacter& hidden) {
  const std::string name = CodePointName(hidden.code_point);
  switch (hidden.kind) {
    case HiddenCharacter::kBlankAtEnd:
      return StrCat("begins or ends with a blank or other white space (", name, "); remove it");
    case HiddenCharacter::kDoubleBlank:
      return "holds several blanks in a row; write one";
    case HiddenCharacter::kOddSpace:
      return StrCat("holds a space that is no plain blank (", name, "); write a plain blank, or none");
    case HiddenCharacter::kControl:
      return StrCat("holds a control character (", name, "); remove it");
    case HiddenCharacter::kInvisible:
      return StrCat("holds a character that cannot be seen (", name, "); remove it");
    case HiddenCharacter::kCompatibility:
      break;
  }
  return StrCat("holds a special form of a letter, digit or sign (", name,
                ", full-width for example); write the plain one, as the keyboard gives it");
}

// Brings the number into normal form C. One receipt on paper must have one spelling here, or it could be counted twice.
void CheckReceiptNumber(std::string_view field, const std::string& number, const CheckContext& context,
                        absl::FunctionRef<std::string*()> mutable_number) {
  if (number.empty()) return context.violations->Add(field, "missing; give the receipt's number");
  if (const auto hidden = FindHiddenCharacter(number)) {
    // An earlier version may have recorded it, in normal form; then it is no violation, and must be equal.
    if (std::optional<std::string> normal = ToNfc(number)) *mutable_number() = *std::move(normal);
    return context.violations->Add(field, Describe(*hidden));
  }
  CheckText(field, mutable_number(), kReceiptBytesMax, context);
}

// Whatever was recorded under some number can be reversed under it; it has to be found, and cannot count twice.
void CheckReversedNumber(std::string_view field, std::string* number, const CheckContext& context) {
  if (number->empty()) return context.violations->Add(field, "missing; give the receipt's number");
  CheckText(field, number, kReceiptBytesMax, context);
}

bool IsFromZeroTo(int64_t max, int64_t amount) { return amount >= 0 && amount <= max; }

void CheckAmounts(const v1::ContributionRecorded& paid, const CheckContext& context) {
  const int64_t max = context.limits.amount_vnd_max;
  const bool fit = IsFromZeroTo(max, paid.due_vnd()) && IsFromZeroTo(max, paid.paid_vnd()) &&
                   IsFromZeroTo(kSupportMax, paid.central_support_vnd()) &&
                   IsFromZeroTo(kSupportMax, paid.local_support_vnd()) && IsFromZeroTo(max, paid.income_base_vnd());
  if (!fit) {
    CheckAmount("event.contribution_recorded.due_vnd", paid.due_vnd(), max, context);
    CheckAmount("event.contribution_recorded.paid_vnd", paid.paid_vnd(), max, context);
    CheckAmount("event.contribution_recorded.central_support_vnd", paid.central_support_vnd(), kSupportMax, context);
    CheckAmount("event.contribution_recorded.local_support_vnd", paid.local_support_vnd(), kSupportMax, context);
    CheckAmount("event.contribution_recorded.income_base_vnd", paid.income_base_vnd(), max, context);
    return;
  }
  const int64_t covered = paid.paid_vnd() + paid.central_support_vnd() + paid.local_support_vnd();
  if (paid.due_vnd() != 0 && covered > paid.due_vnd()) {
    context.violations->Add("event.contribution_recorded.due_vnd",
                            StrCat(paid.due_vnd(), " is less than what was paid and given as support together, ",
                                   covered, "; correct the amounts, or leave it 0 where it is not stated"));
  }
}

}  // namespace

std::string HiddenCharacterHint(std::string_view number) {
  const auto hidden = FindHiddenCharacter(number);
  return hidden ? StrCat("; the number ", Describe(*hidden)) : std::string();
}

void CheckOpening(v1::Event* event, const CheckContext& context) {
  const v1::OpeningRecorded& opening = event->opening_recorded();
  CheckLeafPlace("event.place_id", event->place_id(), context);
  CheckScheme("event.opening_recorded.scheme", opening.scheme(), context);
  CheckDate("event.opening_recorded.covered_until", opening.covered_until(), kCoverageDaysMax, context);
  if (!opening.subject_id().empty()) context.violations->Add("event.opening_recorded.subject_id", kServerAssigned);
}

void CheckContribution(v1::Event* event, const CheckContext& context) {
  const v1::ContributionRecorded& paid = event->contribution_recorded();
  CheckLeafPlace("event.place_id", event->place_id(), context);
  if (!paid.subject_id().empty()) context.violations->Add("event.contribution_recorded.subject_id", kServerAssigned);
  CheckScheme("event.contribution_recorded.scheme", paid.scheme(), context);
  CheckParty("event.contribution_recorded.agency_id", paid.agency_id(), v1::AGENCY, context);
  CheckReceiptNumber("event.contribution_recorded.receipt_number", paid.receipt_number(), context,
                     [&] { return event->mutable_contribution_recorded()->mutable_receipt_number(); });
  if (!paid.collector_id().empty()) {
    CheckParty("event.contribution_recorded.collector_id", paid.collector_id(), v1::COLLECTOR, context);
  }
  CheckMonth("event.contribution_recorded.from_month", paid.from_month(), kAheadDaysMax, context);
  if (paid.months() < 1 || paid.months() > kMonthsMax) {
    context.violations->Add("event.contribution_recorded.months", StrCat(paid.months(), " is not 1 to 60 months"));
  }
  CheckAmounts(paid, context);
  if (!paid.drive_id().empty()) CheckId("event.contribution_recorded.drive_id", paid.drive_id(), context);
  if (paid.credited_party_ids_size() > kCreditedMax) {
    context.violations->Add("event.contribution_recorded.credited_party_ids",
                            StrCat(paid.credited_party_ids_size(), " entries, at most ", kCreditedMax, " are taken"));
    return;
  }
  for (int i = 0; i < paid.credited_party_ids_size(); ++i) {
    CheckParty(StrCat("event.contribution_recorded.credited_party_ids[", i, "]"), paid.credited_party_ids(i),
               v1::PARTY_KIND_UNSPECIFIED, context);
  }
  if (!v1::Channel_IsValid(paid.channel())) {
    context.violations->Add("event.contribution_recorded.channel",
                            StrCat(paid.channel(), " is unknown to this version"));
  }
  if (!v1::Declared_IsValid(paid.declared())) {
    context.violations->Add("event.contribution_recorded.declared",
                            StrCat(paid.declared(), " is unknown to this version"));
  }
}

void CheckReversal(v1::Event* event, const CheckContext& context) {
  const v1::ContributionReversed& reversal = event->contribution_reversed();
  if (!event->place_id().empty()) CheckPlace("event.place_id", event->place_id(), context);
  CheckParty("event.contribution_reversed.agency_id", reversal.agency_id(), v1::AGENCY, context);
  CheckReversedNumber("event.contribution_reversed.receipt_number",
                      event->mutable_contribution_reversed()->mutable_receipt_number(), context);
  if (!reversal.reason().empty()) {
    CheckText("event.contribution_reversed.reason", event->mutable_contribution_reversed()->mutable_reason(),
              kReasonBytesMax, context);
  }
  if (reversal.reversed_position() != 0) {
    context.violations->Add("event.contribution_reversed.reversed_position", kServerAssigned);
  }
  if (!reversal.subject_id().empty()) {
    context.violations->Add("event.contribution_reversed.subject_id", kServerAssigned);
  }
  if (reversal.scheme() != v1::SCHEME_UNSPECIFIED) {
    context.violations->Add("event.contribution_reversed.scheme", kServerAssigned);
  }
}

void CheckMove(v1::Event* event, const CheckContext& context) {
  CheckLeafPlace("event.place_id", event->place_id(), context);
  if (!event->participant_moved().subject_id().empty()) {
    context.violations->Add("event.participant_moved.subject_id", kServerAssigned);
  }
}

}  // namespace sothon::ingest
