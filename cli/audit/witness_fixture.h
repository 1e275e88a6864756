// Logs that prove, or lie, and witnesses of them, for the tests.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/export_fixture.h"
#include "cli/audit/witness_source.h"
#include "common/merkle/proof.h"

namespace sothon::cli {

inline note::SignerKey WitnessKey(char seed = 'w') {
  return note::TestKey("witness-1", note::KeyType::kCosignature, seed);
}

// A FakeLog that proves what its entries are, whatever it signs.
class ProvingLog : public FakeLog {
 public:
  using FakeLog::FakeLog;

  absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second) override {
    if (!proof_told.ok() || !proof_told->empty()) return proof_told;
    const Nodes nodes(this);
    return merkle::ConsistencyProof(first, second, nodes);
  }

  absl::StatusOr<std::vector<Hash>> proof_told = std::vector<Hash>();  // instead of an honest one

 private:
  class Nodes : public merkle::NodeReader {
   public:
    explicit Nodes(const FakeLog* log) : log_(log) {}
    absl::StatusOr<Hash> Node(uint32_t level, uint64_t index) const override {
      if (level == 0) return merkle::HashLeaf(log_->entries.at(index));
      return merkle::HashNode(*Node(level - 1, 2 * index), *Node(level - 1, 2 * index + 1));
    }

   private:
    const FakeLog* const log_;
  };
};

class WitnessTestBase : public ::testing::Test {
 protected:
  // Opens it, after the one that was open has gone.
  void OpenWitness(std::vector<note::VerifierKey> keys = {LogKey().verifier()}, char seed = 'w') {
    witness_.reset();
    auto opened = TryOpen(std::move(keys), seed);
    ASSERT_TRUE(opened.ok()) << opened.status();
    witness_ = *std::move(opened);
  }
  absl::StatusOr<std::unique_ptr<Witness>> TryOpen(std::vector<note::VerifierKey> keys, char seed = 'w') {
    return Witness::Open({directory_, std::move(keys), [this] { return now_; }}, WitnessKey(seed));
  }

  WitnessAnswer Ask(FakeLog* log, Source source = Source::kLogNewest) {
    auto answer = WitnessLog(witness_.get(), log, source);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : WitnessAnswer();
  }
  WitnessAnswer Add(const Submission& submission) {
    auto answer = witness_->AddCheckpoint(submission);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : WitnessAnswer();
  }
  void ExpectCosigned(const WitnessAnswer& answer, uint64_t size) {
    ASSERT_EQ(answer.verdict, Verdict::kCosigned) << answer.what;
    EXPECT_EQ(answer.evidence, "");
    const auto opened = note::OpenCheckpoint(answer.note, {LogKey().verifier(), WitnessKey().verifier()},
                                             note::OriginRule::kSignedByLog);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->checkpoint.size, size);
    ASSERT_EQ(opened->signers.size(), 2);
    EXPECT_EQ(opened->signers[1].key, WitnessKey().verifier());
    EXPECT_EQ(opened->signers[1].unix_seconds, now_);
    EXPECT_EQ(witness_->Newest(kOrigin)->size, size);
  }
  std::string Stored() const { return ReadFile(directory_ + "/logs/test-log.checkpoint"); }
  std::vector<std::string> EvidenceFiles() const {
    const std::string evidence = directory_ + "/evidence";
    return std::filesystem::exists(evidence) ? FilesOf(evidence) : std::vector<std::string>();
  }

  sothon::testing::TempDir temp_;
  const std::string directory_ = temp_.Path("witness");
  int64_t now_ = 1'764'550'800;
  std::unique_ptr<Witness> witness_;
};

}  // namespace sothon::cli
