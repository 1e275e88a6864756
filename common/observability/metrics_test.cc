#include "common/observability/metrics.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/observability/logging.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

using ::testing::HasSubstr;

// The whole answer to GET /metrics, bounded in time.
std::string Scrape(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  timeval timeout{5, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t n = 0; (n = read(fd, buffer, sizeof buffer)) > 0;) answer.append(buffer, static_cast<size_t>(n));
    }
  }
  close(fd);
  return answer;
}

TEST(MetricsTest, ServesWhatWasCounted) {
  Metrics metrics;
  ASSERT_TRUE(metrics.Serve("127.0.0.1:0").ok());
  ASSERT_GT(metrics.port(), 0);
  metrics.Counter("sothon_test_total", "Counted.", {{"reason", "late"}}).Increment(3);
  metrics.Counter("sothon_test_total", "Counted.", {{"reason", "late"}}).Increment();
  metrics.Gauge("sothon_test_lag", "Waiting.").Set(7);
  metrics.Histogram("sothon_test_seconds", "Took.", {0.001, 0.01}).Observe(0.005);
  const std::string answer = Scrape(metrics.port());
  EXPECT_THAT(answer, HasSubstr("sothon_test_total{reason=\"late\"} 4"));
  EXPECT_THAT(answer, HasSubstr("sothon_test_lag 7"));
  EXPECT_THAT(answer, HasSubstr("sothon_test_seconds_bucket{le=\"0.01\"} 1"));
  EXPECT_THAT(answer, HasSubstr("sothon_test_seconds_bucket{le=\"0.001\"} 0"));
}

TEST(MetricsTest, ATakenPortIsToldSo) {
  Metrics first;
  ASSERT_TRUE(first.Serve("127.0.0.1:0").ok());
  Metrics second;
  const absl::Status status = second.Serve("127.0.0.1:" + std::to_string(first.port()));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("the port is taken"));
  EXPECT_EQ(first.Serve("127.0.0.1:0").code(), absl::StatusCode::kFailedPrecondition);
}

// Whoever stops a service waits for this.
TEST(MetricsTest, EndsAtOnce) {
  for (const char* address : {"127.0.0.1:0", "0.0.0.0:0", "127.0.0.1:0"}) {
    auto metrics = std::make_unique<Metrics>();
    ASSERT_TRUE(metrics->Serve(address).ok());
    Scrape(metrics->port());
    const absl::Time began = absl::Now();
    metrics.reset();
    EXPECT_LT(absl::Now() - began, absl::Milliseconds(700)) << address;
  }
}

TEST(LoggingTest, RefusesUnknownLevels) {
  for (const char* level : {"trace", "debug", "info", "warn", "error"}) EXPECT_TRUE(InitLogging("test", level).ok());
  EXPECT_EQ(InitLogging("test", "loud").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(InitLogging("test", "").code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon
