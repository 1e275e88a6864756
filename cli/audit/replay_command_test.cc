// sothon audit replay as a person runs it, beside a service on this machine: its last line and its status say that all
// is right only where all was compared.
#include <filesystem>

#include "cli/audit/export_fixture.h"
#include "cli/testing/run_command.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "projection-service/service/progress_service.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kOrders[] = "\x1b[1A\x1b[2K";

class ReplayCommandTest : public ::testing::Test {
 protected:
  ReplayCommandTest() { log_.AddAll(sothon::testing::MinimalRegistry(1)); }
  ~ReplayCommandTest() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  v1::Event Paid(const std::string& receipt, const std::string& collector = "NVT-01") {
    sothon::testing::ContributionSpec spec;
    spec.receipt = receipt;
    spec.collector_id = collector;
    return sothon::testing::Contribution(spec);
  }
  void Publish(const std::string& period, const std::string& digest) {
    v1::Event event;
    event.set_event_id(StrCat("published:", log_.size()));
    event.set_effective_date(20251205);
    event.set_place_id(sothon::testing::kCommuneId);
    event.mutable_period_published()->set_period(period);
    event.mutable_period_published()->set_at_position(log_.size());
    event.mutable_period_published()->set_digest(digest);
    log_.Add(event);
  }
  // A service that shows what `shown` holds.
  void Serve(const projection::testing::FakeLog& shown) {
    projection::ProjectionOptions options;
    options.data_directory = directory_.Path("served");
    auto projection = projection::Projection::Open(std::move(options));
    ASSERT_TRUE(projection.ok()) << projection.status();
    projection_ = *std::move(projection);
    ASSERT_EQ(projection_->BindLog(kOrigin), absl::OkStatus());
    ASSERT_EQ(shown.FeedAll(projection_.get()), absl::OkStatus());
    projection::ServiceParts parts;
    parts.projection = projection_.get();
    service_ = std::make_unique<projection::ProgressService>(parts);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    address_ = StrCat("127.0.0.1:", port);
  }
  Outcome Replay(std::vector<std::string> more = {}) {
    const std::string to = directory_.Path("export");
    std::filesystem::remove_all(to);
    FakeLog source;
    for (uint64_t position = 1; position <= log_.size(); ++position) source.entries.push_back(log_.stored(position));
    EXPECT_TRUE(ExportTo(to, &source).ok());
    std::vector<std::string> arguments = {"--projection", address_, "audit", "replay", to};
    if (server_ == nullptr) arguments = {"audit", "replay", to, "--offline"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunWith(arguments);
  }

  sothon::testing::TempDir directory_;
  projection::testing::FakeLog log_;

 private:
  std::unique_ptr<projection::Projection> projection_;
  std::unique_ptr<projection::ProgressService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(ReplayCommandTest, EqualViewsAreRightAndOthersAreNamed) {
  projection::testing::FakeLog shown = log_;
  log_.Add(Paid("GL-1"));
  Publish("2025-W45", "");
  shown.Add(Paid("GL-1", "NVT-02"));
  shown.AddRaw(log_.stored(log_.size()));
  ASSERT_NO_FATAL_FAILURE(Serve(shown));
  const Outcome wrong = Replay();
  EXPECT_EQ(wrong.exit, kRefused) << wrong.out << wrong.err;
  EXPECT_THAT(wrong.out, AllOf(HasSubstr("SAI: GetPartyProgress COLLECTOR 2025-10"), Not(HasSubstr("ĐÚNG"))));
  EXPECT_THAT(wrong.out, HasSubstr("số liệu sai 0"));
}

TEST_F(ReplayCommandTest, HowFarTheServiceIsAheadIsSaid) {
  log_.Add(Paid("GL-1"));
  projection::testing::FakeLog shown = log_;
  shown.Add(Paid("GL-2"));
  shown.Add(Paid("GL-3"));
  ASSERT_NO_FATAL_FAILURE(Serve(shown));
  const Outcome behind = Replay();
  EXPECT_EQ(behind.exit, kDone) << behind.out << behind.err;
  EXPECT_THAT(behind.out, HasSubstr(StrCat("sổ nay đã đến vị trí ", shown.size(), ": 2 sự kiện ghi sau đó")));
  log_ = shown;
  const Outcome level = Replay();
  EXPECT_EQ(level.exit, kDone) << level.out << level.err;
  EXPECT_THAT(level.out, Not(HasSubstr("ghi sau đó")));
}

TEST_F(ReplayCommandTest, WhatIsNotThereIsWrongUsageAsForVerify) {
  for (const char* command : {"replay", "verify"}) {
    const Outcome outcome = RunWith({"audit", command, directory_.Path("nowhere")});
    EXPECT_EQ(outcome.exit, kWrongUsage) << command << outcome.out << outcome.err;
  }
  // What is there and not whole is found wrong.
  log_.Add(Paid("GL-1"));
  EXPECT_EQ(Replay().exit, kDone);
  const std::string damaged = directory_.Path("export");
  std::filesystem::remove_all(damaged + "/tile/entries");
  const std::string empty = directory_.Path("empty");
  std::filesystem::create_directory(empty);
  for (const std::string& at : {damaged, empty}) {
    EXPECT_EQ(RunWith({"audit", "replay", at, "--offline"}).exit, kRefused) << at;
    EXPECT_EQ(RunWith({"audit", "verify", at}).exit, kRefused) << at;
  }
}

TEST_F(ReplayCommandTest, WhatWasComparedWithNothingIsNotCalledRight) {
  log_.Add(Paid("GL-1"));
  const Outcome offline = Replay();
  EXPECT_EQ(offline.exit, kDone) << offline.out << offline.err;
  EXPECT_THAT(offline.out, AllOf(HasSubstr("không có số liệu nào để so"), Not(HasSubstr("ĐÚNG"))));
  EXPECT_EQ(Replay({"--date", "foo"}).exit, kWrongUsage);
}

TEST_F(ReplayCommandTest, WhatNoServiceAnswersIsNotCalledRight) {
  log_.Add(Paid("GL-1"));
  v1::Event published;
  published.set_event_id("published");
  published.set_effective_date(20251205);
  published.set_place_id("99999");
  published.mutable_period_published()->set_period("2025-10");
  log_.Add(published);
  ASSERT_NO_FATAL_FAILURE(Serve(log_));
  const Outcome outcome = Replay();
  EXPECT_EQ(outcome.exit, kRefused) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("CHƯA SO: ListLateChanges 99999 2025-10: cả hai bên đều không trả lời"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("ĐÚNG")));
}

TEST_F(ReplayCommandTest, ADigestOfNothingIsNotCalledRight) {
  log_.Add(Paid("GL-1"));
  Publish("2025-W45", "");
  const Outcome honest = Replay();
  EXPECT_EQ(honest.exit, kDone) << honest.out << honest.err;
  EXPECT_THAT(honest.out, AllOf(HasSubstr("KHÔNG SO ĐƯỢC: 23500 2025-W45"), HasSubstr("không có mã băm để so 1")));
  Publish("2025-W45", "made up");
  Publish(StrCat("x", kOrders), "made up");
  const Outcome outcome = Replay();
  EXPECT_EQ(outcome.exit, kRefused) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("CHƯA SO: 23500 2025-W45"));
  EXPECT_THAT(outcome.out, HasSubstr("CHƯA SO: 23500 x\\x1b[1A\\x1b[2K"));
  EXPECT_THAT(outcome.out, HasSubstr("Các kỳ đã công bố: 3, sai 0, chưa so được 2, không có mã băm để so 1\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
}

TEST_F(ReplayCommandTest, AReceiptGivesNoOrdersToTheTerminal) {
  log_.Add(Paid("GL-1"));
  log_.Add(Paid(StrCat("GL-2\n", kOrders)));
  log_.Add(Paid(StrCat("GL-2\n", kOrders)));
  const Outcome outcome = Replay();
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.out, HasSubstr("ghi lại receipt GL-2\\x0a\\x1b[1A\\x1b[2K of TCDVT-01"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
}

TEST_F(ReplayCommandTest, ATimeOfWhichThereIsNoDateNeedsADay) {
  constexpr int64_t kIn2200Us = 7'258'118'400'000'000;
  log_.Add(Paid("GL-1"), kIn2200Us);
  ASSERT_NO_FATAL_FAILURE(Serve(log_));
  const Outcome outcome = Replay();
  EXPECT_EQ(outcome.exit, kRefused) << outcome.out;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("beyond the year 2199"), HasSubstr("--date")));
  const Outcome with_date = Replay({"--date", "2025-12-31"});
  EXPECT_EQ(with_date.exit, kDone) << with_date.out << with_date.err;
}

}  // namespace
}  // namespace sothon::cli
