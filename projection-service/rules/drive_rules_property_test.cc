// Findings are a pure function of a prefix of the log and a date: a random story of drives, judged twice, and judged at
// a position against a log that ends there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using testing::DriveStory;

constexpr int kVillages = 3;
constexpr int kEvents = 220;

constexpr int32_t kForEver = 99991231;

// Tells the first `events` steps of the story that `seed` tells. In the place of what happens after `until` something
// happens that is no matter of the rules, so that positions stay.
class RandomStory {
 public:
  RandomStory(uint32_t seed, int events, int32_t until = kForEver) : until_(until), story_(kVillages) {
    story_.Contract("TCDVT-01");
    story_.Contract("TCDVT-02", 20251101, 20251115);
    for (const char* duty : {"duty.resident_collector", "reach.household_visits"}) story_.Parameter(duty, 1);
    for (int village = 1; village <= kVillages; ++village) {
      const std::string id = sothon::testing::VillageId(village);
      story_.Tell(sothon::testing::VillageTarget(StrCat("T:", id), id, v1::BHXH_TN, 202511, 5));
      story_.Role(StrCat("R:", id), v1::RESIDENT_COLLECTOR, "NVT-05", id, 20251001);
    }
    for (int i = 0; i < events; ++i) {
      random_.seed(seed * 10'000 + static_cast<uint32_t>(i));
      Step();
    }
  }

  const DriveStory& story() const { return story_; }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }
  int32_t Day() { return Below(2) == 0 ? 20251101 + Below(30) : 20251201 + Below(31); }
  std::string Drive(int village) { return StrCat("D-", village, "-", Below(2)); }
  std::string Collector() { return StrCat("NVT-0", 1 + Below(6)); }

  void Step() {
    const int village = 1 + Below(kVillages);
    const std::string place = sothon::testing::VillageId(village);
    const std::string drive = Drive(village);
    const int32_t day = Day();
    const int what = Below(13);
    if (what == 10) return Reverse(day, place);
    if (what > 10) return Collect(day, drive, place);
    if (what == 2) return Open(drive, place, day);
    if (day > until_) return Pass();
    switch (what) {
      case 0:
        story_.Agree(day, drive);
        return;
      case 1:
        story_.Schedule(day, day, day, Below(2) == 0 ? "" : "CB-01", {"TCDVT-01"}, drive, place);
        return;
      case 3:
        story_.Close(day, drive);
        return;
      case 4:
      case 5:
        story_.Attend(drive, "TCDVT-01", {Collector(), Collector(), Collector()}, day, place);
        return;
      case 6:
        story_.Activity(day, Below(2) == 0 ? v1::SURVEY : v1::HOUSEHOLD_VISIT, drive, place);
        return;
      case 7:
        story_.Commit(day, "TT-01", Below(3), drive, place);
        return;
      case 8:
        story_.Report(day, Below(2) == 0 ? "drive" : "drive_notice", {"BHXH-DC"}, drive);
        return;
      default:
        story_.Parameter(Below(2) == 0 ? "deadline.drive_report" : "deadline.handover", Below(20), day);
    }
  }

  void Pass() { story_.Party(StrCat("X-", story_.last_position()), v1::OTHER_BODY); }

  void Collect(int32_t day, const std::string& drive, const std::string& place) {
    receipts_.push_back({StrCat("BL-", receipts_.size()), day <= until_});
    const auto person = static_cast<uint64_t>(1 + Below(30));
    const std::string collector = Collector();
    if (!receipts_.back().told) return Pass();
    story_.Collect(receipts_.back().number, person, day, collector, drive, "TCDVT-01", place);
  }

  // Once, as ingest holds it.
  void Open(const std::string& drive, const std::string& place, int32_t day) {
    if (!opened_.insert(drive).second || day > until_) return Pass();
    v1::Event event;
    v1::DriveOpened* opened = event.mutable_drive_opened();
    opened->set_drive_id(drive);
    opened->set_baseline_position(1 + static_cast<uint64_t>(Below(static_cast<int>(story_.last_position()))));
    v1::DriveOpened::Baseline* baseline = opened->add_baselines();
    baseline->set_scheme(v1::BHXH_TN);
    baseline->set_target(5);
    baseline->set_achieved(Below(4));
    story_.Tell(day, place, event);
  }

