// `sothon import collections` through kills of everything it talks to: run again until it is done, figures are those of
// an undisturbed import. SOTHON_SEED repeats a run's choices.
#include <fstream>
#include <random>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

constexpr int kKills = 25;
constexpr int kFiles = 5;
constexpr int kRowsPerFile = 8'000;
constexpr int kVillages = 4;
constexpr absl::Duration kImportMax = absl::Minutes(2);

class ImportKillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    random_.seed(SeedForThisRun());
    for (int file = 0; file < kFiles; ++file) WriteFile(file);
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::string FilePath(int file) { return directory_.Path(StrCat("collections-", file, ".csv")); }

  void WriteFile(int file) {
    std::ofstream csv(FilePath(file));
    csv << "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,due,paid,central_support,"
           "local_support,collector\n";
    for (int row = 0; row < kRowsPerFile; ++row) {
      const uint64_t month = 9 + Below(4);
      const std::string month_text = StrCat("2025-", month < 10 ? "0" : "", month);
      const uint64_t day = 10 + Below(18);
      csv << StrCat("BL-", file, "-", row) << "," << month_text << "-" << day << ","
          << CitizenNumberOf(1 + Below(3'000)) << "," << VillageId(1 + static_cast<int>(Below(kVillages)))
          << ",BHXH_TN," << 1 + Below(6) << "," << month_text << ",330000,264000,66000,0," << kCollectorId << "\n";
    }
  }

  static void RecordRegistry(Stack* stack) {
    std::vector<v1::Submission> registry;
    for (v1::Event& event : MinimalRegistry(kVillages)) registry.push_back(Submit(std::move(event)));
    const auto recorded = stack->Record(std::move(registry));
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }
  std::vector<std::string> ImportCommand(const Stack& stack, int file) {
    return {ProgramPath("sothon"),
            "--ingest",
            stack.ingest().address(),
            "import",
            "collections",
            FilePath(file),
            "--agency",
            kAgencyId};
  }
  void ImportAll(Stack* stack) {
    for (int file = 0; file < kFiles; ++file) {
      const ProcessResult result = RunProcess(ImportCommand(*stack, file), kImportMax);
      ASSERT_EQ(result.exit_status, 0) << result.standard_error << result.standard_output;
    }
  }

  void KillOne(Stack* stack) {
    switch (Below(4)) {
      case 0:
        stack->broker().Kill();
        if (Below(2) == 0) stack->broker().Wipe();
        ASSERT_EQ(stack->broker().Start(), absl::OkStatus());
        break;
      case 1:
        stack->projection().Kill();
        ASSERT_EQ(stack->projection().Start(), absl::OkStatus());
        break;
      default:
        stack->ingest().Kill();
        absl::SleepFor(absl::Milliseconds(Below(200)));
        ASSERT_EQ(stack->ingest().Start(), absl::OkStatus());
    }
  }

  TempDir directory_;
  std::mt19937_64 random_;
};

TEST_F(ImportKillTest, ImportedAgainUntilDoneFiguresAreThoseOfAnUndisturbedImport) {
  std::string undisturbed;
  {
    Stack stack;
    ASSERT_NO_FATAL_FAILURE(stack.StartAll());
    ASSERT_NO_FATAL_FAILURE(RecordRegistry(&stack));
    ASSERT_NO_FATAL_FAILURE(ImportAll(&stack));
    const auto digests = stack.Digests();
    ASSERT_TRUE(digests.ok()) << digests.status();
    undisturbed = digests->sha256();
  }

  Stack stack;
  ASSERT_NO_FATAL_FAILURE(stack.StartAll());
  ASSERT_NO_FATAL_FAILURE(RecordRegistry(&stack));
  int kills = 0;
  int file = 0;
  const absl::Time deadline = absl::Now() + absl::Minutes(2);
  while (file < kFiles && absl::Now() < deadline) {
    ProcessOptions options;
    options.argv = ImportCommand(stack, file);
    options.output_file = directory_.Path("import.log");
    options.error_file = options.output_file;
    auto import = Process::Start(options);
    ASSERT_TRUE(import.ok()) << import.status();
    while ((*import)->Running()) {
      absl::SleepFor(absl::Milliseconds(20 + Below(120)));
      if (kills >= kKills * (file + 1) / kFiles) continue;
      // The importer itself dies, too; the next run goes on.
      if (Below(6) == 0) (*import)->Kill();
      ASSERT_NO_FATAL_FAILURE(KillOne(&stack));
      ++kills;
    }
    if ((*import)->AwaitExit(absl::ZeroDuration()) == 0) ++file;
  }
  ASSERT_EQ(file, kFiles) << ReadWholeFile(directory_.Path("import.log"));
  std::cout << kills << " kills\n";

  const uint64_t head = stack.Head();
  EXPECT_EQ(head, MinimalRegistry(kVillages).size() + kFiles * kRowsPerFile);
  ASSERT_NO_FATAL_FAILURE(ImportAll(&stack));
  EXPECT_EQ(stack.Head(), head) << "importing the same files again records nothing";
  const auto events = stack.ReadAll();
  ASSERT_TRUE(events.ok()) << events.status();
  for (size_t i = head; i < events->size(); ++i) ADD_FAILURE() << "was missing: " << (*events)[i].event_id();
  const auto digests = stack.Digests();
  ASSERT_TRUE(digests.ok()) << digests.status();
  EXPECT_EQ(digests->sha256(), undisturbed);
}

}  // namespace
}  // namespace sothon::testing
