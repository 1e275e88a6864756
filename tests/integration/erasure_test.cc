// A person erased by the real services: the figures and the root stay, the vault's files hold nothing, each request is
// carried out once through kill -9, and an old backup of the vault brings nobody back. SOTHON_SEED repeats a run.
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest-service/vault/key_file.h"
#include "ingest-service/vault/number_hasher.h"
#include "tests/harness/audit_key.h"
#include "tests/harness/eventually.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

constexpr absl::Duration kCommandMax = absl::Minutes(1);
constexpr int kKills = 12;
constexpr char kBasis[] = "Luật Bảo vệ dữ liệu cá nhân, điều 14";

int PermissionsOf(const fs::path& path) { return static_cast<int>(fs::status(path).permissions()); }

class ErasureTest : public ::testing::Test {
 protected:
  void Start(bool with_key) {
    Stack::Options options;
    if (with_key) {
      key_ = MakeLogKey(directory_.Path("log.key"));
      ASSERT_NE(key_.verifier, "");
      options.ingest_config = SigningConfig(key_);
    }
    stack_ = std::make_unique<Stack>(options);
    ASSERT_NO_FATAL_FAILURE(stack_->StartAll());
    std::vector<v1::Submission> submissions;
    for (v1::Event& event : MinimalRegistry(3)) submissions.push_back(Submit(std::move(event)));
    for (uint64_t person = 1; person <= 20; ++person) submissions.push_back(Payment(person));
    const auto recorded = stack_->Record(std::move(submissions));
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }
  static v1::Submission Payment(uint64_t person, const std::string& receipt = "BL") {
    ContributionSpec spec;
    spec.person = person;
    spec.receipt = StrCat(receipt, "-", person);
    spec.place_id = VillageId(static_cast<int>(person % 3) + 1);
    return SubmitFor(person, Contribution(spec));
  }
  static v1::Submission Wish(uint64_t person, const std::string& event_id) {
    v1::Event event;
    event.set_event_id(event_id);
    event.set_effective_date(20251115);
    event.mutable_erasure_requested()->set_legal_basis(kBasis);
    return SubmitFor(person, event);
  }
  ProcessResult Run(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_->ingest().address(), "--projection",
                                     stack_->projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  }
  ProcessResult Erase(uint64_t person, const std::vector<std::string>& more = {}) {
    const std::string file = directory_.Path("number");
    std::ofstream(file, std::ios::trunc) << CitizenNumberOf(person) << "\n";
    std::vector<std::string> arguments = {"erase", "--citizen-number", "@" + file, "--legal-basis", kBasis, "--yes"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  }
  // Without recording anything.
  bool IsOnFile(uint64_t person) {
    v1::RecordRequest request;
    request.set_validate_only(true);
    *request.add_submissions() = Wish(person, "nobody-has-this-id");
    v1::RecordResponse response;
    const grpc::Status status = stack_->IngestStub()->Record(WithDeadline(absl::Seconds(30)).get(), request, &response);
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return status.ok();
  }
  std::vector<std::string> Rows(uint64_t as_of = 0) {
    v1::GetProgressRequest request;
    request.set_place_id(kCommuneId);
    request.set_period("2025Q4");
    if (as_of > 0) request.mutable_as_of()->set_position(as_of);
    const auto answer = stack_->Progress(request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> rows;
    if (!answer.ok()) return rows;
    EXPECT_EQ(answer->freshness().trouble(), "");
    for (v1::ProgressRow row : answer->rows()) {
      row.clear_last_change_position();  // not given for answers as of the past
      rows.push_back(row.SerializeAsString());
    }
    return rows;
  }
  // How many completions each request has, by its position.
  std::map<uint64_t, int> Completions() {
    std::map<uint64_t, int> completions;
    const auto events = stack_->ReadAll();
    EXPECT_TRUE(events.ok()) << events.status();
    if (!events.ok()) return completions;
    for (const v1::Event& event : *events) {
      if (event.has_erasure_requested()) completions.emplace(event.position(), 0);
      if (event.has_erasure_completed()) ++completions[event.erasure_completed().request_position()];
    }
    return completions;
  }
  bool AwaitCompleted() {
    return Eventually([&] {
      const auto completions = Completions();
      return std::all_of(completions.begin(), completions.end(), [](const auto& each) { return each.second > 0; });
    });
  }
  // How often what leads to `person` stands in the files of the vault, which nobody may have open.
  size_t TracesInVault(uint64_t person) {
    const std::string data = stack_->ingest().data_directory();
    const auto key = ingest::ReadKeyFile(data + "/vault.key");
    EXPECT_TRUE(key.ok()) << key.status();
    const ingest::NumberHash hash =
        ingest::NumberHasher(*key).Hash(ingest::NumberKind::kCitizen, CitizenNumberOf(person));
    const std::string_view sought = hash.AsBytes().substr(8);
    size_t count = 0;
    for (const auto& entry : fs::directory_iterator(data + "/vault")) {
      const std::string bytes = ReadWholeFile(entry.path().string());
      count += bytes.find(sought) != bytes.npos;
    }
    return count;
  }

  TempDir directory_;
  AuditKey key_;
  std::unique_ptr<Stack> stack_;
};

TEST_F(ErasureTest, FiguresAndRootStayAndThePersonHasAReceiptWithProofs) {
  ASSERT_NO_FATAL_FAILURE(Start(true));
  ASSERT_TRUE(stack_->AwaitProjected());
  const uint64_t before = stack_->Head();
  const std::vector<std::string> rows = Rows();
  ASSERT_FALSE(rows.empty());
  const std::string exported = directory_.Path("export"), since = directory_.Path("since");
  ASSERT_EQ(Run({"audit", "export", exported}).exit_status, 0);
  fs::copy_file(exported + "/checkpoint", since);

  const std::string receipt = directory_.Path("receipt.txt"), proofs = directory_.Path("proofs");
  const ProcessResult erased = Erase(7, {"--receipt", receipt, "--proof", proofs});
  ASSERT_EQ(erased.exit_status, 0) << erased.standard_error;
  EXPECT_EQ(ReadWholeFile(receipt), erased.standard_output);
  EXPECT_THAT(erased.standard_output, HasSubstr(StrCat("Yêu cầu:     vị trí ", before + 1)));
  EXPECT_THAT(erased.standard_output, HasSubstr(StrCat("Completed:   position ", before + 2)));
  EXPECT_THAT(erased.standard_output, HasSubstr(kBasis));
  EXPECT_THAT(erased.standard_output, Not(HasSubstr(CitizenNumberOf(7))));
  const ProcessResult proven = Run({"audit", "prove", StrCat(proofs, "/", before + 1, ".tlog-proof"),
                                    StrCat(proofs, "/", before + 2, ".tlog-proof"), "--key", key_.verifier});
  EXPECT_EQ(proven.exit_status, 0) << proven.standard_output << proven.standard_error;
  EXPECT_THAT(proven.standard_output, HasSubstr("proven: 2 of 2"));

  // All for the person alone; and what the service writes, for itself alone.
  EXPECT_EQ(PermissionsOf(receipt), 0600);
  EXPECT_EQ(PermissionsOf(proofs), 0700);
  EXPECT_EQ(PermissionsOf(StrCat(proofs, "/", before + 1, ".tlog-proof")), 0600);
  for (const char* folder : {"/vault", "/log"}) {
    const std::string path = stack_->ingest().data_directory() + folder;
    EXPECT_EQ(PermissionsOf(path), 0700);
    for (const auto& entry : fs::directory_iterator(path)) EXPECT_EQ(PermissionsOf(entry.path()) & 077, 0) << entry;
  }

  // The projection has taken both as facts.
  ASSERT_TRUE(stack_->AwaitProjected());
  EXPECT_EQ(stack_->Projected(), before + 2);
  EXPECT_EQ(Rows(), rows);
  EXPECT_EQ(Rows(before), rows);
  ASSERT_EQ(Run({"audit", "export", exported}).exit_status, 0);
  const ProcessResult verified = Run({"audit", "verify", exported, "--key", key_.verifier, "--since", since});
  EXPECT_EQ(verified.exit_status, 0) << verified.standard_output;

  // The receipt can be had again, and nothing else.
  const ProcessResult resumed = Run({"erase", "--resume", StrCat(before + 1), "--receipt", receipt, "--proof", proofs});
  EXPECT_EQ(resumed.exit_status, 0) << resumed.standard_error;
  EXPECT_EQ(resumed.standard_output, erased.standard_output);
  const ProcessResult again = Erase(7);
  EXPECT_EQ(again.exit_status, 1);
  EXPECT_THAT(again.standard_error, HasSubstr("nothing to erase"));
  EXPECT_EQ(stack_->Head(), before + 2);

  // An old receipt is known, and brings nobody back; a new one is of somebody new.
  const auto repeated = stack_->Record({Payment(7)});
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_TRUE(repeated->receipts(0).duplicate());
  EXPECT_FALSE(IsOnFile(7));
  EXPECT_TRUE(IsOnFile(8));
  EXPECT_EQ(stack_->ingest().Terminate(), 0);
  EXPECT_EQ(TracesInVault(7), 0u);
  EXPECT_GT(TracesInVault(8), 0u);
  ASSERT_TRUE(stack_->ingest().Start().ok());
  const auto paid = stack_->Record({Payment(7, "BL-MOI")});
  ASSERT_TRUE(paid.ok()) << paid.status();
  const auto events = stack_->ReadAll();
  ASSERT_TRUE(events.ok());
  EXPECT_NE(events->back().contribution_recorded().subject_id(), events->at(before).erasure_requested().subject_id());
}

TEST_F(ErasureTest, WithoutAKeyTheReceiptSaysThatThereAreNoProofs) {
  ASSERT_NO_FATAL_FAILURE(Start(false));
  const ProcessResult erased = Erase(3, {"--receipt", directory_.Path("receipt.txt")});
  EXPECT_EQ(erased.exit_status, 0) << erased.standard_error;
  EXPECT_THAT(erased.standard_output,
              HasSubstr("No proofs come with it (tlog-proof): this log has no key to sign with"));
  EXPECT_FALSE(IsOnFile(3));
}

TEST_F(ErasureTest, ThroughKillsEachRequestIsCarriedOutOnce) {
  ASSERT_NO_FATAL_FAILURE(Start(false));
  std::mt19937_64 random(SeedForThisRun());
  const absl::Time began = absl::Now();
  ASSERT_TRUE(stack_->Record({Wish(20, "erase-20")}).ok());
  ASSERT_TRUE(AwaitCompleted());
  const int64_t usual_us = std::max<int64_t>(5'000, absl::ToInt64Microseconds(absl::Now() - began));
  int open = 0;
  for (uint64_t person = 1; person <= kKills; ++person) {
    ASSERT_TRUE(stack_->Record({Wish(person, StrCat("erase-", person))}).ok());
    absl::SleepFor(absl::Microseconds(static_cast<int64_t>(random() % static_cast<uint64_t>(usual_us))));
    stack_->ingest().Kill();
    ASSERT_TRUE(stack_->ingest().Start().ok());
    // Killed once more, some of the times, while it takes up what was left.
    if (random() % 3 == 0) {
      absl::SleepFor(absl::Microseconds(static_cast<int64_t>(random() % static_cast<uint64_t>(usual_us))));
      stack_->ingest().Kill();
      ASSERT_TRUE(stack_->ingest().Start().ok());
    }
    const auto completions = Completions();
    open += std::any_of(completions.begin(), completions.end(), [](const auto& each) { return each.second == 0; });
    // A request whose answer was lost is sent again.
    ASSERT_TRUE(stack_->Record({Wish(person, StrCat("erase-", person))}).ok());
  }
  ASSERT_TRUE(AwaitCompleted());
  std::cout << open << " of " << kKills << " kills left a request open\n";
  const auto completions = Completions();
  EXPECT_EQ(completions.size(), static_cast<size_t>(kKills) + 1);
  for (const auto& [position, count] : completions) EXPECT_EQ(count, 1) << "request at position " << position;
  EXPECT_TRUE(Eventually([&] { return stack_->ingest().Metric("sothon_ingest_open_erasures") == 0; }));
  for (uint64_t person = 1; person <= kKills; ++person) EXPECT_FALSE(IsOnFile(person)) << person;
  EXPECT_TRUE(IsOnFile(19));
  ASSERT_TRUE(stack_->AwaitProjected());
  EXPECT_FALSE(Rows().empty());
  EXPECT_EQ(stack_->ingest().Terminate(), 0);
  for (uint64_t person = 1; person <= kKills; ++person) EXPECT_EQ(TracesInVault(person), 0u) << person;
}

TEST_F(ErasureTest, AnOldBackupOfTheVaultIsErasedAgainBeforeItServes) {
  ASSERT_NO_FATAL_FAILURE(Start(false));
  const std::string vault = stack_->ingest().data_directory() + "/vault", backup = directory_.Path("backup");
  ASSERT_EQ(stack_->ingest().Terminate(), 0);
  fs::copy(vault, backup);
  ASSERT_TRUE(stack_->ingest().Start().ok());
  EXPECT_EQ(Erase(5).exit_status, 0);
  EXPECT_EQ(Erase(6).exit_status, 0);
  ASSERT_EQ(stack_->ingest().Terminate(), 0);
  fs::remove_all(vault);
  fs::copy(backup, vault);
  ASSERT_GT(TracesInVault(5), 0u);
  ASSERT_TRUE(stack_->ingest().Start().ok());
  EXPECT_THAT(stack_->ingest().Log(), HasSubstr("2 erasures that the log calls done"));
  EXPECT_FALSE(IsOnFile(5));
  EXPECT_FALSE(IsOnFile(6));
  EXPECT_TRUE(IsOnFile(4));
  for (const auto& [position, count] : Completions()) EXPECT_EQ(count, 1) << position;
  ASSERT_EQ(stack_->ingest().Terminate(), 0);
  EXPECT_EQ(TracesInVault(5), 0u);
  EXPECT_EQ(TracesInVault(6), 0u);
}

}  // namespace
}  // namespace sothon::testing