  // A reversal takes a receipt out of its own day, whenever it was cancelled (docs/counting.md).
  void Reverse(int32_t day, const std::string& place) {
    if (receipts_.empty()) return Pass();
    Receipt& receipt = receipts_[static_cast<size_t>(Below(static_cast<int>(receipts_.size())))];
    if (receipt.reversed || !receipt.told) {
      receipt.reversed = true;
      return Pass();
    }
    receipt.reversed = true;
    story_.Tell(sothon::testing::Reversal(receipt.number, day, "TCDVT-01", place));
  }

  struct Receipt {
    std::string number;
    bool told = true;
    bool reversed = false;
  };

  const int32_t until_;
  std::mt19937 random_;
  DriveStory story_;
  std::vector<Receipt> receipts_;
  std::set<std::string> opened_;
};

// Everything that a reader is told, and nothing else.
std::string InWords(const DriveStory& story, int32_t date, uint64_t position, std::set<std::string>* codes) {
  std::string text;
  const oversight::Situation& situation = story.SituationOn(date, position);
  for (const Judged& judged : Judge(situation)) {
    const Finding& finding = judged.finding;
    codes->emplace(judged.info.code);
    EXPECT_LE(finding.since, situation.date()) << judged.info.code;
    EXPECT_FALSE(finding.positions.empty()) << judged.info.code;
    StrAppend(&text, judged.info.code, "|", judged.info.severity, "|",
              finding.place ? situation.reference().place(*finding.place).id : "-", "|", finding.party_id, "|",
              finding.drive_id, "|", finding.scheme, "|", finding.period, "|", finding.since.ToWire(), "|",
              finding.count, "|");
    for (const uint64_t one : finding.positions) {
      EXPECT_LE(one, situation.position().value) << judged.info.code << " proves by what is not known yet";
      StrAppend(&text, one, " ");
    }
    StrAppend(&text, "|", finding.text_vi, "|", finding.text_en, "\n");
  }
  return text;
}

TEST(DriveRulesPropertyTest, EqualPrefixesAndDatesGiveEqualFindings) {
  std::set<std::string> codes;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    const RandomStory whole(seed, kEvents);
    std::mt19937 random(seed * 7919);
    for (int i = 0; i < 4; ++i) {
      const int events = static_cast<int>(random() % kEvents);
      const int32_t date = random() % 2 == 0 ? 20251101 + static_cast<int32_t>(random() % 30) : 20260215;
      const RandomStory part(seed, events);
      const uint64_t end = part.story().last_position();
      SCOPED_TRACE(StrCat("position ", end, ", date ", date));
      const std::string once = InWords(whole.story(), date, end, &codes);
      EXPECT_EQ(once, InWords(whole.story(), date, end, &codes)) << "judged twice";
      EXPECT_EQ(once, InWords(part.story(), date, 0, &codes)) << "the log that ends there";
      const RandomStory past(seed, events, date);
      EXPECT_EQ(once, InWords(past.story(), date, 0, &codes)) << "the log without what took effect later";
    }
  }
  // Otherwise it would prove nothing.
  EXPECT_THAT(codes, ::testing::IsSupersetOf({"agency_absent", "baseline_differs", "collection_of_unknown_drive",
                                              "collection_outside_drive", "collectors_too_few", "commitment_missing",
                                              "drive_not_agreed", "drive_not_scheduled", "drive_notice_missing",
                                              "drive_report_late", "drive_report_missing", "drive_scheduled_late",
                                              "first_collection_by_outsider", "guide_missing",
                                              "portfolio_not_handed_over", "survey_missing", "visits_missing"}));
}

}  // namespace
}  // namespace sothon::rules
