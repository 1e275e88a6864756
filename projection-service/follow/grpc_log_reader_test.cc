#include "projection-service/follow/grpc_log_reader.h"

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gtest/gtest.h"
#include "projection-service/follow/fake_ingest.h"
#include "projection-service/follow/follower.h"

namespace sothon::projection {
namespace {

class GrpcLogReaderTest : public ::testing::Test {
 protected:
  GrpcLogReaderTest() {
    ingest_.Start();
    for (int i = 1; i <= 1'000; ++i) {
      sothon::testing::ContributionSpec spec;
      spec.receipt = StrCat("BL-", i);
      ingest_.Add(sothon::testing::Contribution(spec));
    }
  }
  absl::Status Read(uint64_t from, uint64_t to) {
    visited_.clear();
    return reader_->ReadRange(Position{from}, Position{to}, [&](absl::Span<const std::string_view> stored) {
      visited_.insert(visited_.end(), stored.begin(), stored.end());
      return absl::OkStatus();
    });
  }

  FakeIngest ingest_;
  std::unique_ptr<GrpcLogReader> reader_;
  std::vector<std::string> visited_;

  void SetUp() override { reader_ = std::make_unique<GrpcLogReader>(MakeIngestChannel(ingest_.address())); }
};

TEST_F(GrpcLogReaderTest, VisitsExactlyTheRange) {
  ASSERT_TRUE(Read(17, 913).ok());
  ASSERT_EQ(visited_.size(), 897u);
  for (size_t i = 0; i < visited_.size(); ++i) ASSERT_EQ(visited_[i], ingest_.Get(17 + i));
  ASSERT_TRUE(Read(1'000, 1'000).ok());
  EXPECT_EQ(visited_.size(), 1u);
  ASSERT_TRUE(Read(5, 4).ok());
  EXPECT_TRUE(visited_.empty());
}

TEST_F(GrpcLogReaderTest, ALogThatIsTooShortIsSaid) {
  EXPECT_TRUE(absl::IsOutOfRange(Read(900, 1'001)));
  EXPECT_EQ(visited_.size(), 101u);
}

TEST_F(GrpcLogReaderTest, StopsAtTheVisitorsError) {
  int visits = 0;
  const absl::Status status = reader_->ReadRange(Position{1}, Position{1'000}, [&](absl::Span<const std::string_view>) {
    ++visits;
    return absl::AbortedError("enough");
  });
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_EQ(visits, 1);
}

TEST_F(GrpcLogReaderTest, AnAbsentIngestIsUnavailable) {
  ingest_.Stop();
  EXPECT_TRUE(absl::IsUnavailable(Read(1, 10)));
}

TEST_F(GrpcLogReaderTest, CancelEndsReadingNowAndLater) {
  ingest_.SetHanging(true);
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(50));
    reader_->Cancel();
  });
  EXPECT_TRUE(absl::IsCancelled(Read(1, 10)));
  canceller.join();
  ingest_.SetHanging(false);
  EXPECT_TRUE(absl::IsCancelled(Read(1, 10)));
}

}  // namespace
}  // namespace sothon::projection
