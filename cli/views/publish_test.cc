// sothon publish and sothon late, against services that answer what the test gives them.
#include "cli/testing/fake_ingest.h"
#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Publishing : public ::testing::Test {
 protected:
  Publishing() {
    // Positions 1 to 3 of log "fake": receipts of October.
    for (int i = 1; i <= 3; ++i) AddReceipt(StrCat("GL-", i));
    progress_.freshness.set_log_id("fake");
    progress_.freshness.set_position(3);
    progress_.freshness.set_head_position(3);
    progress_.digests.set_sha256(std::string(32, 'd'));
  }

  void AddReceipt(const std::string& number) {
    v1::RecordRequest request;
    v1::Event* event = request.add_submissions()->mutable_event();
    event->set_event_id(number);
    event->set_place_id("23500-01");
    event->set_effective_date(20251117);
    event->mutable_contribution_recorded()->set_scheme(v1::BHXH_TN);
    event->mutable_contribution_recorded()->set_agency_id("BD");
    event->mutable_contribution_recorded()->set_receipt_number(number);
    grpc::ClientContext context;
    v1::RecordResponse response;
    ASSERT_TRUE(ingest_.NewStub()->Record(&context, request, &response).ok());
  }

  Outcome Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--ingest", ingest_.address(), "--projection", progress_.address()});
    return RunWith(arguments);
  }
  Outcome Publish(const std::string& period, std::vector<std::string> options = {}) {
    std::vector<std::string> arguments = {"publish", "--place", "23500", "--period", period, "--by", "bhxh-co-so"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return Run(arguments);
  }
  std::vector<v1::Event> Publications() const {
    std::vector<v1::Event> found;
    for (const v1::Event& event : ingest_.events()) {
      if (event.has_period_published()) found.push_back(event);
    }
    return found;
  }

  FakeIngest ingest_;
  FakeProgress progress_;
};

TEST_F(Publishing, AMonthIsClosedWithThePositionAndItsDigest_Plan38) {
  const Outcome outcome = Publish("2025-11", {"--date", "03/12/2025", "--document", "tb-11"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Published, at position 4: 2025-11 of 23500 as of position 3, digest "
                                     "6464646464646464…, by bhxh-co-so, 2025-12-03"));
  EXPECT_THAT(outcome.out, HasSubstr("--min-position 4"));
  EXPECT_FALSE(progress_.asked_digests.has_as_of());
  ASSERT_EQ(Publications().size(), 1u);
  const v1::Event event = Publications()[0];
  EXPECT_EQ(event.place_id(), "23500");
  EXPECT_EQ(event.effective_date(), 20251203);
  EXPECT_EQ(event.document_id(), "tb-11");
  EXPECT_EQ(event.period_published().period(), "2025-11");
  EXPECT_EQ(event.period_published().at_position(), 3u);
  EXPECT_EQ(event.period_published().digest(), std::string(32, 'd'));
  EXPECT_EQ(event.period_published().by_party_id(), "bhxh-co-so");
}

TEST_F(Publishing, PublishingAgainChangesNothingUntilTheFiguresDo) {
  ASSERT_EQ(Publish("2025-11").exit, 0);
  AddReceipt("GL-4");
  progress_.freshness.set_position(5);
  const Outcome again = Publish("2025-11");
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("Published before, at position 4: 2025-11"));
  EXPECT_EQ(Publications().size(), 1u);
  progress_.digests.set_sha256(std::string(32, 'e'));
  EXPECT_EQ(Publish("2025-11").exit, 0);
  ASSERT_EQ(Publications().size(), 2u);
  EXPECT_EQ(Publications()[1].period_published().at_position(), 5u);
}

TEST_F(Publishing, ANamedPositionIsPublishedOnce) {
  progress_.freshness.set_position(3);
  const std::vector<std::string> at = {"--at", "2"};
  EXPECT_EQ(Publish("2025q4", at).exit, 0);
  EXPECT_EQ(progress_.asked_digests.as_of().position(), 2u);
  const Outcome again = Publish("2025Q4", at);
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(Publications().size(), 1u);
  EXPECT_EQ(Publications()[0].period_published().at_position(), 2u);
  // Another day than the first time, and given: not the same publication.
  const Outcome other = Publish("2025Q4", {"--at", "2", "--date", "2026-01-02"});
  EXPECT_EQ(other.exit, 1);
  EXPECT_THAT(other.err, HasSubstr("was published for this position before, at position 4, with other content"));
  EXPECT_EQ(Publications().size(), 1u);
}

TEST_F(Publishing, APeriodThatIsNotOverIsNotClosed) {
  const struct {
    std::string period, date, end;
  } early[] = {{"2025-11", "2025-11-30", "2025-11-30"},
               {"2025Q4", "03/12/2025", "2025-12-31"},
               {"2025-w45", "2025-11-09", "2025-11-09"}};
  for (const auto& [period, date, end] : early) {
    const Outcome outcome = Publish(period, {"--date", date});
    EXPECT_EQ(outcome.exit, 2) << period;
    EXPECT_THAT(outcome.err, HasSubstr(StrCat(" ends on ", end, " and is not over on ")));
  }
  const Outcome today = Publish("2199-12");
  EXPECT_EQ(today.exit, 2);
  EXPECT_THAT(today.err, HasSubstr("2199-12 ends on 2199-12-31"));
  EXPECT_TRUE(Publications().empty());
  EXPECT_EQ(Publish("2025-11", {"--date", "2025-11-30", "--early"}).exit, 0);
  EXPECT_EQ(Publish("2025-W45", {"--date", "2025-11-10"}).exit, 0);
}

TEST_F(Publishing, ASecondTimeInOtherWordsIsRefusedAndShowsBoth) {
  ASSERT_EQ(Publish("2025-11", {"--date", "2025-12-03", "--document", "tb-11"}).exit, 0);
  AddReceipt("GL-4");
  progress_.freshness.set_position(5);
  const std::vector<std::string> same = {"--document", "tb-11"};
  EXPECT_THAT(Publish("2025-11", same).out, HasSubstr("Published before, at position 4"));
  const std::vector<std::vector<std::string>> others = {
      {"--document", "tb-11", "--date", "2025-12-04"}, {"--document", "tb-12"}, {}};
  for (const std::vector<std::string>& other : others) {
    const Outcome outcome = Publish("2025-11", other);
    EXPECT_EQ(outcome.exit, 1) << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("before, at position 4, with other content: "));
    EXPECT_THAT(outcome.err, HasSubstr("published: 2025-11 of 23500 as of position 3, digest 6464646464646464…, by "
                                       "bhxh-co-so, 2025-12-03; asked for now: 2025-11 of 23500"));
  }
  const Outcome nobody =
      Run({"publish", "--place", "23500", "--period", "2025-11", "--by", "bhxh", "--document", "tb-11"});
  EXPECT_EQ(nobody.exit, 1);
  EXPECT_THAT(nobody.err, HasSubstr("--by bhxh: no party with this id is registered"));
  EXPECT_EQ(Publications().size(), 1u);
}

TEST_F(Publishing, OlderFiguresDoNotTakeThePlaceOfLaterOnesUnasked) {
  ASSERT_EQ(Publish("2025-11", {"--at", "3"}).exit, 0);
  const Outcome older = Publish("2025-11", {"--at", "2"});
  EXPECT_EQ(older.exit, 1);
  EXPECT_THAT(older.err, HasSubstr("--at 2 lies before position 3, whose figures stand as published"));
  EXPECT_EQ(Publications().size(), 1u);
  EXPECT_EQ(Publish("2025-11", {"--at", "2", "--again"}).exit, 0);
  EXPECT_EQ(Publications().size(), 2u);
}

TEST_F(Publishing, APositionThatTheLogHasNotIsNamedAsItWasGiven) {
  const Outcome beyond = Publish("2025-11", {"--at", "999999"});
  EXPECT_EQ(beyond.exit, 1);
  EXPECT_THAT(beyond.err, HasSubstr("--at 999999: the log ends at position 3"));
  AddReceipt("GL-4");
  const Outcome not_counted = Publish("2025-11", {"--at", "4", "--wait-seconds", "1"});
  EXPECT_EQ(not_counted.exit, 1);
  EXPECT_THAT(not_counted.err, HasSubstr("--at 4 was not counted"));
}

