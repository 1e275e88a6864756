// Requests to erase somebody, and what is sent again about people who were erased.
#include <filesystem>
#include <fstream>

#include "ingest-service/intake/intake_fixture.h"
#include "ingest-service/vault/key_file.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;

constexpr auto kLeave = Vault::WhenUnknown::kLeave;

class ErasedPeopleTest : public IntakeTest {
 protected:
  static v1::Submission Erasure(uint64_t person, const std::string& event_id = "erase-1") {
    v1::Submission submission;
    v1::Event* event = submission.mutable_event();
    event->set_event_id(event_id);
    event->set_effective_date(20251115);
    event->mutable_erasure_requested()->set_legal_basis("Luật Bảo vệ dữ liệu cá nhân, điều 14");
    submission.mutable_identity()->set_citizen_number(testing::CitizenNumberOf(person));
    return submission;
  }
  SubjectId Known(uint64_t person) { return *vault_->Resolve({testing::CitizenNumberOf(person), ""}, kLeave); }
  SubjectId Erase(uint64_t person) {
    const SubjectId subject = Known(person);
    EXPECT_FALSE(subject.IsZero());
    EXPECT_EQ(vault_->Forget({{subject}}), absl::OkStatus());
    EXPECT_EQ(vault_->RewriteFiles(), absl::OkStatus());
    return subject;
  }
  // Whether the files of the vault hold the hash of the person's number, as an entry or as the deletion of one.
  bool IsInFiles(uint64_t person) const {
    const NumberHasher hasher(*ReadKeyFile(directory_.Path("vault.key")));
    const NumberHash hash = hasher.Hash(NumberKind::kCitizen, testing::CitizenNumberOf(person));
    for (const auto& entry : std::filesystem::directory_iterator(directory_.Path("vault"))) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      if (bytes.find(hash.AsBytes().substr(8)) != std::string::npos) return true;
    }
    return false;
  }
  // As the committer does.
  AppendOutcome Append(const v1::Submission& submission) {
    auto prepared = Prepare(submission);
    if (!prepared.ok()) return prepared.status();
    const absl::Status persisted = vault_->Persist();
    if (!persisted.ok()) return persisted;
    const PreparedRequest* one = &*prepared;
    auto outcomes = log_->Append({one}, 1'763'600'000'000'000);
    if (!outcomes.ok()) return outcomes.status();
    if (prepared->reservation != nullptr) {
      prepared->reservation->Settle(outcomes->front(), Reservation::Fate::kDecided);
    }
    return outcomes->front();
  }
};

TEST_F(ErasedPeopleTest, ARequestNamesItsPersonAndSaysWhatItRestsOn) {
  RecordRequest(Request({Contribution()}));
  const auto prepared = Prepare(Erasure(1));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_TRUE(prepared->events[0].is_reference);
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(prepared->events[0].body));
  EXPECT_EQ(event.erasure_requested().subject_id(), Known(1).AsBytes());
  EXPECT_EQ(event.erasure_requested().legal_basis(), "Luật Bảo vệ dữ liệu cá nhân, điều 14");
  EXPECT_EQ(prepared->events[0].body.find(testing::CitizenNumberOf(1)), std::string::npos);

  v1::Submission bad = Erasure(1);
  bad.mutable_event()->mutable_erasure_requested()->clear_legal_basis();
  ExpectRefused(bad, "event.erasure_requested.legal_basis", "missing");
  bad = Erasure(1);
  bad.mutable_event()->mutable_erasure_requested()->set_legal_basis(std::string(5'000, 'x'));
  ExpectRefused(bad, "event.erasure_requested.legal_basis", "4096");
  // Of whomever: also in the note, and however it is written.
  bad = Erasure(1);
  bad.mutable_event()->mutable_erasure_requested()->set_legal_basis("theo đơn của CCCD 000 587 230 177");
  ExpectRefused(bad, "event.erasure_requested.legal_basis", "name the law and its article, not the person");
  bad = Erasure(1);
  bad.mutable_event()->set_note("0912.345.678");
  ExpectRefused(bad, "event.note", "recorded for ever");
  v1::Submission good = Erasure(1);
  good.mutable_event()->mutable_erasure_requested()->set_legal_basis(
      "Nghị định 13/2023/NĐ-CP, điều 16, ngày 17/04/2023");
  EXPECT_TRUE(Prepare(good).ok());
  bad = Erasure(1);
  bad.mutable_event()->mutable_erasure_requested()->set_subject_id(std::string(16, 'x'));
  ExpectRefused(bad, "event.erasure_requested.subject_id", "assigned by the server");
  bad = Erasure(1);
  bad.clear_identity();
  ExpectRefused(bad, "identity", "missing");
  bad = Erasure(1);
  bad.mutable_event()->set_effective_date(20261115);
  ExpectRefused(bad, "event.effective_date", "");
}

TEST_F(ErasedPeopleTest, WhoIsNotOnFileIsRefusedAndNotMinted) {
  RecordRequest(Request({Contribution()}));
  for (const bool validate_only : {false, true}) {
    v1::RecordRequest request = Request({Erasure(2)});
    request.set_validate_only(validate_only);
    const auto prepared = Prepare(request);
    ASSERT_FALSE(prepared.ok());
    const auto violations = FieldViolationsOf(prepared.status());
    ASSERT_EQ(violations.size(), 1u) << prepared.status();
    EXPECT_EQ(violations[0].field, "submissions[0].identity");
    EXPECT_THAT(violations[0].description, HasSubstr("nothing to erase"));
    EXPECT_THAT(violations[0].description, HasSubstr("`sothon events --kind erasure_requested`"));
    EXPECT_THAT(violations[0].description, HasSubstr("`sothon erase --resume POSITION`"));
    EXPECT_TRUE(Known(2).IsZero());
  }
  // A number that nobody has given is not linked either.
  v1::Submission with_both = Erasure(1);
  with_both.mutable_identity()->set_social_insurance_number("0000000019");
  ASSERT_TRUE(Prepare(with_both).ok());
  EXPECT_TRUE(vault_->Resolve({"", "0000000019"}, kLeave)->IsZero());
}

TEST_F(ErasedPeopleTest, OnlyTheServiceSaysThatSomebodyIsErased) {
  v1::Submission submission;
  submission.mutable_event()->set_event_id("e");
  submission.mutable_event()->set_effective_date(20251101);
  submission.mutable_event()->mutable_erasure_completed()->set_request_position(1);
  ExpectRefused(submission, "event.erasure_completed", "by the service itself");
}

TEST_F(ErasedPeopleTest, ARequestSentAgainIsTheSameBeforeAndAfterwardsAndANewOneFindsNobody) {
  RecordRequest(Request({Contribution()}));
  ASSERT_TRUE(Append(Erasure(1)).ok());
  const Position requested = log_->Head();
  for (const bool erased : {false, true}) {
    if (erased) Erase(1);
    const AppendOutcome again = Append(Erasure(1));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->front().position, requested);
    EXPECT_TRUE(again->front().duplicate);
  }
  ExpectRefused(Erasure(1, "erase-2"), "identity", "nothing to erase");
  v1::Submission changed = Erasure(1);
  changed.mutable_event()->mutable_erasure_requested()->set_legal_basis("khác");
  EXPECT_EQ(Append(changed).status().code(), absl::StatusCode::kAlreadyExists);
  // Nor does it reach for the new person who has the number by now.
  ASSERT_TRUE(Append(Contribution([](v1::Submission* s) {
                s->mutable_event()->set_event_id("new");
                s->mutable_event()->mutable_contribution_recorded()->set_receipt_number("BL-NEW");
              })).ok());
  const AppendOutcome again = Append(Erasure(1));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->front().duplicate);
  const AppendOutcome second = Append(Erasure(1, "erase-2"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->front().duplicate);
}

