#include "ingest-service/intake/intake_fixture.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;

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
      {[&](auto* s) { paid(s)->set_receipt_number(" BL-1"); }, "event.contribution_recorded.receipt_number",
       "begins or ends with a blank"},
      {[&](auto* s) { paid(s)->set_receipt_number("BL-1\u00a0"); }, "event.contribution_recorded.receipt_number",
       "begins or ends with a blank"},
      {[&](auto* s) { paid(s)->set_receipt_number("BL\u00a01"); }, "event.contribution_recorded.receipt_number",
       "(U+00A0); write a plain blank"},
      {[&](auto* s) { paid(s)->set_receipt_number("BL\u200b-1"); }, "event.contribution_recorded.receipt_number",
       "cannot be seen (U+200B); remove it"},
      {[&](auto* s) { paid(s)->set_receipt_number("BL-\uff11"); }, "event.contribution_recorded.receipt_number",
       "(U+FF11, full-width for example); write the plain one"},
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
      {[](auto* s) { s->mutable_identity()->set_citizen_number("000000000000"); }, "identity.citizen_number",
       "one digit repeated"},
      {[](auto* s) { s->mutable_identity()->set_social_insurance_number("9999999999"); },
       "identity.social_insurance_number", "one digit repeated"},
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
