// What a village had achieved at an earlier position: against what a drive's opening froze (plan#27).
#pragma once

#include "projection-service/oversight/situation.h"

namespace sothon::answers {

// As the log up to `at` said on `date`: with what was withdrawn since, without what came later, and with every
// collection as what it was then (a first may be a renewed one by now). `product` is as Situation::TargetsOf gives it;
// receipts that name `without_drive` are left out.
int64_t AchievedAsOf(const oversight::Situation& situation, ledger::Ordinal village, const oversight::Product& product,
                     Position at, CivilDate date, std::string_view without_drive, const ledger::CountingRules& rules);

// Whether a product of `opened` is what the log up to its baseline position says: target, achieved and remaining. An
// opening that names no position, or a later one, is held against its own. Achieved is what counted in the months that
// have a target, up to the day before the opening, without receipts that name the drive itself (plan#27).
bool BaselineHolds(const oversight::Situation& situation, ledger::Ordinal village, const v1::Event& opened,
                   const v1::DriveOpened::Baseline& baseline, const ledger::CountingRules& rules);

}  // namespace sothon::answers
