#include "projection-service/view/built_view.h"

#include <algorithm>
#include <map>
#include <random>

#include "common/event/stored_event.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/failing_env.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/view/event_sink.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using testing::FakeLog;
using ::testing::HasSubstr;

BuiltViewOptions OptionsIn(const TempDir& dir) {
  BuiltViewOptions options;
  options.store.directory = dir.Path("view");
  return options;
}

std::unique_ptr<BuiltView> MustOpen(BuiltViewOptions options) {
  auto view = BuiltView::Open(std::move(options));
  EXPECT_TRUE(view.ok()) << view.status();
  return view.ok() ? *std::move(view) : nullptr;
}

// Everything a view knows, in a form that can be compared.
struct Contents {
  std::map<uint64_t, std::pair<ledger::Counters, uint64_t>> cells;
  std::map<SubjectId, ledger::History> participants;
  uint64_t position = 0;
  int64_t recorded_at_us = 0;
  uint64_t first_synthetic = 0;
  size_t places = 0;
  size_t targets = 0;
  bool operator==(const Contents&) const = default;
  friend void PrintTo(const Contents& c, std::ostream* out) {
    *out << c.cells.size() << " cells, " << c.participants.size() << " participants, position " << c.position
         << ", recorded " << c.recorded_at_us << ", synthetic from " << c.first_synthetic << ", " << c.places
         << " places, " << c.targets << " targets";
  }
};

Contents ContentsOf(const BuiltView& view) {
  Contents contents;
  view.Read([&](const Published& published) {
    published.cells.ForEach([&](ledger::AccountKey account, const ledger::Cell& cell) {
      contents.cells[account.packed()] = {cell.counters, cell.last_change.value};
    });
    contents.position = published.applied.position.value;
    contents.recorded_at_us = published.applied.recorded_at_us;
    contents.first_synthetic = published.first_synthetic.value;
    contents.places = published.reference->reference().places().size();
    contents.targets = published.reference->reference().targets().size();
  });
  for (const auto& [subject, history] : view.ledger().participants()) contents.participants[subject] = history;
  return contents;
}

Contents FreshFold(const FakeLog& log, uint64_t to) {
  TempDir dir;
  const auto view = MustOpen(OptionsIn(dir));
  EXPECT_TRUE(view->Apply(log.Range(1, to), false).ok());
  return ContentsOf(*view);
}

TEST(BuiltView, ReopenedAfterAnyCommitItIsTheFoldOfThatPrefix) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::mt19937_64 random(seed);
  const FakeLog log = testing::MakeRandomLog(seed, 300);
  TempDir dir;
  uint64_t applied = 0;
  while (applied < log.size()) {
    BuiltViewOptions options = OptionsIn(dir);
    // Both ways of writing a commit, mixed.
    options.store.bulk_commit_bytes_min = random() % 2 == 0 ? 0 : random() % 20'000;
    const auto view = MustOpen(options);
    EXPECT_EQ(view->position().value, applied);
    EXPECT_EQ(ContentsOf(*view), FreshFold(log, applied)) << "at " << applied;
    for (int commits = 0; commits < 4 && applied < log.size(); ++commits) {
      const uint64_t to = std::min<uint64_t>(log.size(), applied + 1 + random() % 25);
      ASSERT_TRUE(view->Apply(log.Range(applied + 1, to), false).ok());
      applied = to;
    }
    // What is only gathered must not be there after the next opening, the position included.
    if (applied + 5 <= log.size()) {
      ASSERT_TRUE(view->Apply(log.Range(applied + 1, applied + 5), true).ok());
    }
  }
  EXPECT_EQ(ContentsOf(*MustOpen(OptionsIn(dir))), FreshFold(log, log.size()));
}

TEST(BuiltView, HowEventsAreBatchedChangesNothing) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  const FakeLog log = testing::MakeRandomLog(seed, 400);
  const Contents expected = FreshFold(log, log.size());
  for (const size_t commit_events_max : {1, 7, 100, 1'000'000}) {
    TempDir dir;
    BuiltViewOptions options = OptionsIn(dir);
    options.commit_events_max = commit_events_max;
    options.store.bulk_commit_bytes_min = commit_events_max == 100 ? 0 : 4 << 20;
    options.parse_ahead_events_min = commit_events_max == 7 ? 1 : 1000;
    const auto view = MustOpen(options);
    for (uint64_t at = 1; at <= log.size(); at += 13) {
      ASSERT_TRUE(view->Apply(log.Range(at, std::min(log.size(), at + 12)), true).ok());
    }
    ASSERT_TRUE(view->Flush().ok());
    EXPECT_EQ(ContentsOf(*view), expected) << commit_events_max;
  }
}

TEST(BuiltView, ReadersSeeOnlyWhatIsCommitted) {
  TempDir dir;
  const auto view = MustOpen(OptionsIn(dir));
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(view->Apply(example.log.Range(1, example.log.size()), true).ok());
  EXPECT_EQ(view->position().value, example.log.size());
  EXPECT_EQ(view->visible().value, 0u);
  EXPECT_TRUE(ContentsOf(*view).cells.empty());
  ASSERT_TRUE(view->Flush().ok());
  EXPECT_EQ(view->visible().value, example.log.size());
  EXPECT_FALSE(ContentsOf(*view).cells.empty());
}

