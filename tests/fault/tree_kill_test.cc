// Killing ingest with SIGKILL at any moment: afterwards the tree that it kept, and signs, is the one over the events it
// serves. SOTHON_SEED repeats a run's choices (what the kernel schedules in between differs).
#include <random>
#include <thread>

#include "common/base/strings.h"
#include "common/merkle/hash.h"
#include "common/merkle/proof.h"
#include "common/note/checkpoint.h"
#include "common/note/key.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "sothon/v1/audit.grpc.pb.h"
#include "tests/harness/eventually.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using merkle::Hash;

constexpr size_t kKills = 60;
constexpr absl::Duration kCallMax = absl::Minutes(1);

// RFC 6962, section 2.1, word for word: slow, and with nothing of the tree's own code but the two hashes.
Hash RootOf(absl::Span<const Hash> leaves) {
  if (leaves.empty()) return merkle::EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return merkle::HashNode(RootOf(leaves.subspan(0, k)), RootOf(leaves.subspan(k)));
}

class TreeKillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const uint64_t seed = SeedForThisRun();
    random_.seed(seed);
    const auto key = note::SignerKey::Generate(kLogId, note::KeyType::kNote);
    ASSERT_TRUE(key.ok()) << key.status();
    verifier_ = std::make_unique<note::VerifierKey>(key->verifier());
    const std::string key_file = directory_.Path("log.key");
    ASSERT_EQ(note::CreateSignerKeyFile(key_file, *key), absl::OkStatus());
    Stack::Options options;
    options.bus_enabled = false;
    // Checkpoints all the time, so that kills meet them, too.
    options.ingest_config = StrCat("[audit]\nkey_files = [\"", key_file, "\"]\ncheckpoint_seconds = 1\n");
    stack_ = std::make_unique<Stack>(options);
    ASSERT_EQ(stack_->ingest().Start(), absl::OkStatus());
    ASSERT_TRUE(stack_->ingest().AwaitServing());
    WorkloadOptions size;
    size.seed = seed;
    size.requests = 3'000;
    size.people = 2'000;
    requests_ = MakeWorkload(size);
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }

  // Leaves of what ReadEvents returns behind those that `leaves_` has.
  void ReadLeaves(uint64_t size) {
    v1::ReadEventsRequest request;
    request.set_from_position(leaves_.size() + 1);
    request.set_to_position(size);
    if (leaves_.size() == size) return;
    const auto context = WithDeadline(kCallMax);
    const auto stub = stack_->IngestStub();
    const auto reader = stub->ReadEvents(context.get(), request);
    v1::ReadEventsResponse response;
    while (reader->Read(&response)) {
      for (const std::string& stored : response.events()) leaves_.push_back(merkle::HashLeaf(stored));
    }
    ASSERT_TRUE(reader->Finish().ok());
    ASSERT_EQ(leaves_.size(), size);
  }

  // The signed checkpoint of now, held against the events.
  void CheckTree() {
    const auto audit = v1::AuditService::NewStub(stack_->ingest().channel());
    v1::GetCheckpointRequest request;
    request.set_fresh(true);
    v1::GetCheckpointResponse response;
    const grpc::Status asked = audit->GetCheckpoint(WithDeadline(kCallMax).get(), request, &response);
    ASSERT_TRUE(asked.ok()) << asked.error_message();
    const note::VerifierKey keys[] = {*verifier_};
    const auto opened = note::OpenCheckpoint(response.note(), keys, note::OriginRule::kSignedByLog);
    ASSERT_TRUE(opened.ok()) << opened.status();
    ASSERT_GE(opened->checkpoint.size, signed_size_) << "shorter than what was signed before";
    ASSERT_NO_FATAL_FAILURE(ReadLeaves(opened->checkpoint.size));
    ASSERT_EQ(RootOf(leaves_), opened->checkpoint.root) << "of " << leaves_.size() << " events";
    signed_size_ = opened->checkpoint.size;
  }

  std::mt19937_64 random_;
  TempDir directory_;
  std::unique_ptr<note::VerifierKey> verifier_;
  std::unique_ptr<Stack> stack_;
  std::vector<v1::RecordRequest> requests_;
  // Of events that were read before a kill: what was served once is not asked for again, so that it has to stand.
  std::vector<Hash> leaves_;
  uint64_t signed_size_ = 0;
};

TEST_F(TreeKillTest, TheTreeIsThatOfTheEvents) {
  Recorder recorder(stack_->ingest().channel());
  recorder.Allow(0);
  absl::Status recorded;
  std::thread client([&] { recorded = recorder.RecordAll(requests_); });
  const size_t share = requests_.size() / kKills;
  for (size_t kill = 0; kill < kKills && !HasFatalFailure(); ++kill) {
    recorder.Allow((kill + 1) * share);
    const size_t when = kill * share + Below(share);
    Eventually([&] { return recorder.acknowledged_requests() >= when; });
    absl::SleepFor(absl::Microseconds(Below(1'000)));
    stack_->ingest().Kill();
    // Now and then the next kill meets it at its start, where partial tiles are made again.
    if (Below(3) == 0) {
      EXPECT_EQ(stack_->ingest().Launch(), absl::OkStatus());
      absl::SleepFor(absl::Milliseconds(Below(60)));
      stack_->ingest().Kill();
    }
    EXPECT_EQ(stack_->ingest().Start(), absl::OkStatus()) << "after kill " << kill;
    CheckTree();
  }
  recorder.Allow(SIZE_MAX);
  if (HasFatalFailure()) recorder.Abandon();
  client.join();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_EQ(recorded, absl::OkStatus());
  std::cout << kKills << " kills, " << recorder.streams_broken() << " of them with requests under way\n";
  EXPECT_GE(recorder.streams_broken(), kKills / 10) << "the kills fell beside the recording";
  ASSERT_NO_FATAL_FAILURE(CheckTree());
  EXPECT_EQ(signed_size_, stack_->Head());

  // And of all events, read again.
  leaves_.clear();
  CheckTree();
}

}  // namespace
}  // namespace sothon::testing
