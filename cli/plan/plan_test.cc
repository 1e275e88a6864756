// The plan of Đăk Hà as it is delivered, and what becomes of plans that are wrong.
#include "cli/plan/plan.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/str_replace.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

fs::path DeliveredFolder() {
  const char* source = std::getenv("SOTHON_SOURCE");
  return fs::path(source != nullptr ? source : ".") / "deploy/plans/dak-ha-2025q4";
}

class PlanFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path plans = fs::path(::testing::TempDir()) /
                           StrCat("plan-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
    folder_ = plans / "dak-ha-2025q4";
    fs::remove_all(plans);
    fs::create_directories(folder_);
    for (const char* file : {"plan.toml", "villages.csv", "targets.csv", "synthetic.toml"}) {
      fs::copy_file(DeliveredFolder() / file, folder_ / file);
    }
    fs::copy(DeliveredFolder().parent_path() / "national-2025", plans / "national-2025");
  }

  // Replaces the first `from` of a file, which must be there.
  void Edit(const std::string& file, const std::string& from, const std::string& to) {
    std::ifstream in(folder_ / file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder_ / file, std::ios::binary) << text;
  }

  absl::StatusOr<Plan> Read(PlanOptions options = {}) { return ReadPlan(folder_.string(), options); }

  // All problems, one a line.
  std::string Problems() {
    const auto plan = Read();
    if (plan.ok()) return "";
    std::string text;
    for (const auto& violation : FieldViolationsOf(plan.status())) {
      StrAppend(&text, violation.field, ": ", violation.description, "\n");
    }
    return text.empty() ? std::string(plan.status().message()) : text;
  }

  fs::path folder_;
};

TEST_F(PlanFiles, TheDeliveredPlanHasEightySevenTargetsThatAddUp_Plan9_Plan16) {
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::map<int32_t, int64_t> sums;
  std::map<std::string, int64_t> row_totals;
  int table_targets = 0;
  for (const PlanItem& item : plan->items) {
    if (item.event.target_set().scheme() != v1::BHXH_TN) continue;
    ++table_targets;
    EXPECT_EQ(item.event.target_set().measure(), v1::DEVELOPED);
    EXPECT_EQ(item.event.document_id(), "kh-dak-ha-2025q4");
    sums[item.event.target_set().from_month()] += item.event.target_set().value();
    row_totals[item.event.place_id()] = item.event.target_set().declared_row_total();
  }
  EXPECT_EQ(table_targets, 87);
  EXPECT_EQ(sums[202510], 47);
  EXPECT_EQ(sums[202511], 79);
  EXPECT_EQ(sums[202512], 63);
  EXPECT_EQ(row_totals.size(), 29u);
  int64_t total = 0;
  for (const auto& [place, value] : row_totals) total += value;
  EXPECT_EQ(total, 189);
}

TEST_F(PlanFiles, TheHundredAndTwentyHoldsForEachVillageAndNamesItsReading_Plan18) {
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const PlanItem& item : plan->items) {
    const v1::TargetSet& target = item.event.target_set();
    if (target.scheme_group_id() != "BHYT_TU_DONG") continue;
    EXPECT_TRUE(target.each_village());
    EXPECT_EQ(item.event.place_id(), "23500");
    EXPECT_EQ(target.value(), 120);
    EXPECT_EQ(target.measure(), v1::MAINTAINED_OR_DEVELOPED);
    EXPECT_EQ(target.from_month(), 202510);
    EXPECT_EQ(target.to_month(), 202512);
    EXPECT_THAT(target.reading(), HasSubstr("không cộng dồn"));
    return;
  }
  FAIL() << "no BHYT target";
}

