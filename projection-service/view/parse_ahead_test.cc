#include "projection-service/view/parse_ahead.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using Stored = absl::Span<const std::string_view>;
using Events = absl::Span<const ParseAhead::Parsed>;

TEST(ParseAhead, HandsOutEveryEventInOrder) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::mt19937_64 random(seed);
  const testing::FakeLog log = testing::MakeRandomLog(seed, 5000);
  ParseAhead parsing;
  for (uint64_t at = 1; at <= log.size();) {
    const uint64_t to = std::min<uint64_t>(log.size(), at + random() % 1500);
    uint64_t expected = at;
    parsing.Run(log.Range(at, to), [&](Stored stored, Events events) {
      EXPECT_EQ(stored.size(), events.size());
      for (size_t i = 0; i < events.size(); ++i, ++expected) {
        EXPECT_TRUE(events[i].ok()) << events[i].status();
        if (!events[i].ok()) return false;
        EXPECT_EQ((*events[i])->position(), expected);
        EXPECT_EQ((*events[i])->SerializeAsString(), stored[i]);
      }
      return true;
    });
    EXPECT_EQ(expected, to + 1);
    at = to + 1;
  }
}

TEST(ParseAhead, StopsWhereItIsToldAndGoesOnWithTheNext) {
  const testing::FakeLog log = testing::MakeRandomLog(3, 3000);
  ParseAhead parsing;
  for (const size_t calls_max : {1u, 2u, 3u, 7u}) {
    size_t calls = 0;
    parsing.Run(log.Range(1, log.size()), [&](Stored, Events) { return ++calls < calls_max; });
    EXPECT_EQ(calls, calls_max);
  }
  parsing.Run({}, [](Stored, Events) { return true; });
}

TEST(ParseAhead, TellsWhatIsNoEvent) {
  const testing::FakeLog log = testing::MakeRandomLog(3, 600);
  auto events = log.Range(1, 500);
  events[400] = "nonsense";
  ParseAhead parsing;
  std::vector<size_t> wrong;
  size_t index = 0;
  parsing.Run(events, [&](Stored, Events parsed) {
    for (const auto& event : parsed) {
      if (!event.ok()) {
        EXPECT_EQ(event.status().code(), absl::StatusCode::kDataLoss);
        wrong.push_back(index);
      }
      ++index;
    }
    return true;
  });
  EXPECT_EQ(index, 500u);
  EXPECT_EQ(wrong, std::vector<size_t>{400});
}

}  // namespace
}  // namespace sothon::projection
