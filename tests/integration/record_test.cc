// A told quarter through `sothon record` and the real services: a drive from its proposal to the
// published week, once, twice, changed, checked only, and mended where it was refused.
#include <fstream>

#include "absl/strings/str_replace.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kCommandMax = absl::Minutes(2);
constexpr size_t kStoryEvents = 16;

constexpr char kStory[] = R"(format = "sothon-events/1"
file_id = "dot-ra-quan-01"
synthetic = true

[[events]]
kind = "drive_proposed"
date = 2025-10-06
place = "23500-13"
drive_id = "d-01"
agency_id = "buu-dien-dak-ha"
reason = "thôn dễ làm trước"

[[events]]
kind = "drive_agreed"
date = 2025-10-07
drive_id = "d-01"
office_party_id = "bhxh-co-so-dak-ha"

[[events]]
kind = "drive_scheduled"
date = 2025-10-08
drive_id = "d-01"
from_date = 2025-10-17
to_date = "19/10/2025"
venue = "nhà văn hóa thôn"
notified_agency_ids = ["buu-dien-dak-ha"]

[[events]]
kind = "role_assigned"
date = 2025-10-08
place = "23500-13"
event_id = "huong-dan-d-01"
role_id = "r-guide-d-01"
role = "GUIDE"
party_id = "hoi-nong-dan-xa-dak-ha"
drive_id = "d-01"

[[events]]
kind = "denominator_declared"
date = 2025-10-08
place = "23500-13"
denominator_id = "dan-so-23500-13"
of = "population"
value = 812
as_of_date = 2025-10-01

[[events]]
kind = "drive_opened"
date = 2025-10-17
place = "23500-13"
event_id = "mo-d-01"
drive_id = "d-01"
office_party_id = "bhxh-co-so-dak-ha"
baseline_position = "huong-dan-d-01"
[[events.baselines]]
scheme = "BHXH_TN"
target = 6
achieved = 0
remaining = 6
[[events.baselines]]
scheme_group_id = "BHYT_TU_DONG"
target = 120
achieved = 20
remaining = 100

[[events]]
kind = "attendance_recorded"
date = 2025-10-17
drive_id = "d-01"
agency_id = "buu-dien-dak-ha"
collector_ids = ["NVT-01", "NVT-02", "NVT-03"]
guide_ids = ["hoi-nong-dan-xa-dak-ha"]
on_date = 2025-10-17

[[events]]
kind = "prospect_recorded"
date = 2025-10-17
place = "23500-13"
prospect_id = "p-01"
scheme = "BHXH_TN"
drive_id = "d-01"
collector_id = "NVT-01"
[events.identity]
citizen_number = "000000000001"

[[events]]
kind = "contribution_recorded"
date = 2025-10-18
place = "23500-13"
scheme = "BHXH_TN"
agency_id = "buu-dien-dak-ha"
receipt_number = "RQ-0001"
collector_id = "NVT-01"
from_month = "2025-10"
months = 1
paid_vnd = 264_000
drive_id = "d-01"
channel = "DOOR_TO_DOOR"
declared = "DECLARED_NEW"
[events.identity]
citizen_number = "000000000001"

[[events]]
kind = "prospect_resolved"
date = 2025-10-18
prospect_id = "p-01"
outcome = "JOINED"

[[events]]
kind = "contribution_recorded"
date = 2025-10-18
place = "23500-13"
scheme = "BHXH_TN"
agency_id = "buu-dien-dak-ha"
receipt_number = "RQ-0002"
from_month = "2025-10"
months = 1
paid_vnd = 264_000
[events.identity]
citizen_number = "000000000002"

[[events]]
kind = "contribution_reversed"
date = 2025-10-19
agency_id = "buu-dien-dak-ha"
receipt_number = "RQ-0002"
reason = "ghi nhầm"

[[events]]
kind = "activity_recorded"
date = 2025-10-19
place = "23500-13"
activity_kind = "HOUSEHOLD_VISIT"
party_id = "buu-dien-dak-ha"
drive_id = "d-01"
households = 41

[[events]]
kind = "drive_closed"
date = 2025-10-19
drive_id = "d-01"
office_party_id = "bhxh-co-so-dak-ha"

[[events]]
kind = "decision_recorded"
date = 2025-10-20
decision_kind = "COMMENDATION"
by_party_id = "ubnd-xa-dak-ha"
about_party_id = "buu-dien-dak-ha"
evidence_positions = ["mo-d-01"]

