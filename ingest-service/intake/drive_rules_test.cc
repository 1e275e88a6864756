// The steps of a drive: who may take them, in which order, and what they must say.
#include "ingest-service/intake/intake_fixture.h"

namespace sothon::ingest {
namespace {

constexpr char kOffice[] = "bhxh";

v1::Event Party(const std::string& id, v1::PartyKind kind, const std::string& parent = "") {
  v1::Event event;
  event.set_event_id("party:" + id);
  event.set_effective_date(20250101);
  event.mutable_party_registered()->set_party_id(id);
  event.mutable_party_registered()->set_kind(kind);
  event.mutable_party_registered()->set_name(id);
  event.mutable_party_registered()->set_parent_party_id(parent);
  return event;
}

class DriveRulesTest : public IntakeTest {
 protected:
  void SetUp() override {
    IntakeTest::SetUp();
    Record({Party(kOffice, v1::BHXH_OFFICE), Party("ubnd", v1::PEOPLES_COMMITTEE), Party("TCDVT-02", v1::AGENCY),
            Party("NVT-02", v1::COLLECTOR, testing::kAgencyId), Party("NVT-21", v1::COLLECTOR, "TCDVT-02"),
            Party("NVT-99", v1::COLLECTOR)});
  }

  static v1::Submission Opened(const std::string& drive = "d-1") {
    return Of("opened:" + drive, [&](v1::Event* event) {
      v1::DriveOpened* opened = event->mutable_drive_opened();
      opened->set_drive_id(drive);
      opened->set_office_party_id(kOffice);
      opened->set_baseline_position(3);
      auto* baseline = opened->add_baselines();
      baseline->set_scheme(v1::BHXH_TN);
      baseline->set_target(6);
      baseline->set_achieved(2);
      baseline->set_remaining(4);
    });
  }
  static v1::Submission Closed(const std::string& drive = "d-1") {
    return Of("closed:" + drive, [&](v1::Event* event) {
      event->mutable_drive_closed()->set_drive_id(drive);
      event->mutable_drive_closed()->set_office_party_id(kOffice);
    });
  }
  static v1::Submission Attended() {
    return Of("attended", [](v1::Event* event) {
      v1::AttendanceRecorded* attendance = event->mutable_attendance_recorded();
      attendance->set_drive_id("d-1");
      attendance->set_agency_id(testing::kAgencyId);
      attendance->add_collector_ids(testing::kCollectorId);
      attendance->add_collector_ids("NVT-02");
      attendance->add_guide_ids("ubnd");
    });
  }
};

TEST_F(DriveRulesTest, EachStepIsTakenAsItShouldBe) {
  ExpectTaken(Of("proposed", [](v1::Event* event) {
    event->mutable_drive_proposed()->set_drive_id("d-1");
    event->mutable_drive_proposed()->set_agency_id(testing::kAgencyId);
  }));
  ExpectTaken(Opened());
  ExpectTaken(Attended());
  RecordRequest(Request({Opened()}));
  ExpectTaken(Closed());
}

// plan#52: only a BHXH office agrees, opens and closes drives.
TEST_F(DriveRulesTest, OnlyABhxhOfficeAgreesOpensAndCloses_Plan52) {
  v1::Submission opened = Opened();
  opened.mutable_event()->mutable_drive_opened()->set_office_party_id("ubnd");
  ExpectRefused(opened, "event.drive_opened.office_party_id",
                "permission denied: party \"ubnd\" is no BHXH office, and only a BHXH office opens drives (plan#52); "
                "give the id of the office");
  RecordRequest(Request({Opened()}));
  v1::Submission closed = Closed();
  closed.mutable_event()->mutable_drive_closed()->set_office_party_id(testing::kAgencyId);
  ExpectRefused(closed, "event.drive_closed.office_party_id", "permission denied");
  v1::Submission agreed = Of("agreed", [](v1::Event* event) {
    event->mutable_drive_agreed()->set_drive_id("d-1");
    event->mutable_drive_agreed()->set_office_party_id("ubnd");
  });
  ExpectRefused(agreed, "event.drive_agreed.office_party_id", "permission denied");
  agreed.mutable_event()->mutable_drive_agreed()->set_office_party_id(kOffice);
  ExpectTaken(agreed);
}

TEST_F(DriveRulesTest, ADriveIsOpenedOnceAndClosedWhileItIsOpen_Plan27_Plan52) {
  ExpectRefused(Closed(), "event.drive_closed.drive_id", "was never opened; open it first");
  RecordRequest(Request({Opened()}));
  v1::Submission again = Opened();
  ExpectTaken(again);  // the same event: a repeat
  again.mutable_event()->set_event_id("again");
  ExpectRefused(again, "event.drive_opened.drive_id", "was opened before and is open; a drive is opened once");
  RecordRequest(Request({Closed()}));
  ExpectRefused(again, "event.drive_opened.drive_id", "was opened before and is closed");
  again = Closed();
  again.mutable_event()->set_event_id("again");
  ExpectRefused(again, "event.drive_closed.drive_id", "is closed already");
}

TEST_F(DriveRulesTest, ADriveIsNotClosedBeforeTheDayOfItsOpening_Plan27) {
  const auto closed_on = [](int32_t date, const std::string& drive = "d-1") {
    v1::Submission closed = Closed(drive);
    closed.mutable_event()->set_effective_date(date);
    return closed;
  };
  RecordRequest(Request({Opened()}));  // on 1 November
  ExpectRefused(
      closed_on(20251031), "event.effective_date",
      "20251031 is before the opening of drive \"d-1\", 20251101; a drive is closed on the day of its opening or "
      "later: correct the date");
  ExpectTaken(closed_on(20251101));
  ExpectTaken(closed_on(20251102));
  EXPECT_TRUE(Prepare(Request({Opened("d-2"), closed_on(20251101, "d-2")})).ok());
  EXPECT_FALSE(Prepare(Request({Opened("d-2"), closed_on(20251031, "d-2")})).ok()) << "of one request";
}

TEST_F(DriveRulesTest, TheStepsOfOneRequestSeeEachOther) {
  ExpectTaken(Opened("d-2"));
  EXPECT_TRUE(Prepare(Request({Opened("d-2"), Closed("d-2")})).ok());
  EXPECT_FALSE(Prepare(Request({Closed("d-2"), Opened("d-2")})).ok());
  v1::Submission again = Opened("d-2");
  again.mutable_event()->set_event_id("again");
  EXPECT_FALSE(Prepare(Request({Opened("d-2"), again})).ok());
  EXPECT_FALSE(Prepare(Request({Opened("d-2"), Closed("d-2"), again})).ok());
}

TEST_F(DriveRulesTest, StepsAreTakenInAVillage) {
  v1::Submission opened = Opened();
  opened.mutable_event()->set_place_id("23500");
  ExpectRefused(opened, "event.place_id", "no village or residential group");
  opened.mutable_event()->set_place_id("23500-77");
  ExpectRefused(opened, "event.place_id", "not registered");
  opened.mutable_event()->clear_place_id();
  ExpectRefused(opened, "event.place_id", "missing");
  RecordRequest(Request({Opened()}));
  v1::Submission closed = Closed();
  closed.mutable_event()->set_place_id("23500-02");
  ExpectRefused(closed, "event.place_id", "was opened in 23500-01");
  closed.mutable_event()->clear_place_id();
  ExpectTaken(closed);
}

TEST_F(DriveRulesTest, ABaselineAddsUpAndLiesInThePast_Plan27) {
  struct Case {
    std::function<void(v1::DriveOpened*)> change;
    const char* field;
    const char* words;
  };
  const std::vector<Case> cases = {
      {[](auto* opened) { opened->set_baseline_position(99'999); }, "event.drive_opened.baseline_position",
       "no position of this log"},
      {[](auto* opened) { opened->mutable_baselines(0)->set_remaining(6); },
       "event.drive_opened.baselines[0].remaining",
       "6 is not what a target of 6 leaves when 2 are achieved, 4 (plan#27)"},
      {[](auto* opened) { opened->mutable_baselines(0)->set_achieved(9); }, "event.drive_opened.baselines[0].remaining",
       "are achieved, 0"},
      {[](auto* opened) { opened->mutable_baselines(0)->clear_scheme(); }, "event.drive_opened.baselines[0].scheme",
       "exactly one"},
      {[](auto* opened) { *opened->add_baselines() = v1::DriveOpened::Baseline(opened->baselines(0)); },
       "event.drive_opened.baselines[1].scheme", "stands in the baseline already"},
      {[](auto* opened) { opened->clear_drive_id(); }, "event.drive_opened.drive_id", "missing"},
      {[](auto* opened) { opened->set_office_party_id("nobody"); }, "event.drive_opened.office_party_id",
       "not registered"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.words);
    v1::Submission opened = Opened();
    one.change(opened.mutable_event()->mutable_drive_opened());
    ExpectRefused(opened, one.field, one.words);
  }
  v1::Submission exceeded = Opened();
  exceeded.mutable_event()->mutable_drive_opened()->mutable_baselines(0)->set_achieved(9);
  exceeded.mutable_event()->mutable_drive_opened()->mutable_baselines(0)->set_remaining(0);
  ExpectTaken(exceeded);
}

TEST_F(DriveRulesTest, AttendanceIsOfOneAgencysOwnDistinctCollectors_Plan44) {
  struct Case {
    std::function<void(v1::AttendanceRecorded*)> change;
    const char* field;
    const char* words;
  };
  const std::string kPath = "event.attendance_recorded.";
  const std::vector<Case> cases = {
      {[](auto* attendance) { attendance->set_agency_id("ubnd"); }, "agency_id", "not as a collection agency"},
      {[](auto* attendance) { attendance->set_collector_ids(1, "ubnd"); }, "collector_ids[1]", "not as a collector"},
      {[](auto* attendance) { attendance->set_collector_ids(1, "NVT-21"); }, "collector_ids[1]",
       "\"NVT-21\" belongs to TCDVT-02, not to TCDVT-01"},
      {[](auto* attendance) { attendance->add_collector_ids("NVT-02"); }, "collector_ids[2]", "stands here twice"},
      {[](auto* attendance) { attendance->add_guide_ids("ubnd"); }, "guide_ids[1]", "stands here twice"},
      {[](auto* attendance) { attendance->clear_drive_id(); }, "drive_id", "missing"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.words);
    v1::Submission attended = Attended();
    one.change(attended.mutable_event()->mutable_attendance_recorded());
    ExpectRefused(attended, kPath + one.field, one.words);
  }
  v1::Submission unknown = Attended();
  unknown.mutable_event()->mutable_attendance_recorded()->add_collector_ids("NVT-99");
  ExpectTaken(unknown);  // whose collector it is was never told
}

// plan#44, #51: what breaks a rule of the plan is recorded, so that it can be found.
TEST_F(DriveRulesTest, BrokenRulesOfThePlanAreRecorded) {
  v1::Submission attended = Attended();
  attended.mutable_event()->mutable_attendance_recorded()->clear_collector_ids();
  attended.mutable_event()->mutable_attendance_recorded()->clear_guide_ids();
  ExpectTaken(attended);
  ExpectTaken(Opened("never-agreed"));
  v1::Submission empty = Opened("no-baseline");
  empty.mutable_event()->mutable_drive_opened()->clear_baselines();
  empty.mutable_event()->mutable_drive_opened()->clear_baseline_position();
  ExpectTaken(empty);
}

TEST_F(DriveRulesTest, AScheduleEndsNotBeforeItBegins_Plan51) {
  v1::Submission scheduled = Of("scheduled", [](v1::Event* event) {
    event->mutable_drive_scheduled()->set_drive_id("d-1");
    event->mutable_drive_scheduled()->set_from_date(20251110);
    event->mutable_drive_scheduled()->set_to_date(20251110);
    event->mutable_drive_scheduled()->add_notified_agency_ids(testing::kAgencyId);
  });
  ExpectTaken(scheduled);
  v1::DriveScheduled* payload = scheduled.mutable_event()->mutable_drive_scheduled();
  payload->set_to_date(20251109);
  ExpectRefused(scheduled, "event.drive_scheduled.to_date", "20251109 is before from_date, 20251110");
  payload->clear_to_date();
  payload->add_notified_agency_ids(testing::kAgencyId);
  ExpectRefused(scheduled, "event.drive_scheduled.notified_agency_ids[1]", "stands here twice");
  payload->set_notified_agency_ids(1, "ubnd");
  ExpectRefused(scheduled, "event.drive_scheduled.notified_agency_ids[1]", "not as a collection agency");
}

}  // namespace
}  // namespace sothon::ingest
