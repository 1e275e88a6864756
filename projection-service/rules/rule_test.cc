#include "projection-service/rules/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/event/parameters.h"
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

}  // namespace
}  // namespace sothon::rules
