#include "common/base/civil_time.h"

#include <random>

#include "common/testing/seed.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

CivilDate Date(int32_t wire) { return *CivilDate::FromWire(wire); }
CivilMonth Month(int32_t wire) { return *CivilMonth::FromWire(wire); }

TEST(CivilMonthTest, WireAndTextAgree) {
  EXPECT_EQ(Month(202510).ToString(), "2025-10");
  EXPECT_EQ(CivilMonth::Parse("2025-10"), Month(202510));
  EXPECT_EQ(Month(202512).Plus(1).ToWire(), 202601);
  EXPECT_EQ(Month(202601).Plus(-13).ToWire(), 202412);
}

TEST(CivilMonthTest, RefusesWhatIsNoMonth) {
  for (int32_t wire : {0, 202500, 202513, 189912, 220001, -202510, 20251017}) {
    EXPECT_FALSE(CivilMonth::FromWire(wire)) << wire;
  }
  for (const char* text : {"", "2025-13", "2025-00", "2025-1", "25-10", "2025/10", "2025-1a", "2025-100", "+025-10"}) {
    EXPECT_FALSE(CivilMonth::Parse(text)) << text;
  }
}

TEST(CivilDateTest, ReadsIsoAndVietnameseForms) {
  EXPECT_EQ(CivilDate::Parse("2025-10-17"), Date(20251017));
  EXPECT_EQ(CivilDate::Parse("17/10/2025"), Date(20251017));
  EXPECT_EQ(Date(20251017).ToString(), "2025-10-17");
}

TEST(CivilDateTest, RefusesWhatIsNoDay) {
  for (int32_t wire : {0, 20250229, 20251301, 20251032, 20251000, 22050101, 18991231, -20251017}) {
    EXPECT_FALSE(CivilDate::FromWire(wire)) << wire;
  }
  for (const char* text : {"", "2025-02-29", "31/04/2025", "2025-10-1", "17-10-2025", "2025/10/17", "1a/10/2025",
                           "99999999999999999999"}) {
    EXPECT_FALSE(CivilDate::Parse(text)) << text;
  }
  EXPECT_TRUE(CivilDate::FromWire(20240229));
  EXPECT_FALSE(CivilDate::FromWire(21000229)) << "2100 is no leap year";
}

TEST(CivilDateTest, EveryDayOfThreeCenturiesFollowsTheOneBefore) {
  int32_t days = 0;
  for (CivilDate day = Date(19000101); day <= Date(21991231); day = day.Plus(1), ++days) {
    ASSERT_EQ(CivilDate::FromWire(day.ToWire()), day);
    ASSERT_EQ(CivilDate::Parse(day.ToString()), day);
    const CivilMonth month = day.Month();
    ASSERT_EQ(month.ToWire(), day.ToWire() / 100);
    ASSERT_LE(CivilDate::FirstOf(month), day);
    ASSERT_LE(day, CivilDate::LastOf(month));
  }
  EXPECT_EQ(days, 300 * 365 + 73) << "every fourth year is a leap year, but neither 1900 nor 2100";
}

TEST(CivilDateTest, MonthEndsBeyondTheLastYearOfDocumentsExist) {
  EXPECT_EQ(CivilDate::LastOf(Month(219912)).ToWire(), 21991231);
  EXPECT_EQ(CivilDate::LastOf(Month(219912).Plus(60)).ToWire(), 22041231);
}

