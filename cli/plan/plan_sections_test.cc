// Roles, denominators and rosters of a plan, and what becomes of those that are wrong.
#include <filesystem>
#include <fstream>
#include <map>

#include "cli/plan/plan.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

// A commune with one village, one union of two members, a school and a collector. Fourteen lines before what a test
// adds with `sections`, so that the first line of that is line 15.
constexpr char kHead[] = R"(format = "sothon-plan/1"
plan_id = "test"
effective_date = 2025-10-01
documents = [{ document_id = "qd-1", title = "Quyết định", issuer_verbatim = "UBND xã", issuer = "ubnd" }]
parties = [
  { party_id = "ubnd", kind = "PEOPLES_COMMITTEE", name = "UBND xã" },
  { party_id = "hoi", kind = "UNION", name = "Hội" },
  { party_id = "CB-01", kind = "OFFICIAL", name = "CB-01" },
  { party_id = "CB-02", kind = "OFFICIAL", name = "CB-02" },
  { party_id = "truong", kind = "SCHOOL", name = "Trường" },
  { party_id = "NVT-01", kind = "COLLECTOR", name = "NVT-01" },
]
places = [{ place_id = "51", level = "PROVINCE", name = "Tỉnh" },
  { place_id = "23500", level = "COMMUNE", parent = "51", name = "Xã" }]
)";

class PlanSections : public ::testing::Test {
 protected:
  absl::StatusOr<Plan> Read(const std::string& sections, const std::string& head = kHead) {
    const fs::path path = fs::path(::testing::TempDir()) /
                          StrCat("sections-", ::testing::UnitTest::GetInstance()->current_test_info()->name(), ".toml");
    file_ = path.filename().string();
    std::ofstream(path, std::ios::binary) << head << sections;
    return ReadPlan(path.string(), {});
  }

  // All problems, one a line; the file's name is left out.
  std::string Problems(const std::string& sections, const std::string& head = kHead) {
    const auto plan = Read(sections, head);
    if (plan.ok()) return "";
    std::string text;
    for (const auto& violation : FieldViolationsOf(plan.status())) {
      EXPECT_THAT(violation.field, ::testing::StartsWith(file_));
      StrAppend(&text, violation.field.substr(file_.size() + 1), ": ", violation.description, "\n");
    }
    return text;
  }

  // The event of that id; an empty one where there is none.
  static v1::Event Find(const Plan& plan, const std::string& event_id) {
    for (const PlanItem& item : plan.items) {
      if (item.event.event_id() == event_id) return item.event;
    }
    ADD_FAILURE() << "no event " << event_id;
    return {};
  }

  std::string file_;
};

