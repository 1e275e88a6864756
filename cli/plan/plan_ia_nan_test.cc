// The plan of Ia Nan as it is delivered: what the document says, and beside it, in a file of its own, what is made up.
#include <cstdlib>
#include <map>
#include <set>

#include "cli/plan/plan.h"
#include "cli/plan/plan_loader.h"
#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr char kThePlan[] = "kh-ia-nan-2025";

class PlanOfIaNan : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("SOTHON_SOURCE");
    auto plan = ReadPlan(StrCat(source != nullptr ? source : ".", "/deploy/plans/ia-nan-2025"), {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    auto made_up = ReadPlan(plan->sample_parties_path, {});
    ASSERT_TRUE(made_up.ok()) << made_up.status();
    real_ = *std::move(plan);
    made_up_ = *std::move(made_up);
    for (const Plan* part : {&real_, &made_up_}) {
      for (const PlanItem& item : part->items) {
        if (item.event.has_document_issued()) {
          documents_[item.event.document_issued().document_id()] = item.event.document_issued();
        }
        if (item.event.has_party_registered()) {
          parties_[item.event.party_registered().party_id()] = item.event.party_registered();
        }
      }
    }
  }

  static std::map<std::string, int> CountByKind(const Plan& plan) {
    std::map<std::string, int> counts;
    for (const PlanItem& item : plan.items) ++counts[std::string(EventKindName(item.event.kind_case()))];
    return counts;
  }

  // Sums of the made-up targets by product and month; `whose` tells which of them.
  template <typename Whose>
  std::map<std::string, int64_t> Sums(Whose whose) {
    std::map<std::string, int64_t> sums;
    for (const PlanItem& item : made_up_.items) {
      const v1::TargetSet& target = item.event.target_set();
      if (!item.event.has_target_set() || target.measure() != v1::DEVELOPED || !whose(item.event)) continue;
      for (int32_t month = target.from_month(); month <= target.to_month(); ++month) {
        sums[StrCat(target.scheme() == v1::BHXH_TN ? "BHXH_TN" : target.scheme_group_id(), " ", month)] +=
            target.value();
      }
    }
    return sums;
  }

  Plan real_, made_up_;
  std::map<std::string, v1::DocumentIssued> documents_;
  std::map<std::string, v1::PartyRegistered> parties_;
};

TEST_F(PlanOfIaNan, HoldsWhatTheDocumentSaysAndNoVillageAndNoTarget) {
  // Of the rates it builds on: 5 documents, 2 parties, 11 parameters.
  EXPECT_THAT(CountByKind(real_), UnorderedElementsAre(Pair("document_issued", 5 + 5), Pair("party_registered", 13 + 2),
                                                       Pair("place_registered", 2), Pair("jurisdiction_assigned", 4),
                                                       Pair("role_assigned", 4), Pair("parameter_set", 13 + 11)));
  EXPECT_THAT(CountByKind(made_up_), UnorderedElementsAre(Pair("document_issued", 7), Pair("party_registered", 40),
                                                          Pair("place_registered", 10), Pair("role_assigned", 33),
                                                          Pair("denominator_declared", 11), Pair("target_set", 109)));
}

TEST_F(PlanOfIaNan, WhatIsMadeUpIsMarkedAndNothingElseIs) {
  for (const PlanItem& item : real_.items) EXPECT_FALSE(item.event.synthetic()) << item.origin;
  for (const PlanItem& item : made_up_.items) {
    EXPECT_TRUE(item.event.synthetic()) << item.origin;
    // Whoever reads a name or a title without the mark must not take it for real either.
    if (item.event.has_document_issued()) {
      EXPECT_THAT(item.event.document_issued().title(), StartsWith("GIẢ LẬP, không có thật: "));
      EXPECT_THAT(item.event.document_issued().number_verbatim(), StartsWith("GIẢ LẬP "));
    }
    if (item.event.has_place_registered()) {
      EXPECT_THAT(item.event.place_registered().name(), HasSubstr("mẫu"));
      EXPECT_THAT(item.event.place_registered().name(), HasSubstr("(giả lập)"));
    }
    if (item.event.party_registered().kind() == v1::AGENCY) {
      EXPECT_THAT(item.event.party_registered().name(), HasSubstr("(giả lập)"));
    } else if (item.event.has_party_registered()) {
      EXPECT_EQ(item.event.party_registered().name(), item.event.party_registered().party_id()) << "a staff code";
    }
  }
}

