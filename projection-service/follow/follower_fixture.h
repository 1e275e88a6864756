// A follower of a log in memory, with a broker that tests may start, and a projection that only remembers.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/follow/fake_ingest.h"
#include "projection-service/follow/fake_sink.h"
#include "projection-service/follow/follower.h"
#include "tests/harness/eventually.h"
#include "tests/harness/nats_server.h"
#include "tests/harness/stream_messages.h"

namespace sothon::projection {

class FollowerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(broker_.ReservePort().ok());
    ingest_.Start();
  }
  void TearDown() override {
    if (follower_ != nullptr) follower_->Stop();
  }

  FollowerOptions Options() {
    FollowerOptions options;
    options.bus = broker_.options();
    options.poll_interval = absl::Milliseconds(200);
    options.stalled_after = absl::Milliseconds(150);
    options.trouble_after = absl::Milliseconds(500);
    options.rpc_timeout = absl::Milliseconds(500);
    options.retry_wait_max = absl::Milliseconds(200);
    return options;
  }
  void StartFollower(FollowerOptions options) {
    follower_.reset();
    metrics_ = std::make_unique<Metrics>();
    follower_ =
        std::make_unique<Follower>(std::move(options), MakeIngestChannel(ingest_.address()), &sink_, metrics_.get());
    follower_->Start();
  }
  void StartBroker() {
    ASSERT_TRUE(broker_.Start().ok());
    publisher_.reset();
    auto connection = BusConnection::Connect(broker_.options(), "test publisher");
    ASSERT_TRUE(connection.ok()) << connection.status();
    publisher_ = *std::move(connection);
    // The shortest window that the broker knows: repeats shall come through.
    StreamOptions stream;
    stream.duplicate_window = absl::Milliseconds(100);
    ASSERT_TRUE(publisher_->EnsureStream(broker_.options(), stream).ok());
  }

  void Record(int count, const std::string& receipts = "BL-") {
    for (int i = 0; i < count; ++i) {
      sothon::testing::ContributionSpec spec;
      spec.receipt = StrCat(receipts, ingest_.Head() + 1);
      ingest_.Add(sothon::testing::Contribution(spec));
    }
  }
  absl::Status Publish(uint64_t position, const std::string& log_id = "test-log") {
    return sothon::testing::PublishRaw(publisher_.get(), "sothon.v1.51.23500.contribution_recorded",
                                       StrCat(log_id, ":", position), ingest_.Get(position));
  }
  void RecordAndPublish(int count) {
    for (int i = 0; i < count; ++i) {
      Record(1);
      ASSERT_TRUE(Publish(ingest_.Head()).ok());
    }
  }
  bool AwaitHead(absl::Duration timeout = absl::Seconds(20)) {
    return sothon::testing::Eventually([&] { return sink_.applied().size() == ingest_.Head(); }, timeout);
  }
  bool AwaitBus() {
    return sothon::testing::Eventually([&] { return follower_->following_bus(); });
  }
  void ExpectEverythingOnceInOrder() {
    const std::vector<std::string> applied = sink_.applied();
    ASSERT_EQ(applied.size(), ingest_.Head());
    for (size_t i = 0; i < applied.size(); ++i) ASSERT_EQ(applied[i], ingest_.Get(i + 1)) << "at " << i + 1;
  }

  sothon::testing::TempDir directory_;
  sothon::testing::NatsServer broker_{directory_.path()};
  std::unique_ptr<BusConnection> publisher_;
  FakeIngest ingest_;
  FakeSink sink_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Follower> follower_;
};

}  // namespace sothon::projection