TEST(CivilDateTest, ADayBeginsAtMidnightInVietnam) {
  const int64_t midnight = *ParseMoment("2025-11-01T00:00:00+07:00");
  EXPECT_EQ(CivilDate::AtMoment(midnight).ToWire(), 20251101);
  EXPECT_EQ(CivilDate::AtMoment(midnight - 1).ToWire(), 20251031);
  EXPECT_EQ(CivilDate::AtMoment(-1).ToWire(), 19700101) << "06:59:59.999999 of the first day of the epoch";
  EXPECT_EQ(CivilDate::AtMoment(-7 * 3'600'000'000 - 1).ToWire(), 19691231);
}

TEST(MonthRangeTest, ReadsMonthsQuartersYearsAndRanges) {
  EXPECT_EQ(MonthRange::Parse("2025-10"), (MonthRange{Month(202510), Month(202510)}));
  EXPECT_EQ(MonthRange::Parse("2025Q4"), (MonthRange{Month(202510), Month(202512)}));
  EXPECT_EQ(MonthRange::Parse("2025"), (MonthRange{Month(202501), Month(202512)}));
  EXPECT_EQ(MonthRange::Parse("2025-11..2026-02"), (MonthRange{Month(202511), Month(202602)}));
  EXPECT_EQ(MonthRange::Parse("2025Q4")->Size(), 3);
  EXPECT_TRUE(MonthRange::Parse("2025Q4")->Contains(Month(202511)));
  EXPECT_FALSE(MonthRange::Parse("2025Q4")->Contains(Month(202601)));
  for (const char* text : {"", "2025Q0", "2025Q5", "2025q4", "2025-12..2025-10", "2025..2026", "20255", "2025-13",
                           "2025-10..", "..2025-10", "abcd", "202510"}) {
    EXPECT_FALSE(MonthRange::Parse(text)) << text;
  }
}

TEST(MomentTest, PrintsVietnameseTime) {
  EXPECT_EQ(FormatMoment(0), "1970-01-01T07:00:00.000000+07:00");
  EXPECT_EQ(FormatMoment(-1), "1970-01-01T06:59:59.999999+07:00");
  EXPECT_EQ(FormatMoment(1'763'692'200'123'456), "2025-11-21T09:30:00.123456+07:00");
}

TEST(MomentTest, ParseUndoesFormat) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  std::uniform_int_distribution<int64_t> moments(-2'000'000'000'000'000, 7'000'000'000'000'000);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t moment = moments(random);
    ASSERT_EQ(ParseMoment(FormatMoment(moment)), moment) << FormatMoment(moment);
  }
}

TEST(MomentTest, ADateAloneMeansItsEnd) {
  EXPECT_EQ(FormatMoment(*ParseMoment("2025-12-05")), "2025-12-05T23:59:59.999999+07:00");
  EXPECT_EQ(ParseMoment("2025-12-05T10:00:00Z"), ParseMoment("2025-12-05 17:00:00"));
  EXPECT_EQ(ParseMoment("2025-12-05T10:00:00.5"), *ParseMoment("2025-12-05T10:00:00") + 500'000);
  for (const char* text :
       {"", "2025-12", "2025-12-05T", "2025-12-05T24:00:00", "2025-12-05T10:60:00", "2025-12-05T1:00:00",
        "2025-12-05T10:00:00.", "2025-12-05T10:00:00.1234567", "2025-12-05T10:00:00+08:00", "2025-12-05T10:00:00.5x"}) {
    EXPECT_FALSE(ParseMoment(text)) << text;
  }
}

TEST(CivilWeekTest, IsoWeeksOfTheYearsEnds) {
  const auto week_of = [](const char* date) { return CivilWeek::Of(*CivilDate::Parse(date)).ToString(); };
  EXPECT_EQ(week_of("2025-10-01"), "2025-W40");
  EXPECT_EQ(week_of("2025-12-28"), "2025-W52");
  EXPECT_EQ(week_of("2025-12-29"), "2026-W01");
  EXPECT_EQ(week_of("2026-01-04"), "2026-W01");
  EXPECT_EQ(week_of("2021-01-03"), "2020-W53");
  EXPECT_EQ(week_of("1970-01-01"), "1970-W01");
  EXPECT_EQ(week_of("1969-12-28"), "1969-W52");
  const auto week = CivilWeek::Parse("2025-W40");
  ASSERT_TRUE(week);
  EXPECT_EQ(week->FirstDay().ToString(), "2025-09-29");
  EXPECT_EQ(week->LastDay().ToString(), "2025-10-05");
  EXPECT_TRUE(CivilWeek::Parse("2020-W53"));
  for (const char* wrong : {"2025-W53", "2025-W00", "2025-40", "2025W40", "2025-W4", "W40", ""}) {
    EXPECT_FALSE(CivilWeek::Parse(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace sothon
