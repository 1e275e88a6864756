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

// `sign`: +1, the receipt was recorded; -1, it was taken back, which undoes what it did.
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
  switch (posting.counter()) {
    case v1::COUNTER_REPEAT:
      return is_own_month && change == 1;
    case v1::COUNTER_FIRST:
      // A receipt makes nobody else's first: it can only take the place of a later one.
      return change > 0 ? is_own_cell && change == 1 : true;
    default:
      return change > 0 && is_own_month ? is_own_cell && change == 1 : true;
  }
}

}  // namespace

bool CanHaveCaused(const v1::Event& event, const v1::Event* reversed, const v1::Posting& posting) {
  if (event.position() != posting.position()) return false;
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

}  // namespace sothon::cli
