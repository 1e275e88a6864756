#include "projection-service/rules/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/event/parameters.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::IsEmpty;

TEST(RulesTest, EveryRuleSaysWhatItIs) {
  std::string_view before;
  for (const auto& rule : AllRules()) {
    const RuleInfo info = rule->info();
    EXPECT_LT(before, info.code) << "codes are unique";
    before = info.code;
    EXPECT_EQ(info.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"), std::string_view::npos)
        << info.code;
    EXPECT_NE(info.severity, v1::SEVERITY_UNSPECIFIED) << info.code;
    EXPECT_FALSE(info.title_vi.empty()) << info.code;
    EXPECT_FALSE(info.title_en.empty()) << info.code;
    EXPECT_FALSE(info.plan_items.empty()) << info.code;
    for (const uint32_t item : info.plan_items) EXPECT_TRUE(1 <= item && item <= 80) << info.code << " " << item;
    for (const std::string_view name : info.parameters)
      EXPECT_NE(FindParameter(name), nullptr) << info.code << " " << name;
    EXPECT_EQ(FindRule(info.code), rule.get());
  }
  EXPECT_EQ(FindRule("no_such_rule"), nullptr);
}

TEST(RulesTest, ARegistryAloneBreaksNoRule) {
  const testing::Story story;
  EXPECT_THAT(story.FindCodes(20251231), IsEmpty());
}

// As in the table of Đăk Hà: no TDP 9, 2A and 2B, names without a prefix, the same name twice.
TEST(RulesTest, GapsLettersAndMissingPrefixesOfVillageNamesAreNoErrors_Plan12) {
  testing::Story story(1);
  const struct {
    const char* name;
    v1::PlaceLevel level;
  } villages[] = {{"TDP 2A", v1::RESIDENTIAL_GROUP}, {"TDP 2B", v1::RESIDENTIAL_GROUP},
                  {"TDP 8", v1::RESIDENTIAL_GROUP},  {"TDP 10", v1::RESIDENTIAL_GROUP},
                  {"Long Loi", v1::VILLAGE},         {"Thống Nhất", v1::VILLAGE},
                  {"Thôn 1", v1::VILLAGE},           {"Thôn 1", v1::VILLAGE}};
  int number = 2;
  for (const auto& [name, level] : villages) {
    v1::Event event = sothon::testing::Village(number, name);
    event.set_document_id(sothon::testing::kDocumentId);
    event.mutable_place_registered()->set_level(level);
    event.mutable_place_registered()->set_source_row(static_cast<uint32_t>(number++));
    story.Tell(event);
  }
  EXPECT_THAT(story.FindCodes(20251231), IsEmpty());
}

TEST(RulesTest, NothingIsComputedOfAdviceAndHealthStations_Plan69) {
  testing::Story story;
  for (const char* kind : {"advice", "health_station"}) {
    v1::Event report;
    report.mutable_report_filed()->set_report_kind(kind);
    report.mutable_report_filed()->set_by_party_id("TCDVT-01");
    story.Tell(20251105, "23500", report);
  }
  EXPECT_THAT(story.FindCodes(20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
