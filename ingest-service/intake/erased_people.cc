#include "ingest-service/intake/erased_people.h"

#include <string>

#include "common/base/number_guard.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"
#include "ingest-service/log/receipt_key.h"

namespace sothon::ingest {

absl::StatusOr<Earlier> FindEarlier(const EventLog& log, Vault* vault, const HashedNumbers& person,
                                    const v1::Event& event) {
  Earlier earlier;
  if (person.count == 0) return earlier;
  if (!event.has_erasure_requested()) {
    if (!vault->has_erased()) return earlier;
    SOTHON_ASSIGN_OR_RETURN(const bool known, vault->KnowsAll(person));
    if (known) return earlier;
  }
  SOTHON_ASSIGN_OR_RETURN(std::optional<Position> position, log.FindEventId(event.event_id()));
  if (!position) {
    if (!event.has_contribution_recorded()) return earlier;
    const v1::ContributionRecorded& paid = event.contribution_recorded();
    SOTHON_ASSIGN_OR_RETURN(position, log.FindReceipt(ReceiptKey(paid.agency_id(), paid.receipt_number())));
    earlier.is_recorded = position.has_value();
    return earlier;
  }
  earlier.is_recorded = true;
  SOTHON_ASSIGN_OR_RETURN(const std::string stored, log.Get(*position));
  v1::Event recorded;
  if (!recorded.ParseFromString(stored)) {
    return absl::DataLossError(StrCat("the event at position ", position->value, " cannot be read"));
  }
  const auto subject = SubjectId::FromBytes(SubjectIn(recorded));
  if (subject && vault->IsErased(*subject)) earlier.erased = subject;
  return earlier;
}

void CheckErasesSomebody(const v1::Event& event, SubmissionViolations* violations) {
  if (!event.has_erasure_requested()) return;
  const auto subject = SubjectId::FromBytes(event.erasure_requested().subject_id());
  if (!subject || !subject->IsZero()) return;
  violations->Add(
      "identity",
      "nobody with this number is on file, or they were erased before: no event can be found by it, so "
      "there is nothing to erase; check the digits, and try the person's other number. Where it was asked for before, "
      "the request may be recorded and still wait to be carried out: `sothon events --kind "
      "erasure_requested` lists the requests, `sothon status` tells what they wait for, and `sothon erase "
      "--resume POSITION` gives the receipt of one");
}

void CheckTextsHoldNoNumber(const v1::Event& event, SubmissionViolations* violations) {
  if (!event.has_erasure_requested()) return;
  if (HoldsLongNumber(event.erasure_requested().legal_basis())) {
    violations->Add("event.erasure_requested.legal_basis", std::string(kHoldsLongNumber));
  }
  if (HoldsLongNumber(event.note())) violations->Add("event.note", std::string(kHoldsLongNumber));
}

}  // namespace sothon::ingest
