// What event files say, what is wrong with them, and which ids their events have.
#include "cli/record/events_file.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "cli/import/row_mapper.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHead[] = "format = \"sothon-events/1\"\nfile_id = \"truyen\"\n";

absl::StatusOr<EventsFile> Read(const std::string& text, bool all_synthetic = false) {
  const std::string path =
      StrCat(::testing::TempDir(), "/", ::testing::UnitTest::GetInstance()->current_test_info()->name(), ".toml");
  std::ofstream(path, std::ios::binary) << text;
  return ReadEventsFile(path, all_synthetic);
}

std::string FileName() { return StrCat(::testing::UnitTest::GetInstance()->current_test_info()->name(), ".toml"); }

// One event with these lines, from line 3 on.
std::string Event(const std::string& lines) { return StrCat("[[events]]\n", lines, "\n"); }

// All problems, one a line, without the file's name.
std::string Problems(const std::string& text) {
  const auto file = Read(text);
  if (file.ok()) return "";
  std::string problems;
  for (const FieldViolation& violation : FieldViolationsOf(file.status())) {
    EXPECT_TRUE(violation.field.starts_with(FileName() + " ")) << violation.field;
    StrAppend(&problems, violation.field.substr(FileName().size() + 1), ": ", violation.description, "\n");
  }
  return problems.empty() ? std::string(file.status().message()) : problems;
}

std::vector<std::string> Ids(const std::string& text) {
  std::vector<std::string> ids;
  const auto file = Read(text);
  EXPECT_TRUE(file.ok()) << file.status() << text;
  for (size_t i = 0; file.ok() && i < file->items.size(); ++i) {
    ids.push_back(file->items[i].submission.event().event_id());
  }
  return ids;
}

constexpr char kVisit[] =
    "kind = \"activity_recorded\"\ndate = 2025-10-14\nplace = \"23884-01\"\nactivity_kind = \"HOUSEHOLD_VISIT\"\n"
    "party_id = \"buu-dien\"\ndrive_id = \"d-01\"\nhouseholds = 12\npeople = 30";

// Encoded with protoc from the text format, and D of the second id with sha256sum.
TEST(EventsFile, CanonicalBytesAreGolden) {
  const auto file = Read(StrCat(kHead,
                                Event("kind = \"drive_opened\"\ndate = 2025-10-13\nplace = \"23884-01\"\n"
                                      "event_id = \"mo-dot-01\"\nsynthetic = true\nnote = \"mở đợt\"\n"
                                      "drive_id = \"d-01\"\noffice_party_id = \"bhxh-co-so-duc-co\"\n"
                                      "[[events.baselines]]\nscheme = \"BHXH_TN\"\ntarget = 12\nachieved = 4\n"
                                      "remaining = 8\n"),
                                Event(kVisit)));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->items.size(), 2u);
  EXPECT_EQ(
      absl::BytesToHexString(SerializeBody(file->items[0].submission.event())),
      "1a096d6f2d646f742d3031208583d4092a0832333838342d30314801520b6de1bb9f20c491e1bba374aa03230a04642d30311211626878"
      "682d636f2d736f2d6475632d636f22080801180c20042808");
  EXPECT_EQ(file->items[1].submission.event().event_id(), "truyen.d3080914f8e0eb397f800d3f");
  EXPECT_EQ(
      absl::BytesToHexString(SerializeBody(file->items[1].submission.event())),
      "1a1f74727579656e2e643330383039313466386530656233393766383030643366208683d4092a0832333838342d3031e203160801120862"
      "75752d6469656e1a04642d3031200c281e");
}

TEST(EventsFile, APersonIsGivenApartAndTheEventHoldsNoNumber) {
  const auto file = Read(StrCat(kHead, Event("kind = \"contribution_recorded\"\ndate = \"13/10/2025\"\n"
                                             "place = \"23884-01\"\nscheme = \"BHXH_TN\"\nagency_id = \"A\"\n"
                                             "receipt_number = \"IN-1\"\nfrom_month = \"2025-10\"\nmonths = 3\n"
                                             "paid_vnd = 264_000\nchannel = \"ON_THE_SPOT\"\n"
                                             "credited_party_ids = [\"u-1\", \"s-2\"]\n[events.identity]\n"
                                             "citizen_number = \"000000000001\"\n"
                                             "[events.expected_version]\nexact = 3\n")));
  ASSERT_TRUE(file.ok()) << file.status();
  const v1::Submission& submission = file->items[0].submission;
  EXPECT_EQ(submission.identity().citizen_number(), "000000000001");
  EXPECT_EQ(submission.expected_version().exact(), 3u);
  const v1::ContributionRecorded& contribution = submission.event().contribution_recorded();
  EXPECT_EQ(submission.event().effective_date(), 20251013);
  EXPECT_EQ(contribution.from_month(), 202510);
  EXPECT_EQ(contribution.months(), 3u);
  EXPECT_EQ(contribution.paid_vnd(), 264'000);
  EXPECT_EQ(contribution.channel(), v1::ON_THE_SPOT);
  EXPECT_THAT(contribution.credited_party_ids(), ElementsAre("u-1", "s-2"));
  EXPECT_EQ(submission.event().SerializeAsString().find("000000000001"), std::string::npos);
  EXPECT_EQ(submission.event().event_id(), ContributionEventId("A", "IN-1")) << "as an import of it names it";
}

TEST(EventsFile, SyntheticIsSaidForAllForOneOrByTheOption) {
  const std::string two = StrCat(kHead, "synthetic = true\n", Event(kVisit),
                                 Event(StrCat(kVisit, "\nevent_id = \"x\"\nsynthetic = false")));
  const auto file = Read(two);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->items[0].submission.event().synthetic());
  EXPECT_FALSE(file->items[1].submission.event().synthetic());
  const auto all = Read(two, /*all_synthetic=*/true);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_TRUE(all->items[1].submission.event().synthetic());
}

