#include "ingest-service/registry/registry.h"

#include <gtest/gtest.h>

#include "common/testing/temp_dir.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using testing::AppendOne;
using testing::PrepareAll;

class RegistryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EventLogOptions options;
    options.directory = directory_.path();
    options.log_id = "test";
    auto log = EventLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  void Record(const std::vector<v1::Event>& events) {
    const AppendOutcome outcome = AppendOne(log_.get(), PrepareAll(events));
    ASSERT_TRUE(outcome.ok()) << outcome.status();
  }

  const sothon::testing::TempDir directory_;
  std::unique_ptr<EventLog> log_;
  Registry registry_;
};

TEST_F(RegistryTest, FollowsTheLogFromWhereItIs) {
  Record(sothon::testing::MinimalRegistry(2));
  Record({testing::Paid("1")});
  ASSERT_TRUE(registry_.CatchUp(*log_).ok());
  {
    const Registry::View view(registry_);
    EXPECT_EQ(view.facts().FindPlace("23500-02")->level, v1::VILLAGE);
    EXPECT_EQ(view.facts().FindPlace("23500-02")->parent_place_id, "23500");
    EXPECT_EQ(view.facts().FindPlace("23500-03"), nullptr);
    EXPECT_EQ(view.facts().FindParty(sothon::testing::kAgencyId)->kind, v1::AGENCY);
    EXPECT_EQ(view.facts().FindParty(sothon::testing::kCollectorId)->parent_party_id, sothon::testing::kAgencyId);
    EXPECT_EQ(view.facts().FindParty("nobody"), nullptr);
    EXPECT_TRUE(view.facts().HasDocument(sothon::testing::kDocumentId));
    EXPECT_FALSE(view.facts().HasTarget("t"));
  }
  Record(
      {sothon::testing::Village(3, "Thôn 3"), sothon::testing::VillageTarget("t", "23500-03", v1::BHXH_TN, 202510, 3)});
  ASSERT_TRUE(registry_.CatchUp(*log_).ok());
  const Registry::View view(registry_);
  EXPECT_NE(view.facts().FindPlace("23500-03"), nullptr);
  EXPECT_TRUE(view.facts().HasTarget("t"));
}

// plan#13: a residential group becomes a village.
TEST_F(RegistryTest, AConvertedPlaceHasItsNewLevel) {
  Record(sothon::testing::MinimalRegistry(1));
  v1::Event converted;
  converted.set_event_id("converted");
  converted.mutable_place_changed()->set_place_id("23500-01");
  converted.mutable_place_changed()->set_change(v1::PlaceChanged::CONVERTED);
  converted.mutable_place_changed()->set_new_level(v1::RESIDENTIAL_GROUP);
  Record({converted});
  ASSERT_TRUE(registry_.CatchUp(*log_).ok());
  EXPECT_EQ(Registry::View(registry_).facts().FindPlace("23500-01")->level, v1::RESIDENTIAL_GROUP);
}

// plan#52: whether a drive is open is read from the log again, as after a restart.
TEST_F(RegistryTest, ADriveIsOpenFromItsOpeningToItsClose) {
  const auto step = [](const char* event_id, auto change) {
    v1::Event event;
    event.set_event_id(event_id);
    event.set_place_id("23500-01");
    change(&event);
    return event;
  };
  Record(sothon::testing::MinimalRegistry(1));
  Record({step("1", [](v1::Event* event) { event->mutable_drive_proposed()->set_drive_id("d-1"); })});
  ASSERT_TRUE(registry_.CatchUp(*log_).ok());
  EXPECT_EQ(Registry::View(registry_).facts().FindDrive("d-1"), nullptr) << "proposed is not opened";
  Record({step("2", [](v1::Event* event) { event->mutable_drive_opened()->set_drive_id("d-1"); })});
  ASSERT_TRUE(registry_.CatchUp(*log_).ok());
  EXPECT_TRUE(Registry::View(registry_).facts().FindDrive("d-1")->is_open);
  EXPECT_EQ(Registry::View(registry_).facts().FindDrive("d-1")->place_id, "23500-01");
  Record({step("3", [](v1::Event* event) { event->mutable_drive_closed()->set_drive_id("d-1"); })});
  Registry restarted;
  for (Registry* registry : {&registry_, &restarted}) {
    ASSERT_TRUE(registry->CatchUp(*log_).ok());
    EXPECT_FALSE(Registry::View(*registry).facts().FindDrive("d-1")->is_open);
    EXPECT_EQ(Registry::View(*registry).facts().FindDrive("d-1")->place_id, "23500-01");
  }
}

TEST_F(RegistryTest, APlaceLiesWithinItselfAndAllAboveIt) {
  Record(sothon::testing::MinimalRegistry(1));
  ASSERT_TRUE(registry_.CatchUp(*log_).ok());
  EXPECT_TRUE(registry_.IsWithin("23500-01", "23500-01"));
  EXPECT_TRUE(registry_.IsWithin("23500-01", "23500"));
  EXPECT_TRUE(registry_.IsWithin("23500-01", "51"));
  EXPECT_TRUE(registry_.IsWithin("23500", "51"));
  EXPECT_FALSE(registry_.IsWithin("51", "23500"));
  EXPECT_FALSE(registry_.IsWithin("23500-02", "51")) << "not registered";
}

TEST_F(RegistryTest, AnErasureIsOpenUntilItIsCalledDone) {
  v1::Event request;
  request.set_event_id("erase-1");
  const SubjectId subject = sothon::testing::SubjectOf(1);
  request.mutable_erasure_requested()->set_subject_id(std::string(subject.AsBytes()));
  RegistryFacts facts;
  facts.Apply(request);
  EXPECT_TRUE(facts.open_erasures().empty()) << "it is not recorded yet";
  request.set_position(7);
  facts.Apply(request);
  request.set_position(9);
  facts.Apply(request);
  EXPECT_EQ(facts.open_erasures(), (std::map<Position, SubjectId>{{{7}, subject}, {{9}, subject}}));
  EXPECT_TRUE(facts.erased().empty());
  v1::Event completed;
  completed.mutable_erasure_completed()->set_subject_id(std::string(subject.AsBytes()));
  completed.mutable_erasure_completed()->set_request_position(7);
  facts.Apply(completed);
  EXPECT_EQ(facts.open_erasures(), (std::map<Position, SubjectId>{{{9}, subject}}));
  EXPECT_TRUE(facts.erased().contains(subject));
}

}  // namespace
}  // namespace sothon::ingest
