#include "projection-service/ledger/reference.h"

#include <gtest/gtest.h>

namespace sothon::ledger {
namespace {

v1::Event PlaceEvent(const std::string& id, v1::PlaceLevel level, const std::string& parent, const std::string& name,
                     uint32_t row = 0) {
  v1::Event event;
  event.set_document_id("plan");
  auto* place = event.mutable_place_registered();
  place->set_place_id(id);
  place->set_level(level);
  place->set_parent_place_id(parent);
  place->set_name(name);
  place->set_source_row(row);
  return event;
}

v1::Event TargetEvent(const std::string& id, const std::string& place, int64_t value, const std::string& revises = "") {
  v1::Event event;
  event.set_place_id(place);
  event.set_document_id("plan");
  auto* target = event.mutable_target_set();
  target->set_target_id(id);
  target->set_measure(v1::DEVELOPED);
  target->set_scheme(v1::BHXH_TN);
  target->set_from_month(202510);
  target->set_to_month(202510);
  target->set_value(value);
  target->set_revises_target_id(revises);
  return event;
}

Reference SmallTree() {
  Reference reference;
  uint64_t position = 0;
  reference.Apply(PlaceEvent("51", v1::PROVINCE, "", "Quảng Ngãi"), Position{++position});
  reference.Apply(PlaceEvent("23500", v1::COMMUNE, "51", "Đăk Hà"), Position{++position});
  reference.Apply(PlaceEvent("23500-02", v1::VILLAGE, "23500", "Thôn 2", 2), Position{++position});
  reference.Apply(PlaceEvent("23500-01", v1::RESIDENTIAL_GROUP, "23500", "TDP 1", 1), Position{++position});
  return reference;
}

TEST(Reference, VillagesStandInTheOrderOfTheSourceNotOfTheirRegistration) {
  const Reference reference = SmallTree();
  std::vector<std::string> ids;
  for (const Ordinal leaf : reference.LeavesUnder(reference.FindPlace("51")->ordinal)) {
    ids.push_back(reference.place(leaf).id);
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"23500-01", "23500-02"}));
}

TEST(Reference, OrdinalsFollowTheOrderOfRegistration) {
  const Reference reference = SmallTree();
  EXPECT_EQ(reference.FindPlace("23500-02")->ordinal.value, 2u);
  EXPECT_EQ(reference.FindPlace("23500-01")->ordinal.value, 3u);
  EXPECT_EQ(reference.FindPlace("99999"), nullptr);
}

// plan#26: a target changes only by a revision, and what was asked before it still shows the old one.
TEST(Reference, ARevisedTargetHoldsUntilItsRevision) {
  Reference reference = SmallTree();
  reference.Apply(TargetEvent("t1", "23500-01", 8), Position{10});
  reference.Apply(TargetEvent("t2", "23500-01", 5, "t1"), Position{20});
  ASSERT_EQ(reference.TargetsAsOf(Position{19}).size(), 1u);
  EXPECT_EQ(reference.TargetsAsOf(Position{19})[0]->value, 8);
  ASSERT_EQ(reference.TargetsAsOf(Position{20}).size(), 1u);
  EXPECT_EQ(reference.TargetsAsOf(Position{20})[0]->value, 5);
  EXPECT_TRUE(reference.TargetsAsOf(Position{9}).empty());
}

// plan#13: a renamed place keeps its id and is still found by the old name.
TEST(Reference, ARenamedPlaceKeepsItsOldNameAsAlias) {
  Reference reference = SmallTree();
  v1::Event event;
  event.mutable_place_changed()->set_place_id("23500-02");
  event.mutable_place_changed()->set_change(v1::PlaceChanged::RENAMED);
  event.mutable_place_changed()->set_new_name("Thôn Hai");
  reference.Apply(event, Position{5});
  const Place* place = reference.FindPlace("23500-02");
  EXPECT_EQ(place->name, "Thôn Hai");
  EXPECT_EQ(place->aliases, std::vector<std::string>{"Thôn 2"});
}

}  // namespace
}  // namespace sothon::ledger
