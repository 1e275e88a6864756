// Which village is meant: codes and unambiguous names resolve, the rest is refused with the candidates (plan#9, #10,
// #12).
#include "cli/directory/directory.h"

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

v1::Event Village(int row, const std::string& name, const std::string& former_unit = "") {
  v1::Event event;
  event.set_document_id("plan");
  v1::PlaceRegistered* place = event.mutable_place_registered();
  place->set_place_id(StrCat("23500-", row < 10 ? "0" : "", row));
  place->set_level(name.rfind("TDP", 0) == 0 ? v1::RESIDENTIAL_GROUP : v1::VILLAGE);
  place->set_parent_place_id("23500");
  place->set_name(name);
  place->set_former_unit(former_unit);
  place->set_source_row(static_cast<uint32_t>(row));
  return event;
}

Directory DakHa() {
  Directory directory;
  v1::Event document;
  document.mutable_document_issued()->set_document_id("plan");
  document.mutable_document_issued()->set_number_verbatim("66/QĐ-UBND");
  directory.Apply(document);
  v1::Event commune;
  commune.mutable_place_registered()->set_place_id("23500");
  commune.mutable_place_registered()->set_level(v1::COMMUNE);
  commune.mutable_place_registered()->set_name("Đăk Hà");
  directory.Apply(commune);
  directory.Apply(Village(2, "TDP 2A"));
  directory.Apply(Village(12, "Long Loi"));
  directory.Apply(Village(13, "Thôn 1", "xã Đăk La (cũ)"));
  directory.Apply(Village(16, "Thôn 4 (Đăk Tiêng Kơ Tu)", "xã Đăk La (cũ)"));
  directory.Apply(Village(23, "Thôn 1", "xã Hà Mòn (cũ)"));
  directory.Apply(Village(26, "Thôn 4", "xã Hà Mòn (cũ)"));
  return directory;
}

TEST(Directory, CodesAndUnambiguousNamesResolve) {
  const Directory directory = DakHa();
  Problem problem;
  EXPECT_EQ(directory.ResolveVillage("23500-13", &problem), "23500-13");
  EXPECT_EQ(directory.ResolveVillage(" tdp  2a ", &problem), "23500-02");
  EXPECT_EQ(directory.ResolveVillage("Tổ dân phố 2A", &problem), "23500-02");
  EXPECT_EQ(directory.ResolveVillage("Long Loi", &problem), "23500-12");
  EXPECT_EQ(directory.ResolveVillage("Đăk Tiêng Kơ Tu", &problem), "23500-16");
}

TEST(Directory, DecomposedTextNamesTheSameVillage_Plan14) {
  const Directory directory = DakHa();
  Problem problem;
  EXPECT_EQ(directory.ResolveVillage("Tho\xcc\x82n 4 (\xc4\x90\x61\xcc\x86k Tie\xcc\x82ng Ko\xcc\x9b Tu)", &problem),
            "23500-16");
}

TEST(Directory, AnAmbiguousNameIsRefusedWithTheCandidates_Plan10) {
  const Directory directory = DakHa();
  Problem problem;
  EXPECT_EQ(directory.ResolveVillage("Thôn 1", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("the name of 2 villages"));
  EXPECT_THAT(problem.remedy, HasSubstr("23500-13 (Thôn 1, STT 13, xã Đăk La (cũ))"));
  EXPECT_THAT(problem.remedy, HasSubstr("23500-23 (Thôn 1, STT 23, xã Hà Mòn (cũ))"));
}

TEST(Directory, ThonFourCollidesOnceTheParenthesesAreDropped_Plan10) {
  const Directory directory = DakHa();
  Problem problem;
  EXPECT_EQ(directory.ResolveVillage("Thôn 4", &problem), std::nullopt);
  EXPECT_THAT(problem.remedy, HasSubstr("23500-16"));
  EXPECT_THAT(problem.remedy, HasSubstr("23500-26"));
}

TEST(Directory, DocumentAndRowAreTheImportKey_Plan10) {
  const Directory directory = DakHa();
  Problem problem;
  EXPECT_EQ(directory.ResolveRow("plan", "23", &problem), "23500-23");
  EXPECT_EQ(directory.ResolveRow("66/qđ-ubnd", "13", &problem), "23500-13");
  EXPECT_EQ(directory.ResolveRow("plan", "9", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("no village in row 9"));
  EXPECT_EQ(directory.ResolveRow("another", "1", &problem), std::nullopt);
  EXPECT_EQ(directory.ResolveRow("plan", "x", &problem), std::nullopt);
}

TEST(Directory, UnknownPlacesAndPlacesAboveVillagesAreRefused) {
  const Directory directory = DakHa();
  Problem problem;
  EXPECT_EQ(directory.ResolveVillage("23500-99", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("no village 23500-99"));
  EXPECT_EQ(directory.ResolveVillage("23500", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("not a village"));
  EXPECT_EQ(directory.ResolveVillage("Thôn 99", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("named \"Thôn 99\""));
}

TEST(Directory, ARenamedVillageIsFoundByBothNames_Plan13) {
  Directory directory = DakHa();
  v1::Event change;
  change.mutable_place_changed()->set_place_id("23500-12");
  change.mutable_place_changed()->set_change(v1::PlaceChanged::RENAMED);
  change.mutable_place_changed()->set_new_name("Thôn Long Loi mới");
  directory.Apply(change);
  Problem problem;
  EXPECT_EQ(directory.ResolveVillage("Long Loi", &problem), "23500-12");
  EXPECT_EQ(directory.ResolveVillage("thôn long loi mới", &problem), "23500-12");
}

TEST(Directory, TotalsAreNeverVillages_Plan9) {
  EXPECT_TRUE(IsTotalLabel("Tổng"));
  EXPECT_TRUE(IsTotalLabel(" TỔNG  CỘNG "));
  EXPECT_TRUE(IsTotalLabel("To\xcc\x82\xcc\x89ng"));
  EXPECT_FALSE(IsTotalLabel("Thống Nhất"));
  EXPECT_FALSE(IsTotalLabel(""));
}

}  // namespace
}  // namespace sothon::cli
