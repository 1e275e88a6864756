// The whole service, without ingest and broker.
#include "projection-service/service/projection_server.h"

#include <filesystem>

#include "common/base/strings.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::projection {
namespace {

using ::testing::HasSubstr;

class ProjectionServerTest : public ::testing::Test {
 protected:
  ProjectionServerTest() {
    config_.address = "127.0.0.1:0";
    config_.data_directory = StrCat(dir_.path(), "/data");
    config_.ingest_address = "127.0.0.1:1";  // nobody is there
    config_.logging_level = "error";
    config_.bus.enabled = false;
  }

  sothon::testing::TempDir dir_;
  ProjectionConfig config_;
};

TEST_F(ProjectionServerTest, WithoutAMetricsAddressMetricsAreServedNowhere) {
  config_.metrics_address = "";
  const auto server = ProjectionServer::Start(config_, false);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_GT((*server)->port(), 0);
  EXPECT_EQ((*server)->metrics_port(), 0);
}

TEST_F(ProjectionServerTest, AMetricsAddressThatCannotBeHadLeavesNoDirectory) {
  config_.metrics_address = "127.0.0.1:nonsense";
  const auto server = ProjectionServer::Start(config_, false);
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("cannot serve metrics"));
  EXPECT_FALSE(std::filesystem::exists(config_.data_directory));
}

TEST_F(ProjectionServerTest, WithoutADirectoryNothingStarts) {
  config_.data_directory = "";
  config_.metrics_address = "";
  const auto server = ProjectionServer::Start(config_, false);
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("data.directory is not set"));
}

}  // namespace
}  // namespace sothon::projection
