#include "projection-service/follow/received_events.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::projection {
namespace {

// As the transport would deliver it: in pieces cut anywhere.
grpc::ByteBuffer InPieces(const std::string& bytes, std::mt19937_64* random) {
  std::vector<grpc::Slice> slices;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t size = std::min<size_t>(bytes.size() - begin, 1 + (*random)() % 40);
    slices.emplace_back(bytes.substr(begin, size));
    begin += size;
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

TEST(ReceivedEvents, AreWhatProtobufSays) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 200; ++round) {
    v1::ReadEventsResponse message;
    for (uint64_t i = random() % 20; i > 0; --i)
      message.add_events(std::string(random() % 200, 'x') + std::to_string(i));
    if (random() % 2 == 0) message.set_head_position(random());
    message.set_scanned_to_position(random() % 1000);
    auto parsed = ReceivedEvents::Parse(InPieces(message.SerializeAsString(), &random));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    const ReceivedEvents received = *std::move(parsed);
    EXPECT_EQ(received.head().value, message.head_position());
    EXPECT_EQ(std::vector<std::string>(received.events().begin(), received.events().end()),
              std::vector<std::string>(message.events().begin(), message.events().end()));
  }
}

TEST(ReceivedEvents, AMessageThatIsCutOffIsNotTakenForAShorterOne) {
  std::mt19937_64 random(1);
  v1::ReadEventsResponse message;
  message.add_events("one");
  message.add_events("two");
  message.set_head_position(300);
  const std::string bytes = message.SerializeAsString();
  // Where a field ends a shorter message is a message; everywhere else it must be refused.
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto parsed = ReceivedEvents::Parse(InPieces(bytes.substr(0, size), &random));
    EXPECT_EQ(parsed.ok(), size == 0 || size == 5 || size == 10) << size;
    EXPECT_TRUE(parsed.ok() || absl::IsDataLoss(parsed.status())) << size;
  }
}

TEST(ReceivedEvents, ANewerFieldIsPassedOver) {
  std::mt19937_64 random(1);
  v1::ReadEventsResponse message;
  message.add_events("one");
  const auto parsed = ReceivedEvents::Parse(InPieces(message.SerializeAsString() + "\x7a\x02hi", &random));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->events().size(), 1u);
}

}  // namespace
}  // namespace sothon::projection