[[events]]
kind = "period_published"
date = 2025-10-20
place = "23500"
period = "2025-W42"
at_position = "mo-d-01"
by_party_id = "bhxh-co-so-dak-ha"
)";

class RecordTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    const ProcessResult loaded =
        Run({"plan", "load", RequiredEnvironment("SOTHON_SOURCE") + "/deploy/plans/dak-ha-2025q4", "--sample-parties"});
    ASSERT_EQ(loaded.exit_status, 0) << loaded.standard_error;
    head_ = stack_.Head();
  }

  ProcessResult Run(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_.ingest().address(), "--projection",
                                     stack_.projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  }
  ProcessResult Record(const std::string& story, std::vector<std::string> options = {}) {
    const std::string path = stack_.directory() + "/story.toml";
    std::ofstream(path, std::ios::binary) << story;
    options.insert(options.begin(), {"record", path});
    return Run(options);
  }
  static std::string Edited(const std::string& from, const std::string& to) {
    EXPECT_THAT(kStory, HasSubstr(from));
    return absl::StrReplaceAll(kStory, {{from, to}});
  }
  // The line of kStory on which `text` begins.
  static size_t LineOf(const std::string& text) {
    const std::string before = std::string(kStory).substr(0, std::string(kStory).find(text));
    return 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
  }

  Stack stack_;
  uint64_t head_ = 0;
};

TEST_F(RecordTest, AStoryIsRecordedInItsOrderAndOnceHoweverOften) {
  for (int round = 0; round < 2; ++round) {
    const ProcessResult result = Record(kStory);
    ASSERT_EQ(result.exit_status, 0) << result.standard_error;
    EXPECT_THAT(result.standard_output, HasSubstr("story.toml (dot-ra-quan-01): 16 events (activity_recorded 1,"));
    EXPECT_THAT(result.standard_output, HasSubstr("All are marked synthetic"));
    EXPECT_THAT(result.standard_output,
                HasSubstr(round == 0 ? StrCat("Done: recorded 16 at positions ", head_ + 1, " to ",
                                              head_ + kStoryEvents, ", already recorded 0, refused 0; log ")
                                     : "Done: recorded 0, already recorded 16, refused 0; log "));
    EXPECT_THAT(result.standard_output, HasSubstr(StrCat("--min-position ", head_ + kStoryEvents, " ")));
    EXPECT_EQ(stack_.Head(), head_ + kStoryEvents);
  }
  const auto events = stack_.ReadAll();
  ASSERT_TRUE(events.ok()) << events.status();
  const auto at = [&](size_t number) -> const v1::Event& { return events->at(head_ + number - 1); };
  EXPECT_TRUE(at(1).has_drive_proposed());
  EXPECT_EQ(at(3).drive_scheduled().to_date(), 20251019);
  EXPECT_EQ(at(6).drive_opened().baseline_position(), head_ + 4);
  EXPECT_EQ(at(6).drive_opened().baselines_size(), 2);
  EXPECT_EQ(at(12).contribution_reversed().reversed_position(), head_ + 11);
  EXPECT_EQ(at(15).decision_recorded().evidence_positions(0), head_ + 6);
  EXPECT_EQ(at(16).period_published().at_position(), head_ + 6);
  for (size_t i = head_; i < events->size(); ++i) EXPECT_TRUE(events->at(i).synthetic()) << i;

  // What is told counts: one of the two receipts was taken back.
  v1::GetProgressRequest request;
  request.set_place_id("23500-13");
  request.set_period("2025-10");
  request.add_schemes(v1::BHXH_TN);
  request.set_min_position(stack_.Head());
  const auto progress = stack_.Progress(request);
  ASSERT_TRUE(progress.ok()) << progress.status();
  ASSERT_GT(progress->rows_size(), 0);
  EXPECT_EQ(progress->rows(0).figures().first(), 1);
}

TEST_F(RecordTest, AnEventInsertedLaterIsTheOnlyNewOne) {
  ASSERT_EQ(Record(kStory).exit_status, 0);
  const ProcessResult result = Record(Edited("[[events]]\nkind = \"drive_agreed\"",
                                             "[[events]]\nkind = \"activity_recorded\"\ndate = 2025-10-06\n"
                                             "place = \"23500-13\"\nactivity_kind = \"SURVEY\"\n\n"
                                             "[[events]]\nkind = \"drive_agreed\""));
  EXPECT_EQ(result.exit_status, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output, HasSubstr("recorded 1 at positions"));
  EXPECT_THAT(result.standard_output, HasSubstr("already recorded 16"));
}

