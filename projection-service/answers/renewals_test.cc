#include "projection-service/answers/renewals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using sothon::testing::SubjectOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RenewalsTest : public ::testing::Test {
 protected:
  // Covered from October on.
  uint64_t Pay(uint64_t person, uint32_t months, const char* village = "23500-01", v1::Scheme scheme = v1::BHYT_HGD,
               int32_t date = 20251005) {
    return story_.Tell(sothon::testing::Contribution({.receipt = StrCat(++receipts_),
                                                      .person = person,
                                                      .scheme = scheme,
                                                      .place_id = village,
                                                      .date = date,
                                                      .months = months}));
  }
  // Of these people, or of everybody of the place.
  uint64_t HandOver(const char* to, int32_t date, std::vector<uint64_t> people, v1::Scheme scheme = v1::BHYT_HGD,
                    const char* place = "23500-01") {
    v1::Event event;
    v1::PortfolioHandedOver* handed = event.mutable_portfolio_handed_over();
    handed->set_to_party_id(to);
    handed->set_scheme(scheme);
    for (const uint64_t person : people) handed->add_subject_ids(std::string(SubjectOf(person).AsBytes()));
    return story_.Tell(date, place, event);
  }
  v1::ListRenewalsResponse Ask(const v1::ListRenewalsRequest& request, int32_t date = 20251115,
                               uint64_t position = 0) const {
    v1::ListRenewalsResponse response;
    EXPECT_TRUE(FillRenewals(story_.SituationOn(date, position), request, &response).ok());
    return response;
  }
  // "place collector scheme 30 60 lapsed"
  std::vector<std::string> Counts(int32_t date = 20251115, uint64_t position = 0, const char* collector = "") const {
    v1::ListRenewalsRequest request;
    request.set_collector_id(collector);
    std::vector<std::string> lines;
    const v1::ListRenewalsResponse response = Ask(request, date, position);
    for (const v1::RenewalCount& count : response.counts()) {
      lines.push_back(StrCat(count.place_id(), " ", count.collector_id().empty() ? "-" : count.collector_id(), " ",
                             v1::Scheme_Name(count.scheme()), " ", count.due_in_30_days(), " ", count.due_in_60_days(),
                             " ", count.lapsed()));
    }
    return lines;
  }
  // "until @position #sequence", in the answer's order
  static std::vector<std::string> Items(const v1::ListRenewalsResponse& response) {
    std::vector<std::string> lines;
    for (const v1::RenewalItem& item : response.items()) {
      lines.push_back(StrCat(item.covered_until(), " @", item.last_position(), " #", item.sequence()));
    }
    return lines;
  }

  Story story_{3};
  int receipts_ = 0;
};

TEST_F(RenewalsTest, DueAndLapsedByDay_Plan56) {
  const uint64_t october = Pay(1, 1);
  const uint64_t november = Pay(2, 2);
  const uint64_t december = Pay(3, 3);
  Pay(4, 4);
  Pay(5, 2);
  const uint64_t renewed = Pay(5, 2, "23500-01", v1::BHYT_HGD, 20251201);  // not yet, on 15 November
  Pay(6, 1, "23500-01", v1::BHYT_NSNN);
  EXPECT_THAT(Counts(), ElementsAre("23500-01 - BHYT_HGD 2 3 1"));
  EXPECT_THAT(Counts(20251031), ElementsAre("23500-01 - BHYT_HGD 3 3 0")) << "its last day is no lapse";
  EXPECT_THAT(Counts(20251004), IsEmpty());
  const v1::ListRenewalsResponse all = Ask({});
  EXPECT_EQ(all.item_count(), 4u);
  EXPECT_THAT(Items(all), ElementsAre(StrCat("20251031 @", october, " #1"), StrCat("20251130 @", november, " #1"),
                                      StrCat("20251130 @", renewed - 1, " #1"), StrCat("20251231 @", december, " #1")));
  EXPECT_EQ(all.items(0).subject_id(), SubjectOf(1).AsBytes());
  EXPECT_THAT(Items(Ask({}, 20251231)).back(), StrCat("20260131 @", renewed, " #2"));
}

TEST_F(RenewalsTest, HowFarAndHowMany) {
  Pay(1, 1);
  Pay(2, 2);
  Pay(3, 3);
  v1::ListRenewalsRequest request;
  request.set_within_days(15);
  request.set_limit(1);
  const v1::ListRenewalsResponse few = Ask(request);
  EXPECT_EQ(few.item_count(), 2u);
  EXPECT_EQ(few.items_size(), 1);
  EXPECT_EQ(few.items(0).covered_until(), 20251031);
  EXPECT_EQ(few.counts(0).due_in_60_days(), 2u) << "whatever is listed";
  request.set_lapsed_days(14);
  EXPECT_EQ(Ask(request).item_count(), 1u);
  request.add_schemes(v1::BHXH_TN);
  EXPECT_EQ(Ask(request).item_count(), 0u);
}