// Where nobody was erased, an event id of one person is a conflict for another, also for one who is unknown.
TEST_F(ErasedPeopleTest, AnotherPersonsEventIsStillAConflict) {
  v1::Submission other = testing::SubmitFor(2, testing::Contribution({.receipt = "BL-0002", .person = 2}));
  RecordRequest(Request({Contribution(), other}));
  Erase(2);
  other = Contribution();
  other.mutable_identity()->set_citizen_number(testing::CitizenNumberOf(9));
  EXPECT_THAT(std::string(Append(other).status().message()), HasSubstr("whose content differs"));
  EXPECT_TRUE(Known(9).IsZero());
}

// Who only said that they might join, too; nobody else is touched.
TEST_F(ErasedPeopleTest, AProspectIsErasedAsAnybodyIs_Plan47) {
  v1::Submission prospect = Of("prospect-1", [](v1::Event* event) {
    event->mutable_prospect_recorded()->set_prospect_id("p-1");
    event->mutable_prospect_recorded()->set_scheme(v1::BHXH_TN);
  });
  prospect.mutable_identity()->set_citizen_number(testing::CitizenNumberOf(5));
  RecordRequest(Request({prospect, Contribution()}));
  const AppendOutcome requested = Append(Erasure(5));
  ASSERT_TRUE(requested.ok()) << requested.status();
  Erase(5);
  EXPECT_TRUE(Known(5).IsZero());
  EXPECT_FALSE(Known(1).IsZero());
  const AppendOutcome again = Append(prospect);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->front().duplicate);
  EXPECT_TRUE(Known(5).IsZero());
}

TEST_F(ErasedPeopleTest, AnOldReceiptIsTheSameEventAndBringsNobodyBack) {
  const v1::Submission paid = Contribution();
  RecordRequest(Request({paid}));
  const Position recorded = log_->Head();
  Erase(1);
  for (const bool with_second_number : {false, true}) {
    SCOPED_TRACE(with_second_number);
    v1::Submission again = paid;
    if (with_second_number) again.mutable_identity()->set_social_insurance_number("0000000019");
    const AppendOutcome outcome = Append(again);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->front().position, recorded);
    EXPECT_TRUE(outcome->front().duplicate);
    EXPECT_TRUE(Known(1).IsZero());
    EXPECT_TRUE(vault_->Resolve({"", "0000000019"}, kLeave)->IsZero());
    // Another event of that receipt is in conflict, as ever; and another body under that id.
    again.mutable_event()->set_event_id("another");
    EXPECT_THAT(std::string(Append(again).status().message()), HasSubstr("receipt BL-0001 of agency"));
    again = paid;
    again.mutable_event()->mutable_contribution_recorded()->set_paid_vnd(1'000);
    EXPECT_THAT(std::string(Append(again).status().message()), HasSubstr("whose content differs"));
    EXPECT_FALSE(IsInFiles(1));
    EXPECT_TRUE(Known(1).IsZero());
    EXPECT_TRUE(vault_->Resolve({"", "0000000019"}, kLeave)->IsZero());
  }
  // What is really new is of somebody new.
  v1::Submission fresh = paid;
  fresh.mutable_event()->set_event_id("fresh");
  fresh.mutable_event()->mutable_contribution_recorded()->set_receipt_number("BL-0002");
  ASSERT_TRUE(Append(fresh).ok());
  EXPECT_FALSE(Known(1).IsZero());
  EXPECT_TRUE(IsInFiles(1));
  // From then on the old receipt leads to somebody else than it was recorded for.
  EXPECT_THAT(std::string(Append(paid).status().message()), HasSubstr("whose content differs"));
}

}  // namespace
}  // namespace sothon::ingest
