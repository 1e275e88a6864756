// Both delivered plans into real services: each by itself, and side by side in one log.
#include <map>
#include <sstream>

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kCommandMax = absl::Minutes(2);

class PlanTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(stack_.StartAll()); }

  static std::string Folder(const std::string& plan) {
    return RequiredEnvironment("SOTHON_SOURCE") + "/deploy/plans/" + plan;
  }
  ProcessResult Run(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_.ingest().address(), "--projection",
                                     stack_.projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  }
  void Load(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"plan", "load"});
    const ProcessResult result = Run(arguments);
    ASSERT_EQ(result.exit_status, 0) << result.standard_error << result.standard_output;
  }
  // A place's targets of one unit by month: its villages' sum, or what was set for the place itself.
  std::map<int32_t, int64_t> Targets(const std::string& place, v1::Scheme scheme, const std::string& group,
                                     bool summed) {
    v1::GetProgressRequest request;
    request.set_place_id(place);
    request.set_period("2025Q4");
    if (group.empty()) request.add_schemes(scheme);
    if (!group.empty()) request.add_scheme_group_ids(group);
    request.set_min_position(stack_.Head());
    std::map<int32_t, int64_t> targets;
    const auto progress = stack_.Progress(request);
    EXPECT_TRUE(progress.ok()) << progress.status();
    if (!progress.ok()) return targets;
    contains_synthetic_ = progress->contains_synthetic();
    for (const v1::ProgressRow& row : progress->rows()) {
      if (row.place_id() != place || row.span() != v1::ProgressRow::MONTH) continue;
      for (const v1::TargetProgress& target : row.targets()) {
        if (target.summed() == summed && target.measure() == v1::DEVELOPED) targets[row.month()] += target.target();
      }
    }
    return targets;
  }

  using Months = std::map<int32_t, int64_t>;
  Stack stack_;
  bool contains_synthetic_ = false;
};

TEST_F(PlanTest, ThePlanOfIaNanByItselfHoldsNothingMadeUpAndNoTarget) {
  Load({Folder("ia-nan-2025")});
  const auto events = stack_.ReadAll();
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->size(), 28u + 13u + 18u) << "the plan, its parameters, the rates it builds on";
  for (const v1::Event& event : *events) {
    EXPECT_FALSE(event.synthetic()) << event.event_id();
    EXPECT_FALSE(event.has_target_set()) << event.event_id();
  }
  EXPECT_EQ(Targets("23884", v1::BHXH_TN, "", true), Months());
  EXPECT_FALSE(contains_synthetic_);
  Load({Folder("ia-nan-2025")});
  EXPECT_EQ(stack_.Head(), events->size()) << "nothing is recorded twice";
}

TEST_F(PlanTest, ADryRunChecksTheMadeUpPartTogetherWithThePlanAndRecordsNothing) {
  Load({Folder("ia-nan-2025"), "--sample-parties", "--dry-run"});
  EXPECT_EQ(stack_.Head(), 0u);
}

TEST_F(PlanTest, TheMadeUpPartOfIaNanHasTargetsOfBothProductsAndSaysThatItIsMadeUp) {
  Load({Folder("ia-nan-2025"), "--sample-parties"});
  const uint64_t head = stack_.Head();
  const Months bhxh = {{202510, 14}, {202511, 22}, {202512, 18}};
  const Months bhyt = {{202510, 87}, {202511, 137}, {202512, 100}};
  for (bool summed : {true, false}) {  // plan#25
    EXPECT_EQ(Targets("23884", v1::BHXH_TN, "", summed), bhxh);
    EXPECT_EQ(Targets("23884", v1::SCHEME_UNSPECIFIED, "BHYT_TU_DONG", summed), bhyt);
  }
  EXPECT_TRUE(contains_synthetic_);
  Load({Folder("ia-nan-2025"), "--sample-parties"});
  EXPECT_EQ(stack_.Head(), head);
}

TEST_F(PlanTest, BothPlansStandSideBySideInOneLog_Plan79) {
  Load({Folder("ia-nan-2025"), Folder("dak-ha-2025q4"), "--sample-parties"});
  EXPECT_EQ(Targets("23500", v1::BHXH_TN, "", true), (Months{{202510, 47}, {202511, 79}, {202512, 63}}));
  EXPECT_EQ(Targets("23884", v1::BHXH_TN, "", true), (Months{{202510, 14}, {202511, 22}, {202512, 18}}));
  const ProcessResult places = Run({"places", "--format", "csv"});
  EXPECT_EQ(places.exit_status, 0) << places.standard_error;
  EXPECT_THAT(places.standard_output, HasSubstr("23884-10,VILLAGE,Làng mẫu 10 (giả lập),23884"));
  EXPECT_THAT(places.standard_output, HasSubstr("23500-29,VILLAGE,Bình Minh,23500"));
}

}  // namespace
}  // namespace sothon::testing
