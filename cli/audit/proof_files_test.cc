#include "cli/audit/proof_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/audit/export_fixture.h"
#include "common/merkle/proof.h"
#include "common/note/tlog_proof.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/audit.grpc.pb.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// The proof of the event at `position` of a log of 300.
note::TlogProof ProofOf(const FakeLog& log, uint64_t position) {
  merkle::TreeEdge edge;
  std::map<std::pair<uint32_t, uint64_t>, std::vector<Hash>> full;
  for (const std::string& entry : log.entries) {
    edge.Append(merkle::HashLeaf(entry), [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
      full[{level, index}].assign(hashes.begin(), hashes.end());
    });
  }
  const merkle::TileNodes nodes(log.entries.size(), [&](const merkle::Tile& tile) {
    const auto found = full.find({tile.level, tile.index});
    const absl::Span<const Hash> hashes =
        found == full.end() ? edge.Partial(tile.level) : absl::Span<const Hash>(found->second);
    return absl::StatusOr<std::vector<Hash>>(std::vector<Hash>(hashes.begin(), hashes.end()));
  });
  note::TlogProof proof;
  proof.extra = log.entries[position - 1];
  proof.index = position - 1;
  proof.hashes = merkle::InclusionProof(position - 1, log.entries.size(), nodes).value();
  proof.checkpoint = log.Checkpoint();
  return proof;
}

TEST(ProofFiles, ProveTheEventAndWhoSigned) {
  const FakeLog log(300);
  const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
  const auto proven = CheckProof(file, {LogKey().verifier()});
  ASSERT_TRUE(proven.ok()) << proven.status();
  EXPECT_EQ(proven->event.position(), 42u);
  EXPECT_EQ(proven->event.event_id(), "42");
  EXPECT_EQ(proven->checkpoint.size, 300u);
  EXPECT_THAT(proven->signers, SizeIs(1));
  EXPECT_TRUE(CheckProof(file, {}).ok()) << "without keys nobody's signature is asked for";
  const note::SignerKey other = note::TestKey("another-log", note::KeyType::kNote, 'o');
  EXPECT_EQ(CheckProof(file, {other.verifier()}).status().code(), absl::StatusCode::kNotFound);
}

TEST(ProofFiles, AnotherEventAnotherPlaceOrAnotherTreeIsNotProven) {
  const FakeLog log(300);
  const note::TlogProof good = ProofOf(log, 42);
  const auto refused = [](const note::TlogProof& proof) {
    const auto file = note::FormatTlogProof(proof);
    return !file.ok() || !CheckProof(*file, {LogKey().verifier()}).ok();
  };
  EXPECT_FALSE(refused(good));
  note::TlogProof bad = good;
  bad.extra = log.entries[42];
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.index = 42;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.hashes.pop_back();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.checkpoint = FakeLog(301).Checkpoint();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.extra.clear();
  const auto file = note::FormatTlogProof(bad);
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(std::string(CheckProof(*file, {}).status().message()), HasSubstr("no event is in it"));
}

// An entry that stands in the log elsewhere than it says: a log that lies about its order.
TEST(ProofFiles, AnEventThatSaysAnotherPositionIsNotProven) {
  FakeLog log(300);
  std::swap(log.entries[41], log.entries[42]);
  const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
  EXPECT_THAT(std::string(CheckProof(file, {LogKey().verifier()}).status().message()),
              HasSubstr("says that it stands at position 43"));
}

// Signed by whoever holds the key: a parser would read the values at the end.
TEST(ProofFiles, AnEventThatSaysItsPositionOrTimeTwiceIsNotProven) {
  for (const std::string& second : {std::string("\x08\x05", 2), std::string("\x10\x05", 2)}) {
    FakeLog log(300);
    log.entries[41] += second;
    const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
    EXPECT_THAT(std::string(CheckProof(file, {LogKey().verifier()}).status().message()),
                HasSubstr("says its position or time a second time"));
  }
}

TEST(ProofFiles, EveryByteCounts) {
  const FakeLog log(300);
  const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
  for (size_t i = 0; i < file.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string bad = file;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      EXPECT_FALSE(CheckProof(bad, {LogKey().verifier()}).ok()) << "byte " << i << " bit " << bit;
    }
  }
}

// Hands out and proves the events of a log, each in the place of the one that is `instead` of it.
class FakeAudit final : public v1::AuditService::Service {
 public:
  explicit FakeAudit(const FakeLog* log) : log_(log), events_(this) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    builder.RegisterService(&events_);
    server_ = builder.BuildAndStart();
    endpoints.ingest = StrCat("127.0.0.1:", port);
  }
  ~FakeAudit() override { server_->Shutdown(std::chrono::system_clock::now()); }

  Endpoints endpoints;
  std::map<uint64_t, uint64_t> instead;

  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::GetCheckpointRequest*,
                             v1::GetCheckpointResponse* response) override {
    response->set_note(log_->Checkpoint());
    response->set_size(log_->entries.size());
    return grpc::Status::OK;
  }
  grpc::Status GetInclusionProof(grpc::ServerContext*, const v1::GetInclusionProofRequest* request,
                                 v1::GetInclusionProofResponse* response) override {
    for (const uint64_t position : request->positions()) {
      const note::TlogProof proof = ProofOf(*log_, Given(position));
      v1::InclusionProof* const added = response->add_proofs();
      added->set_position(proof.index + 1);
      for (const Hash& hash : proof.hashes) added->add_hashes(std::string(merkle::AsBytes(hash)));
    }
    return grpc::Status::OK;
  }

 private:
  class Events final : public v1::IngestService::Service {
   public:
    explicit Events(const FakeAudit* audit) : audit_(audit) {}
    grpc::Status ReadEvents(grpc::ServerContext*, const v1::ReadEventsRequest* request,
                            grpc::ServerWriter<v1::ReadEventsResponse>* writer) override {
      v1::ReadEventsResponse response;
      for (const uint64_t position : request->positions()) {
        response.add_events(audit_->log_->entries[audit_->Given(position) - 1]);
      }
      writer->Write(response);
      return grpc::Status::OK;
    }

   private:
    const FakeAudit* const audit_;
  };
  uint64_t Given(uint64_t position) const { return instead.count(position) > 0 ? instead.at(position) : position; }

  const FakeLog* const log_;
  Events events_;
  std::unique_ptr<grpc::Server> server_;
};

TEST(ProofFiles, AFileIsOfThePositionThatItIsNamedLike) {
  const FakeLog log(300);
  FakeAudit audit(&log);
  const sothon::testing::TempDir temp;
  ASSERT_EQ(WriteProofs({5, 7}, temp.Path("good"), audit.endpoints), absl::OkStatus());
  EXPECT_EQ(CheckProof(ReadFile(temp.Path("good") + "/5.tlog-proof"), {LogKey().verifier()})->event.position(), 5u);
  // Event and proof belong together, and are those of another position.
  audit.instead = {{5, 7}, {7, 5}};
  const absl::Status swapped = WriteProofs({5, 7}, temp.Path("swapped"), audit.endpoints);
  EXPECT_EQ(swapped.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(swapped.message()), HasSubstr("position 5"));
  EXPECT_THAT(FilesOf(temp.Path("swapped")), SizeIs(0));
}

}  // namespace
}  // namespace sothon::cli
