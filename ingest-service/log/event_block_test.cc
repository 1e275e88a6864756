#include "ingest-service/log/event_block.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/event/stored_event.h"

namespace sothon::ingest {
namespace {

TEST(EventBlockTest, GivesBackStoredEventsAsTheyWouldStandAlone) {
  std::string block;
  std::vector<std::string> expected;
  for (uint64_t position : {127u, 128u, 129u, 130u}) {
    const std::string body(position - 100, 'b');
    AppendToEventBlock({position}, 1'763'600'000'000'000, body, &block);
    AppendStoredEvent({position}, 1'763'600'000'000'000, body, &expected.emplace_back());
  }
  EventBlockReader reader(block);
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto stored = reader.Next();
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ(*stored, expected[i]);
    EXPECT_EQ(PositionOfStored(*stored).value, 127 + i);
  }
  EXPECT_TRUE(reader.Next()->empty());
}

TEST(EventBlockTest, Golden) {
  std::string block;
  AppendToEventBlock({1}, 2, "\x1a\x01x", &block);
  AppendToEventBlock({300}, 0, "\x1a\x01y", &block);
  const std::string golden("\x07\x08\x01\x10\x02\x1a\x01x\x08\x08\xac\x02\x10\x00\x1a\x01y", 17);
  EXPECT_EQ(block, golden);
}

TEST(EventBlockTest, ABlockThatIsCutShortIsDataLoss) {
  std::string block;
  AppendToEventBlock({1}, 2, "\x1a\x01x", &block);
  for (size_t length = 1; length < block.size(); ++length) {
    EventBlockReader reader(std::string_view(block).substr(0, length));
    EXPECT_EQ(reader.Next().status().code(), absl::StatusCode::kDataLoss) << length;
  }
  EXPECT_EQ(EventBlockReader(std::string_view("\0", 1)).Next().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sothon::ingest