TEST_F(PlanFiles, PlacesCarryWhatIsInferred_Plan10_Plan11_Plan12) {
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  int villages = 0, groups = 0, without_prefix = 0;
  for (const PlanItem& item : plan->items) {
    const v1::PlaceRegistered& place = item.event.place_registered();
    if (place.level() != v1::VILLAGE && place.level() != v1::RESIDENTIAL_GROUP) continue;
    (place.level() == v1::VILLAGE ? villages : groups) += 1;
    EXPECT_EQ(place.former_unit_provenance(), v1::INFERRED);
    EXPECT_EQ(place.place_id(), StrCat("23500-", place.source_row() < 10 ? "0" : "", place.source_row()));
    const uint32_t row = place.source_row();
    EXPECT_THAT(place.former_unit(), HasSubstr(row <= 12 ? "thị trấn Đăk Hà" : row <= 22 ? "Đăk La" : "Hà Mòn"));
    if (row == 12 || row >= 28) {
      ++without_prefix;
      EXPECT_EQ(place.level(), v1::VILLAGE);
      EXPECT_THAT(item.event.note(), HasSubstr("suy ra"));
    }
  }
  EXPECT_EQ(villages, 18);
  EXPECT_EQ(groups, 11);
  EXPECT_EQ(without_prefix, 3);
}

TEST_F(PlanFiles, DocumentsKeepWhatIsUnknownContradictoryOrDangling_Plan2_Plan3_Plan4_Plan5_Plan7) {
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::map<std::string, v1::DocumentIssued> documents;
  for (const PlanItem& item : plan->items) {
    if (item.event.has_document_issued()) {
      documents[item.event.document_issued().document_id()] = item.event.document_issued();
    }
  }
  EXPECT_EQ(documents["tb-66-ubnd-xa-dak-ha-2025"].number_verbatim(), "Thông báo số 66/QĐ-UBND");
  EXPECT_EQ(documents["tb-66-ubnd-xa-dak-ha-2025"].number_normalised(), "66/TB-UBND");
  EXPECT_EQ(documents["qd-73-ubnd-huyen-dak-ha-2025"].issuer_party_id(), "ubnd-huyen-dak-ha-cu");
  EXPECT_EQ(documents["qd-73-ubnd-huyen-dak-ha-2025"].successor_party_id(), "") << "the plan names none";
  const v1::DocumentIssued& main = documents["kh-dak-ha-2025q4"];
  EXPECT_EQ(main.number_verbatim(), "");
  EXPECT_EQ(main.issued_date(), 0);
  int dangling = 0;
  for (const auto& reference : main.references()) dangling += reference.resolved() ? 0 : 1;
  EXPECT_EQ(dangling, 2);
  std::map<int, int> capacities;
  for (const auto& recipient : main.recipients()) ++capacities[recipient.capacity()];
  EXPECT_EQ(capacities[v1::DocumentIssued::TO_REPORT], 2);
  EXPECT_EQ(capacities[v1::DocumentIssued::TO_COORDINATE], 3);
  EXPECT_EQ(capacities[v1::DocumentIssued::TO_CARRY_OUT], 3);
  EXPECT_EQ(capacities[v1::DocumentIssued::TO_FILE], 2);
}

TEST_F(PlanFiles, TheDistrictIsDissolved_Plan3) {
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::map<std::string, int32_t> dissolved;
  for (const PlanItem& item : plan->items) {
    const v1::PartyRegistered& party = item.event.party_registered();
    if (party.dissolved_date() != 0) dissolved[party.party_id()] = party.dissolved_date();
  }
  EXPECT_THAT(dissolved, ::testing::ElementsAre(::testing::Pair("ubnd-huyen-dak-ha-cu", 20250701)));
}

TEST_F(PlanFiles, NothingOfThePlanIsMarkedSyntheticAndItsSamplePartiesAllAre) {
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const PlanItem& item : plan->items) EXPECT_FALSE(item.event.synthetic());
  const auto sample = ReadPlan(plan->sample_parties_path, {});
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->items.size(), 8u);
  for (const PlanItem& item : sample->items) EXPECT_TRUE(item.event.synthetic());
}

