#include "ingest-service/outbox/outbox.h"

#include <algorithm>
#include <set>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest-service/outbox/fake_event_log.h"
#include "tests/harness/eventually.h"
#include "tests/harness/nats_server.h"
#include "tests/harness/stream_messages.h"

namespace sothon::ingest {
namespace {

using ::sothon::testing::Eventually;
using ::sothon::testing::NatsServer;
using ::sothon::testing::ReadStream;
using ::sothon::testing::StreamMessage;

class OutboxTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(broker_.ReservePort().ok()); }
  void TearDown() override {
    if (outbox_ != nullptr) outbox_->Stop();
  }

  OutboxOptions Options() {
    OutboxOptions options;
    options.bus = broker_.options();
    options.province_id = "51";
    options.reconnect_wait = absl::Milliseconds(20);
    options.trouble_after = absl::Milliseconds(300);
    options.acknowledgement_wait = absl::Seconds(2);
    return options;
  }
  void StartOutbox() {
    metrics_ = std::make_unique<Metrics>();
    outbox_ = std::make_unique<Outbox>(Options(), &log_, metrics_.get());
    ASSERT_TRUE(outbox_->Start().ok());
  }
  void Record(int count) {
    for (int i = 0; i < count; ++i) {
      sothon::testing::ContributionSpec spec;
      spec.receipt = StrCat("BL-", ++recorded_);
      spec.person = static_cast<uint64_t>(recorded_);
      log_.Add(sothon::testing::Contribution(spec));
    }
  }
  bool AwaitPublished() {
    return Eventually([&] { return outbox_->published() == log_.Head(); });
  }
  std::vector<StreamMessage> Messages() {
    auto messages = ReadStream(broker_.options());
    EXPECT_TRUE(messages.ok()) << messages.status();
    return messages.ok() ? *messages : std::vector<StreamMessage>();
  }
  // Positions on the stream, without repeats.
  std::set<uint64_t> Positions() {
    std::set<uint64_t> positions;
    for (const StreamMessage& message : Messages()) {
      positions.insert(std::stoull(message.message_id.substr(message.message_id.rfind(':') + 1)));
    }
    return positions;
  }

  sothon::testing::TempDir directory_;
  NatsServer broker_{directory_.path()};
  FakeEventLog log_;
  int recorded_ = 0;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Outbox> outbox_;
};

