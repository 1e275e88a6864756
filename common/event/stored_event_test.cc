#include "common/event/stored_event.h"

#include <limits>
#include <random>

#include "absl/strings/escaping.h"
#include "common/base/varint.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

constexpr int64_t kRecordedAtUs = 1'760'688'000'123'456;

// Written by protoc --encode from the text form of the same event, with position 300 and kRecordedAtUs.
constexpr char kGoldenHex[] =
    "08ac0210c084bbf6e1aa9003"
    "1a12633a54434456542d30313a424c2d30303031"
    "208983d409"
    "2a0832333530302d3031"
    "4801"
    "ba0441"
    "0a10000102030405060708090a0b0c0d0e0f"
    "1001"
    "1a0854434456542d3031"
    "2207424c2d30303031"
    "2a064e56542d3031"
    "308eae0c"
    "3803"
    "40b0b63c"
    "48c0ab30"
    "50f08a0c";

v1::Event GoldenEvent() {
  v1::Event event = testing::Contribution(
      {.receipt = "BL-0001", .months = 3, .due_vnd = 990'000, .paid_vnd = 792'000, .central_support_vnd = 198'000});
  event.set_synthetic(true);
  std::string subject;
  for (char c = 0; c < 16; ++c) subject.push_back(c);
  event.mutable_contribution_recorded()->set_subject_id(subject);
  return event;
}

std::string Stored(Position position, int64_t recorded_at_us, std::string_view body) {
  std::string out;
  AppendStoredEvent(position, recorded_at_us, body, &out);
  return out;
}

TEST(StoredEventTest, GoldenBytes) {
  const std::string stored = Stored({300}, kRecordedAtUs, SerializeBody(GoldenEvent()));
  EXPECT_EQ(absl::BytesToHexString(stored), kGoldenHex);
}

TEST(StoredEventTest, IsTheSerialisedEvent) {
  v1::Event event = GoldenEvent();
  const std::string stored = Stored({300}, kRecordedAtUs, SerializeBody(event));
  event.set_position(300);
  event.set_recorded_at_us(kRecordedAtUs);
  EXPECT_EQ(stored, event.SerializeAsString());
  v1::Event parsed;
  ASSERT_TRUE(parsed.ParseFromString(stored));
  EXPECT_EQ(parsed.position(), 300u);
  EXPECT_EQ(parsed.contribution_recorded().paid_vnd(), 792'000);
}

TEST(StoredEventTest, EqualEventsHaveEqualBodiesHoweverTheyWereBuilt) {
  const std::string body = SerializeBody(GoldenEvent());
  v1::Event reparsed;
  ASSERT_TRUE(reparsed.ParseFromString(body));
  EXPECT_EQ(SerializeBody(reparsed), body);
  v1::Event other = GoldenEvent();
  other.mutable_contribution_recorded()->set_paid_vnd(792'001);
  EXPECT_NE(SerializeBody(other), body);
}

TEST(StoredEventTest, SplitUndoesAppend) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  const std::string body = SerializeBody(GoldenEvent());
  for (int i = 0; i < 10'000; ++i) {
    const Position position{(random() >> (random() % 64)) | 1};
    const auto recorded_at_us = static_cast<int64_t>((random() >> 1) >> (random() % 63));
    const std::string stored = Stored(position, recorded_at_us, body);
    ASSERT_LE(stored.size(), body.size() + kStoredEventHeaderBytesMax);
    const absl::StatusOr<StoredEventView> view = SplitStoredEvent(stored);
    ASSERT_TRUE(view.ok()) << view.status();
    ASSERT_EQ(view->position, position);
    ASSERT_EQ(view->recorded_at_us, recorded_at_us);
    ASSERT_EQ(view->body, body);
  }
}

TEST(StoredEventTest, AtTheEndsOfTheRange) {
  const std::string stored =
      Stored({std::numeric_limits<uint64_t>::max()}, std::numeric_limits<int64_t>::max(), "\x1a\x01x");
  ASSERT_TRUE(SplitStoredEvent(stored).ok());
  EXPECT_EQ(SplitStoredEvent(stored)->recorded_at_us, std::numeric_limits<int64_t>::max());
  ASSERT_TRUE(SplitStoredEvent(Stored({1}, 0, "")).ok());
  EXPECT_TRUE(SplitStoredEvent(Stored({1}, 0, ""))->body.empty());
}

TEST(StoredEventTest, WhatDoesNotBeginAsItMustIsDamage) {
  const std::string body = SerializeBody(GoldenEvent());
  const std::string good = Stored({300}, kRecordedAtUs, body);
  const auto refused = [](std::string_view bytes) {
    return SplitStoredEvent(bytes).status().code() == absl::StatusCode::kDataLoss;
  };
  const size_t header = good.size() - body.size();
  for (size_t size = 0; size < header; ++size) EXPECT_TRUE(refused(good.substr(0, size))) << size;
  EXPECT_TRUE(refused(body)) << "neither position nor time";
  EXPECT_TRUE(refused(std::string("\x08\x05") + body)) << "no time";
  EXPECT_TRUE(refused(std::string("\x10\x05") + body)) << "no position";
  EXPECT_TRUE(refused(std::string("\x10\x05\x08\x05") + body)) << "out of order";
  EXPECT_TRUE(refused(Stored({0}, kRecordedAtUs, body))) << "position 0";
  EXPECT_TRUE(refused(Stored({1}, -1, body))) << "a time before the epoch";
  EXPECT_TRUE(refused(good.substr(0, header) + "\x08\x07" + body)) << "a second position";
  EXPECT_TRUE(refused(good.substr(0, header) + "\x10\x07" + body)) << "a second time";
  EXPECT_TRUE(refused(std::string("\x08\x85\x00\x10\x05", 5) + body)) << "not the shortest form of 5";
}

}  // namespace
}  // namespace sothon
