// Loading a plan: once, twice, and after somebody changed a target in it.
#include "cli/plan/plan_loader.h"

#include <cstdlib>

#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

class LoadingAPlan : public ::testing::Test {
 protected:
  LoadingAPlan() : stub_(fake_.NewStub()) {
    const char* source = std::getenv("SOTHON_SOURCE");
    auto plan = ReadPlan(StrCat(source != nullptr ? source : ".", "/deploy/plans/dak-ha-2025q4"), {});
    EXPECT_TRUE(plan.ok()) << plan.status();
    plan_ = *std::move(plan);
  }

  PlanItem* TargetOf(const std::string& place, int32_t month) {
    for (PlanItem& item : plan_.items) {
      if (item.event.place_id() == place && item.event.target_set().from_month() == month) return &item;
    }
    return nullptr;
  }

  FakeIngest fake_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  Plan plan_;
};

TEST_F(LoadingAPlan, TwiceIsHarmless) {
  const auto first = LoadPlan(stub_.get(), plan_, false);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->recorded, plan_.items.size());
  EXPECT_EQ(first->first_position, 1u);
  EXPECT_EQ(first->last_position, plan_.items.size());
  EXPECT_EQ(fake_.request_sizes().size(), 1u) << "all or nothing";
  const auto second = LoadPlan(stub_.get(), plan_, false);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->recorded, 0u);
  EXPECT_EQ(second->already_known, plan_.items.size());
  EXPECT_EQ(fake_.events().size(), plan_.items.size());
}

TEST_F(LoadingAPlan, ADryRunRecordsNothing) {
  const auto summary = LoadPlan(stub_.get(), plan_, true);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, plan_.items.size());
  EXPECT_TRUE(fake_.events().empty());
}

TEST_F(LoadingAPlan, AChangedTargetNeedsARevisionThatCitesADocument_Plan26) {
  ASSERT_TRUE(LoadPlan(stub_.get(), plan_, false).ok());
  const size_t recorded = fake_.events().size();
  TargetOf("23500-02", 202511)->event.mutable_target_set()->set_value(5);
  const absl::Status status = LoadPlan(stub_.get(), plan_, false).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  const std::string message(status.message());
  EXPECT_THAT(message, HasSubstr("targets.csv line 3 (TDP 2A, 2025-11)"));
  EXPECT_THAT(message, HasSubstr("is 3 there and 5 here"));
  EXPECT_THAT(message, HasSubstr("revises = \"dak-ha-2025q4.BHXH_TN.23500-02.2025-11\""));
  EXPECT_THAT(message, HasSubstr("add the new document"));
  EXPECT_EQ(fake_.events().size(), recorded);
}

TEST_F(LoadingAPlan, RefusalsNameThePlaceInTheFiles) {
  const size_t index = static_cast<size_t>(TargetOf("23500-02", 202511) - plan_.items.data());
  fake_.SetCheck([index](const v1::RecordRequest&) {
    return BadRequest({{StrCat("submissions[", index, "].event.target_set.value"), "must be more; write more"}});
  });
  const auto violations = FieldViolationsOf(LoadPlan(stub_.get(), plan_, false).status());
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "targets.csv line 3 (TDP 2A, 2025-11), event.target_set.value");
}

TEST_F(LoadingAPlan, ALargePlanGoesInAsManyRequestsAsTheLimitAsksFor) {
  v1::Limits limits;
  limits.set_events_per_request_max(50);
  fake_.SetLimits(limits);
  EXPECT_THAT(std::string(LoadPlan(stub_.get(), plan_, true).status().message()), HasSubstr("takes 50 at once"));
  const auto summary = LoadPlan(stub_.get(), plan_, false);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, plan_.items.size());
  for (int size : fake_.request_sizes()) EXPECT_LE(size, 50);
}

}  // namespace
}  // namespace sothon::cli