TEST_F(PlanSections, ARoleCarriesWhoWhereSinceWhenAndOnWhichDocument_Plan54_Plan67) {
  const auto plan = Read(R"([[roles]]
role_id = "r-1"
role = "RESIDENT_COLLECTOR"
party = "NVT-01"
of = "ubnd"
nominator = "hoi"
place = "23500-01"
document = "qd-1"
effective_date = 2025-10-20
until = 2025-12-31
note = "III.6"
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const v1::Event event = Find(*plan, "test:role:r-1");
  EXPECT_EQ(event.effective_date(), 20251020);
  EXPECT_EQ(event.place_id(), "23500-01");
  EXPECT_EQ(event.document_id(), "qd-1");
  EXPECT_EQ(event.note(), "III.6");
  const v1::RoleAssigned& role = event.role_assigned();
  EXPECT_EQ(role.role_id(), "r-1");
  EXPECT_EQ(role.role(), v1::RESIDENT_COLLECTOR);
  EXPECT_EQ(role.party_id(), "NVT-01");
  EXPECT_EQ(role.of_party_id(), "ubnd");
  EXPECT_EQ(role.nominator_party_id(), "hoi");
  EXPECT_EQ(role.until_date(), 20251231);
}

TEST_F(PlanSections, ADenominatorTakesEffectOnTheDateItWasCounted_Plan19_Plan20) {
  const auto plan = Read(R"([[denominators]]
denominator_id = "d-1"
of = "pupils"
party = "truong"
place = "23500"
value = 412
as_of_date = 2025-09-05
document = "qd-1"
note = "năm học 2025-2026"

[[denominators]]
denominator_id = "d-2"
of = "pupils_insured_otherwise"
party = "truong"
value = 0
effective_date = 2025-09-30
as_of_date = 2025-09-05
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const v1::Event first = Find(*plan, "test:denominator:d-1");
  EXPECT_EQ(first.effective_date(), 20250905);
  EXPECT_EQ(first.place_id(), "23500");
  EXPECT_EQ(first.document_id(), "qd-1");
  EXPECT_EQ(first.note(), "năm học 2025-2026");
  EXPECT_EQ(first.denominator_declared().of(), "pupils");
  EXPECT_EQ(first.denominator_declared().party_id(), "truong");
  EXPECT_EQ(first.denominator_declared().value(), 412);
  EXPECT_EQ(first.denominator_declared().as_of_date(), 20250905);
  const v1::Event second = Find(*plan, "test:denominator:d-2");
  EXPECT_EQ(second.effective_date(), 20250930);
  EXPECT_EQ(second.denominator_declared().value(), 0) << "none is a number";
}

TEST_F(PlanSections, ARosterStandsBehindItsMembersAndItsTarget_Plan22_Plan23) {
  const auto plan = Read(R"([[rosters]]
roster_id = "ro-1"
of = "hoi"
members = ["CB-02", "CB-01"]
target = "t-1"
place = "23500"
document = "qd-1"

[[targets]]
target_id = "t-1"
document = "qd-1"
party = "hoi"
scheme = "BHXH_TN"
measure = "PER_PERSON_MINIMUM"
from_month = "2025-10"
to_month = "2025-12"
value = 1
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const v1::Event event = plan->items.back().event;
  EXPECT_EQ(event.event_id(), "test:roster:ro-1") << "the last, since it names the target";
  EXPECT_EQ(event.place_id(), "23500");
  EXPECT_EQ(event.document_id(), "qd-1");
  EXPECT_EQ(event.roster_declared().of_party_id(), "hoi");
  EXPECT_EQ(event.roster_declared().target_id(), "t-1");
  EXPECT_THAT(event.roster_declared().member_party_ids(), ElementsAre("CB-02", "CB-01"));
  EXPECT_THAT(plan->notes, ::testing::Not(Contains(HasSubstr("roster"))));
}

TEST_F(PlanSections, WhatTheyNameStandsBeforeThemHoweverTheFileIsOrdered) {
  // The office is known only after its founding document, which names another party.
  const auto plan = Read(R"([[roles]]
role_id = "r-1"
role = "MEMBER"
party = "CB-01"
of = "ban"

[[parties]]
party_id = "ban"
kind = "STEERING_COMMITTEE"
name = "Ban"
founding_document = "qd-2"

[[documents]]
document_id = "qd-2"
title = "Thành lập"
issuer_verbatim = "UBND"
issuer = "ubnd"
)",
                         R"(format = "sothon-plan/1"
plan_id = "test"
effective_date = 2025-10-01
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->items.size(), 3u);
  EXPECT_TRUE(plan->items[0].event.has_document_issued());
  EXPECT_TRUE(plan->items[1].event.has_party_registered());
  EXPECT_TRUE(plan->items[2].event.has_role_assigned());
}

TEST_F(PlanSections, ATargetThatThePlanDoesNotSetIsToldOf) {
  const auto plan = Read("[[rosters]]\nroster_id = \"ro-1\"\nmembers = [\"CB-01\"]\ntarget = \"t-9\"\n");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->notes, Contains(HasSubstr("the roster ro-1 names the target t-9, which is not in")));
}

TEST_F(PlanSections, WrongRolesNameLineKeyAndRemedy) {
  EXPECT_THAT(Problems("[[roles]]\nrole_id = \"r\"\nrole = \"HEAD\"\nparty = \"CB-01\"\n"),
              HasSubstr("line 17 (roles[0].role): \"HEAD\" is unknown; write one of RESIDENT_COLLECTOR"));
  EXPECT_THAT(Problems("[[roles]]\nrole_id = \"r\"\nrole = \"MEMBER\"\n"),
              HasSubstr("line 15 (roles[0]): `party` is missing; add it"));
  EXPECT_THAT(Problems("[[roles]]\nrole_id = \"r\"\nrole = \"MEMBER\"\nparty = \"CB-01\"\nuntil = 2025-09-30\n"),
              HasSubstr("line 19 (roles[0].until): is before the role begins, on 2025-10-01; correct it"));
  EXPECT_EQ(Problems("[[roles]]\nrole_id = \"r\"\nrole = \"MEMBER\"\nparty = \"CB-01\"\nuntil = 2025-10-01\n"), "");
  EXPECT_THAT(Problems("[[roles]]\nrole_id = \"r\"\nrole = \"MEMBER\"\nparty = \"CB-01\"\nperson = \"A\"\n"),
              HasSubstr("line 19 (roles[0].person): is not a key of this table"));
  for (const char* role : {"RESIDENT_COLLECTOR", "GUIDE", "VILLAGE_HEAD", "MOBILISING_COMMITTEE"}) {
    const std::string section = StrCat("[[roles]]\nrole_id = \"r\"\nrole = \"", role, "\"\nparty = \"CB-01\"\n");
    EXPECT_THAT(Problems(section), HasSubstr(StrCat("line 15 (roles[0]): `place` is missing; a ", role)));
    EXPECT_EQ(Problems(section + "place = \"23500-01\"\n"), "");
  }
}

TEST_F(PlanSections, WrongDenominatorsNameLineKeyAndRemedy) {
  const std::string head = "[[denominators]]\ndenominator_id = \"d\"\nof = \"population\"\n";
  EXPECT_THAT(Problems(head + "place = \"23500\"\n"),
              HasSubstr("line 15 (denominators[0]): `value` is missing; an unknown number is not 0: leave the whole"));
  EXPECT_THAT(Problems(head + "place = \"23500\"\nvalue = -1\n"),
              HasSubstr("line 19 (denominators[0].value): must be a whole number from 0"));
  EXPECT_THAT(Problems(head + "value = 5\n"), HasSubstr("line 15 (denominators[0]): needs `place` or `party`"));
  EXPECT_THAT(Problems("[[denominators]]\ndenominator_id = \"d\"\nplace = \"23500\"\nvalue = 5\n"),
              HasSubstr("line 15 (denominators[0]): `of` is missing; add it"));
  const std::string whole = head + "place = \"23500\"\nvalue = 5\n";
  EXPECT_EQ(Problems(whole), "");
  EXPECT_THAT(Problems(whole + whole), HasSubstr("denominator \"d\" stands at"));
  EXPECT_THAT(Problems(whole + "values = 5\n"), HasSubstr("line 20 (denominators[0].values): is not a key"));
}

TEST_F(PlanSections, WrongRostersNameLineKeyAndRemedy) {
  const std::string head = "[[rosters]]\nroster_id = \"ro\"\n";
  EXPECT_THAT(Problems(head), HasSubstr("line 15 (rosters[0].members): is missing or empty; name each member's party"));
  EXPECT_THAT(Problems(head + "members = []\n"), HasSubstr("line 17 (rosters[0].members): is missing or empty"));
  EXPECT_THAT(Problems(head + "members = [\"CB-01\", \"CB-02\", \"CB-01\"]\n"),
              HasSubstr("line 17 (rosters[0].members): names CB-01 twice; keep one"));
  EXPECT_THAT(Problems(head + "members = [\"CB-01\", \"Cán bộ Hai\"]\n"),
              HasSubstr("line 17 (rosters[0].members): must be a list of identifiers"))
      << "a name of a person is no party";
  EXPECT_THAT(Problems("[[rosters]]\nmembers = [\"CB-01\"]\n"), HasSubstr("`roster_id` is missing"));
  const std::string whole = head + "members = [\"CB-01\"]\n";
  EXPECT_EQ(Problems(whole), "");
  EXPECT_THAT(Problems(whole + whole), HasSubstr("roster \"ro\" stands at"));
}

TEST_F(PlanSections, AnIssuerIsPrintedOrInferredButNeverMissing_Plan1_Plan5) {
  const std::string head = "[[documents]]\ndocument_id = \"qd-2\"\ntitle = \"T\"\n";
  const std::string kNoDocuments = R"(format = "sothon-plan/1"
plan_id = "test"
effective_date = 2025-10-01
)";
  EXPECT_THAT(Problems(head, kNoDocuments), HasSubstr("line 4 (documents[0]): needs `issuer_verbatim` as printed"));
  const auto inferred = Read(head + "issuer = \"ubnd\"\n", kNoDocuments);
  ASSERT_TRUE(inferred.ok()) << inferred.status();
  EXPECT_THAT(inferred->notes, Contains("who issued qd-2 is not stated: ubnd is inferred"));
  const auto printed =
      Read(head + "issuer_verbatim = \"UBND\"\nissued_date = 2025-10-01\nnumber_verbatim = \"1\"\n", kNoDocuments);
  ASSERT_TRUE(printed.ok()) << printed.status();
  EXPECT_THAT(printed->notes, IsEmpty());
}

}  // namespace
}  // namespace sothon::cli