TEST_F(Publishing, APublishedWeekIsShownByTheWeeks) {
  for (const char* command : {"late", "progress"}) {
    std::vector<std::string> ask = {command, "--place", "23500", "--period", "2025-w45"};
    if (ask[0] == "progress") ask.push_back("--as-published");
    const Outcome before = Run(ask);
    EXPECT_EQ(before.exit, 2);
    EXPECT_THAT(before.err, HasSubstr("it was not published for 23500"));
  }
  ASSERT_EQ(Publish("2025-W45").exit, 0);
  for (const char* command : {"late", "progress"}) {
    std::vector<std::string> ask = {command, "--place", "23500", "--period", "2025-W45"};
    if (ask[0] == "progress") ask.push_back("--as-published");
    EXPECT_THAT(Run(ask).err,
                HasSubstr("--period 2025-W45 is a week, and a week has no figures by month; `sothon weeks "
                          "--place 23500 --from 2025-W45 --to 2025-W45 --rows --as-of @3` shows it as it "
                          "was published"));
  }
}

TEST_F(Publishing, AWeekHasNoDigestAndStandsOncePublished) {
  for (const char* period : {"2025-w45", "2025-W45"}) {
    const Outcome outcome = Publish(period);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("2025-W45 of 23500 as of position 3, without digest"));
  }
  ASSERT_EQ(Publications().size(), 1u);
  EXPECT_EQ(Publications()[0].period_published().digest(), "");
  EXPECT_EQ(Publications()[0].period_published().period(), "2025-W45");
}

TEST_F(Publishing, ADryRunAndWrongUsageRecordNothing) {
  // The fake records whatever it is sent; what it is asked to check is what counts.
  bool checked_only = false;
  ingest_.SetCheck([&](const v1::RecordRequest& request) {
    checked_only = request.validate_only();
    return absl::OkStatus();
  });
  EXPECT_THAT(Publish("2025-11", {"--dry-run"}).out, HasSubstr("Dry run: would be published: 2025-11 of 23500"));
  EXPECT_TRUE(checked_only);
  EXPECT_EQ(Publish("2025-13").exit, 2);
  EXPECT_EQ(Publish("2025-W60").exit, 2);
  EXPECT_EQ(Publish("2025-11", {"--date", "31/11/2025"}).exit, 2);
  EXPECT_EQ(Run({"publish", "--place", "x", "--period", "2025-11", "--by", "a"}).exit, 2);
}

TEST_F(Publishing, TheFiguresOfAnotherLogAreNotPublishedInThisOne) {
  progress_.freshness.set_log_id("dak-ha");
  const Outcome outcome = Publish("2025-11");
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the figures are of log dak-ha"));
  EXPECT_TRUE(Publications().empty());
}

class Late : public Publishing {
 protected:
  Late() {
    v1::Publication* publication = progress_.late_changes.mutable_publication();
    publication->set_at_position(1);
    publication->set_event_position(1);
    publication->set_published_date(20251203);
    publication->set_digest_holds(true);
    v1::LateChange* change = progress_.late_changes.add_changes();
    change->set_place_id("23500-01");
    change->set_scheme(v1::BHXH_TN);
    change->set_month(202511);
    change->set_counter(v1::COUNTER_FIRST);
    change->set_published(7);
    change->set_now(5);
    change->add_positions(2);
    change->add_positions(3);
    change->set_position_count(2);
  }
  Outcome Ask(const std::string& format) {
    return Run({"late", "--place", "23500", "--period", "2025-11", "--format", format});
  }
};

TEST_F(Late, NamesWhatMovedAndByWhichEvents_Plan60) {
  const Outcome table = Ask("table");
  EXPECT_EQ(table.exit, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("Đã công bố: ngày 2025-12-03"));
  EXPECT_THAT(table.out, HasSubstr("2, 3"));
  EXPECT_THAT(table.out, HasSubstr("biên lai GL-2 (BD)"));
  EXPECT_THAT(table.out, HasSubstr("biên lai GL-3 (BD)"));
  EXPECT_THAT(table.out, Not(HasSubstr("GL-1")));
  EXPECT_THAT(Ask("csv").out, HasSubstr("\n23500-01,BHXH_TN,2025-11,first,7,5,-2,2,2|3,fake,3,1,2025-12-03,1,,1,0\n"));
  const Outcome json = Ask("json");
  for (const char* part : {"\"published\": 7", "\"now\": 5", "\"change\": -2", "\"receipt\": \"GL-3\"",
                           "\"digest_holds\": true", "\"counter\": \"first\""}) {
    EXPECT_THAT(json.out, HasSubstr(part));
  }
}

