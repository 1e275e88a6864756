// Parameters in plans: those of the delivered ones, what becomes of wrong ones, and plans that build on another.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "cli/plan/plan.h"
#include "cli/plan/plan_loader.h"
#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "common/event/parameters.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::string Delivered(const std::string& plan) {
  const char* source = std::getenv("SOTHON_SOURCE");
  return StrCat(source != nullptr ? source : ".", "/deploy/plans/", plan);
}

// "name place from..until = value", with what is unlimited left out.
std::map<std::string, const v1::Event*> ParametersOf(const Plan& plan) {
  std::map<std::string, const v1::Event*> parameters;
  for (const PlanItem& item : plan.items) {
    if (!item.event.has_parameter_set()) continue;
    const v1::ParameterSet& set = item.event.parameter_set();
    std::string text = set.name();
    if (!item.event.place_id().empty()) StrAppend(&text, " ", item.event.place_id());
    StrAppend(&text, " ", item.event.effective_date(), "..");
    if (set.until_date() != 0) StrAppend(&text, set.until_date());
    StrAppend(&text, " = ", set.value());
    parameters[text] = &item.event;
  }
  return parameters;
}

std::vector<std::string> NamesOf(const std::map<std::string, const v1::Event*>& parameters, const std::string& place) {
  std::vector<std::string> names;
  for (const auto& [text, event] : parameters) {
    if (event->place_id() == place) names.push_back(text);
  }
  return names;
}

constexpr const char* kRates[] = {
    "rate.base_salary 20240701.. = 2340000",
    "rate.base_salary 20260701.. = 2530000",
    "rate.bhxh_tn 20250701.. = 220",
    "rate.bhyt 20250815.. = 45",
    "rate.bhyt_hgd_2nd 20250815.. = 70",
    "rate.bhyt_hgd_3rd 20250815.. = 60",
    "rate.bhyt_hgd_4th 20250815.. = 50",
    "rate.bhyt_hgd_5th 20250815.. = 40",
    "rate.income_floor 20250701..20251231 = 1500000",
    "rate.support_max 20250701.. = 50",
    "support.months_max 20250701.. = 120",
};

