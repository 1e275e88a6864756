// GetDigests: SHA-256 over the figures of every (village, month), canonical, so that equal logs give equal digests.
//
//   cell digest  = SHA-256( place id, 0x00, month YYYYMM as BE64, { scheme number as BE64, 8 counters as BE64 } )
//                  schemes ascending, those with a counter that is not 0
//   whole digest = SHA-256( { place id, 0x00, month YYYYMM as BE64, cell digest } )
//                  by place id bytewise, then month; cells without any such scheme are left out
#pragma once

#include "absl/status/statusor.h"
#include "projection-service/view/built_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

struct DigestsAnswer {
  Applied applied;
  bool of_the_past = false;
  v1::GetDigestsResponse response;  // all but its freshness
};

absl::StatusOr<DigestsAnswer> AnswerDigests(const BuiltView& view, const v1::GetDigestsRequest& request);

}  // namespace sothon::projection