TEST_F(Late, IsAskedAsOfAPositionOrAMoment) {
  EXPECT_EQ(Ask("table").exit, 0);
  EXPECT_EQ(progress_.asked_late.as_of().point_case(), v1::AsOf::POINT_NOT_SET);
  const std::vector<std::string> ask = {"late", "--place", "23500", "--period", "2025-11", "--as-of"};
  std::vector<std::string> at_position = ask;
  at_position.emplace_back("@2");
  EXPECT_EQ(Run(at_position).exit, 0);
  EXPECT_EQ(progress_.asked_late.place_id(), "23500");
  EXPECT_EQ(progress_.asked_late.period(), "2025-11");
  EXPECT_EQ(progress_.asked_late.as_of().position(), 2u);
  std::vector<std::string> at_moment = ask;
  at_moment.emplace_back("2025-12-31");
  EXPECT_EQ(Run(at_moment).exit, 0);
  EXPECT_EQ(progress_.asked_late.as_of().recorded_at_us(), 1'767'200'399'999'999) << "the end of the day in Viet Nam";
  std::vector<std::string> wrong = ask;
  wrong.emplace_back("31/12");
  EXPECT_EQ(Run(wrong).exit, 2);
}

TEST_F(Late, WhatIsMissingIsToldInTermsOfTheCommandLine) {
  const auto refuse = [this](const char* said) { progress_.late_status = {grpc::StatusCode::NOT_FOUND, said}; };
  refuse("2025-11 was not published for 23500 up to position 3; ask without `published`, or publish it first");
  EXPECT_EQ(Ask("table").exit, 1);
  EXPECT_THAT(Ask("table").err, HasSubstr("2025-11 was not published for 23500; `sothon publish` closes a period"));
  EXPECT_THAT(Ask("table").err, Not(HasSubstr("`published`")));
  refuse("no place 23500 is registered up to position 3; ListPlaces names those that are");
  EXPECT_THAT(Ask("table").err, HasSubstr("--place 23500 is not in the book; `sothon places` lists what is"));
  EXPECT_THAT(Ask("table").err, Not(HasSubstr("publish")));
  refuse("no place 23500 is registered up to position 0; ListPlaces names those that are");
  EXPECT_THAT(Run({"late", "--place", "23500", "--period", "2025-11", "--as-of", "2025-12-31"}).err,
              HasSubstr("--place 23500 is not in the book as of 2025-12-31: nothing was recorded by then; "));
}

TEST_F(Late, SaysWhenNothingMovedAndWhenThePublishedDigestIsWrong) {
  progress_.late_changes.clear_changes();
  EXPECT_THAT(Ask("table").out, HasSubstr("Không có gì thay đổi kể từ khi công bố."));
  progress_.late_changes.mutable_publication()->set_digest_holds(false);
  const Outcome wrong = Ask("table");
  EXPECT_EQ(wrong.exit, 1);
  EXPECT_THAT(wrong.out, HasSubstr("*** KHÔNG KHỚP"));
}

TEST_F(Late, StandsWithoutEventsWhereIngestIsAwayAndNotWithThoseOfAnotherLog) {
  progress_.freshness.set_log_id("dak-ha");
  EXPECT_EQ(Ask("table").exit, 1);
  EXPECT_EQ(Ask("table").out, "");
  ingest_.Stop();
  const Outcome away = Ask("table");
  EXPECT_EQ(away.exit, 0);
  EXPECT_THAT(away.err, HasSubstr("the changes stand without their events"));
  EXPECT_THAT(away.out, HasSubstr("2, 3"));
}

}  // namespace
}  // namespace sothon::cli
