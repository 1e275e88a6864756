// Recording a file of events: once, twice, after a change, up to what is refused, and not at all.
#include "cli/record/event_recorder.h"

#include <fstream>

#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Visit(int number, const std::string& more = "") {
  return StrCat("[[events]]\nkind = \"activity_recorded\"\ndate = 2025-10-14\nevent_id = \"v", number,
                "\"\nactivity_kind = \"HOUSEHOLD_VISIT\"\nhouseholds = ", number, "\n", more);
}

std::string Receipt(const std::string& more = "") {
  return StrCat(
      "[[events]]\nkind = \"contribution_recorded\"\ndate = 2025-10-14\nagency_id = \"A\"\nreceipt_number = "
      "\"1\"\npaid_vnd = 264_000\n",
      more, "[events.identity]\ncitizen_number = \"000000000001\"\n");
}

constexpr char kReversal[] =
    "[[events]]\nkind = \"contribution_reversed\"\ndate = 2025-10-15\nagency_id = \"A\"\nreceipt_number = \"1\"\n";

class RecordingEvents : public ::testing::Test {
 protected:
  RecordingEvents() : stub_(fake_.NewStub()) {}

  absl::Status Record(const std::string& events, bool dry_run = false) {
    const std::string path = StrCat(::testing::TempDir(), "/story.toml");
    std::ofstream(path, std::ios::binary) << "format = \"sothon-events/1\"\nfile_id = \"story\"\n" << events;
    const auto file = ReadEventsFile(path, false);
    EXPECT_TRUE(file.ok()) << file.status();
    if (!file.ok()) return file.status();
    EventRecorder recorder(stub_.get(), *file, dry_run);
    const absl::Status status = recorder.Run();
    summary_ = recorder.summary();
    return status;
  }

  void LimitEvents(uint32_t events) {
    v1::Limits limits;
    limits.set_events_per_request_max(events);
    fake_.SetLimits(limits);
  }

  // Refuses every request that holds the event.
  void RefuseEvent(const std::string& event_id) {
    fake_.SetCheck([event_id](const v1::RecordRequest& request) -> absl::Status {
      for (int i = 0; i < request.submissions_size(); ++i) {
        if (request.submissions(i).event().event_id() == event_id) {
          return BadRequest({{StrCat("submissions[", i, "].event.activity_recorded.households"), "is odd; round it"},
                             {StrCat("submissions[", i, "].event.place_id"), "missing; give one"}});
        }
      }
      return absl::OkStatus();
    });
  }

  FakeIngest fake_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  RecordSummary summary_;
};

TEST_F(RecordingEvents, InTheOrderOfTheFileAndTwiceIsHarmless) {
  const std::string events = StrCat(Visit(1), Receipt(), Visit(2));
  for (int round = 0; round < 2; ++round) {
    const absl::Status status = Record(events);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(summary_.recorded, round == 0 ? 3u : 0u);
    EXPECT_EQ(summary_.already_known, round == 0 ? 0u : 3u);
    EXPECT_EQ(summary_.last_position, round == 0 ? 3u : 0u);
    EXPECT_EQ(summary_.min_position, 3u);
  }
  const auto recorded = fake_.events();
  ASSERT_EQ(recorded.size(), 3u);
  EXPECT_EQ(recorded[0].event_id(), "v1");
  EXPECT_TRUE(recorded[1].has_contribution_recorded());
  EXPECT_EQ(recorded[2].event_id(), "v2");
}

TEST_F(RecordingEvents, ALaterEditionRecordsOnlyWhatIsNew) {
  ASSERT_TRUE(Record(StrCat(Visit(1), Visit(3))).ok());
  ASSERT_TRUE(Record(StrCat(Visit(1), Visit(2), Visit(3), Visit(4))).ok());
  EXPECT_EQ(summary_.recorded, 2u);
  EXPECT_EQ(summary_.already_known, 2u);
  EXPECT_EQ(summary_.min_position, 4u);
}

TEST_F(RecordingEvents, RequestsAreBoundedAndEndWhereAPositionIsNeeded) {
  LimitEvents(3);
  const std::string decision =
      "[[events]]\nkind = \"decision_recorded\"\ndate = 2025-10-20\nevidence_positions = [1, \"v5\", \"v2\"]\n";
  const std::string events = StrCat(Visit(1), Visit(2), Visit(3), Visit(4), Visit(5), decision, Receipt(), kReversal);
  ASSERT_TRUE(Record(events).ok());
  EXPECT_THAT(fake_.request_sizes(), ElementsAre(3, 2, 2, 1));
  EXPECT_THAT(fake_.events()[5].decision_recorded().evidence_positions(), ElementsAre(1u, 5u, 2u));
  ASSERT_TRUE(Record(events).ok()) << "positions of what is there are found again";
  EXPECT_EQ(summary_.already_known, 8u);
}

