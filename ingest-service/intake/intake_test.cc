#include "ingest-service/intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/log/receipt_key.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;

class IntakeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EventLogOptions log_options;
    log_options.directory = directory_.Path("log");
    log_options.log_id = "test";
    auto log = EventLog::Open(log_options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    auto vault = Vault::Open({directory_.Path("vault"), directory_.Path("vault.key"), 100});
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
    Record({testing::Province(), testing::Commune(), testing::Village(1, "Thôn 1"), testing::Village(2, "Thôn 2"),
            testing::Agency(), testing::Collector(), testing::Document()});
  }

  static v1::Submission Contribution(std::function<void(v1::Submission*)> change = nullptr) {
    v1::Submission submission = testing::SubmitFor(1, testing::Contribution({}));
    if (change) change(&submission);
    return submission;
  }
  static v1::RecordRequest Request(const std::vector<v1::Submission>& submissions) {
    v1::RecordRequest request;
    for (const v1::Submission& submission : submissions) *request.add_submissions() = submission;
    return request;
  }
  absl::StatusOr<PreparedRequest> Prepare(v1::RecordRequest request) {
    PreparedRequest prepared;
    const Intake intake(limits_, &registry_, vault_.get(), log_.get());
    SOTHON_RETURN_IF_ERROR(intake.Prepare(&request, *CivilDate::FromWire(20251120), &prepared));
    return prepared;
  }
  absl::StatusOr<PreparedRequest> Prepare(const v1::Submission& submission) { return Prepare(Request({submission})); }

  // Prepares, appends and folds what must be right.
  void Record(const std::vector<v1::Event>& events) {
    v1::RecordRequest request;
    for (const v1::Event& event : events) *request.add_submissions()->mutable_event() = event;
    RecordRequest(std::move(request));
  }
  void RecordRequest(v1::RecordRequest request) {
    const auto prepared = Prepare(std::move(request));
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    const Position before = log_->Head();
    const PreparedRequest* one = &*prepared;
    const auto outcomes = log_->Append({one}, 1'763'600'000'000'000);
    ASSERT_TRUE(outcomes.ok()) << outcomes.status();
    ASSERT_TRUE(outcomes->front().ok()) << outcomes->front().status();
    ASSERT_TRUE(log_->Read(before.Next(), log_->Head(),
                           [&](Position, std::string_view stored) {
                             EXPECT_TRUE(registry_.Apply(stored).ok());
                             return true;
                           })
                    .ok());
  }

  // Expects exactly one violation, of `field`, with `words` in its description.
  void ExpectRefused(const v1::Submission& submission, const std::string& field, const std::string& words) {
    const auto prepared = Prepare(submission);
    ASSERT_FALSE(prepared.ok()) << "accepted: " << submission.ShortDebugString();
    EXPECT_EQ(prepared.status().code(), absl::StatusCode::kInvalidArgument);
    const auto violations = FieldViolationsOf(prepared.status());
    ASSERT_EQ(violations.size(), 1u) << prepared.status();
    EXPECT_EQ(violations[0].field, "submissions[0]." + field);
    EXPECT_THAT(violations[0].description, HasSubstr(words));
  }

  const testing::TempDir directory_;
  IntakeLimits limits_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Vault> vault_;
  Registry registry_;
};

TEST_F(IntakeTest, AContributionIsPreparedWithItsReceiptAndWithoutTheNumber) {
  const v1::Submission submission = Contribution();
  const auto prepared = Prepare(submission);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  ASSERT_EQ(prepared->events.size(), 1u);
  const PreparedEvent& event = prepared->events[0];
  EXPECT_EQ(event.receipt_key, ReceiptKey(testing::kAgencyId, "BL-0001"));
  EXPECT_TRUE(event.stream.empty());
  EXPECT_EQ(event.body.find(submission.identity().citizen_number()), std::string::npos);
  v1::Event parsed;
  ASSERT_TRUE(parsed.ParseFromString(event.body));
  EXPECT_EQ(parsed.contribution_recorded().subject_id().size(), 16u);
}

