// Whether the event that a log holds at a posting's position can have caused that posting.
#pragma once

#include "sothon/v1/event.pb.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// What one event alone can show: its kind, the scheme, and where the receipt itself was counted (place, month of its
// date, amounts), and that it changes one person's part of it. Corrections that a late receipt makes to later ones may
// stand in other villages and later months, as docs/counting.md has it. `reversed`: of a reversal, the event that it
// takes back; nullptr: not known. False: the posting was made from another event.
bool CanHaveCaused(const v1::Event& event, const v1::Event* reversed, const v1::Posting& posting);

// The receipt that is itself counted by a posting which `event` can have caused, or no longer is: what it names (desk,
// drive, who is credited) is whom the posting is of. nullptr: the posting corrects what another receipt is, or, of a
// reversal, `reversed` is not known. Of one event at most one posting that counts people is of the receipt itself in
// each place, desk, drive and party.
const v1::ContributionRecorded* ReceiptItself(const v1::Event& event, const v1::Event* reversed,
                                              const v1::Posting& posting);

}  // namespace sothon::cli
