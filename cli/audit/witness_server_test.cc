// The witness over HTTP: what goes through the wire, and what it does not take.
#include "cli/audit/witness_server.h"

#include <httplib.h>

#include <atomic>

#include "cli/audit/add_checkpoint.h"
#include "cli/audit/witness_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

class WitnessServerTest : public WitnessTestBase {
 protected:
  void SetUp() override {
    OpenWitness();
    auto server = WitnessServer::Start("127.0.0.1:0", witness_.get(), [this](const auto&) { ++told_; });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    client_ = std::make_unique<httplib::Client>("127.0.0.1", server_->port());
    client_->set_keep_alive(true);
  }
  httplib::Result Post(const std::string& body) { return client_->Post(kAddCheckpointPath, body, "text/plain"); }

  std::atomic<int> told_ = 0;
  std::unique_ptr<WitnessServer> server_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(WitnessServerTest, CosignsAndTellsTheSizeOnConflict) {
  ProvingLog log(4);
  const auto first = Post(StrCat("old 0\n\n", log.Checkpoint()));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 200);
  const auto opened =
      note::OpenCheckpoint(log.Checkpoint() + first->body, {WitnessKey().verifier()}, note::OriginRule::kAny);
  EXPECT_TRUE(opened.ok()) << opened.status();
  log.Grow(300);
  const auto conflict = Post(StrCat("old 0\n\n", log.Checkpoint()));
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->status, 409);
  EXPECT_EQ(conflict->get_header_value("Content-Type"), "text/x.tlog.size");
  EXPECT_EQ(conflict->body, "4\n");
  std::string proof;
  const std::vector<Hash> hashes = *log.ConsistencyProof(4, 304);
  for (const Hash& hash : hashes) proof += note::EncodeBase64(merkle::AsBytes(hash)) + "\n";
  const auto second = Post(StrCat("old 4\n", proof, "\n", log.Checkpoint()));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 200);
  EXPECT_EQ(witness_->Newest(kOrigin)->size, 304);
  EXPECT_EQ(told_, 3);
}

TEST_F(WitnessServerTest, NothingElseIsServed) {
  const auto other = client_->Get("/");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->status, 404);
  const auto get = client_->Get(kAddCheckpointPath);
  ASSERT_TRUE(get);
  EXPECT_EQ(get->status, 405);
  const auto malformed = Post("x");
  ASSERT_TRUE(malformed);
  EXPECT_EQ(malformed->status, 400);
  const auto packed = client_->Post(kAddCheckpointPath, {{"Content-Encoding", "gzip"}}, "x", "text/plain");
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->status, 400);
  EXPECT_EQ(told_, 0);
  ProvingLog log(4);
  EXPECT_EQ(Post(StrCat("old 0\n\n", log.Checkpoint()))->status, 200) << "it goes on";
}

TEST_F(WitnessServerTest, LongBodiesAreNotTaken) {
  const auto answer = Post(std::string(kAddCheckpointBytesMax + 1, 'x'));
  // It may close the connection while the client still sends.
  if (answer) {
    EXPECT_EQ(answer->status, 413);
  }
  EXPECT_EQ(told_, 0);
  ProvingLog log(4);
  httplib::Client next("127.0.0.1", server_->port());
  EXPECT_EQ(next.Post(kAddCheckpointPath, StrCat("old 0\n\n", log.Checkpoint()), "text/plain")->status, 200);
}

TEST_F(WitnessServerTest, OneOfManyAtATimeWins) {
  ProvingLog log(4);
  ASSERT_EQ(Post(StrCat("old 0\n\n", log.Checkpoint()))->status, 200);
  log.Grow(1);
  std::string proof;
  const std::vector<Hash> hashes = *log.ConsistencyProof(4, 5);
  for (const Hash& hash : hashes) proof += note::EncodeBase64(merkle::AsBytes(hash)) + "\n";
  const std::string body = StrCat("old 4\n", proof, "\n", log.Checkpoint());
  std::atomic<int> cosigned = 0;
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 30; ++i) {
    clients.emplace_back([&] {
      httplib::Client client("127.0.0.1", server_->port());
      const auto answer = client.Post(kAddCheckpointPath, body, "text/plain");
      EXPECT_TRUE(answer) << to_string(answer.error());
      if (answer && answer->status == 200) ++cosigned;
      if (answer && answer->status == 409 && answer->body == "5\n") ++conflicts;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(cosigned, 1);
  EXPECT_EQ(conflicts, 29);
}

TEST_F(WitnessServerTest, AnAddressThatIsTaken) {
  const auto second = WitnessServer::Start(StrCat("127.0.0.1:", server_->port()), witness_.get(), nullptr);
  const auto elsewhere = WitnessServer::Start("192.0.2.1:7480", witness_.get(), nullptr);
  EXPECT_EQ(elsewhere.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sothon::cli
