// Offices sum the villages of their places, in both trees (plan#15).
#include <map>
#include <string>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::ContributionSpec;
using ::sothon::testing::TempDir;
using ::testing::ElementsAre;
using testing::Get;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MustOpen;

// Village n of the commune has n people. The province is UBND tỉnh's and BHXH tỉnh's; villages 1 and 2 are of one BHXH
// cơ sở, village 3 of another, and the whole commune is UBND xã's.
class OfficeProgress : public ::testing::Test {
 protected:
  OfficeProgress() {
    log_.AddAll(sothon::testing::MinimalRegistry(3));
    Register("ubnd-tinh", "");
    Register("ubnd-xa", "ubnd-tinh");
    Register("bhxh-tinh", "");
    Register("bhxh-a", "bhxh-tinh");
    Register("bhxh-b", "bhxh-tinh");
    Assign("23500", v1::JurisdictionAssigned::ADMINISTRATIVE, "ubnd-xa");
    Assign("23500-01", v1::JurisdictionAssigned::SOCIAL_INSURANCE, "bhxh-a");
    Assign("23500-02", v1::JurisdictionAssigned::SOCIAL_INSURANCE, "bhxh-a");
    Assign("23500-03", v1::JurisdictionAssigned::SOCIAL_INSURANCE, "bhxh-b");
    uint64_t person = 0;
    for (int village = 1; village <= 3; ++village) {
      log_.Add(sothon::testing::VillageTarget(StrCat("t-", village), sothon::testing::VillageId(village), v1::BHXH_TN,
                                              202510, 10 * village));
      for (int i = 0; i < village; ++i) {
        ContributionSpec spec;
        spec.person = ++person;
        spec.receipt = StrCat("BL-", person);
        spec.place_id = sothon::testing::VillageId(village);
        log_.Add(sothon::testing::Contribution(spec));
      }
    }
  }

  void Register(const std::string& id, const std::string& parent) {
    v1::Event event = sothon::testing::Agency(id, id);
    event.mutable_party_registered()->set_kind(v1::BHXH_OFFICE);
    event.mutable_party_registered()->set_parent_party_id(parent);
    log_.Add(event);
  }
  void Assign(const std::string& place, v1::JurisdictionAssigned::Tree tree, const std::string& office) {
    v1::Event event;
    event.set_event_id(StrCat("assign-", log_.size()));
    event.set_effective_date(20251001);
    event.mutable_jurisdiction_assigned()->set_place_id(place);
    event.mutable_jurisdiction_assigned()->set_tree(tree);
    event.mutable_jurisdiction_assigned()->set_office_party_id(office);
    log_.Add(event);
  }
  void CatchUp() {
    if (projection_ == nullptr) projection_ = MustOpen(dir_);
    ASSERT_TRUE(log_.Feed(projection_.get(), projection_->position().value + 1, log_.size()).ok());
  }

