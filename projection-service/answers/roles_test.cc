#include "projection-service/answers/roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RolesTest : public ::testing::Test {
 protected:
  v1::ListRolesResponse Ask(int32_t date = 20251231, uint64_t position = 0, std::string_view place = "23500",
                            std::vector<v1::RoleKind> kinds = {}) const {
    v1::ListRolesRequest request;
    for (const v1::RoleKind kind : kinds) request.add_roles(kind);
    v1::ListRolesResponse response;
    EXPECT_TRUE(FillRoles(story_.SituationOn(date, position, place), request, &response).ok());
    return response;
  }
  // "role-id place from ended @position of the end"
  static std::vector<std::string> Lines(const v1::ListRolesResponse& response) {
    std::vector<std::string> lines;
    for (const v1::RoleView& view : response.roles()) {
      lines.push_back(StrCat(view.role().role_id(), " ", view.place_id().empty() ? "-" : view.place_id(), " ",
                             view.from_date(), " ", view.ended_date(), " @", view.ended_position()));
    }
    return lines;
  }
  Story story_{3};
};

TEST_F(RolesTest, HeldAndEndedByTheirDates) {
  story_.Role("R-1", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-01", 20250301);
  story_.Role("R-2", v1::VILLAGE_HEAD, "NVT-01", "23500-01", 20250301, 20250630);
  const uint64_t before = story_.last_position();
  const uint64_t end = story_.EndRole("R-1", 20251001);
  EXPECT_THAT(Lines(Ask(20250630)), ElementsAre("R-1 23500-01 20250301 0 @0", "R-2 23500-01 20250301 0 @0"));
  EXPECT_THAT(Lines(Ask(20250930)), ElementsAre("R-1 23500-01 20250301 0 @0", "R-2 23500-01 20250301 20250701 @0"));
  EXPECT_THAT(Lines(Ask(20251001)),
              ElementsAre(StrCat("R-1 23500-01 20250301 20251001 @", end), "R-2 23500-01 20250301 20250701 @0"));
  EXPECT_EQ(Lines(Ask(20251001, before))[0], "R-1 23500-01 20250301 0 @0");
  EXPECT_THAT(Lines(Ask(20250228)), IsEmpty());
  EXPECT_THAT(Lines(Ask(20250630, 0, "23500", {v1::VILLAGE_HEAD})), ElementsAre("R-2 23500-01 20250301 0 @0"));
}

TEST_F(RolesTest, WhoNominatedTheCollectorIsShown_Plan67) {
  v1::Event event;
  event.mutable_role_assigned()->set_role_id("R-1");
  event.mutable_role_assigned()->set_role(v1::RESIDENT_COLLECTOR);
  event.mutable_role_assigned()->set_party_id("NVT-01");
  event.mutable_role_assigned()->set_nominator_party_id("hoi-phu-nu");
  story_.Tell(20251001, "23500-01", event);
  ASSERT_EQ(Ask().roles_size(), 1);
  EXPECT_EQ(Ask().roles(0).role().nominator_party_id(), "hoi-phu-nu");
}

TEST_F(RolesTest, OfThePlaceAndOfWhatHasNone) {
  story_.Role("R-1", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-01", 20250301);
  story_.Role("R-2", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-02", 20250301);
  story_.Role("R-3", v1::CONTRACTED_AGENCY, "TCDVT-01", "", 20250301);
  v1::Event proposed;
  proposed.mutable_drive_proposed()->set_drive_id("D-1");
  story_.Tell(20250301, "23500-02", proposed);
  v1::Event guide;
  guide.mutable_role_assigned()->set_role_id("R-4");
  guide.mutable_role_assigned()->set_role(v1::GUIDE);
  guide.mutable_role_assigned()->set_party_id("NVT-01");
  guide.mutable_role_assigned()->set_drive_id("D-1");
  story_.Tell(20250301, "", guide);
  EXPECT_EQ(Ask().roles_size(), 4);
  EXPECT_THAT(Lines(Ask(20251231, 0, "23500-01")), ElementsAre("R-1 23500-01 20250301 0 @0", "R-3 - 20250301 0 @0"));
}

TEST_F(RolesTest, VillagesWithCommitteeAndCollector_Plan54_Plan66) {
  story_.Role("R-1", v1::MOBILISING_COMMITTEE, "TCDVT-01", "23500-01", 20250301);
  story_.Role("R-2", v1::MOBILISING_COMMITTEE, "TCDVT-01", "23500-02", 20250301, 20250930);
  story_.Role("R-3", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-02", 20250301);
  const v1::ListRolesResponse in_september = Ask(20250930, 0, "23500", {v1::GUIDE});
  EXPECT_EQ(in_september.roles_size(), 0);
  EXPECT_EQ(in_september.villages(), 3u);
  EXPECT_EQ(in_september.with_committee(), 2u);
  EXPECT_EQ(in_september.with_collector(), 1u);
  EXPECT_EQ(Ask(20251001).with_committee(), 1u);
  // The collector's agency has a contract that ends: nobody is left to collect (plan#76).
  story_.Role("C-1", v1::CONTRACTED_AGENCY, "TCDVT-01", "", 20250101, 20251031);
  EXPECT_EQ(Ask(20251031).with_collector(), 1u);
  EXPECT_EQ(Ask(20251101).with_collector(), 0u);
}

TEST_F(RolesTest, ARoleThatDoesNotExistIsRefused) {
  v1::ListRolesRequest request;
  request.add_roles(v1::ROLE_KIND_UNSPECIFIED);
  v1::ListRolesResponse response;
  const absl::Status status = FillRoles(story_.SituationOn(20251231), request, &response);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::answers
