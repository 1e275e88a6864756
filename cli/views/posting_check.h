// Whether the event that a log holds at a posting's position can have caused that posting.
#pragma once

#include "sothon/v1/event.pb.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// What one event alone can show: its kind, the scheme, and where the receipt itself was counted (place, month of its
// date, amounts). Corrections that a late receipt makes to later ones may stand in other villages and later months, as
// docs/counting.md has it. `reversed`: of a reversal, the event that it takes back; nullptr: not known.
// False: the posting was made from another event.
bool CanHaveCaused(const v1::Event& event, const v1::Event* reversed, const v1::Posting& posting);

}  // namespace sothon::cli
