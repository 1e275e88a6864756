#include "projection-service/service/projection_config.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::projection {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<ProjectionOptions> Load(const std::string& toml) {
  ProjectionConfig config;
  ConfigSchema schema;
  DeclareKeys(&config, &schema);
  if (const absl::Status status = schema.LoadText(toml, "test"); !status.ok()) return status;
  return OptionsOf(config);
}

TEST(ProjectionConfig, CountsByDefaultAsThePlansDo) {
  const auto options = Load("");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->view.store.rules.grace_days[v1::BHXH_TN], 90);
  ASSERT_EQ(options->groups.size(), 2u);
  EXPECT_EQ(options->groups[0].id, "BHYT_TU_DONG");
}

TEST(ProjectionConfig, RulesAndGroupsAreData) {
  const auto options = Load(R"(
    data.directory = "/tmp/p"
    [counting]
    grace_days = 30
    grace_days_by_scheme = ["BHYT_HSSV=120"]
    scheme_groups = ["HO|BHYT hộ|BHYT_HGD,BHYT_NLNN"]
  )");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->view.store.rules.grace_days[v1::BHXH_TN], 30);
  EXPECT_EQ(options->view.store.rules.grace_days[v1::BHYT_HSSV], 120);
  ASSERT_EQ(options->groups.size(), 1u);
  EXPECT_EQ(options->groups[0].name, "BHYT hộ");
  EXPECT_THAT(options->groups[0].schemes, ElementsAre(v1::BHYT_HGD, v1::BHYT_NLNN));
}

TEST(ProjectionConfig, WhatMakesNoSenseIsRefusedByName) {
  for (const char* bad : {"BHXH=60", "BHXH_TN", "BHXH_TN=-1", "BHXH_TN=x"}) {
    const auto status =
        Load("data.directory = \"/tmp/p\"\n[counting]\ngrace_days_by_scheme = [\"" + std::string(bad) + "\"]").status();
    EXPECT_THAT(std::string(status.message()), HasSubstr("counting.grace_days_by_scheme")) << bad;
  }
  for (const char* bad : {"A|b", "A||BHYT_HGD", "A b|c|BHYT_HGD", "A|b|XX", "A|b|BHYT_HGD,BHYT_HGD"}) {
    const auto status =
        Load("data.directory = \"/tmp/p\"\n[counting]\nscheme_groups = [\"" + std::string(bad) + "\"]").status();
    EXPECT_THAT(std::string(status.message()), HasSubstr("counting.scheme_groups")) << bad;
  }
  EXPECT_THAT(std::string(Load("data.directroy = \"/tmp/p\"").status().message()), HasSubstr("data.directroy"));
}

}  // namespace
}  // namespace sothon::projection