  static v1::GetProgressRequest Ask(const std::string& office, uint32_t depth = 0, uint64_t as_of = 0) {
    v1::GetProgressRequest request;
    request.set_office_party_id(office);
    request.set_period("2025-10");
    request.set_depth(depth);
    request.add_schemes(v1::BHXH_TN);
    if (as_of != 0) request.mutable_as_of()->set_position(as_of);
    return request;
  }
  // "office or place": first, target, achieved; rows of the month in their order.
  std::vector<std::string> Rows(const v1::GetProgressRequest& request) {
    std::vector<std::string> rows;
    const auto response = Get(*projection_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return rows;
    for (const v1::ProgressRow& row : response->rows()) {
      if (row.span() != v1::ProgressRow::MONTH) continue;
      EXPECT_TRUE(row.place_id().empty() != row.party_id().empty());
      const bool has_target = row.targets_size() > 0;
      rows.push_back(StrCat(row.party_id(), row.place_id(), ": ", row.figures().first(),
                            has_target ? StrCat(" ", row.targets(0).achieved(), "/", row.targets(0).target()) : ""));
    }
    return rows;
  }

  const TempDir dir_;
  testing::FakeLog log_;
  std::unique_ptr<Projection> projection_;
};

TEST_F(OfficeProgress, TotalsOverBothTreesAreEqualAtTheLeaves_Plan15) {
  CatchUp();
  EXPECT_THAT(Rows(Ask("ubnd-xa")), ElementsAre("ubnd-xa: 6 6/60"));
  EXPECT_THAT(Rows(Ask("ubnd-tinh")), ElementsAre("ubnd-tinh: 6 6/60"));
  EXPECT_THAT(Rows(Ask("bhxh-tinh")), ElementsAre("bhxh-tinh: 6 6/60"));
  EXPECT_THAT(Rows(Ask("bhxh-a")), ElementsAre("bhxh-a: 3 3/30"));
  EXPECT_THAT(Rows(Ask("bhxh-b", 1)), ElementsAre("bhxh-b: 3 3/30", "23500-03: 3 3/30"));
  EXPECT_THAT(Rows(Ask("bhxh-tinh", 1)),
              ElementsAre("bhxh-tinh: 6 6/60", "23500-01: 1 1/10", "23500-02: 2 2/20", "23500-03: 3 3/30"));
  EXPECT_THAT(Rows(Ask("ubnd-xa", 1)), ElementsAre("ubnd-xa: 6 6/60", "23500: 6 6/60"));
  EXPECT_THAT(Rows(Ask("ubnd-xa", 2)), ElementsAre("ubnd-xa: 6 6/60", "23500: 6 6/60", "23500-01: 1 1/10",
                                                   "23500-02: 2 2/20", "23500-03: 3 3/30"));
}

TEST_F(OfficeProgress, AnOfficeCountsAVillageOnceHoweverItIsAssigned) {
  // The commune and a village of it, both trees, all to one office.
  Assign("23500", v1::JurisdictionAssigned::SOCIAL_INSURANCE, "ubnd-xa");
  Assign("23500-02", v1::JurisdictionAssigned::ADMINISTRATIVE, "ubnd-xa");
  CatchUp();
  EXPECT_THAT(Rows(Ask("ubnd-xa", 1)), ElementsAre("ubnd-xa: 6 6/60", "23500: 6 6/60"));
}

TEST_F(OfficeProgress, ALaterAssignmentInTheTreeReplacesTheEarlierOne) {
  const uint64_t before = log_.size();
  Assign("23500-02", v1::JurisdictionAssigned::SOCIAL_INSURANCE, "bhxh-b");
  CatchUp();
  EXPECT_THAT(Rows(Ask("bhxh-a")), ElementsAre("bhxh-a: 1 1/10"));
  EXPECT_THAT(Rows(Ask("bhxh-b")), ElementsAre("bhxh-b: 5 5/50"));
  EXPECT_THAT(Rows(Ask("bhxh-tinh")), ElementsAre("bhxh-tinh: 6 6/60"));
  // As of the position before it, and in the other tree, nothing has changed.
  EXPECT_THAT(Rows(Ask("bhxh-a", 0, before)), ElementsAre("bhxh-a: 3 3/30"));
  EXPECT_THAT(Rows(Ask("ubnd-xa")), ElementsAre("ubnd-xa: 6 6/60"));
}

TEST_F(OfficeProgress, WhatCannotBeAnsweredIsSaid) {
  Register("new-office", "");
  CatchUp();
  const auto code = [&](const v1::GetProgressRequest& request) { return Get(*projection_, request).status().code(); };
  EXPECT_EQ(code(Ask("nobody")), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(Ask("new-office", 0, log_.size() - 1)), absl::StatusCode::kNotFound);
  v1::GetProgressRequest both = Ask("ubnd-xa");
  both.set_place_id("23500");
  EXPECT_EQ(code(both), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(Get(*projection_, both).status().message()), HasSubstr("both a place and an office"));
  EXPECT_EQ(code(Ask("")), absl::StatusCode::kInvalidArgument);
  v1::GetProgressRequest published = Ask("ubnd-xa");
  published.mutable_as_of()->set_published(true);
  EXPECT_EQ(code(published), absl::StatusCode::kInvalidArgument);
  // An office without places has no figures; without a scheme named, no rows either.
  EXPECT_THAT(Rows(Ask("new-office")), ElementsAre("new-office: 0"));
  v1::GetProgressRequest any = Ask("new-office");
  any.clear_schemes();
  EXPECT_THAT(Rows(any), IsEmpty());
}

}  // namespace
}  // namespace sothon::projection