TEST_F(PlanOfIaNan, EveryMadeUpTargetAndNumberCitesAMadeUpDocument_Plan1) {
  for (const PlanItem& item : made_up_.items) {
    if (!item.event.has_target_set() && !item.event.has_denominator_declared()) continue;
    ASSERT_EQ(documents_.count(item.event.document_id()), 1u) << item.origin;
    EXPECT_THAT(documents_[item.event.document_id()].title(), StartsWith("GIẢ LẬP")) << item.origin;
  }
}

TEST_F(PlanOfIaNan, DocumentsKeepTheirNumbersAndWhatIsUnknownStaysUnknown_Plan5_Plan6) {
  const auto expect = [&](const std::string& id, const std::string& number, int32_t date, const std::string& issuer) {
    ASSERT_EQ(documents_.count(id), 1u) << id;
    EXPECT_EQ(documents_[id].number_verbatim(), number);
    EXPECT_EQ(documents_[id].issued_date(), date);
    EXPECT_EQ(documents_[id].issuer_party_id(), issuer);
  };
  expect("qd-03-ubnd-tinh-gia-lai-2025", "Quyết định số 03/QĐ-UBND", 20250701, "ubnd-tinh-gia-lai");
  expect("tb-280-ubnd-tinh-gia-lai-2025", "Thông báo kết luận số 280/TB-UBND", 20251014, "ubnd-tinh-gia-lai");
  expect("qd-154-ubnd-xa-ia-nan-2025", "Quyết định số 154/QĐ-UBND", 20250801, "ubnd-xa-ia-nan");
  expect("kh-51-bhxh-duc-co-2025", "Kế hoạch số 51/KH-BHXH", 20251016, "bhxh-co-so-duc-co");
  expect(kThePlan, "", 0, "bcd-bhxh-bhyt-bhtn-xa-ia-nan");
  EXPECT_EQ(documents_["qd-154-ubnd-xa-ia-nan-2025"].issuer_verbatim(), "") << "the plan does not say";
  EXPECT_THAT(real_.notes, Contains(HasSubstr("kh-ia-nan-2025 has no number of its own")));
  EXPECT_THAT(real_.notes, Contains(HasSubstr("kh-ia-nan-2025 has no date of its own")));
  EXPECT_THAT(real_.notes, Contains(HasSubstr("who issued qd-154-ubnd-xa-ia-nan-2025 is not stated")));
  const v1::PartyRegistered& committee = parties_["bcd-bhxh-bhyt-bhtn-xa-ia-nan"];
  EXPECT_EQ(committee.kind(), v1::STEERING_COMMITTEE);
  EXPECT_EQ(committee.founding_document_id(), "qd-154-ubnd-xa-ia-nan-2025");
  EXPECT_EQ(committee.founded_date(), 20250801);
}

TEST_F(PlanOfIaNan, ReferencesResolveOrAreMarked_Plan4_Plan50) {
  int resolved = 0;
  std::set<std::string> unresolved_sections, attachments;
  for (const auto& reference : documents_[kThePlan].references()) {
    if (reference.attachment()) attachments.insert(reference.section());
    if (reference.resolved()) {
      ++resolved;
      EXPECT_EQ(documents_.count(reference.document_id()), 1u) << reference.text_verbatim();
    } else {
      EXPECT_EQ(reference.document_id(), "");
      EXPECT_NE(reference.presumably(), "");
      unresolved_sections.insert(reference.section());
    }
  }
  EXPECT_EQ(resolved, 4);
  EXPECT_THAT(unresolved_sections, ElementsAre("II.1", "II.3", "II.5", "III.1"));
  EXPECT_THAT(attachments, ElementsAre("III.1")) << "said to come with the document, and did not";
  EXPECT_THAT(real_.notes, Contains(HasSubstr("danh sách chi tiết kèm theo")));
  EXPECT_EQ(documents_[kThePlan].recipients_size(), 10);
}

