#include "projection-service/ledger/names.h"

#include <gtest/gtest.h>

namespace sothon::ledger {
namespace {

v1::ContributionRecorded Paid(const std::string& agency, const std::string& collector, const std::string& drive,
                              const std::vector<std::string>& credited) {
  v1::ContributionRecorded paid;
  paid.set_agency_id(agency);
  paid.set_collector_id(collector);
  paid.set_drive_id(drive);
  for (const std::string& party : credited) paid.add_credited_party_ids(party);
  return paid;
}

TEST(Names, EqualNamesHaveEqualOrdinalsInOrderOfTheLog) {
  Names names;
  EXPECT_EQ(names.Note(Paid("post", "an", "w40", {})), (Named{1, 1, 0}));
  EXPECT_EQ(names.Note(Paid("post", "", "", {})), (Named{2, 0, 0}));
  EXPECT_EQ(names.Note(Paid("bank", "an", "w41", {})), (Named{3, 2, 0})) << "a collector of another agency";
  EXPECT_EQ(names.Note(Paid("post", "an", "w41", {})), (Named{1, 2, 0}));
  EXPECT_EQ(names.DeskAt({2}).agency_id, "bank");
  EXPECT_EQ(names.DeskAt({2}).collector_id, "an");
  EXPECT_EQ(names.DeskAt({1}).agency_id, "post");
  EXPECT_EQ(names.DeskAt({1}).collector_id, "");
  EXPECT_EQ(names.Find(Names::Kind::kDrive, "w41"), Ordinal{1});
  EXPECT_EQ(names.Find(Names::Kind::kDrive, "w42"), std::nullopt);
}

TEST(Names, APartyIsCreditedOnceHoweverOftenItIsNamed) {
  Names names;
  const Named one = names.Note(Paid("", "", "", {"union", "school", "union"}));
  EXPECT_EQ(one, (Named{0, 0, 1}));
  EXPECT_EQ(names.Note(Paid("", "", "", {"school", "union"})), one) << "whatever their order";
  EXPECT_EQ(names.Note(Paid("", "", "", {"school"})), (Named{0, 0, 2}));
  ASSERT_EQ(names.CreditList(1).size(), 2u);
  EXPECT_TRUE(names.CreditList(0).empty());
}

TEST(Names, AreTheSameWhenRestored) {
  Names names;
  names.Note(Paid("post", "an", "w40", {"union", "school"}));
  names.Note(Paid("post", "binh", "w41", {"school"}));
  Names restored;
  for (size_t kind = 0; kind < Names::kKindCount; ++kind) {
    for (const std::string& name : names.All(static_cast<Names::Kind>(kind))) {
      restored.Restore(static_cast<Names::Kind>(kind), name);
    }
  }
  EXPECT_EQ(restored.Note(Paid("post", "binh", "w41", {"school"})),
            names.Note(Paid("post", "binh", "w41", {"school"})));
  ASSERT_EQ(restored.CreditList(1).size(), 2u);
  EXPECT_EQ(restored.CreditList(1)[1], names.CreditList(1)[1]);
}

}  // namespace
}  // namespace sothon::ledger