TEST(EventsFile, APositionMayNameAnEventAbove) {
  const auto file =
      Read(StrCat(kHead, Event(StrCat(kVisit, "\nevent_id = \"a\"")),
                  Event("kind = \"period_published\"\ndate = 2025-10-20\nperiod = \"2025-W42\"\nat_position = \"a\""),
                  Event("kind = \"decision_recorded\"\ndate = 2025-10-20\ndecision_kind = \"COMMENDATION\"\n"
                        "evidence_positions = [7, \"a\"]"),
                  Event("kind = \"period_published\"\ndate = 2025-10-21\nat_position = 9")));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->items[1].needs, ElementsAre("a"));
  EXPECT_THAT(file->items[2].needs, ElementsAre("a"));
  ASSERT_EQ(file->items[2].references.size(), 1u);
  EXPECT_EQ(file->items[2].references[0].index, 1);
  EXPECT_THAT(file->items[2].submission.event().decision_recorded().evidence_positions(), ElementsAre(7u, 0u));
  EXPECT_EQ(file->items[3].submission.event().period_published().at_position(), 9u);
  EXPECT_TRUE(file->items[3].needs.empty());
}

TEST(EventsFile, AReversalNeedsTheReceiptAboveIt) {
  const std::string reversal =
      "kind = \"contribution_reversed\"\ndate = 2025-10-21\nagency_id = \"A\"\nreceipt_number = \"1\"";
  const auto file = Read(StrCat(kHead,
                                Event("kind = \"contribution_recorded\"\ndate = 2025-10-20\nagency_id = \"A\"\n"
                                      "receipt_number = \"1\"\nevent_id = \"c\""),
                                Event(reversal)));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->items[1].needs, ElementsAre("c"));
  EXPECT_EQ(file->items[1].submission.event().event_id(), ReversalEventId("A", "1"));
}

TEST(EventsFile, ACloseNeedsWhatTheOpeningOfItsDriveNeeds) {
  const auto opened = [](const std::string& drive, const std::string& position) {
    return Event(StrCat("kind = \"drive_opened\"\ndate = 2025-10-20\ndrive_id = \"", drive,
                        "\"\nbaseline_position = ", position));
  };
  const auto closed = [](const std::string& drive) {
    return Event(StrCat("kind = \"drive_closed\"\ndate = 2025-10-21\ndrive_id = \"", drive, "\""));
  };
  const auto file = Read(StrCat(kHead, Event(StrCat(kVisit, "\nevent_id = \"a\"")), opened("d-1", "\"a\""),
                                opened("d-2", "7"), closed("d-1"), closed("d-2"), closed("d-3")));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->items[3].needs, ElementsAre("a"));
  EXPECT_TRUE(file->items[4].needs.empty()) << "one request can hold both";
  EXPECT_TRUE(file->items[5].needs.empty()) << "opened in another file";
}

TEST(EventsFile, EveryProblemIsToldWithLineKeyAndRemedy) {
  EXPECT_EQ(Problems("format = \"sothon-events/2\"\nsynthetik = true\n"),
            "line 1 (format): must be \"sothon-events/1\"\n"
            "line 1: `file_id` is missing; add it\n"
            "line 1: holds no events; add [[events]]\n"
            "line 2 (synthetik): is not a key of this table; did you mean `synthetic`? Known: events, file_id, format, "
            "synthetic\n");
  EXPECT_EQ(Problems(StrCat("format = \"sothon-events/1\"\nfile_id = \"", std::string(40, 'a'), "\"\n", Event(kVisit))),
            "line 2 (file_id): is longer than 39 characters; shorten it\n");
  EXPECT_EQ(Problems(StrCat(kHead, "[[events]]\ndate = 2025-10-01\n")),
            "line 3 (events[0]): `kind` is missing; add it\n");
  EXPECT_EQ(Problems(StrCat(kHead, Event("kind = \"drive_opend\""), Event("kind = \"party\""))),
            "line 4 (events[0].kind): \"drive_opend\" is no kind of event; did you mean \"drive_opened\"?\n"
            "line 6 (events[1].kind): \"party\" is no kind of event; docs/formats/cli.md says where the kinds are "
            "listed\n");
}

