// `sothon erase` without a service that erases: what it refuses, what it reads, and the receipt.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/erasure/erase_input.h"
#include "cli/erasure/erasure_receipt.h"
#include "cli/testing/fake_ingest.h"
#include "cli/testing/run_command.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kNumber[] = "001234567890";

TEST(Erase, NumbersComeFromInputOrAFileOrTheCommandLine) {
  const sothon::testing::TempDir directory;
  std::ofstream(directory.Path("n")) << " " << kNumber << "\r\nanother\n";
  std::istringstream in("1\n  2 \n\n");
  EXPECT_EQ(*ReadNumber("--o", "-", in), "1");
  EXPECT_EQ(*ReadNumber("--o", "-", in), "2");
  EXPECT_FALSE(ReadNumber("--o", "-", in).ok()) << "an empty line";
  EXPECT_FALSE(ReadNumber("--o", "-", in).ok()) << "the end";
  EXPECT_EQ(*ReadNumber("--o", StrCat("@", directory.Path("n")), in), kNumber);
  EXPECT_FALSE(ReadNumber("--o", "@/nowhere", in).ok());
  EXPECT_EQ(*ReadNumber("--o", kNumber, in), kNumber);
}

TEST(Erase, OnlyAClearYesIsOne) {
  for (const char* yes : {"xóa", "Xóa", "XÓA", "xo\u0301a", "xoá", "xoa", " erase ", "yes"}) {
    EXPECT_TRUE(IsConfirmation(yes)) << yes;
  }
  for (const char* no : {"", "y", "x", "không", "no", "xóa hết", "\xff"}) EXPECT_FALSE(IsConfirmation(no)) << no;
}

TEST(Erase, WhatIsMissingOrDangerousIsWrongUsageAndNothingIsSent) {
  FakeIngest ingest;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--ingest", ingest.address(), "erase"});
    return RunWith(arguments);
  };
  const std::string basis = "Luật, điều 14";
  EXPECT_THAT(run({"--legal-basis", basis, "--yes"}).err, HasSubstr("say who"));
  EXPECT_THAT(run({"--citizen-number", kNumber, "--yes"}).err, HasSubstr("--legal-basis is missing"));
  EXPECT_THAT(run({"--citizen-number", kNumber, "--legal-basis", StrCat("theo CCCD ", kNumber), "--yes"}).err,
              HasSubstr("recorded for ever"));
  // Of whomever, and however it is written; a law is none.
  EXPECT_THAT(run({"--citizen-number", kNumber, "--legal-basis", "CCCD 000 587 230 177", "--yes"}).err,
              HasSubstr("--legal-basis holds a number of 9 digits or more"));
  const sothon::testing::TempDir directory;
  std::ofstream(directory.Path("file")) << "x";
  const auto with = [&](const std::string& option, const std::string& place) {
    return run({"--citizen-number", kNumber, "--legal-basis", basis, "--yes", option, place}).err;
  };
  EXPECT_THAT(with("--receipt", "/no/where/r"), HasSubstr("there is no folder /no/where"));
  EXPECT_THAT(with("--receipt", "."), HasSubstr("--receipt .: this is a folder"));
  EXPECT_THAT(with("--receipt", directory.Path("new/")), HasSubstr("this is a folder"));
  EXPECT_THAT(with("--receipt", directory.Path("file/r")), HasSubstr("there is no folder"));
  EXPECT_THAT(with("--receipt", "/dev/null"), HasSubstr("no plain file"));
  EXPECT_THAT(with("--proof", directory.Path("file")), HasSubstr("nothing can be written to"));
  EXPECT_THAT(with("--proof", directory.Path("file/p")), HasSubstr("nothing can be written to"));
  EXPECT_THAT(run({"--resume", "3", "--citizen-number", kNumber}).err, HasSubstr("leave out"));
  EXPECT_THAT(run({"--citizen-number", kNumber, "--legal-basis", basis, "--yes", "--date", "hôm nay"}).err,
              HasSubstr("--date"));
  EXPECT_EQ(run({"--legal-basis", basis, "--yes"}).exit, 2);
  EXPECT_TRUE(ingest.request_sizes().empty());
}

