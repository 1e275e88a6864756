#include "cli/views/posting_check.h"

#include "common/base/civil_time.h"

namespace sothon::cli {
namespace {

bool IsMoney(v1::Counter counter) {
  return counter == v1::COUNTER_PAID_VND || counter == v1::COUNTER_CENTRAL_SUPPORT_VND ||
         counter == v1::COUNTER_LOCAL_SUPPORT_VND;
}

int64_t AmountOf(const v1::ContributionRecorded& contribution, v1::Counter counter) {
  if (counter == v1::COUNTER_PAID_VND) return contribution.paid_vnd();
  return counter == v1::COUNTER_CENTRAL_SUPPORT_VND ? contribution.central_support_vnd()
                                                    : contribution.local_support_vnd();
}

bool IsMonthOf(const v1::Event& event, const v1::Posting& posting) {
  const auto date = CivilDate::FromWire(event.effective_date());
  return date && date->Month().ToWire() == posting.month();
}

// What one event changes of how many people a cell counts: one person, and one receipt of a month. A cover may end and
// another begin.
bool IsOfOnePerson(const v1::Posting& posting) {
  const int64_t change_max = posting.counter() == v1::COUNTER_ACTIVE ? 2 : 1;
  return IsMoney(posting.counter()) || (posting.change() >= -change_max && posting.change() <= change_max);
}

// Whether the receipt of `event` is itself what was counted. `sign`: +1, it was recorded; -1, it was taken back, which
// undoes what it did.
bool IsItself(const v1::Event& event, const v1::Posting& posting, int sign) {
  if (IsMoney(posting.counter())) return true;
  const int64_t change = sign * posting.change();
  switch (posting.counter()) {
    case v1::COUNTER_FIRST:
      // A receipt makes nobody else's first: it can only take the place of a later one.
      return change > 0;
    case v1::COUNTER_RETURNED:
    case v1::COUNTER_RENEWED:
      // Of the receipts of a month the first one counts: a late one turns another into a repeat, never the reverse.
      return change > 0 && IsMonthOf(event, posting);
    default:
      return false;
  }
}

bool FitsReceipt(const v1::Event& event, const v1::Posting& posting, int sign) {
  const v1::ContributionRecorded& receipt = event.contribution_recorded();
  const auto date = CivilDate::FromWire(event.effective_date());
  const auto month = CivilMonth::FromWire(posting.month());
  if (!date || receipt.scheme() != posting.scheme()) return false;
  // Covers of a person begin and end in any month, wherever the person lives then.
  if (posting.counter() == v1::COUNTER_ACTIVE) return true;
  if (!month || *month < date->Month()) return false;
  const bool is_own_month = *month == date->Month();
  // Postings of desks, credits and drives name no village.
  const bool is_own_cell = is_own_month && (posting.place_id().empty() || posting.place_id() == event.place_id());
  const int64_t change = sign * posting.change();
  if (IsMoney(posting.counter())) return is_own_cell && change == AmountOf(receipt, posting.counter());
  if (posting.counter() == v1::COUNTER_REPEAT) return is_own_month && change == 1;
  return IsItself(event, posting, sign) ? is_own_cell : true;
}

}  // namespace

bool CanHaveCaused(const v1::Event& event, const v1::Event* reversed, const v1::Posting& posting) {
  if (event.position() != posting.position() || !IsOfOnePerson(posting)) return false;
  switch (event.kind_case()) {
    case v1::Event::kContributionRecorded:
      return FitsReceipt(event, posting, +1);
    case v1::Event::kContributionReversed: {
      const v1::ContributionReversed& reversal = event.contribution_reversed();
      if (reversal.scheme() != v1::SCHEME_UNSPECIFIED && reversal.scheme() != posting.scheme()) return false;
      if (reversed == nullptr) return true;
      const v1::ContributionRecorded& receipt = reversed->contribution_recorded();
      return reversed->has_contribution_recorded() && receipt.receipt_number() == reversal.receipt_number() &&
             receipt.agency_id() == reversal.agency_id() && FitsReceipt(*reversed, posting, -1);
    }
    case v1::Event::kOpeningRecorded:
      // An opening makes a first receipt a later one, and is none itself.
      if (event.opening_recorded().scheme() != posting.scheme()) return false;
      return !IsMoney(posting.counter()) && posting.counter() != v1::COUNTER_REPEAT &&
             (posting.counter() != v1::COUNTER_FIRST || posting.change() < 0);
    case v1::Event::kParticipantMoved:
      return posting.counter() == v1::COUNTER_ACTIVE;
    default:
      return false;
  }
}

const v1::ContributionRecorded* ReceiptItself(const v1::Event& event, const v1::Event* reversed,
                                              const v1::Posting& posting) {
  if (event.has_contribution_recorded()) {
    return IsItself(event, posting, +1) ? &event.contribution_recorded() : nullptr;
  }
  const bool is_known = event.has_contribution_reversed() && reversed != nullptr;
  return is_known && IsItself(*reversed, posting, -1) ? &reversed->contribution_recorded() : nullptr;
}

}  // namespace sothon::cli
