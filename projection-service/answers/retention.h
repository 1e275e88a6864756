// GetRetention: how many came, how many stayed, how many were lost (plan#57).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic; at most 200,000 rows.
//
// Collections count where they were made, in the month of their date; covers where the person lives, in the month of
// their last day. A step that does not reach beyond the one before it ends nothing; one that the next step reaches
// beyond ends there, `kept` when the next begins within the grace of `rules`, `lapsed` otherwise. The newest step on
// the date is `lapsed` when the grace is over without another, `pending` until then, also where its last day is yet to
// come. What was recorded as of after the date is not known.
// Without `schemes`, those that have any figure at the place. Places as GetProgress: the place, then what is below it
// down to `depth`, with villages that are gone.
// INVALID_ARGUMENT (BadRequest): period, schemes[i], depth (too many rows).
absl::Status FillRetention(const oversight::Situation& situation, const v1::GetRetentionRequest& request,
                           v1::GetRetentionResponse* response,
                           const ledger::CountingRules& rules = ledger::CountingRules());

}  // namespace sothon::answers