TEST(Erase, WhoIsNotOnFileIsToldBeforeAnythingIsRecorded) {
  FakeIngest ingest;
  ingest.SetCheck([](const v1::RecordRequest& request) {
    EXPECT_TRUE(request.validate_only());
    return BadRequest({{"submissions[0].identity", "nobody with this number is on file"}});
  });
  const Outcome outcome = RunWith(
      {"--ingest", ingest.address(), "erase", "--citizen-number", kNumber, "--legal-basis", "Luật, điều 14", "--yes"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.err, "sothon: identity: nobody with this number is on file\n");
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(ingest.events().empty());
}

TEST(Erase, ARequestThatIsNotCarriedOutInTimeIsToldWithTheWayBack) {
  FakeIngest ingest;
  const Outcome outcome = RunWith({"--ingest", ingest.address(), "erase", "--citizen-number", kNumber, "--legal-basis",
                                   "Luật, điều 14", "--yes", "--wait-seconds", "1"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("recorded at position 1 and not carried out yet"));
  EXPECT_THAT(outcome.err, HasSubstr("sothon erase --resume 1"));
  ASSERT_EQ(ingest.events().size(), 1u);
  EXPECT_EQ(ingest.events()[0].erasure_requested().legal_basis(), "Luật, điều 14");
  EXPECT_THAT(ingest.events()[0].ShortDebugString(), Not(HasSubstr(kNumber)));
  const Outcome nothing = RunWith({"--ingest", ingest.address(), "erase", "--resume", "7"});
  EXPECT_EQ(nothing.exit, 1);
  EXPECT_THAT(nothing.err, HasSubstr("position 7 of log fake holds no request"));
}

TEST(Erase, TheReceiptIsForThePersonAlone) {
  FakeIngest ingest;
  v1::RecordRequest request;
  request.add_submissions()->mutable_event()->mutable_erasure_requested()->set_legal_basis("Luật, điều 14");
  request.add_submissions()->mutable_event()->mutable_erasure_completed()->set_request_position(1);
  request.mutable_submissions(0)->mutable_event()->set_event_id("asked");
  request.mutable_submissions(1)->mutable_event()->set_event_id("done");
  grpc::ClientContext context;
  v1::RecordResponse response;
  ASSERT_TRUE(ingest.NewStub()->Record(&context, request, &response).ok());
  const sothon::testing::TempDir directory;
  const std::string receipt = directory.Path("receipt.txt");
  std::ofstream(receipt) << "an older one, that everybody can read";
  ::chmod(receipt.c_str(), 0644);
  const mode_t mask_before = ::umask(022);
  // No proofs: the log in memory has none to give.
  const Outcome outcome = RunWith({"--ingest", ingest.address(), "erase", "--resume", "1", "--receipt", receipt});
  EXPECT_EQ(::umask(mask_before), 022u) << "left as it was";
  EXPECT_THAT(outcome.out, HasSubstr("Completed:   position 2"));
  EXPECT_EQ(static_cast<int>(std::filesystem::status(receipt).permissions()), 0600);
  EXPECT_GT(std::filesystem::file_size(receipt), 500u);
}

TEST(Erase, TheReceiptSaysWhereAndWhatAndHoldsNeitherNumberNorSubject) {
  ErasureReceipt receipt;
  receipt.log_id = "qn-51";
  receipt.request.set_position(4711);
  receipt.request.set_recorded_at_us(1'763'692'200'123'456);
  receipt.request.set_effective_date(20251120);
  receipt.request.mutable_erasure_requested()->set_legal_basis("Luật, điều 14");
  receipt.request.mutable_erasure_requested()->set_subject_id("abcdefghijklmnop");
  receipt.completed.set_position(4712);
  receipt.completed.set_recorded_at_us(1'763'692'201'000'000);
  receipt.why_no_proof = WhyNoProof::kNoKey;
  const std::string text = FormatErasureReceipt(receipt);
  EXPECT_LT(text.find("BIÊN NHẬN"), text.find("RECEIPT"));
  for (const char* part : {"qn-51", "vị trí 4711, ngày 20/11/2025, ghi sổ lúc 2025-11-21T09:30:00.123456+07:00",
                           "Luật, điều 14", "vị trí 4712", "position 4711", "position 4712", "Còn lại", "What remains",
                           "(tlog-proof): sổ này chưa có khóa để ký", "(tlog-proof): this log has no key"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("abcdefghijklmnop")));
  EXPECT_THAT(text, Not(HasSubstr("6162636465666768")));
  receipt.proof_files = {"p/4711.tlog-proof", "p/4712.tlog-proof"};
  EXPECT_THAT(FormatErasureReceipt(receipt), HasSubstr("sothon audit prove`:\n  p/4711.tlog-proof\n"));
}

}  // namespace
}  // namespace sothon::cli