TEST_F(PlanOfIaNan, OneThingWithSeveralNamesHasOneIdAndStandsForNoAgency_Plan8) {
  std::map<std::string, std::vector<std::string>> ids;
  for (const auto& [id, party] : parties_) {
    for (const std::string& alias : party.aliases()) ids[alias].push_back(id);
  }
  for (const char* name : {"TCDVT", "Tổ chức dịch vụ thu", "Đại lý thu", "Tổ cộng tác viên",
                           "Tổ cộng tác viên đại lý vận động thu BHXH, BHYT"}) {
    EXPECT_THAT(ids[name], ElementsAre("tcdvt-xa-ia-nan")) << name;
  }
  EXPECT_EQ(parties_["tcdvt-xa-ia-nan"].kind(), v1::OTHER_BODY);
  for (const auto& [alias, names] : ids) EXPECT_EQ(names.size(), 1u) << alias;
}

TEST_F(PlanOfIaNan, BothTreesStandOverTheCommuneAndItsProvince_Plan15) {
  std::map<std::pair<std::string, int>, v1::PartyKind> offices;
  for (const PlanItem& item : real_.items) {
    if (!item.event.has_jurisdiction_assigned()) continue;
    const auto& jurisdiction = item.event.jurisdiction_assigned();
    offices[{jurisdiction.place_id(), jurisdiction.tree()}] = parties_[jurisdiction.office_party_id()].kind();
  }
  for (const char* place : {"52", "23884"}) {
    const auto kind = [&](v1::JurisdictionAssigned::Tree tree) {
      return offices[std::pair<std::string, int>(place, tree)];
    };
    EXPECT_EQ(kind(v1::JurisdictionAssigned::ADMINISTRATIVE), v1::PEOPLES_COMMITTEE) << place;
    EXPECT_EQ(kind(v1::JurisdictionAssigned::SOCIAL_INSURANCE), v1::BHXH_OFFICE) << place;
  }
}

TEST_F(PlanOfIaNan, ThreeAgenciesCanSendTooFewEnoughOrTooManyCollectors_Plan44) {
  std::map<std::string, int> collectors;
  for (const auto& [id, party] : parties_) {
    if (party.kind() == v1::AGENCY) collectors.emplace(id, 0);
    if (party.kind() == v1::COLLECTOR) ++collectors[party.parent_party_id()];
  }
  EXPECT_THAT(collectors, ElementsAre(Pair("buu-dien-duc-co", 6), Pair("tcdvt-mau-a", 6), Pair("tcdvt-mau-b", 6)));
}

TEST_F(PlanOfIaNan, EachVillageHasAResidentCollectorAGuideAndAHead_Plan45_Plan46_Plan54) {
  std::map<std::string, std::multiset<int>> roles;
  std::set<std::string> contracted;
  for (const PlanItem& item : made_up_.items) {
    if (!item.event.has_role_assigned()) continue;
    const v1::RoleAssigned& role = item.event.role_assigned();
    if (role.role() == v1::CONTRACTED_AGENCY) {
      EXPECT_EQ(role.of_party_id(), "bhxh-co-so-duc-co");
      contracted.insert(role.party_id());
      continue;
    }
    roles[item.event.place_id()].insert(role.role());
    const bool is_collector = parties_[role.party_id()].kind() == v1::COLLECTOR;
    EXPECT_EQ(is_collector, role.role() == v1::RESIDENT_COLLECTOR) << role.role_id();
  }
  EXPECT_THAT(contracted, ElementsAre("buu-dien-duc-co", "tcdvt-mau-a", "tcdvt-mau-b"));
  EXPECT_EQ(roles.size(), 10u);
  for (const auto& [place, held] : roles) {
    EXPECT_THAT(place, StartsWith("23884-"));
    EXPECT_THAT(held, ElementsAre(v1::RESIDENT_COLLECTOR, v1::GUIDE, v1::VILLAGE_HEAD)) << place;
  }
}