TEST(ParametersOfThePlans, IaNanLaysTheDutiesOfItsModelOnTheCommune) {
  const auto plan = ReadPlan(Delivered("ia-nan-2025"), {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto parameters = ParametersOf(*plan);
  EXPECT_THAT(
      NamesOf(parameters, "23884"),
      ::testing::ElementsAre(
          "drive.collectors_max 23884 20251001..20251231 = 5", "drive.collectors_min 23884 20251001..20251231 = 3",
          "duty.both_products 23884 20251001..20251231 = 1", "duty.continuity 23884 20251001.. = 1",
          "duty.drive_survey 23884 20251001..20251231 = 1", "duty.resident_collector 23884 20251001.. = 1",
          "duty.review_monthly 23884 20251001..20251231 = 1", "duty.review_quarterly 23884 20251001..20251231 = 1",
          "duty.review_yearly 23884 20251001..20251231 = 1", "duty.week_ladder 23884 20251001..20251231 = 1",
          "duty.weekly_report 23884 20251001..20251231 = 1", "reach.household_visits 23884 20251001..20251231 = 1",
          "threshold.contract_review 23884 20251001.. = 2"));
  EXPECT_THAT(NamesOf(parameters, ""), ::testing::ElementsAreArray(kRates));
}

TEST(ParametersOfThePlans, DakHaAsksForADialogueAMonthAndACommitteeInEachVillage_Plan33_Plan34_Plan66) {
  const auto plan = ReadPlan(Delivered("dak-ha-2025q4"), {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto parameters = ParametersOf(*plan);
  EXPECT_THAT(NamesOf(parameters, "23500"), ::testing::ElementsAre("calendar.peak_month 23500 20251001.. = 11",
                                                                   "duty.dialogue_monthly 23500 20251001..20251231 = 1",
                                                                   "duty.mobilising_committee 23500 20251017.. = 1"));
  EXPECT_THAT(NamesOf(parameters, ""), ::testing::ElementsAreArray(kRates));
}

// What the service would refuse, and what nobody could look up.
TEST(ParametersOfThePlans, EachIsKnownInBoundsAndSaysWhereItComesFrom) {
  for (const char* name : {"ia-nan-2025", "dak-ha-2025q4"}) {
    const auto plan = ReadPlan(Delivered(name), {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    for (const auto& [text, event] : ParametersOf(*plan)) {
      const v1::ParameterSet& set = event->parameter_set();
      const ParameterDefinition* parameter = FindParameter(set.name());
      ASSERT_NE(parameter, nullptr) << text;
      EXPECT_GE(set.value(), parameter->min) << text;
      EXPECT_LE(set.value(), parameter->max) << text;
      EXPECT_FALSE(event->document_id().empty() && set.reading().empty()) << text;
      // A duty quotes the sentence that lays it on the commune.
      EXPECT_EQ(event->place_id().empty(), set.source_text().empty()) << text;
    }
  }
}

TEST(ParametersOfThePlans, NoDeadlineIsSetBecauseThePlansGiveNone_Plan41) {
  for (const char* name : {"ia-nan-2025", "dak-ha-2025q4"}) {
    const auto plan = ReadPlan(Delivered(name), {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    for (const auto& [text, event] : ParametersOf(*plan)) EXPECT_FALSE(text.starts_with("deadline.")) << text;
  }
}

// plan#79: plans side by side; the rates both build on are recorded once.
TEST(ParametersOfThePlans, WhatTwoPlansBuildOnIsRecordedOnce) {
  FakeIngest fake;
  const auto stub = fake.NewStub();
  const auto first = ReadPlan(Delivered("dak-ha-2025q4"), {});
  const auto second = ReadPlan(Delivered("ia-nan-2025"), {});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_THAT(first->notes, Contains("builds on vn-rates-2025: its 18 events come first"));
  ASSERT_TRUE(LoadPlan(stub.get(), *first, false).ok());
  const auto loaded = LoadPlan(stub.get(), *second, false);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->already_known, 18u);
  EXPECT_EQ(loaded->recorded, second->items.size() - 18);
  const auto again = LoadPlan(stub.get(), *first, false);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->recorded, 0u);
}

class PlanParameters : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              StrCat("parameters-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void Write(const std::string& file, const std::string& text) {
    std::ofstream(folder_ / file, std::ios::binary) << text;
  }
  static std::string Head(const std::string& plan_id) {
    return StrCat("format = \"sothon-plan/1\"\nplan_id = \"", plan_id, "\"\neffective_date = 2025-10-01\n");
  }
  absl::StatusOr<Plan> Read(const std::string& sections) {
    Write("plan.toml", Head("test") + sections);
    return ReadPlan(folder_.string(), {});
  }
  // All problems, one a line.
  std::string Problems(const std::string& sections) {
    const auto plan = Read(sections);
    if (plan.ok()) return "";
    std::string text;
    for (const auto& violation : FieldViolationsOf(plan.status())) {
      StrAppend(&text, violation.field, ": ", violation.description, "\n");
    }
    return text.empty() ? std::string(plan.status().message()) : text;
  }

  fs::path folder_;
};

TEST_F(PlanParameters, AParameterCarriesWhatItIsWhereSinceWhenAndWhoSaysSo) {
  const auto plan = Read(R"([[parameters]]
name = "deadline.weekly_report"
value = 3
from = 2025-11-01
until = 2025-12-31
place = "23500"
document = "qd-1"
source_text = "chậm nhất thứ Tư"
reading = "ba ngày"
note = "n"
[[parameters]]
name = "duty.week_ladder"
value = false
reading = "không áp dụng"
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->items.size(), 2u);
  const v1::Event& event = plan->items[0].event;
  EXPECT_EQ(event.event_id(), "test:parameter:deadline.weekly_report:23500:20251101");
  EXPECT_EQ(event.effective_date(), 20251101);
  EXPECT_EQ(event.place_id(), "23500");
  EXPECT_EQ(event.document_id(), "qd-1");
  EXPECT_EQ(event.note(), "n");
  EXPECT_EQ(event.parameter_set().name(), "deadline.weekly_report");
  EXPECT_EQ(event.parameter_set().value(), 3);
  EXPECT_EQ(event.parameter_set().until_date(), 20251231);
  EXPECT_EQ(event.parameter_set().source_text(), "chậm nhất thứ Tư");
  EXPECT_EQ(event.parameter_set().reading(), "ba ngày");
  EXPECT_EQ(plan->items[1].event.parameter_set().value(), 0);
  EXPECT_EQ(plan->items[1].event.effective_date(), 20251001);
}

TEST_F(PlanParameters, AParameterStandsBehindTheDocumentItCites) {
  const auto plan = Read(R"([[parameters]]
name = "rate.bhyt"
value = 45
document = "qd-1"
[[documents]]
document_id = "qd-1"
title = "T"
issuer_verbatim = "I"
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(plan->items[0].event.has_document_issued());
}

TEST_F(PlanParameters, WrongOnesNameLineKeyAndRemedy) {
  const auto section = [](const std::string& keys) { return StrCat("[[parameters]]\nreading = \"r\"\n", keys); };
  EXPECT_THAT(Problems(section("name = \"duty.week_lader\"\nvalue = true\n")),
              HasSubstr("plan.toml line 6 (parameters[0].name): \"duty.week_lader\" is no parameter; did you mean "
                        "\"duty.week_ladder\"?; docs/parameters.md"));
  EXPECT_THAT(Problems(section("name = \"duty.week_ladder\"\nvalue = 1\n")),
              HasSubstr("parameters[0].value): must be true or false"));
  EXPECT_THAT(Problems(section("name = \"rate.bhyt\"\nvalue = 1001\n")),
              HasSubstr("parameters[0].value): must be a whole number from 0 to 1000"));
  EXPECT_THAT(Problems(section("name = \"rate.bhyt\"\n")), HasSubstr("`value` is missing; add it (per mille)"));
  EXPECT_THAT(Problems(section("value = 1\n")), HasSubstr("`name` is missing"));
  EXPECT_THAT(Problems(section("name = \"rate.bhyt\"\nvalue = 45\nuntil = 2025-09-30\n")),
              HasSubstr("parameters[0].until): is before it holds, from 2025-10-01"));
  EXPECT_THAT(Problems(section("name = \"rate.bhyt\"\nvalue = 45\ndeadline = 1\n")), HasSubstr("is not a key"));
  EXPECT_THAT(Problems("[[parameters]]\nname = \"rate.bhyt\"\nvalue = 45\n"),
              HasSubstr("needs `document`, which says so, or `reading`"));
  const std::string whole = section("name = \"rate.bhyt\"\nvalue = 45\n");
  EXPECT_EQ(Problems(whole), "");
  EXPECT_THAT(Problems(whole + whole), HasSubstr("parameter \"rate.bhyt of everywhere from 20251001\" stands at"));
  EXPECT_EQ(Problems(whole + section("name = \"rate.bhyt\"\nvalue = 50\nfrom = 2026-01-01\n")), "");
}

TEST_F(PlanParameters, AttachmentsAndDissolvedPartiesAreTakenOver_Plan3_Plan50) {
  const auto plan = Read(R"(documents = [{ document_id = "d", title = "T", issuer = "p", references = [
  { text = "kèm theo", attachment = true, resolved = false }, { text = "khác", resolved = false }] }]
parties = [{ party_id = "p", kind = "OTHER_BODY", name = "P", founded_date = 2000-01-01, dissolved_date = 2025-07-01 }]
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->items[0].event.party_registered().dissolved_date(), 20250701);
  const v1::DocumentIssued& document = plan->items[1].event.document_issued();
  EXPECT_TRUE(document.references(0).attachment());
  EXPECT_FALSE(document.references(1).attachment());
  EXPECT_THAT(Problems("parties = [{ party_id = \"p\", kind = \"OTHER_BODY\", name = \"P\", founded_date = 2000-01-02, "
                       "dissolved_date = 2000-01-01 }]\n"),
              HasSubstr("parties[0].dissolved_date): is before founded_date"));
}

TEST_F(PlanParameters, WhatAPlanBuildsOnComesFirstAndItsProblemsNameItsFile) {
  const std::string rate = "[[parameters]]\nname = \"rate.bhyt\"\nvalue = 45\nreading = \"r\"\n";
  Write("base.toml", Head("base") + rate);
  const auto plan = Read("builds_on = [\"base.toml\"]\n" + rate);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->items.size(), 2u);
  EXPECT_EQ(plan->items[0].event.event_id(), "base:parameter:rate.bhyt::20251001");
  EXPECT_EQ(plan->items[1].event.event_id(), "test:parameter:rate.bhyt::20251001");
  EXPECT_EQ(plan->items[0].origin, "base.toml line 4");

  EXPECT_THAT(Problems("builds_on = [\"nowhere.toml\"]\n"), HasSubstr("plan.toml line 4 (builds_on): "));
  Write("base.toml", Head("base") + "x = 1\n");
  EXPECT_THAT(Problems("builds_on = [\"base.toml\"]\n"), HasSubstr("base.toml line 4 (x): is not a key"));
  Write("base.toml", Head("base") + "builds_on = [\"plan.toml\"]\n");
  EXPECT_THAT(Problems("builds_on = [\"base.toml\"]\n"), HasSubstr("base.toml line 4 (builds_on): a plan that others"));
}

}  // namespace
}  // namespace sothon::cli