TEST(BuiltView, AGapAppliesNothing) {
  TempDir dir;
  const auto view = MustOpen(OptionsIn(dir));
  const testing::WorkedExample example = testing::MakeWorkedExample();
  ASSERT_TRUE(view->Apply(example.log.Range(1, 3), false).ok());
  EXPECT_EQ(view->Apply(example.log.Range(5, 8), false).code(), absl::StatusCode::kFailedPrecondition);
  auto gap_inside = example.log.Range(4, 8);
  gap_inside.erase(gap_inside.begin() + 2);
  EXPECT_EQ(view->Apply(gap_inside, false).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(view->position().value, 3u);
  EXPECT_EQ(ContentsOf(*view), FreshFold(example.log, 3));
  EXPECT_TRUE(view->Apply(example.log.Range(4, 8), false).ok());
}

TEST(BuiltView, WhatComesTwiceCountsOnce) {
  TempDir dir;
  const auto view = MustOpen(OptionsIn(dir));
  const testing::WorkedExample example = testing::MakeWorkedExample();
  const uint64_t end = example.log.size();
  ASSERT_TRUE(view->Apply(example.log.Range(1, 9), false).ok());
  ASSERT_TRUE(view->Apply(example.log.Range(1, 9), false).ok());
  ASSERT_TRUE(view->Apply(example.log.Range(4, end), false).ok());
  ASSERT_TRUE(view->Apply(example.log.Range(end, end), true).ok());
  EXPECT_EQ(ContentsOf(*view), FreshFold(example.log, end));
}

std::string WithUnknownField(uint64_t position, int field, bool inside_contribution) {
  v1::Event event = sothon::testing::Contribution({});
  google::protobuf::Message* where =
      inside_contribution ? static_cast<google::protobuf::Message*>(event.mutable_contribution_recorded()) : &event;
  where->GetReflection()->MutableUnknownFields(where)->AddVarint(field, 1);
  std::string stored;
  AppendStoredEvent({position}, 1, SerializeBody(event), &stored);
  return stored;
}

TEST(BuiltView, StopsForGoodAtWhatItDoesNotKnowWithAllBeforeItApplied) {
  for (const bool inside : {false, true}) {
    TempDir dir;
    const auto view = MustOpen(OptionsIn(dir));
    testing::WorkedExample example = testing::MakeWorkedExample();
    const uint64_t known = example.log.size();
    const std::string unknown = WithUnknownField(known + 1, 500, inside);
    auto events = example.log.Range(1, known);
    events.push_back(unknown);
    const absl::Status stopped = view->Apply(events, true);
    EXPECT_EQ(stopped.code(), absl::StatusCode::kUnimplemented) << stopped;
    EXPECT_THAT(std::string(stopped.message()), HasSubstr(std::to_string(known + 1)));
    EXPECT_EQ(view->visible().value, known);
    EXPECT_EQ(ContentsOf(*view), FreshFold(example.log, known));
    EXPECT_THAT(std::string(stopped.message()), HasSubstr("newer version"));
    example.log.Add(sothon::testing::Contribution({}));
    EXPECT_EQ(view->Apply(example.log.Range(known + 1, known + 1), false).code(), absl::StatusCode::kUnimplemented);
    EXPECT_EQ(view->position().value, known);
  }
}

TEST(BuiltView, StopsAtAnEventOfNoKind) {
  TempDir dir;
  const auto view = MustOpen(OptionsIn(dir));
  v1::Event event;
  event.set_event_id("e");
  std::string stored;
  AppendStoredEvent({1}, 1, SerializeBody(event), &stored);
  const std::string_view events[] = {stored};
  EXPECT_EQ(view->Apply(events, false).code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(view->position().value, 0u);
}

TEST(BuiltView, StopsAtBytesThatAreNoEvent) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  const std::string cut = example.log.stored(5).substr(0, example.log.stored(5).size() - 1);
  for (const std::string& bad : {cut, std::string("nonsense"), std::string()}) {
    TempDir dir;
    const auto view = MustOpen(OptionsIn(dir));
    auto events = example.log.Range(1, 4);
    events.push_back(bad);
    EXPECT_EQ(view->Apply(events, false).code(), absl::StatusCode::kDataLoss) << bad;
    EXPECT_EQ(ContentsOf(*view), FreshFold(example.log, 4));
  }
}

TEST(BuiltView, AFullDiskLosesNothingAndIsTriedAgain) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  const uint64_t end = example.log.size();
  for (const size_t bulk_commit_bytes_min : {0, 4 << 20}) {
    TempDir dir;
    testing::FailingEnv env;
    BuiltViewOptions options = OptionsIn(dir);
    options.store.env = &env;
    options.store.bulk_commit_bytes_min = bulk_commit_bytes_min;
    {
      const auto view = MustOpen(options);
      ASSERT_TRUE(view->Apply(example.log.Range(1, 5), false).ok());
      env.set_failing(true);
      for (int attempt = 0; attempt < 3; ++attempt) {
        const absl::Status full = view->Apply(example.log.Range(6, 9), false);
        EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted) << full;
        EXPECT_EQ(view->visible().value, 5u);
      }
      env.set_failing(false);
      const absl::Status well = view->Apply(example.log.Range(6, end), false);
      ASSERT_TRUE(well.ok()) << well;
      EXPECT_EQ(ContentsOf(*view), FreshFold(example.log, end));
    }
    EXPECT_EQ(ContentsOf(*MustOpen(options)), FreshFold(example.log, end));
  }
}

TEST(BuiltView, BelongsToOneLog) {
  TempDir dir;
  {
    const auto view = MustOpen(OptionsIn(dir));
    EXPECT_EQ(view->log_id(), "");
    ASSERT_TRUE(view->BindLog("quang-ngai").ok());
    EXPECT_TRUE(view->BindLog("quang-ngai").ok());
  }
  const auto view = MustOpen(OptionsIn(dir));
  EXPECT_EQ(view->log_id(), "quang-ngai");
  EXPECT_EQ(view->BindLog("gia-lai").code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sothon::projection