TEST(EventsFile, ProblemsOfValuesAreToldTogether) {
  EXPECT_EQ(
      Problems(StrCat(kHead,
                      Event("kind = \"attendance_recorded\"\nplace_id = \"23884-01\"\ndrive_id = \"đợt 1\"\n"
                            "collector_ids = [\"a\", \"b c\"]\non_date = \"soon\"\nevent_id = \"e 1\""),
                      Event("kind = \"target_set\"\ndate = 20251001\nfrom_month = 2025-10-01\nto_month = \"2025-13\"\n"
                            "measure = \"DEVELOPD\"\nvalue = \"7\"\neach_village = 1"),
                      Event("kind = \"portfolio_handed_over\"\ndate = 2025-12-01\nsubject_ids = [\"0g\"]\n"
                            "position = 3\n[[events.expected_version]]\nexact = 1"))),
      "line 9 (events[0].event_id): \"e 1\" is not an identifier; write 1 to 64 of A-Z a-z 0-9 . _ : -\n"
      "line 3 (events[0]): `date` is missing; add the day on which it took effect\n"
      "line 6 (events[0].drive_id): \"đợt 1\" is not an identifier; write 1 to 64 of A-Z a-z 0-9 . _ : -\n"
      "line 7 (events[0].collector_ids): must be a list of identifiers, each 1 to 64 of A-Z a-z 0-9 . _ : -, in "
      "quotes\n"
      "line 8 (events[0].on_date): must be a date of the years 1900 to 2199, for example 2025-10-17\n"
      "line 5 (events[0].place_id): is not a key of this table; did you mean `place`? Known: agency_id, causation_id, "
      "collector_ids, correlation_id, date, document, drive_id, event_id, expected_version, guide_ids, identity, kind, "
      "note, on_date, place, synthetic\n"
      "line 12 (events[1].date): must be a date of the years 1900 to 2199, for example 2025-10-17\n"
      "line 17 (events[1].each_village): must be true or false\n"
      "line 15 (events[1].measure): \"DEVELOPD\" is unknown; write one of DEVELOPED, MAINTAINED_OR_DEVELOPED, ACTIVE, "
      "COVERAGE_RATE, PER_PERSON_MINIMUM\n"
      "line 13 (events[1].from_month): must be a month in quotes, for example \"2025-10\"\n"
      "line 14 (events[1].to_month): \"2025-13\" is not a month; write it as \"2025-10\"\n"
      "line 16 (events[1].value): must be a whole number\n"
      "line 23 (events[2].expected_version): must be a table: [expected_version]\n"
      "line 22 (events[2].position): is assigned by the service; leave it out\n"
      "line 21 (events[2].subject_ids): must be a list of hexadecimal digits in quotes, two for each byte\n");
}

TEST(EventsFile, WhatTheServiceAssignsIsRefused) {
  EXPECT_EQ(Problems(StrCat(kHead,
                            Event("kind = \"participant_moved\"\ndate = 2025-10-01\nsubject_id = \"00\"\n"
                                  "position = 7\nrecorded_at_us = 1"),
                            Event("kind = \"contribution_reversed\"\ndate = 2025-10-01\nreversed_position = 3\n"
                                  "scheme = \"BHXH_TN\""))),
            "line 7 (events[0].position): is assigned by the service; leave it out\n"
            "line 8 (events[0].recorded_at_us): is assigned by the service; leave it out\n"
            "line 6 (events[0].subject_id): is assigned by the service; give the person's number under "
            "[events.identity] instead\n"
            "line 12 (events[1].reversed_position): is assigned by the service; leave it out\n"
            "line 13 (events[1].scheme): is assigned by the service; leave it out\n");
}

TEST(EventsFile, UnknownKeysAreToldWithTheNearestKnownOne) {
  const std::string problems = Problems(StrCat(
      kHead, Event("kind = \"drive_proposed\"\ndate = 2025-10-01\nplaces = \"x\"\nagencyid = \"A\"\nqqqqqqqq = 1"),
      Event("kind = \"opening_recorded\"\ndate = 2025-10-01\n[events.identity]\ncitizen = \"1\"")));
  EXPECT_THAT(problems, HasSubstr("line 6 (events[0].places): is not a key of this table; did you mean `place`?"));
  EXPECT_THAT(problems,
              HasSubstr("line 7 (events[0].agencyid): is not a key of this table; did you mean `agency_id`?"));
  EXPECT_THAT(problems, HasSubstr("line 8 (events[0].qqqqqqqq): is not a key of this table; it may be misspelt."));
  EXPECT_THAT(problems, HasSubstr("line 13 (events[1].identity.citizen): is not a key of this table"));
}

