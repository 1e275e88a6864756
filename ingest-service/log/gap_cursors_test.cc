#include "ingest-service/log/gap_cursors.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/base/strings.h"
#include "common/testing/seed.h"

namespace sothon::ingest {
namespace {

std::optional<std::string> NextIn(const std::set<std::string>& keys, const std::string& key) {
  const auto next = keys.upper_bound(key);
  if (next == keys.end()) return std::nullopt;
  return *next;
}

TEST(GapCursorsTest, AscendingKeysNeedOneLookUp) {
  GapCursors gaps;
  EXPECT_FALSE(gaps.Take("a-001"));
  gaps.NoteMiss("a-001");
  ASSERT_TRUE(gaps.WantsToLearn());
  gaps.Learn("a-500");
  for (int i = 2; i < 500; ++i) EXPECT_TRUE(gaps.Take(StrCat("a-", i < 10 ? "00" : i < 100 ? "0" : "", i)));
  EXPECT_FALSE(gaps.Take("a-499")) << "taken already";
  EXPECT_FALSE(gaps.Take("a-500")) << "stored";
  EXPECT_FALSE(gaps.Take("a-501")) << "beyond";
}

TEST(GapCursorsTest, SeveralAscendingRowsAreRememberedSideBySide) {
  GapCursors gaps;
  for (const char* row : {"a", "b", "c"}) {
    gaps.NoteMiss(StrCat(row, "-1"));
    gaps.Learn(StrCat(row, "-9"));
  }
  for (int i = 2; i < 9; ++i) {
    for (const char* row : {"a", "b", "c"}) EXPECT_TRUE(gaps.Take(StrCat(row, "-", i)));
  }
}

// The one thing that must never happen: a stored key that is taken for a new one.
TEST(GapCursorsTest, NeverTakesAStoredKey) {
  std::mt19937 random(sothon::testing::SeedForThisRun());
  std::set<std::string> stored;
  GapCursors gaps;
  size_t taken = 0;
  for (int i = 0; i < 50'000; ++i) {
    // Rows that mostly ascend, with repeats and keys from anywhere between them.
    const unsigned row = random() % 20;
    const unsigned number = random() % 4 == 0 ? random() % 3'000 : static_cast<unsigned>(i) / 20 + random() % 3;
    char key[32];
    std::snprintf(key, sizeof key, "%u-%06u", row, number);
    if (gaps.Take(key)) {
      ++taken;
      ASSERT_FALSE(stored.contains(key)) << key;
      if (random() % 8 != 0) stored.insert(key);  // otherwise its request was refused
      continue;
    }
    if (stored.contains(key)) continue;
    gaps.NoteMiss(key);
    if (random() % 8 != 0) stored.insert(key);
    if (gaps.WantsToLearn() && random() % 3 == 0) gaps.Learn(NextIn(stored, gaps.missed()));
  }
  EXPECT_GT(taken, 3'000u);
}

}  // namespace
}  // namespace sothon::ingest
