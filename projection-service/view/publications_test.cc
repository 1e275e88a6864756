#include "projection-service/view/publications.h"

#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::TempDir;
using testing::Ask;
using testing::CountsOf;
using testing::FindRow;
using testing::Get;
using testing::MustOpen;

// The worked example of the design, closed at position 8 (docs/counting.md).
class Publications : public ::testing::Test {
 protected:
  Publications() : example_(testing::MakeWorkedExample()), projection_(MustOpen(dir_)) {}

  void Publish(const std::string& digest, uint64_t at, const std::string& period = "2025-11") {
    v1::Event event;
    event.set_event_id(StrCat("published-", example_.log.size()));
    event.set_effective_date(20251203);
    event.set_place_id("23500");
    event.mutable_period_published()->set_period(period);
    event.mutable_period_published()->set_at_position(at);
    event.mutable_period_published()->set_digest(digest);
    event.mutable_period_published()->set_by_party_id("bhxh");
    example_.log.Add(event);
  }
  void CatchUp() {
    ASSERT_TRUE(example_.log.Feed(projection_.get(), projection_->position().value + 1, example_.log.size()).ok());
  }
  std::string Digest(uint64_t as_of) {
    v1::GetDigestsRequest request;
    request.set_place_id("23500");
    request.set_period("2025-11");
    request.mutable_as_of()->set_position(as_of);
    const auto digests = projection_->GetDigests(request);
    EXPECT_TRUE(digests.ok()) << digests.status();
    return digests.ok() ? digests->sha256() : "";
  }
  absl::StatusOr<v1::GetProgressResponse> AsPublished(const std::string& period = "2025-11") {
    v1::GetProgressRequest request = Ask("23500", period);
    request.mutable_as_of()->set_published(true);
    return Get(*projection_, request);
  }
  uint64_t At(uint64_t position) const { return example_.before + position; }

  const TempDir dir_;
  testing::WorkedExample example_;
  std::unique_ptr<Projection> projection_;
};

TEST_F(Publications, APublishedMonthStaysAndWhatCameLaterIsListedPlan38Plan60) {
  CatchUp();
  const std::string digest = Digest(At(8));
  EXPECT_NE(digest, Digest(At(10)));
  Publish(digest, At(8));
  CatchUp();
  const auto published = AsPublished();
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(CountsOf(FindRow(*published, "23500", v1::BHXH_TN, v1::ProgressRow::MONTH, 202511)),
            (testing::Counts{2, 1, 1, 1, 4, 5}));
  EXPECT_EQ(published->publication().at_position(), At(8));
  EXPECT_TRUE(published->publication().digest_holds());
  EXPECT_EQ(published->freshness().position(), At(8));

  v1::ListLateChangesRequest request;
  request.set_place_id("23500");
  request.set_period("2025-11");
  const auto late = projection_->ListLateChanges(request);
  ASSERT_TRUE(late.ok()) << late.status();
  std::vector<std::string> changes;
  for (const v1::LateChange& change : late->changes()) {
    std::string positions;
    for (const uint64_t position : change.positions()) StrAppend(&positions, " ", position - example_.before);
    changes.push_back(
        StrCat(v1::Counter_Name(change.counter()), " ", change.published(), " to ", change.now(), " by", positions));
  }
  EXPECT_EQ(changes,
            (std::vector<std::string>{"COUNTER_FIRST 2 to 0 by 9 10", "COUNTER_RENEWED 1 to 2 by 10",
                                      "COUNTER_ACTIVE 5 to 4 by 9 10", "COUNTER_PAID_VND 1320000 to 1056000 by 9",
                                      "COUNTER_CENTRAL_SUPPORT_VND 330000 to 264000 by 9"}));
}

TEST_F(Publications, WhatWasKnownAtAPointIsHeldAgainstThePublicationOfThen_Plan60) {
  CatchUp();
  Publish(Digest(At(8)), At(8));
  Publish(Digest(At(10)), At(10));
  CatchUp();
  v1::ListLateChangesRequest request;
  request.set_place_id("23500");
  request.set_period("2025-11");
  const auto now = projection_->ListLateChanges(request);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->publication().at_position(), At(10));
  EXPECT_TRUE(now->changes().empty());
  request.mutable_as_of()->set_position(now->publication().event_position() - 1);
  const auto then = projection_->ListLateChanges(request);
  ASSERT_TRUE(then.ok()) << then.status();
  EXPECT_EQ(then->publication().at_position(), At(8));
  EXPECT_EQ(then->freshness().position(), now->publication().event_position() - 1);
  ASSERT_EQ(then->changes_size(), 5);
  EXPECT_EQ(then->changes(0).published(), 2);
  EXPECT_EQ(then->changes(0).now(), 0);
  request.mutable_as_of()->set_position(At(8));
  EXPECT_EQ(projection_->ListLateChanges(request).status().code(), absl::StatusCode::kNotFound) << "not published yet";
}

TEST_F(Publications, TheNewestOfExactlyThisPlaceAndPeriodHoldsAlsoAfterARestart) {
  CatchUp();
  Publish(Digest(At(8)), At(8));
  Publish("not the digest", At(10));
  CatchUp();
  projection_.reset();
  projection_ = MustOpen(dir_);
  const auto published = AsPublished();
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->publication().at_position(), At(10));
  EXPECT_TRUE(published->publication().has_digest_holds());
  EXPECT_FALSE(published->publication().digest_holds());
  EXPECT_EQ(AsPublished("2025Q4").status().code(), absl::StatusCode::kNotFound);
  v1::GetPartyProgressRequest party;
  party.set_party_id(sothon::testing::kAgencyId);
  party.set_period("2025-11");
  party.mutable_as_of()->set_published(true);
  v1::GetPartyProgressResponse ignored;
  EXPECT_EQ(projection_->GetPartyProgress(party, &ignored).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::projection
