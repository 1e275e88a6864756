// What two services say beside figures is held against each other whole: no length of an answer, no stretch of time and
// no refusal hides a difference.
#include "cli/audit/view_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr MonthRange kOneMonth = {{2025 * 12 + 9}, {2025 * 12 + 9}};
constexpr MonthRange kTenYears = {{2016 * 12}, {2025 * 12 + 11}};
constexpr MonthRange kTwentyYears = {{2006 * 12}, {2025 * 12 + 11}};

// A log, and a service that shows it.
class Side {
 public:
  explicit Side(int villages = 1) { log.AddAll(sothon::testing::MinimalRegistry(villages)); }
  void Pay(const std::string& receipt, uint64_t person, int32_t date, const std::string& collector,
           int64_t paid_vnd = 264'000) {
    sothon::testing::ContributionSpec spec;
    spec.receipt = receipt;
    spec.person = person;
    spec.date = date;
    spec.collector_id = collector;
    spec.paid_vnd = paid_vnd;
    log.Add(sothon::testing::Contribution(spec));
  }
  v1::ProgressService::StubInterface* Show() {
    if (service_ != nullptr) return service_->stub();
    projection::ProjectionOptions options;
    options.data_directory = directory_.path();
    auto projection = projection::Projection::Open(std::move(options));
    EXPECT_TRUE(projection.ok()) << projection.status();
    projection_ = *std::move(projection);
    EXPECT_EQ(log.FeedAll(projection_.get()), absl::OkStatus());
    service_ = std::make_unique<ServiceInProcess>(projection_.get());
    return service_->stub();
  }

  projection::testing::FakeLog log;

 private:
  sothon::testing::TempDir directory_;
  std::unique_ptr<projection::Projection> projection_;
  std::unique_ptr<ServiceInProcess> service_;
};

ViewComparison Compare(Side* served, Side* replayed, MonthRange months,
                       std::set<std::pair<std::string, std::string>> published = {}) {
  const ViewQuestion question{replayed->log.size(), 20251231, months, std::move(published)};
  const auto comparison = CompareViews(question, served->Show(), replayed->Show());
  EXPECT_TRUE(comparison.ok()) << comparison.status();
  return comparison.ok() ? *comparison : ViewComparison();
}

auto IsAbout(const std::string& view, const std::string& what) {
  return ::testing::AllOf(Field(&ViewDifference::view, view), Field(&ViewDifference::about, HasSubstr(what)));
}

// More rows than one answer may have: all agencies, and all villages, over ten years.
TEST(ViewComparisonTest, WhatOneAnswerCannotHoldIsComparedInPieces) {
  Side served(400), honest(400);
  for (Side* side : {&served, &honest}) {
    for (int agency = 0; agency < 900; ++agency) side->log.Add(sothon::testing::Agency(StrCat("DL-", agency)));
    side->Pay("BL-1", 1, 20160105, "an");
    side->Pay("BL-2", 2, 20251105, side == &served ? "binh" : "an");
  }
  const ViewComparison same = Compare(&honest, &honest, kTenYears);
  EXPECT_THAT(same.differences, IsEmpty());
  EXPECT_THAT(same.unanswered, IsEmpty());
  EXPECT_EQ(same.not_compared, 0u);
  const ViewComparison other = Compare(&served, &honest, kTenYears);
  EXPECT_THAT(other.differences, Contains(IsAbout("GetPartyProgress", "AGENCY 20")));
  EXPECT_THAT(other.unanswered, IsEmpty());
}

// More months than one question may name: a receipt of a far year must not take the others out of sight.
TEST(ViewComparisonTest, EveryMonthIsCompared) {
  Side served, honest;
  for (Side* side : {&served, &honest}) {
    side->Pay("BL-1", 1, 20060105, "an", side == &served ? 264'001 : 264'000);
    side->Pay("BL-2", 2, 20251105, "an");
  }
  const ViewComparison comparison = Compare(&served, &honest, kTwentyYears);
  EXPECT_THAT(comparison.differences, Contains(IsAbout("GetPartyProgress", "AGENCY 2006-01..2015-12")));
  EXPECT_THAT(comparison.differences, Not(Contains(IsAbout("GetPartyProgress", "AGENCY 2016-01..2025-12"))));
  EXPECT_THAT(comparison.unanswered, IsEmpty());
  // To the last month that can be named, whose last days are of a week that cannot.
  EXPECT_THAT(Compare(&honest, &honest, {{1900 * 12}, {2199 * 12 + 11}}).unanswered, IsEmpty());
}

TEST(ViewComparisonTest, WhatNeitherSideAnswersIsNotCalledEqual) {
  Side honest;
  honest.Pay("BL-1", 1, 20251005, "an");
  const ViewComparison comparison = Compare(&honest, &honest, kOneMonth, {{"99999", "2025-10"}});
  EXPECT_THAT(comparison.differences, IsEmpty());
  ASSERT_THAT(comparison.unanswered, ElementsAre(IsAbout("ListLateChanges", "99999 2025-10")));
  EXPECT_THAT(comparison.unanswered[0].what, HasSubstr("no place 99999"));
}

// A province has no ladder, its communes have.
TEST(ViewComparisonTest, EachCommunesLadderIsCompared) {
  Side served, honest;
  for (Side* side : {&served, &honest}) {
    side->log.Add(sothon::testing::Commune("23501", sothon::testing::kProvinceId, "Đăk Mar"));
    side->log.Add(sothon::testing::Village(1, "Thôn 1", "23501"));
    side->log.Add(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202510, 2));
    side->Pay("BL-1", 1, side == &served ? 20251005 : 20251025, "an");
  }
  const ViewComparison comparison = Compare(&served, &honest, kOneMonth);
  EXPECT_THAT(comparison.differences, Contains(IsAbout("GetWeekLadder", "23500")));
  EXPECT_THAT(comparison.unanswered, IsEmpty());
}

TEST(ViewComparisonTest, ANameGivesNoOrdersToTheTerminal) {
  Side served, honest;
  served.log.Add(sothon::testing::Village(7, "Thôn \x1b[1A\x1b[2KĐăk\nSAI"));
  honest.log.Add(sothon::testing::Village(7, "Thôn Đăk"));
  const ViewComparison comparison = Compare(&served, &honest, kOneMonth);
  ASSERT_THAT(comparison.differences, Contains(IsAbout("ListPlaces", "")));
  for (const ViewDifference& one : comparison.differences) EXPECT_THAT(one.what, Not(HasSubstr("\x1b")));
  EXPECT_THAT(comparison.differences[0].what, HasSubstr("Thôn \\x1b[1A\\x1b[2KĐăk\\x0aSAI"));
}

}  // namespace
}  // namespace sothon::cli
