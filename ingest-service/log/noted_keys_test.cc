#include "ingest-service/log/noted_keys.h"

#include <gtest/gtest.h>

#include <limits>

namespace sothon::ingest {
namespace {

TEST(NotedKeysTest, GapsOfAnyLengthTakeNoRoomAndEveryEventIsFoundByItsPosition) {
  constexpr uint64_t kFar = std::numeric_limits<uint64_t>::max() - 3;
  NotedKeys noted;
  EXPECT_EQ(noted.IndexOf({1}), std::nullopt);
  noted.Add({10, 0});
  noted.Add({20, 0});
  noted.Skip({2});  // not beyond what is noted: nothing
  noted.Add({30, 0});
  noted.Skip({4});
  noted.Skip({kFar});
  noted.Add({40, 1});
  noted.Add({50, 1});
  EXPECT_EQ(noted.size(), 5u);
  EXPECT_EQ(noted.last(), Position{kFar + 2});
  const uint64_t positions[] = {1, 2, 3, kFar + 1, kFar + 2};
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(noted.PositionOf(i), Position{positions[i]});
    EXPECT_EQ(noted.IndexOf({positions[i]}), i);
    EXPECT_EQ(noted.At(i).event_id, 10 * (i + 1));
  }
  for (const uint64_t unknown : {uint64_t{0}, uint64_t{4}, uint64_t{5}, uint64_t{1} << 62, kFar, kFar + 3}) {
    EXPECT_EQ(noted.IndexOf({unknown}), std::nullopt) << unknown;
  }
}

TEST(NotedKeysTest, AGapAtTheBeginning) {
  NotedKeys noted;
  noted.Skip({7});
  noted.Add({10, 0});
  EXPECT_EQ(noted.IndexOf({7}), std::nullopt);
  EXPECT_EQ(noted.IndexOf({8}), 0u);
  EXPECT_EQ(noted.PositionOf(0), Position{8});
}

}  // namespace
}  // namespace sothon::ingest
