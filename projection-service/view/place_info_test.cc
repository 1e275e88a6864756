// The tree as of a day and as of a position (plan#13).
#include "projection-service/view/place_info.h"

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::TempDir;
using ::testing::ElementsAre;
using testing::MustOpen;

class PlacesOfADay : public ::testing::Test {
 protected:
  PlacesOfADay() {
    log_.AddAll(sothon::testing::MinimalRegistry(4));
    registered_ = log_.size();
    Change("23500-01", v1::PlaceChanged::MERGED, 20251201, "23500-02");
    Change("23500-03", v1::PlaceChanged::SPLIT, 20260101, "23500-04");
    Change("23500-04", v1::PlaceChanged::RENAMED, 20251101, "");
    projection_ = MustOpen(dir_);
    EXPECT_TRUE(log_.FeedAll(projection_.get()).ok());
  }
  void Change(const std::string& place, v1::PlaceChanged::Change change, int32_t date, const std::string& into) {
    v1::Event event;
    event.set_event_id(StrCat("change-", place));
    event.set_effective_date(date);
    event.mutable_place_changed()->set_place_id(place);
    event.mutable_place_changed()->set_change(change);
    if (into.empty()) {
      event.mutable_place_changed()->set_new_name("Thôn mới");
    } else {
      event.mutable_place_changed()->add_into_place_ids(into);
    }
    log_.Add(event);
  }
  std::vector<std::string> Villages(int32_t date, uint64_t as_of = 0) {
    v1::ListPlacesRequest request;
    request.set_date(date);
    if (as_of != 0) request.mutable_as_of()->set_position(as_of);
    const auto response = projection_->ListPlaces(request);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> villages;
    if (!response.ok()) return villages;
    EXPECT_EQ(response->freshness().position(), as_of == 0 ? log_.size() : as_of);
    for (const v1::PlaceInfo& place : response->places()) {
      if (place.parent_place_id() == "23500") villages.push_back(place.place_id().substr(6));
    }
    return villages;
  }

  const TempDir dir_;
  testing::FakeLog log_;
  uint64_t registered_ = 0;
  std::unique_ptr<Projection> projection_;
};

TEST_F(PlacesOfADay, WhatWasMergedOrSplitUpByThenIsLeftOut_Plan13) {
  EXPECT_THAT(Villages(0), ElementsAre("01", "02", "03", "04"));
  EXPECT_THAT(Villages(20251130), ElementsAre("01", "02", "03", "04"));
  EXPECT_THAT(Villages(20251201), ElementsAre("02", "03", "04"));
  EXPECT_THAT(Villages(20260101), ElementsAre("02", "04"));
}

TEST_F(PlacesOfADay, AnEarlierPositionKnowsNothingOfTheMerger) {
  EXPECT_THAT(Villages(20260101, registered_), ElementsAre("01", "02", "03", "04"));
  EXPECT_THAT(Villages(20260101, registered_ + 1), ElementsAre("02", "03", "04"));
  EXPECT_THAT(Villages(20260101, registered_ - 2), ElementsAre("01", "02", "03", "04"));
}

TEST_F(PlacesOfADay, ADayThatIsNoneIsRefused) {
  v1::ListPlacesRequest request;
  request.set_date(20251131);
  EXPECT_EQ(projection_->ListPlaces(request).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::projection