TEST_F(PlanFiles, EventsNameOnlyWhatStandsBeforeThemAndTheirIdsNeverChange) {
  const auto plan = Read();
  const auto again = Read();
  ASSERT_TRUE(plan.ok() && again.ok());
  std::set<std::string> ids, parties, places, documents;
  for (size_t i = 0; i < plan->items.size(); ++i) {
    const v1::Event& event = plan->items[i].event;
    EXPECT_EQ(event.SerializeAsString(), again->items[i].event.SerializeAsString());
    EXPECT_TRUE(ids.insert(event.event_id()).second) << event.event_id();
    EXPECT_LE(event.event_id().size(), 64u);
    EXPECT_NE(event.effective_date(), 0) << event.event_id();
    if (event.has_party_registered()) {
      const auto& party = event.party_registered();
      EXPECT_TRUE(party.founding_document_id().empty() || documents.count(party.founding_document_id()));
      EXPECT_TRUE(party.parent_party_id().empty() || parties.count(party.parent_party_id()));
      parties.insert(party.party_id());
    } else if (event.has_place_registered()) {
      const auto& place = event.place_registered();
      EXPECT_TRUE(place.parent_place_id().empty() || places.count(place.parent_place_id())) << place.place_id();
      EXPECT_TRUE(event.document_id().empty() || documents.count(event.document_id()));
      places.insert(place.place_id());
    } else if (event.has_document_issued()) {
      const auto& document = event.document_issued();
      EXPECT_TRUE(parties.count(document.issuer_party_id())) << document.document_id();
      for (const auto& recipient : document.recipients()) {
        EXPECT_TRUE(recipient.party_id().empty() || parties.count(recipient.party_id())) << recipient.party_id();
      }
      documents.insert(document.document_id());
    } else if (event.has_target_set()) {
      EXPECT_TRUE(places.count(event.place_id()));
      EXPECT_TRUE(documents.count(event.document_id()));
    }
  }
  EXPECT_EQ(places.size(), 31u);
}

TEST_F(PlanFiles, ABrokenRowOrColumnSumIsRefusedUnlessTakenAsPrinted_Plan9) {
  Edit("targets.csv", "2,TDP 2A,8,2,3,3", "2,TDP 2A,8,2,3,4");
  const std::string problems = Problems();
  EXPECT_THAT(problems, HasSubstr("targets.csv line 3 (TDP 2A): says 8 in all, its months add up to 9"));
  EXPECT_THAT(problems, HasSubstr("targets.csv line 31 (Tổng): says 63 for 2025-12, the rows add up to 64"));
  EXPECT_THAT(problems, HasSubstr("--accept-sums"));
  PlanOptions options;
  options.accept_sums = true;
  const auto plan = Read(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->notes, ::testing::Contains(HasSubstr("taken as printed")));
}

TEST_F(PlanFiles, ARowOfSumsIsNeverAVillage_Plan9) {
  Edit("villages.csv", "23500-29,29,Bình Minh", "23500-29,29,Tổng");
  EXPECT_THAT(Problems(), HasSubstr("villages.csv line 30 (name): \"Tổng\" is never a village"));
}

TEST_F(PlanFiles, ABareAmbiguousNameIsRefusedWithTheCandidates_Plan10) {
  Edit("targets.csv", "13,Thôn 1,6,1,3,2", ",Thôn 1,6,1,3,2");
  const std::string problems = Problems();
  EXPECT_THAT(problems, HasSubstr("targets.csv line 14 (name): \"Thôn 1\" is the name of 2 villages"));
  EXPECT_THAT(problems, HasSubstr("23500-13"));
  EXPECT_THAT(problems, HasSubstr("23500-23"));
}

TEST_F(PlanFiles, AnUnambiguousNameNeedsNoRowNumber) {
  Edit("targets.csv", "12,Long Loi,3,1,1,1", ",Long Loi,3,1,1,1");
  EXPECT_EQ(Problems(), "");
}

TEST_F(PlanFiles, RowsThatStandTwiceOrDisagreeAreRefused) {
  Edit("targets.csv", "3,TDP 2B,8,2,3,3", "2,TDP 2A,8,2,3,3");
  EXPECT_THAT(Problems(), HasSubstr("gives targets to 23500-02 again, after line 3"));
  Edit("targets.csv", "4,TDP 3,", "4,TDP 5,");
  EXPECT_THAT(Problems(), HasSubstr("row 4 is \"TDP 3\" in the list of villages, here it is \"TDP 5\""));
}

TEST_F(PlanFiles, DuplicatePlacesAreRefused) {
  Edit("villages.csv", "23500-03,3,", "23500-02,3,");
  EXPECT_THAT(Problems(), HasSubstr("villages.csv line 4 (place_id): 23500-02 stands on line 3 too"));
}