TEST_F(OutboxTest, PublishesStoredBytesInOrderWithSubjectAndId) {
  ASSERT_TRUE(broker_.Start().ok());
  for (const v1::Event& event : sothon::testing::MinimalRegistry(2)) log_.Add(event);
  Record(3'000);
  StartOutbox();
  ASSERT_TRUE(AwaitPublished());
  const std::vector<StreamMessage> messages = Messages();
  ASSERT_EQ(messages.size(), log_.Head().value);
  for (size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(messages[i].message_id, StrCat("test-log:", i + 1));
    EXPECT_EQ(messages[i].payload, *log_.Get(Position{i + 1}));
  }
  EXPECT_EQ(messages.front().subject, "sothon.v1.51._.place_registered");
  EXPECT_EQ(messages.back().subject, "sothon.v1.51.23500.contribution_recorded");
  EXPECT_EQ(outbox_->trouble(), "");
}

TEST_F(OutboxTest, WaitsForABrokerThatIsAbsentAtStart) {
  Record(10);
  StartOutbox();
  EXPECT_TRUE(Eventually([&] { return !outbox_->trouble().empty(); }));
  EXPECT_THAT(outbox_->trouble(), ::testing::HasSubstr("will be published when it is back"));
  EXPECT_EQ(outbox_->published(), Position{0});
  ASSERT_TRUE(broker_.Start().ok());
  ASSERT_TRUE(AwaitPublished());
  EXPECT_EQ(Messages().size(), 10u);
  EXPECT_EQ(outbox_->trouble(), "");
}

TEST_F(OutboxTest, ABrokerKilledAndRestartedMissesNothing) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  for (int round = 0; round < 4; ++round) {
    Record(2'000);
    Eventually([&] { return outbox_->published().value > log_.Head().value - 1'500; });
    broker_.Kill();
    Record(500);
    ASSERT_TRUE(broker_.Start().ok());
  }
  ASSERT_TRUE(AwaitPublished());
  EXPECT_EQ(Positions().size(), log_.Head().value);
}

TEST_F(OutboxTest, AfterAWipePublishingGoesOnFromTheCursor) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  Record(100);
  ASSERT_TRUE(AwaitPublished());
  broker_.Kill();
  broker_.Wipe();
  Record(50);
  ASSERT_TRUE(broker_.Start().ok());
  Record(50);
  ASSERT_TRUE(AwaitPublished());
  const std::set<uint64_t> positions = Positions();
  EXPECT_EQ(*positions.begin(), 101u);
  EXPECT_EQ(positions.size(), 100u);
}

TEST_F(OutboxTest, AStreamDeletedUnderItIsCreatedAgain) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  Record(10);
  ASSERT_TRUE(AwaitPublished());
  auto connection = BusConnection::Connect(broker_.options(), "test");
  ASSERT_TRUE(connection.ok());
  ASSERT_EQ(js_DeleteStream((*connection)->jetstream(), "SOTHON", nullptr, nullptr), NATS_OK);
  Record(10);
  ASSERT_TRUE(AwaitPublished());
  EXPECT_EQ(Positions().size(), 10u);
}

TEST_F(OutboxTest, RestartGoesOnFromTheStoredCursor) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  Record(1'000);
  ASSERT_TRUE(AwaitPublished());
  outbox_->Stop();
  EXPECT_EQ(*log_.LoadOutboxCursor(), Position{1'000});
  Record(5);
  StartOutbox();
  ASSERT_TRUE(AwaitPublished());
  EXPECT_EQ(Messages().size(), 1'005u);
}

TEST_F(OutboxTest, AHangingBrokerIsGivenUpAndStopStaysBounded) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  Record(100);
  ASSERT_TRUE(AwaitPublished());
  broker_.Freeze();
  Record(5'000);
  EXPECT_TRUE(Eventually([&] { return !outbox_->trouble().empty(); }));
  const absl::Time start = absl::Now();
  outbox_->Stop();
  outbox_->Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  broker_.Thaw();
  StartOutbox();
  ASSERT_TRUE(AwaitPublished());
  EXPECT_EQ(Positions().size(), 5'100u);
}

TEST_F(OutboxTest, OnAnIdleSystemAnEventIsOnTheBusAtOnce) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  Record(1);
  ASSERT_TRUE(AwaitPublished());
  auto connection = BusConnection::Connect(broker_.options(), "test");
  ASSERT_TRUE(connection.ok());
  natsSubscription* raw = nullptr;
  ASSERT_EQ(natsConnection_SubscribeSync(&raw, (*connection)->nats(), kBusSubjects), NATS_OK);
  NatsSubscriptionPtr subscription(raw);
  ASSERT_EQ(natsConnection_Flush((*connection)->nats()), NATS_OK);
  std::vector<absl::Duration> waits;
  for (int i = 0; i < 101; ++i) {
    absl::SleepFor(absl::Milliseconds(3));
    const absl::Time start = absl::Now();
    Record(1);
    natsMsg* message = nullptr;
    ASSERT_EQ(natsSubscription_NextMsg(&message, subscription.get(), 5'000), NATS_OK);
    waits.push_back(absl::Now() - start);
    natsMsg_Destroy(message);
  }
  std::nth_element(waits.begin(), waits.begin() + 50, waits.end());
  RecordProperty("median_us", static_cast<int>(absl::ToInt64Microseconds(waits[50])));
  std::cout << "median from append to a subscriber: " << absl::FormatDuration(waits[50]) << "\n";
  // Far above what it takes, far below the millisecond of the client library's own flushing, twice.
  EXPECT_LT(waits[50], absl::Milliseconds(2));
}

TEST_F(OutboxTest, AnInterruptedLogDoesNotKeepItBusyOrAlive) {
  ASSERT_TRUE(broker_.Start().ok());
  StartOutbox();
  Record(1);
  ASSERT_TRUE(AwaitPublished());
  log_.Interrupt();
  outbox_->Stop();
  EXPECT_EQ(*log_.LoadOutboxCursor(), Position{1});
}

}  // namespace
}  // namespace sothon::ingest