TEST_F(RecordTest, ChangedContentIsRefusedWithLineAndPosition) {
  ASSERT_EQ(Record(kStory).exit_status, 0);
  const ProcessResult result = Record(Edited("households = 41", "households = 44"));
  EXPECT_EQ(result.exit_status, 1);
  const size_t line = LineOf("[[events]]\nkind = \"activity_recorded\"");
  EXPECT_THAT(result.standard_error,
              HasSubstr(StrCat("story.toml line ", line, " (events[12]): was recorded at position ", head_ + 13,
                               " with other content: households 41 there, 44 here")));
  EXPECT_THAT(result.standard_output, HasSubstr(StrCat("refused 1 (lines ", line, ")")));
  EXPECT_THAT(result.standard_output, Not(HasSubstr("--min-position")));
  EXPECT_EQ(stack_.Head(), head_ + kStoryEvents);
}

TEST_F(RecordTest, ADryRunRecordsNothing) {
  const ProcessResult dry = Record(kStory, {"--dry-run"});
  EXPECT_EQ(dry.exit_status, 0) << dry.standard_error;
  EXPECT_THAT(
      dry.standard_output,
      HasSubstr("Dry run: would be recorded 11, already recorded 0, refused 0; log test-log. Nothing was recorded."));
  EXPECT_THAT(dry.standard_output, HasSubstr("Not checked: 5 that need the position of, or reverse,"));
  EXPECT_THAT(dry.standard_output, Not(HasSubstr("--min-position")));
  EXPECT_EQ(stack_.Head(), head_);
  ASSERT_EQ(Record(kStory).exit_status, 0);
  const ProcessResult again = Record(kStory, {"--dry-run"});
  EXPECT_THAT(again.standard_output, HasSubstr("would be recorded 0, already recorded 16, refused 0"));
  EXPECT_EQ(stack_.Head(), head_ + kStoryEvents);
}

TEST_F(RecordTest, WhatIsRefusedNamesItsLineAndTheMendedFileGoesOn) {
  const ProcessResult result = Record(Edited("[\"NVT-01\", \"NVT-02\", \"NVT-03\"]", "[\"NVT-01\", \"NVT-99\"]"));
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.standard_error, HasSubstr(StrCat("story.toml line ", LineOf("collector_ids"),
                                                      " (events[6].collector_ids[1]): party "
                                                      "\"NVT-99\" is not registered")));
  // The request before ended where the opening needed a position.
  EXPECT_THAT(result.standard_output,
              HasSubstr(StrCat("Ended early: recorded 5 at positions ", head_ + 1, " to ", head_ + 5,
                               ", already recorded 0, refused 1 (lines ",
                               LineOf("[[events]]\nkind = \"attendance_recorded\""), "), left 10; log test-log")));
  EXPECT_EQ(stack_.Head(), head_ + 5);
  const ProcessResult mended = Record(kStory);
  EXPECT_EQ(mended.exit_status, 0) << mended.standard_error;
  EXPECT_THAT(mended.standard_output, HasSubstr("recorded 11 at positions"));
  EXPECT_THAT(mended.standard_output, HasSubstr("already recorded 5"));
  EXPECT_EQ(stack_.Head(), head_ + kStoryEvents);
}

TEST_F(RecordTest, ARegistrationThatIsThereAlreadyIsToldWithItsLine) {
  ASSERT_EQ(Record(kStory).exit_status, 0);
  const ProcessResult result = Record(Edited("event_id = \"huong-dan-d-01\"\n", "event_id = \"khac\"\n") +
                                      "\n[[events]]\nkind = \"role_ended\"\ndate = 2025-10-20\nrole_id = \"nobody\"\n");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.standard_error, HasSubstr("names \"huong-dan-d-01\", which is the event_id of no event above"));
  const ProcessResult stream = Record(absl::StrReplaceAll(kStory, {{"\"huong-dan-d-01\"", "\"khac\""}}));
  EXPECT_EQ(stream.exit_status, 1);
  EXPECT_THAT(stream.standard_error,
              HasSubstr(StrCat("story.toml line ", LineOf("[[events]]\nkind = \"role_assigned\""),
                               " (events[3]): stream role/r-guide-d-01 is at version 1")));
  EXPECT_EQ(stack_.Head(), head_ + kStoryEvents);
}

}  // namespace
}  // namespace sothon::testing