TEST_F(PlanFiles, DecomposedNamesMatchAndTheOriginalIsKept_Plan14) {
  Edit("villages.csv", "Thống Nhất", "Tho\xcc\x82\xcc\x81ng Nha\xcc\x82\xcc\x81t");
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const PlanItem& item : plan->items) {
    if (item.event.place_registered().place_id() != "23500-28") continue;
    EXPECT_EQ(item.event.place_registered().name(), "Thống Nhất");
    EXPECT_EQ(item.event.place_registered().name_verbatim(), "Tho\xcc\x82\xcc\x81ng Nha\xcc\x82\xcc\x81t");
  }
}

TEST_F(PlanFiles, MistakesInTheTomlNameLineKeyAndRemedy) {
  Edit("plan.toml", "measure = \"DEVELOPED\"", "measur = \"DEVELOPED\"");
  Edit("plan.toml", "kind = \"AGENCY\"", "kind = \"AGENT\"");
  Edit("plan.toml", "value = 120", "value = -1");
  const std::string problems = Problems();
  EXPECT_THAT(problems, HasSubstr("`measure` is missing"));
  EXPECT_THAT(problems, HasSubstr("target_tables[0].measur): is not a key of this table"));
  EXPECT_THAT(problems, HasSubstr("\"AGENT\" is unknown; write one of AGENCY"));
  EXPECT_THAT(problems, HasSubstr(".value): must be a whole number from 0"));
}

TEST_F(PlanFiles, WhatIsNotTomlOrNotThereIsRefused) {
  EXPECT_EQ(ReadPlan((folder_ / "nowhere.toml").string(), {}).status().code(), absl::StatusCode::kNotFound);
  Edit("plan.toml", "plan_id = ", "plan_id == ");
  EXPECT_THAT(Problems(), HasSubstr("plan.toml line 5: is not TOML"));
}

TEST_F(PlanFiles, ATargetWithoutADocumentIsRefused_Plan1) {
  Edit("plan.toml", "target_id = \"dak-ha-2025q4.BHYT_TU_DONG.each_village\"\ndocument = \"kh-dak-ha-2025q4\"",
       "target_id = \"dak-ha-2025q4.BHYT_TU_DONG.each_village\"");
  EXPECT_THAT(Problems(), HasSubstr("`document` is missing"));
}

TEST_F(PlanFiles, ARevisionStandsBehindTheTargetAndTheDocumentItNames_Plan26) {
  Edit("plan.toml", "[[target_tables]]", R"([[targets]]
target_id = "dak-ha-2025q4.BHXH_TN.23500-02.2025-12.r1"
revises = "dak-ha-2025q4.BHXH_TN.23500-02.2025-12"
document = "qd-moi"
place = "23500-02"
scheme = "BHXH_TN"
measure = "DEVELOPED"
from_month = "2025-12"
to_month = "2025-12"
value = 5

[[documents]]
document_id = "qd-moi"
title = "Điều chỉnh chỉ tiêu"
issuer_verbatim = "UBND xã Đăk Hà"

[[target_tables]])");
  const auto plan = Read();
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::map<std::string, size_t> at;
  for (size_t i = 0; i < plan->items.size(); ++i) {
    const v1::Event& event = plan->items[i].event;
    at[event.has_target_set() ? event.target_set().target_id() : event.document_issued().document_id()] = i;
  }
  EXPECT_GT(at["dak-ha-2025q4.BHXH_TN.23500-02.2025-12.r1"], at["dak-ha-2025q4.BHXH_TN.23500-02.2025-12"]);
  EXPECT_GT(at["dak-ha-2025q4.BHXH_TN.23500-02.2025-12.r1"], at["qd-moi"]);
}

TEST_F(PlanFiles, FactsThatNameEachOtherInACircleAreRefused) {
  Edit("plan.toml", "name = \"Trạm y tế Đăk La\"", "name = \"Trạm y tế Đăk La\"\nparent = \"tram-y-te-ha-mon\"");
  Edit("plan.toml", "name = \"Trạm y tế Hà Mòn\"", "name = \"Trạm y tế Hà Mòn\"\nparent = \"tram-y-te-dak-la\"");
  EXPECT_THAT(Problems(), HasSubstr("names what in turn names it"));
}

}  // namespace
}  // namespace sothon::cli