TEST_F(RenewalsTest, TheResidentCollectorOfTheVillageOrNobody_Plan76) {
  story_.Party("NVT-02", v1::COLLECTOR, "TCDVT-01");
  story_.Role("R1", v1::RESIDENT_COLLECTOR, "NVT-02", "23500-01", 20251101);
  story_.Role("C1", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500", 20250101);
  Pay(1, 2);
  Pay(2, 2, "23500-02");
  EXPECT_THAT(Counts(), ElementsAre("23500-01 NVT-02 BHYT_HGD 1 1 0", "23500-02 - BHYT_HGD 1 1 0"));
  EXPECT_THAT(Counts(20251115, 0, "NVT-02"), ElementsAre("23500-01 NVT-02 BHYT_HGD 1 1 0"));
  EXPECT_THAT(Counts(20251115, 0, "-"), ElementsAre("23500-02 - BHYT_HGD 1 1 0"));
  EXPECT_THAT(Counts(20251031, 0, "NVT-02"), IsEmpty()) << "not appointed yet";
  const uint64_t before = story_.last_position();
  story_.EndRole("C1", 20251110);
  EXPECT_THAT(Counts(20251115, 0, "NVT-02"), IsEmpty()) << "the contract has ended";
  EXPECT_EQ(Counts(20251115, before, "NVT-02").size(), 1u);
}

TEST_F(RenewalsTest, WhomTheNewestHandoverNames_Plan54) {
  for (const char* collector : {"NVT-02", "NVT-03", "NVT-04"}) story_.Party(collector, v1::COLLECTOR, "TCDVT-01");
  story_.Role("R1", v1::RESIDENT_COLLECTOR, "NVT-02", "23500-01", 20250101);
  Pay(1, 2);
  Pay(2, 2);
  Pay(2, 2, "23500-01", v1::BHXH_TN);
  HandOver("NVT-03", 20251101, {2});
  EXPECT_THAT(Counts(), ElementsAre("23500-01 NVT-02 BHXH_TN 1 1 0", "23500-01 NVT-02 BHYT_HGD 1 1 0",
                                    "23500-01 NVT-03 BHYT_HGD 1 1 0"));
  EXPECT_EQ(Counts(20251031).size(), 2u) << "not handed over yet";
  HandOver("NVT-04", 20251105, {}, v1::SCHEME_UNSPECIFIED);
  EXPECT_THAT(Counts(), ElementsAre("23500-01 NVT-04 BHXH_TN 1 1 0", "23500-01 NVT-04 BHYT_HGD 2 2 0"));
  EXPECT_THAT(Counts(20251104).size(), 3u);
  HandOver("NVT-03", 20251103, {1});
  EXPECT_EQ(Counts().size(), 2u) << "recorded later, handed over earlier";
}

TEST_F(RenewalsTest, PeopleAreWhereTheyLive) {
  Pay(1, 2);
  story_.Tell(sothon::testing::Move(1, "23500-02", 20251101));
  EXPECT_THAT(Counts(), ElementsAre("23500-02 - BHYT_HGD 1 1 0"));
  EXPECT_THAT(Counts(20251031), ElementsAre("23500-01 - BHYT_HGD 1 1 0")) << "on the day before the move";
  Pay(2, 1);
  story_.Tell(sothon::testing::Move(2, "23500-02", 20251110));
  EXPECT_THAT(Counts(), ElementsAre("23500-02 - BHYT_HGD 1 1 1")) << "whoever lapsed is asked for where he lives now";
}

TEST_F(RenewalsTest, BoundsAreNamed) {
  v1::ListRenewalsRequest request;
  request.set_within_days(367);
  request.set_lapsed_days(3661);
  request.set_limit(kRenewalItemsMax + 1);
  v1::ListRenewalsResponse response;
  const absl::Status status = FillRenewals(story_.SituationOn(20251115), request, &response);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(FieldViolationsOf(status).size(), 3u);
  EXPECT_EQ(FieldViolationsOf(status)[1].field, "lapsed_days");
  request.Clear();
  request.add_schemes(v1::BHXH_TN);
  request.add_schemes(v1::BHYT_NSNN);
  const absl::Status state_paid = FillRenewals(story_.SituationOn(20251115), request, &response);
  ASSERT_EQ(FieldViolationsOf(state_paid).size(), 1u);
  EXPECT_EQ(FieldViolationsOf(state_paid)[0].field, "schemes[1]");
}

}  // namespace
}  // namespace sothon::answers