TEST_F(RecordingEvents, RequestsAreBoundedInBytes) {
  v1::Limits limits;
  limits.set_request_bytes_max(400);
  fake_.SetLimits(limits);
  const std::string note = StrCat("note = \"", std::string(150, 'x'), "\"\n");
  ASSERT_TRUE(Record(StrCat(Visit(1, note), Visit(2, note), Visit(3, note))).ok());
  EXPECT_THAT(fake_.request_sizes(), ElementsAre(2, 1));
}

TEST_F(RecordingEvents, ARefusalNamesLinesAndKeysAndEndsIt) {
  LimitEvents(2);
  RefuseEvent("v3");
  const std::string events = StrCat(Visit(1), Visit(2), Visit(3), Visit(4), Visit(5));
  const absl::Status status = Record(events);
  const auto violations = FieldViolationsOf(status);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "story.toml line 20 (events[2].households)");
  EXPECT_EQ(violations[1].field, "story.toml line 15 (events[2].place)");
  EXPECT_THAT(summary_.refused_lines, ElementsAre(15));
  EXPECT_EQ(summary_.recorded, 2u);
  EXPECT_EQ(fake_.events().size(), 2u) << "nothing of the refused request and behind it";
  fake_.SetCheck({});
  ASSERT_TRUE(Record(events).ok());
  EXPECT_EQ(summary_.already_known, 2u);
  EXPECT_EQ(summary_.recorded, 3u);
}

TEST_F(RecordingEvents, ChangedContentIsToldWithTheLineAndThePositionOfTheFirst) {
  ASSERT_TRUE(Record(StrCat(Visit(1), Visit(2))).ok());
  const absl::Status status = Record(StrCat(Visit(1), Visit(2, "note = \"sửa\"\npeople = 4\n")));
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(
      status.message(),
      "story.toml line 9 (events[1]): was recorded at position 2 with other content: note \"\" there, \"sửa\" here; "
      "people 0 there, 4 here. What was recorded stays: restore it here, and record the correction as an event of "
      "its own, with an `event_id` of its own");
  EXPECT_THAT(summary_.refused_lines, ElementsAre(9));
  EXPECT_EQ(fake_.events().size(), 2u);
}

TEST_F(RecordingEvents, AnotherPersonAnotherKindOrATakenReceiptAreTold) {
  ASSERT_TRUE(Record(StrCat(Receipt(), Visit(1))).ok());
  std::string other = Receipt();
  other.replace(other.find("000000000001"), 12, "000000000002");
  EXPECT_THAT(std::string(Record(other).message()), HasSubstr("with other content: it is about another person."));
  EXPECT_THAT(
      std::string(Record("[[events]]\nkind = \"role_ended\"\ndate = 2025-10-14\nevent_id = \"v1\"\n").message()),
      HasSubstr("kind activity_recorded there, role_ended here"));
  EXPECT_THAT(std::string(Record(Receipt("event_id = \"mine\"\n")).message()),
              HasSubstr("line 3 (events[0]): the agency's receipt number is taken, at position 1 by the event "));
}

TEST_F(RecordingEvents, ADryRunRecordsNothingAndCountsWhatItCannotCheck) {
  const std::string published =
      "[[events]]\nkind = \"period_published\"\ndate = 2025-10-20\nperiod = \"2025-W42\"\nat_position = \"v1\"\n";
  const std::string events = StrCat(Visit(1), published, Receipt(), kReversal);
  ASSERT_TRUE(Record(events, true).ok());
  EXPECT_EQ(summary_.recorded, 2u);
  EXPECT_EQ(summary_.unchecked, 2u);
  EXPECT_EQ(fake_.events().size(), 0u);
  ASSERT_TRUE(Record(Visit(1)).ok());
  ASSERT_TRUE(Record(events, true).ok());
  EXPECT_EQ(summary_.already_known, 1u);
  EXPECT_EQ(summary_.recorded, 2u) << "what rests on the recorded one is checked now";
  EXPECT_EQ(summary_.unchecked, 1u);
  EXPECT_EQ(fake_.events().size(), 1u);
}

TEST_F(RecordingEvents, ADryRunThatDoesNotFitIsRefused) {
  LimitEvents(2);
  EXPECT_THAT(std::string(Record(StrCat(Visit(1), Visit(2), Visit(3)), true).message()),
              HasSubstr("story.toml has 3 events, the service takes 2 and "));
}

TEST_F(RecordingEvents, AServiceThatIsAwayIsToldAndNothingIsLost) {
  fake_.SetAway(1);
  EXPECT_EQ(Record(Visit(1)).code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(Record(Visit(1)).ok());
}

}  // namespace
}  // namespace sothon::cli
