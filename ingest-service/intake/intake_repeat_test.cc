// Events that are sent again, and what becomes of numbers that a request brought.
#include "ingest-service/intake/intake_fixture.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;

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

// Receipt numbers that are refused now, and were recorded before they were.
TEST_F(IntakeTest, AHiddenCharacterThatIsRecordedGetsItsReceiptAgainAndCanBeReversed) {
  const std::string number = "BL\u00a0Tho\u0302n";
  v1::Submission again = Contribution(
      [&](v1::Submission* s) { s->mutable_event()->mutable_contribution_recorded()->set_receipt_number(number); });
  ExpectRefused(again, "event.contribution_recorded.receipt_number", "U+00A0");
  v1::Event recorded = again.event();
  recorded.mutable_contribution_recorded()->set_receipt_number("BL\u00a0Thôn");
  const auto subject = vault_->Resolve({testing::CitizenNumberOf(1), ""}, Vault::WhenUnknown::kMint);
  recorded.mutable_contribution_recorded()->set_subject_id(std::string(subject->AsBytes()));
  PreparedRequest old;
  old.events.push_back({recorded.event_id(), SerializeBody(recorded),
                        ReceiptKey(testing::kAgencyId, recorded.contribution_recorded().receipt_number()), "",
                        std::nullopt, false, std::nullopt});
  const PreparedRequest* const one = &old;
  ASSERT_TRUE(log_->Append({&one, 1}, 1'763'600'000'000'000)->front().ok());
  const auto prepared = Prepare(again);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const AppendOutcome outcome = log_->Check(*prepared);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->front().duplicate);
  v1::Submission reversal = testing::Submit(testing::Reversal(number, 20251101));
  reversal.mutable_event()->set_event_id("reversal-1");
  EXPECT_TRUE(Prepare(reversal).ok()) << Prepare(reversal).status();
  reversal.mutable_event()->mutable_contribution_reversed()->set_receipt_number("BL\u200b2");
  ExpectRefused(reversal, "event.contribution_reversed.receipt_number", "cannot be seen (U+200B)");
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
    if (prepared->reservation != nullptr) prepared->reservation->Settle(outcome, Reservation::Fate::kDecided);
    EXPECT_TRUE(vault_->Resolve({"", "0000000009"}, Vault::WhenUnknown::kLeave)->IsZero());
  }
}

// A link that a request brought stays only where an event that rests on it is, or may be, recorded.
TEST_F(IntakeTest, ALinkOfARequestThatWasCertainlyNotWrittenBlocksNobody) {
  RecordRequest(Request({Contribution()}));
  ASSERT_TRUE(vault_->Persist().ok());
  const auto next = [](const std::string& insurance) {
    return Contribution([&](v1::Submission* s) {
      s->mutable_event()->set_event_id("next");
      s->mutable_event()->mutable_contribution_recorded()->set_receipt_number("BL-0002");
      s->mutable_identity()->set_social_insurance_number(insurance);
    });
  };
  const absl::Status unavailable = absl::UnavailableError("the disk is full");
  auto wrong = Prepare(next("0000000008"));
  ASSERT_TRUE(wrong.ok() && wrong->reservation != nullptr);
  wrong->reservation->Settle(unavailable, Reservation::Fate::kNotWritten);
  auto right = Prepare(next("0000000009"));
  ASSERT_TRUE(right.ok()) << right.status();
  ASSERT_TRUE(right->reservation != nullptr);
  right->reservation->Settle(unavailable, Reservation::Fate::kMaybeWritten);
  ExpectRefused(next("0000000007"), "identity", "check both");
}

}  // namespace
}  // namespace sothon::ingest