TEST_F(PlanOfIaNan, TargetsOfBothProductsAddUpFromVillagesAndFromCollectors_Plan25_Plan26_Plan28) {
  const auto of_villages = Sums([](const v1::Event& event) { return event.place_id().size() > 5; });
  const auto of_commune = Sums([](const v1::Event& event) { return event.place_id() == "23884"; });
  EXPECT_THAT(of_villages, ElementsAre(Pair("BHXH_TN 202510", 14), Pair("BHXH_TN 202511", 22),
                                       Pair("BHXH_TN 202512", 18), Pair("BHYT_TU_DONG 202510", 87),
                                       Pair("BHYT_TU_DONG 202511", 137), Pair("BHYT_TU_DONG 202512", 100)));
  EXPECT_EQ(of_commune, of_villages);
  for (const char* agency : {"buu-dien-duc-co", "tcdvt-mau-a", "tcdvt-mau-b"}) {
    const auto of_agency = Sums([&](const v1::Event& event) { return event.target_set().party_id() == agency; });
    const auto of_collectors = Sums([&](const v1::Event& event) {
      const auto party = parties_.find(event.target_set().party_id());
      return party != parties_.end() && party->second.parent_party_id() == agency;
    });
    EXPECT_EQ(of_agency.size(), 6u) << agency;
    EXPECT_EQ(of_collectors, of_agency) << agency;
  }
}

TEST_F(PlanOfIaNan, ThePopulationsOfTheVillagesAddUpToTheCommunes_Plan19) {
  std::map<std::string, int64_t> population;
  for (const PlanItem& item : made_up_.items) {
    if (!item.event.has_denominator_declared()) continue;
    EXPECT_EQ(item.event.denominator_declared().of(), "population");
    population[item.event.place_id()] = item.event.denominator_declared().value();
  }
  ASSERT_EQ(population.size(), 11u);
  int64_t sum = 0;
  for (const auto& [place, value] : population) sum += place == "23884" ? 0 : value;
  EXPECT_EQ(population["23884"], sum);
}

TEST_F(PlanOfIaNan, EachEventNamesOnlyWhatStandsBeforeIt) {
  std::set<std::string> known, ids;
  const auto expect = [&](std::string_view kind, const std::string& id, const PlanItem& item) {
    EXPECT_TRUE(id.empty() || known.count(StrCat(kind, " ", id)) > 0) << item.origin << ": " << kind << " " << id;
  };
  for (const Plan* part : {&real_, &made_up_}) {
    for (const PlanItem& item : part->items) {
      const v1::Event& event = item.event;
      EXPECT_TRUE(ids.insert(event.event_id()).second) << event.event_id();
      EXPECT_LE(event.event_id().size(), 64u);
      EXPECT_NE(event.effective_date(), 0) << item.origin;
      if (!event.has_place_registered()) expect("place", event.place_id(), item);
      expect("document", event.document_id(), item);
      expect("party", event.party_registered().parent_party_id(), item);
      expect("document", event.party_registered().founding_document_id(), item);
      expect("place", event.place_registered().parent_place_id(), item);
      expect("party", event.document_issued().issuer_party_id(), item);
      expect("party", event.jurisdiction_assigned().office_party_id(), item);
      expect("party", event.role_assigned().party_id(), item);
      expect("party", event.role_assigned().of_party_id(), item);
      expect("party", event.target_set().party_id(), item);
      for (const auto& recipient : event.document_issued().recipients()) expect("party", recipient.party_id(), item);
      known.insert(StrCat("place ", event.place_registered().place_id()));
      known.insert(StrCat("party ", event.party_registered().party_id()));
      known.insert(StrCat("document ", event.document_issued().document_id()));
    }
  }
}

TEST_F(PlanOfIaNan, LoadingItTwiceIsHarmless) {
  FakeIngest fake;
  const auto stub = fake.NewStub();
  for (const Plan* part : {&real_, &made_up_}) {
    const auto first = LoadPlan(stub.get(), *part, false);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(first->recorded, part->items.size());
  }
  for (const Plan* part : {&real_, &made_up_}) {
    const auto second = LoadPlan(stub.get(), *part, false);
    ASSERT_TRUE(second.ok()) << second.status();
    EXPECT_EQ(second->recorded, 0u);
  }
  EXPECT_EQ(fake.events().size(), real_.items.size() + made_up_.items.size());
}

}  // namespace
}  // namespace sothon::cli