// Each case changes one thing of a good contribution and names the field that must be blamed.
TEST_F(IntakeTest, EachFieldOfAContributionIsChecked) {
  struct Case {
    std::function<void(v1::Submission*)> change;
    const char* field;
    const char* words;
  };
  const auto paid = [](v1::Submission* s) { return s->mutable_event()->mutable_contribution_recorded(); };
  const std::vector<Case> cases = {
      {[](auto* s) { s->mutable_event()->set_event_id("có dấu"); }, "event.event_id", "[A-Za-z0-9._:-]"},
      {[](auto* s) { s->mutable_event()->clear_event_id(); }, "event.event_id", "missing"},
      {[](auto* s) { s->mutable_event()->set_position(7); }, "event.position", "server"},
      {[](auto* s) { s->mutable_event()->set_recorded_at_us(7); }, "event.recorded_at_us", "server"},
      {[](auto* s) { s->mutable_event()->set_effective_date(20251332); }, "event.effective_date", "no date"},
      {[](auto* s) { s->mutable_event()->set_effective_date(20250230); }, "event.effective_date", "no date"},
      {[](auto* s) { s->mutable_event()->set_effective_date(0); }, "event.effective_date", "missing"},
      {[](auto* s) { s->mutable_event()->set_effective_date(22051017); }, "event.effective_date", "no date"},
      {[](auto* s) { s->mutable_event()->set_effective_date(20251122); }, "event.effective_date", "out of bounds"},
      {[](auto* s) { s->mutable_event()->set_effective_date(19910101); }, "event.effective_date", "out of bounds"},
      {[](auto* s) { s->mutable_event()->set_place_id("23500-99"); }, "event.place_id", "not registered"},
      {[](auto* s) { s->mutable_event()->clear_place_id(); }, "event.place_id", "missing"},
      {[](auto* s) { s->mutable_event()->set_place_id("23500"); }, "event.place_id", "counted in villages"},
      {[](auto* s) { s->mutable_event()->set_document_id("nowhere"); }, "event.document_id", "not issued"},
      {[&](auto* s) { paid(s)->set_subject_id(std::string(16, 'x')); }, "event.contribution_recorded.subject_id",
       "server"},
      {[&](auto* s) { paid(s)->clear_scheme(); }, "event.contribution_recorded.scheme", "BHXH_TN"},
      {[&](auto* s) { paid(s)->set_scheme(static_cast<v1::Scheme>(77)); }, "event.contribution_recorded.scheme",
       "unknown"},
      {[&](auto* s) { paid(s)->set_agency_id("nobody"); }, "event.contribution_recorded.agency_id", "not registered"},
      {[&](auto* s) { paid(s)->set_agency_id(testing::kCollectorId); }, "event.contribution_recorded.agency_id",
       "agency"},
      {[&](auto* s) { paid(s)->set_collector_id("nobody"); }, "event.contribution_recorded.collector_id",
       "not registered"},
      {[&](auto* s) { paid(s)->clear_receipt_number(); }, "event.contribution_recorded.receipt_number", "missing"},
      {[&](auto* s) { paid(s)->set_receipt_number(std::string(65, '1')); },
       "event.contribution_recorded.receipt_number", "65 bytes"},
      {[&](auto* s) { paid(s)->set_receipt_number("a\x01z"); }, "event.contribution_recorded.receipt_number",
       "control"},
      {[&](auto* s) { paid(s)->set_from_month(202513); }, "event.contribution_recorded.from_month", "no month"},
      {[&](auto* s) { paid(s)->set_from_month(210001); }, "event.contribution_recorded.from_month",
       "2100-01 is out of bounds; months from 1992-01 to 2030-11 are taken"},
      {[&](auto* s) { paid(s)->set_from_month(199112); }, "event.contribution_recorded.from_month",
       "1991-12 is out of bounds; months from 1992-01 to 2030-11 are taken"},
      {[&](auto* s) { paid(s)->set_months(0); }, "event.contribution_recorded.months", "1 to 60"},
      {[&](auto* s) { paid(s)->set_months(61); }, "event.contribution_recorded.months", "1 to 60"},
      {[&](auto* s) { paid(s)->set_paid_vnd(-1); }, "event.contribution_recorded.paid_vnd", "negative"},
      {[&](auto* s) { paid(s)->set_due_vnd(2'000'000'000'000); }, "event.contribution_recorded.due_vnd", "over"},
      {[&](auto* s) { paid(s)->set_central_support_vnd(5'000'000'000); },
       "event.contribution_recorded.central_support_vnd", "over"},
      {[](auto* s) { s->clear_identity(); }, "identity", "missing"},
      {[](auto* s) { s->mutable_identity()->set_citizen_number("123456789"); }, "identity.citizen_number", "CMND"},
      {[](auto* s) { s->mutable_identity()->set_citizen_number("12345678901a"); }, "identity.citizen_number", "digits"},
      {[](auto* s) { s->mutable_identity()->set_social_insurance_number("12345"); }, "identity.social_insurance_number",
       "5 digits"},
      {[](auto* s) { s->mutable_expected_version()->set_none(true); }, "expected_version", "no stream"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.field + std::string(" / ") + one.words);
    ExpectRefused(Contribution(one.change), one.field, one.words);
  }
}

TEST_F(IntakeTest, AllViolationsOfARequestAreToldTogetherUpToTheLimit) {
  std::vector<v1::Submission> submissions;
  for (int i = 0; i < 5; ++i) {
    submissions.push_back(Contribution([](v1::Submission* s) {
      s->mutable_event()->mutable_contribution_recorded()->set_months(0);
      s->mutable_event()->mutable_contribution_recorded()->set_paid_vnd(-1);
    }));
  }
  EXPECT_EQ(FieldViolationsOf(Prepare(Request(submissions)).status()).size(), 10u);
  limits_.violations_told_max = 3;
  EXPECT_EQ(FieldViolationsOf(Prepare(Request(submissions)).status()).size(), 3u);
}

TEST_F(IntakeTest, ViolationsNeverRepeatAPersonsNumber) {
  const auto prepared =
      Prepare(Contribution([](v1::Submission* s) { s->mutable_identity()->set_citizen_number("987654321"); }));
  EXPECT_EQ(prepared.status().ToString().find("987654321"), std::string::npos);
}

TEST_F(IntakeTest, FieldsAndKindsThatThisVersionDoesNotKnowAreRefused) {
  v1::Submission kind = Contribution();
  kind.mutable_event()->clear_kind();
  ExpectRefused(kind, "event", "no kind");
  v1::Submission field = Contribution();
  const std::string unknown("\xea\x3e\x01x", 4);  // field 1005
  ASSERT_TRUE(field.mutable_event()->MergeFromString(unknown));
  ExpectRefused(field, "event", "does not know");
  v1::Submission nested = Contribution();
  ASSERT_TRUE(nested.mutable_event()->mutable_contribution_recorded()->MergeFromString(unknown));
  ExpectRefused(nested, "event", "does not know");
}

TEST_F(IntakeTest, LimitsOfARequestAreNamed) {
  limits_.events_per_request_max = 1;
  const auto many = Prepare(Request({Contribution(), Contribution()}));
  EXPECT_EQ(many.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(many.status().ToString(), HasSubstr("limits.events_per_request_max"));
  EXPECT_EQ(Prepare(v1::RecordRequest()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(IntakeTest, AnEventThatIsTooLongIsRefused) {
  limits_.event_bytes_max = 300;
  ExpectRefused(Contribution([](v1::Submission* s) { s->mutable_event()->set_note(std::string(200, 'n')); }), "event",
                "limits.event_bytes_max");
}

TEST_F(IntakeTest, TextIsBroughtIntoNormalFormC) {
  v1::Event event = testing::Village(3, "Tho\xcc\x82n 3");  // "Thôn" with a combining circumflex
  v1::Submission submission;
  *submission.mutable_event() = event;
  const auto prepared = Prepare(submission);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  v1::Event parsed;
  ASSERT_TRUE(parsed.ParseFromString(prepared->events[0].body));
  EXPECT_EQ(parsed.place_registered().name(), "Thôn 3");
}

TEST_F(IntakeTest, APlaceRegisteredEarlierInTheRequestIsKnownToTheRest) {
  v1::RecordRequest request;
  *request.add_submissions()->mutable_event() = testing::Village(7, "Thôn 7");
  *request.add_submissions() = Contribution([](v1::Submission* s) { s->mutable_event()->set_place_id("23500-07"); });
  EXPECT_TRUE(Prepare(request).ok()) << Prepare(request).status();
  request.mutable_submissions()->SwapElements(0, 1);
  EXPECT_FALSE(Prepare(request).ok());
}

// plan#9: a row of totals is never a village.
TEST_F(IntakeTest, ARowOfTotalsIsNoVillage) {
  v1::Submission submission;
  *submission.mutable_event() = testing::Village(30, "Tổng");
  ExpectRefused(submission, "event.place_registered.name", "plan#9");
}

TEST_F(IntakeTest, AVillageMustStandUnderItsOwnCommune) {
  v1::Submission submission;
  *submission.mutable_event() = testing::Village(30, "Thôn 30");
  submission.mutable_event()->mutable_place_registered()->set_parent_place_id("51");
  ExpectRefused(submission, "event.place_registered.parent_place_id", "cannot be the parent");
  *submission.mutable_event() = testing::Village(30, "Thôn 30");
  submission.mutable_event()->mutable_place_registered()->set_place_id("23500-3");
  ExpectRefused(submission, "event.place_registered.place_id", "<commune>-<nn>");
}

// plan#1: every target cites a document.
TEST_F(IntakeTest, ATargetNeedsADocumentAndExactlyOneOfSchemeAndGroup) {
  v1::Submission good;
  *good.mutable_event() = testing::VillageTarget("t1", "23500-01", v1::BHXH_TN, 202510, 8);
  ASSERT_TRUE(Prepare(good).ok()) << Prepare(good).status();
  v1::Submission bad = good;
  bad.mutable_event()->clear_document_id();
  ExpectRefused(bad, "event.document_id", "plan#1");
  bad = good;
  bad.mutable_event()->mutable_target_set()->set_scheme_group_id("BHYT_TU_DONG");
  ExpectRefused(bad, "event.target_set.scheme", "exactly one");
  bad = good;
  bad.mutable_event()->mutable_target_set()->set_to_month(202509);
  ExpectRefused(bad, "event.target_set.to_month", "before");
  bad = good;
  bad.mutable_event()->mutable_target_set()->set_value(-1);
  ExpectRefused(bad, "event.target_set.value", "negative");
  bad = good;
  bad.mutable_event()->mutable_target_set()->set_revises_target_id("t0");
  ExpectRefused(bad, "event.target_set.revises_target_id", "not set yet");
  bad = good;
  bad.mutable_event()->mutable_target_set()->set_each_village(true);
  ExpectRefused(bad, "event.target_set.each_village", "commune");
}

TEST_F(IntakeTest, AReversalIsCompletedFromTheContributionItNames) {
  v1::RecordRequest request = Request({Contribution()});
  RecordRequest(request);
  const Position contribution = log_->Head();
  v1::Submission reversal;
  v1::Event* event = reversal.mutable_event();
  event->set_event_id("reversal-1");
  event->set_effective_date(20251101);
  event->mutable_contribution_reversed()->set_agency_id(testing::kAgencyId);
  event->mutable_contribution_reversed()->set_receipt_number("BL-0001");
  const auto prepared = Prepare(reversal);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->events[0].reverses, contribution);
  v1::Event parsed;
  ASSERT_TRUE(parsed.ParseFromString(prepared->events[0].body));
  EXPECT_EQ(parsed.contribution_reversed().reversed_position(), contribution.value);
  EXPECT_EQ(parsed.contribution_reversed().scheme(), v1::BHXH_TN);
  EXPECT_EQ(parsed.place_id(), "23500-01");
  event->mutable_contribution_reversed()->set_receipt_number("BL-9999");
  ExpectRefused(reversal, "event.contribution_reversed.receipt_number", "BL-9999");
}

TEST_F(IntakeTest, ARepeatedEventGetsItsFirstReceiptWhateverTheLimitsHaveBecome) {
  const v1::Submission paid = Contribution([](v1::Submission* s) { s->mutable_event()->set_note("ghi chú"); });
  const v1::Submission target = testing::Submit(testing::VillageTarget("t1", "23500-01", v1::BHXH_TN, 202510, 8));
  RecordRequest(Request({paid, target}));
  const Position head = log_->Head();
  limits_.collection_date_min = 20251101;
  limits_.amount_vnd_max = 1'000;
  for (const int64_t event_bytes_max : {65'535, 100}) {
    limits_.event_bytes_max = event_bytes_max;
    for (const bool validate_only : {false, true}) {
      v1::RecordRequest request = Request({paid, target});
      request.set_validate_only(validate_only);
      const auto prepared = Prepare(request);
      ASSERT_TRUE(prepared.ok()) << prepared.status();
      const AppendOutcome outcome = log_->Check(*prepared);
      ASSERT_TRUE(outcome.ok()) << outcome.status();
      EXPECT_EQ((*outcome)[0].position, Position{head.value - 1});
      EXPECT_EQ((*outcome)[1].position, head);
      EXPECT_TRUE((*outcome)[0].duplicate && (*outcome)[1].duplicate);
    }
  }
}

TEST_F(IntakeTest, AReusedEventIdStaysAConflictWhateverTheLimitsHaveBecome) {
  RecordRequest(Request({Contribution()}));
  limits_.collection_date_min = 20251101;
  const auto prepared = Prepare(Contribution([](v1::Submission* s) { s->mutable_event()->set_note("khác"); }));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const AppendOutcome outcome = log_->Check(*prepared);
  EXPECT_EQ(ErrorInfoOf(outcome.status()).reason(), "EVENT_ID_REUSED") << outcome.status();
  // What was never right cannot have been recorded.
  ExpectRefused(Contribution([](v1::Submission* s) {
                  s->mutable_event()->set_effective_date(20251105);
                  s->mutable_event()->mutable_contribution_recorded()->set_from_month(202511);
                  s->mutable_event()->set_position(7);
                }),
                "event.position", "server");
}

TEST_F(IntakeTest, ARepeatedEventExcusesNoneButItself) {
  RecordRequest(Request({Contribution()}));
  limits_.collection_date_min = 20251101;
  limits_.violations_told_max = 2;
  const v1::Submission other = Contribution([](v1::Submission* s) {
    s->mutable_event()->set_event_id("another");
    s->mutable_event()->mutable_contribution_recorded()->set_receipt_number("BL-0002");
  });
  const auto prepared = Prepare(Request({Contribution(), other}));
  const auto violations = FieldViolationsOf(prepared.status());
  ASSERT_EQ(violations.size(), 2u) << prepared.status();
  EXPECT_EQ(violations[1].field, "submissions[1].event.contribution_recorded.from_month");
}

TEST_F(IntakeTest, ARepeatedEventMintsAndLinksNothing) {
  RecordRequest(Request({Contribution()}));
  const auto with_another_number =
      Contribution([](v1::Submission* s) { s->mutable_identity()->set_social_insurance_number("0000000009"); });
  for (const int64_t date_min : {19920101, 20251101}) {
    limits_.collection_date_min = date_min;
    auto prepared = Prepare(with_another_number);
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    const AppendOutcome outcome = log_->Check(*prepared);
    ASSERT_TRUE(vault_->Persist().ok());
    if (prepared->reservation != nullptr) prepared->reservation->Settle(outcome);
    EXPECT_TRUE(vault_->Resolve({"", "0000000009"}, Vault::WhenUnknown::kLeave)->IsZero());
  }
}

TEST_F(IntakeTest, ErasureIsNotPromised) {
  v1::Submission submission;
  submission.mutable_event()->set_event_id("e");
  submission.mutable_event()->set_effective_date(20251101);
  submission.mutable_event()->mutable_erasure_requested();
  ExpectRefused(submission, "event.erasure_requested", "not offered");
}

TEST_F(IntakeTest, ValidatingReservesNobody) {
  v1::RecordRequest request = Request({Contribution()});
  request.set_validate_only(true);
  ASSERT_TRUE(Prepare(request).ok());
  EXPECT_TRUE(vault_->Resolve({testing::CitizenNumberOf(1), ""}, Vault::WhenUnknown::kLeave)->IsZero());
}

// The kinds that are not folded yet are recorded all the same: what happened is not lost until a view is built for it.
TEST_F(IntakeTest, ADriveIsRecorded) {
  v1::Submission submission;
  v1::Event* event = submission.mutable_event();
  event->set_event_id("drive-1-proposed");
  event->set_effective_date(20251101);
  event->set_place_id("23500-01");
  event->mutable_drive_proposed()->set_drive_id("drive-1");
  event->mutable_drive_proposed()->set_agency_id(testing::kAgencyId);
  const auto prepared = Prepare(submission);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->events[0].stream, "drive/drive-1");
  event->mutable_drive_proposed()->clear_drive_id();
  ExpectRefused(submission, "event.drive_proposed.drive_id", "missing");
}

}  // namespace
}  // namespace sothon::ingest