TEST(EventsFile, AmbiguousOrUnknownIdsAreRefused) {
  EXPECT_EQ(
      Problems(StrCat(kHead, Event(kVisit), Event(kVisit))),
      "line 12 (events[1]): is about the same as the event on line 3 (kind, date, place and what it names), so that "
      "both would have one id; give this one an `event_id` of its own, or keep one of them\n");
  EXPECT_EQ(Problems(StrCat(kHead, Event(StrCat(kVisit, "\nevent_id = \"a\"")),
                            Event("kind = \"role_ended\"\ndate = 2025-10-01\nevent_id = \"a\""))),
            "line 16 (events[1].event_id): \"a\" is the id of the event on line 3 too; give this one another\n");
  EXPECT_EQ(Problems(StrCat(kHead, Event("kind = \"role_ended\"\ndate = 2025-10-01\nevent_id = \"\""))),
            "line 6 (events[0].event_id): is empty; write one, or leave it out\n");
  EXPECT_EQ(
      Problems(StrCat(kHead, Event("kind = \"drive_opened\"\ndate = 2025-10-01\nevent_id = \"a\"\n"
                                   "baseline_position = \"a\""))),
      "line 7 (events[0].baseline_position): names \"a\", which is the event_id of no event above in this file; give "
      "the event that is meant that `event_id`, or write its position as a number\n");
}

TEST(EventsFile, WhatIsNotTomlOrNotThereIsRefused) {
  EXPECT_EQ(ReadEventsFile("/nowhere/a.toml", false).status().message(),
            "cannot read /nowhere/a.toml; name an event file (TOML)");
  EXPECT_EQ(ReadEventsFile("/", false).status().message(), "cannot read /; name an event file (TOML)");
  EXPECT_THAT(Problems(StrCat(kHead, "[[events]\n")), HasSubstr("line 3: is not TOML: "));
}

TEST(EventIds, DependOnWhatTheEventIsAboutAndOnNothingAround) {
  const auto changed = [](const std::string& from, const std::string& to) {
    std::string text = StrCat(kHead, Event(kVisit));
    text.replace(text.find(from), from.size(), to);
    return Ids(text).at(0);
  };
  const std::string id = Ids(StrCat(kHead, Event(kVisit))).at(0);
  // How much and why: corrected, it is the same event still.
  EXPECT_EQ(changed("households = 12", "households = 13"), id);
  EXPECT_EQ(changed("people = 30", "medium = \"loa\""), id);
  EXPECT_EQ(changed("people = 30", "note = \"x\"\ndocument = \"d\"\nsynthetic = true"), id);
  // Which one: another event.
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"2025-10-14", "2025-10-15"},
                                                        {"23884-01", "23884-02"},
                                                        {"buu-dien", "bhxh"},
                                                        {"d-01", "d-02"},
                                                        {"HOUSEHOLD_VISIT", "SURVEY"},
                                                        {"file_id = \"truyen\"", "file_id = \"truyen2\""}}) {
    EXPECT_NE(changed(from, to), id) << to;
  }
}

TEST(EventIds, StayWhenEventsAreInsertedRemovedOrMovedAround) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> events;
    std::map<std::string, std::string> id_by_event;
    std::string text = kHead;
    for (int i = 0; i < 30; ++i) {
      events.push_back(Event(StrCat("kind = \"report_filed\"\ndate = 2025-10-", 10 + i % 20, "\nreport_kind = \"k", i,
                                    "\"\nby_party_id = \"p", random() % 5, "\"")));
      text += events.back();
    }
    const std::vector<std::string> ids = Ids(text);
    ASSERT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), events.size());
    for (size_t i = 0; i < events.size(); ++i) id_by_event[events[i]] = ids[i];
    std::shuffle(events.begin(), events.end(), random);
    events.resize(1 + random() % events.size());
    events.insert(events.begin() + static_cast<int64_t>(random() % events.size()), Event(kVisit));
    std::string edited = kHead;
    for (const std::string& event : events) edited += event;
    const std::vector<std::string> again = Ids(edited);
    ASSERT_EQ(again.size(), events.size());
    for (size_t i = 0; i < events.size(); ++i) {
      const auto known = id_by_event.find(events[i]);
      EXPECT_TRUE(known == id_by_event.end() || known->second == again[i]) << events[i];
    }
  }
}

}  // namespace
}  // namespace sothon::cli
