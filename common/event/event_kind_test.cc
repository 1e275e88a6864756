#include "common/event/event_kind.h"

#include <set>

#include "common/testing/event_builders.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

using testing::Contribution;
using testing::Village;

TEST(EventKindTest, NamesAreThoseOfTheFieldsAndComeBack) {
  EXPECT_EQ(EventKindName(v1::Event::kContributionRecorded), "contribution_recorded");
  EXPECT_EQ(EventKindName(v1::Event::KIND_NOT_SET), "");
  EXPECT_EQ(EventKindName(static_cast<EventKind>(127)), "");
  EXPECT_EQ(EventKindName(static_cast<EventKind>(100'000)), "");
  EXPECT_EQ(EventKindName(static_cast<EventKind>(3)), "") << "event_id is a field, not a kind";
  for (EventKind kind : AllEventKinds()) EXPECT_EQ(EventKindFromName(EventKindName(kind)), kind);
  EXPECT_FALSE(EventKindFromName(""));
  EXPECT_FALSE(EventKindFromName("event_id"));
}

TEST(EventKindTest, EveryKindOfTheProtoIsThere) {
  const auto* oneof = v1::Event::descriptor()->FindOneofByName("kind");
  EXPECT_EQ(AllEventKinds().size(), static_cast<size_t>(oneof->field_count()));
  std::set<std::string_view> names;
  for (EventKind kind : AllEventKinds()) names.insert(EventKindName(kind));
  EXPECT_EQ(names.size(), AllEventKinds().size());
}

TEST(EventKindTest, ReferenceKindsAreTheOnesThatRegistriesKeep) {
  std::set<std::string_view> names;
  for (EventKind kind : AllEventKinds()) {
    if (IsReferenceKind(kind)) names.insert(EventKindName(kind));
  }
  EXPECT_EQ(names,
            (std::set<std::string_view>{"document_issued", "place_registered", "place_changed", "jurisdiction_assigned",
                                        "party_registered", "role_assigned", "role_ended", "target_set",
                                        "denominator_declared", "roster_declared", "parameter_set", "drive_opened",
                                        "drive_closed", "period_published", "erasure_requested", "erasure_completed"}));
  EXPECT_FALSE(IsReferenceKind(v1::Event::KIND_NOT_SET));
}

TEST(StreamOfTest, OneStreamForEachThing) {
  v1::Event event;
  event.mutable_role_ended()->set_role_id("R-1");
  EXPECT_EQ(StreamOf(event), "role/R-1");
  event.mutable_target_set()->set_target_id("T-1");
  EXPECT_EQ(StreamOf(event), "target/T-1");
  event.mutable_denominator_declared()->set_denominator_id("D-1");
  EXPECT_EQ(StreamOf(event), "denominator/D-1");
  event.mutable_roster_declared()->set_roster_id("RO-1");
  EXPECT_EQ(StreamOf(event), "roster/RO-1");
  event.mutable_attendance_recorded()->set_drive_id("DR-1");
  EXPECT_EQ(StreamOf(event), "drive/DR-1");
  event.mutable_commitment_signed()->set_drive_id("DR-1");
  EXPECT_EQ(StreamOf(event), "drive/DR-1");
  event.mutable_prospect_resolved()->set_prospect_id("P-1");
  EXPECT_EQ(StreamOf(event), "prospect/P-1");
  EXPECT_EQ(StreamOf(Village(1, "Thôn 1")), "place/23500-01");
  EXPECT_EQ(StreamOf(testing::Agency("A-1")), "party/A-1");
  EXPECT_EQ(StreamOf(testing::Document("KH-1")), "document/KH-1");
}

TEST(StreamOfTest, AChangeOfAPlaceIsInItsStreamWhereverTheEventSaysItHappened) {
  v1::Event event;
  event.set_place_id("23500");
  event.mutable_place_changed()->set_place_id("23500-01");
  EXPECT_EQ(StreamOf(event), "place/23500-01");
  event.mutable_jurisdiction_assigned()->set_place_id("23500-02");
  EXPECT_EQ(StreamOf(event), "place/23500-02");
}

TEST(StreamOfTest, CollectionsHaveNone) {
  EXPECT_EQ(StreamOf(Contribution({})), "");
  EXPECT_EQ(StreamOf(testing::Opening({})), "");
  EXPECT_EQ(StreamOf(testing::Reversal("BL-1", 20251101)), "");
  v1::Event report;
  report.mutable_report_filed()->set_drive_id("DR-1");
  EXPECT_EQ(StreamOf(report), "");
  v1::Event nameless;
  nameless.mutable_target_set();
  EXPECT_EQ(StreamOf(nameless), "") << "no id, no stream";
  EXPECT_EQ(StreamOf(v1::Event()), "");
}

TEST(BusSubjectTest, ProvinceCommuneKind) {
  EXPECT_EQ(BusSubject("51", Contribution({})), "sothon.v1.51.23500.contribution_recorded");
  EXPECT_EQ(BusSubject("51", Village(1, "Thôn 1")), "sothon.v1.51.23500.place_registered");
  EXPECT_EQ(BusSubject("51", testing::Province()), "sothon.v1.51._.place_registered");
  EXPECT_EQ(BusSubject("51", testing::Agency()), "sothon.v1.51._.party_registered");
  EXPECT_EQ(BusSubject("", v1::Event()), "sothon.v1._._._");
}

TEST(BusSubjectTest, NoTokenCanWidenTheSubject) {
  v1::Event event = Contribution({});
  for (const char* place : {">", "*", "23500.x", "23500.*-01", "a b"}) {
    event.set_place_id(place);
    EXPECT_EQ(BusSubject("5>1.*", event), "sothon.v1.5_1__._.contribution_recorded") << place;
  }
}

}  // namespace
}  // namespace sothon
