// Rows of people who were erased, imported again when they have paid again: nobody must cancel a true receipt for it.
#include "cli/import/conflict.h"
#include "cli/testing/import_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kOpeningHeader[] = "ref,identity_number,village,scheme,covered_until\n";

class ImportErased : public Import {
 protected:
  enum class Erasure { kRequested, kCompleted };

  // Whoever the newest event of the log is about.
  void EraseNewest(Erasure step = Erasure::kCompleted) {
    const v1::Event newest = fake_.events().back();
    const std::string subject = newest.has_opening_recorded() ? newest.opening_recorded().subject_id()
                                                              : newest.contribution_recorded().subject_id();
    ASSERT_FALSE(subject.empty());
    v1::RecordRequest request;
    v1::Event* event = request.add_submissions()->mutable_event();
    event->set_event_id(StrCat("erased-", newest.position()));
    if (step == Erasure::kRequested) {
      event->mutable_erasure_requested()->set_subject_id(subject);
    } else {
      event->mutable_erasure_completed()->set_subject_id(subject);
    }
    grpc::ClientContext context;
    v1::RecordResponse response;
    ASSERT_TRUE(stub_->Record(&context, request, &response).ok());
  }
  // With the subject that the person has since: the service in memory knows people by their number.
  CsvRecord RejectOf(std::string row, const std::string& header = kHeader) {
    row.replace(row.find("000100000001"), 12, "000100000099");
    const auto summary = Run(Write("again.csv", header + row));
    EXPECT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->rejected, 1u);
    return Rejects(summary->rejects_path).at(0);
  }
};

TEST_F(ImportErased, AReceiptOfWhoWasErasedIsCountedAlready) {
  ASSERT_EQ(Run(Write("a.csv", kHeader + Row(1)))->recorded, 1u);
  const CsvRecord before = RejectOf(Row(1));
  EXPECT_THAT(before.fields[2], HasSubstr("with the same figures for another person"));
  EXPECT_THAT(before.fields[3], HasSubstr("`sothon reverse`"));

  EraseNewest();
  const CsvRecord after = RejectOf(Row(1));
  EXPECT_THAT(after.fields[2], HasSubstr("receipt GL-1 is already recorded at position"));
  EXPECT_THAT(after.fields[2], HasSubstr("the person recorded there was erased since"));
  EXPECT_THAT(after.fields[2], Not(HasSubstr("another person")));
  EXPECT_THAT(after.fields[3], HasSubstr("nothing is to be done: the receipt is counted already"));
  EXPECT_THAT(after.fields[3], Not(HasSubstr("sothon reverse")));
  // Another amount is another amount, whoever was erased.
  EXPECT_THAT(RejectOf(Row(1, "300000")).fields[2], HasSubstr("with another amount"));
}

// No number leads to the person any more, and the vault's files wait for room: for days, it may be.
TEST_F(ImportErased, AReceiptOfWhoseErasureStillWaitsIsCountedAlready) {
  ASSERT_EQ(Run(Write("a.csv", kHeader + Row(1)))->recorded, 1u);
  EraseNewest(Erasure::kRequested);
  const CsvRecord again = RejectOf(Row(1));
  EXPECT_THAT(again.fields[2], HasSubstr("the person recorded there was erased since"));
  EXPECT_THAT(again.fields[3], HasSubstr("nothing is to be done: the receipt is counted already"));
  EXPECT_THAT(again.fields[3], Not(HasSubstr("sothon reverse")));
  // Another amount is another amount all the same.
  EXPECT_THAT(RejectOf(Row(1, "300000")).fields[2], HasSubstr("with another amount"));
}

TEST_F(ImportErased, AnOpeningOfWhoWasErasedIsCountedAlready) {
  options_.row.kind = FileKind::kOpening;
  options_.row.opening_date = CivilDate::FromWire(20251001);
  const std::string row = "M-1,000100000001,23500-01,BHXH_TN,2025-12-31\n";
  const auto recorded = Run(Write("o.csv", kOpeningHeader + row));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  ASSERT_EQ(recorded->recorded, 1u);
  EraseNewest();
  const CsvRecord after = RejectOf(row, kOpeningHeader);
  EXPECT_THAT(after.fields[2], HasSubstr("the person recorded there was erased since"));
  EXPECT_THAT(after.fields[3], HasSubstr("do not give it another reference"));
}

TEST(Conflict, WhereTheLogCannotBeAskedTheRemedyDoesNoHarm) {
  v1::Event row;
  row.mutable_contribution_recorded()->set_receipt_number("GL-1");
  v1::Event earlier = row;
  earlier.mutable_contribution_recorded()->set_subject_id("0123456789abcdef");
  const Problem problem = DescribeConflict(row, 7, &earlier, [](std::string_view subject) -> std::optional<bool> {
    EXPECT_EQ(subject, "0123456789abcdef");
    return std::nullopt;
  });
  EXPECT_THAT(problem.reason, HasSubstr("for another person"));
  EXPECT_THAT(problem.remedy, ::testing::StartsWith("look first whether people were erased since (`sothon events "
                                                    "--kind erasure_requested --kind erasure_completed`)"));
  // Nobody is asked about where the difference is plain.
  earlier.mutable_contribution_recorded()->set_paid_vnd(1);
  DescribeConflict(row, 7, &earlier, [](std::string_view) -> std::optional<bool> {
    ADD_FAILURE() << "asked";
    return false;
  });
}

}  // namespace
}  // namespace sothon::cli
