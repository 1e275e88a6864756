// Whatever stands in the database of a projection, checking it ends; and what cannot be compared is no fault.
#include <fstream>

#include "absl/strings/escaping.h"
#include "common/base/varint.h"
#include "common/testing/seed.h"
#include "projection-service/store/store_comparison.h"
#include "projection-service/view/projection_checker_fixture.h"

namespace sothon::projection {
namespace {

using ::testing::HasSubstr;

class ProjectionForgeryTest : public testing::ProjectionCheckerTest {};

TEST_F(ProjectionForgeryTest, TimesBeyondTheEndAreOneFaultAndTakeNoTime) {
  Project(testing::MakeRandomLog(17, 100));
  const uint64_t end = log_.size();
  const auto times = All(StoreFamily::kTimes);
  const auto& [key, value] = *times.rbegin();
  const uint64_t first = ReadBigEndian64(key.substr(8));
  std::string_view runs = value;
  uint64_t extent = 0;
  ASSERT_TRUE(ConsumeVarint(&runs, &extent));
  const auto reaching_to = [&, &block = key](uint64_t last) {
    std::string forged;
    AppendVarint(last - first, &forged);
    Change(StoreFamily::kTimes, block, forged.append(runs));
    return Faults();
  };
  for (const uint64_t last : {end + 1, uint64_t{1} << 33, uint64_t{1} << 62, UINT64_MAX}) {
    EXPECT_EQ(reaching_to(last), StrCat("times, block from position ", first, ": reaches to position ", last,
                                        ", the events end at ", end, "\n"));
  }
  const std::string wraps = reaching_to(first - 1);
  EXPECT_THAT(wraps, HasSubstr(StrCat("times, block from position ", first, ": cannot be read\n")));
  Change(StoreFamily::kTimes, key, std::string("\xff\xff\xff\xff\xff\xff\xff\xff\x3f"));
  EXPECT_THAT(Faults(), HasSubstr(StrCat("the events end at ", end, "\n")));
  Change(StoreFamily::kTimes, key, value);
  for (const uint64_t at : {end + 1, uint64_t{1} << 62, UINT64_MAX}) {
    const std::string more = TimesBlockKey(log_.recorded_at_us(end) + 1, {at});
    Change(StoreFamily::kTimes, more, std::string(1, '\0'));
    EXPECT_EQ(Faults(), StrCat("times, block from position ", at, ": reaches to position ", at, ", the events end at ",
                               end, "\n"));
    Change(StoreFamily::kTimes, more, std::nullopt);
  }
  const std::string again = TimesBlockKey(log_.recorded_at_us(end) + 1, {1});
  Change(StoreFamily::kTimes, again, EncodeNumber(99));
  EXPECT_EQ(Faults(), StrCat("times, block from position 1: stands where one from ", end + 1, " should\n"));
}

TEST_F(ProjectionForgeryTest, PostingsBeyondTheEndAreOneFault) {
  Project(testing::MakeRandomLog(19, 100));
  const uint64_t end = log_.size();
  const auto postings = All(StoreFamily::kPostings);
  const auto& [key, value] = *postings.rbegin();
  const uint64_t first = ReadBigEndian64(key.substr(8));
  const auto with_step = [&, &block = key, &before = value](uint64_t step, size_t times) {
    std::string forged = before;
    for (size_t i = 0; i < times; ++i) {
      AppendVarint(step, &forged);
      AppendVarint(1, &forged);  // the first counter
      AppendSignedVarint(INT64_MAX, &forged);
    }
    Change(StoreFamily::kPostings, block, forged);
    return Faults();
  };
  EXPECT_THAT(with_step(uint64_t{1} << 62, 3),
              ::testing::MatchesRegex(StrCat("postings of .*, block from position ", first,
                                             ": has postings of position [0-9]+, the events end at ", end, "\n")));
  EXPECT_THAT(with_step(UINT64_MAX, 1), ::testing::MatchesRegex("postings of .*: cannot be read\n"));
}

TEST_F(ProjectionForgeryTest, AFoldThatCannotBeReadIsAnErrorAndNoFault) {
  Project(testing::MakeRandomLog(23, 400));
  WithDb([](rocksdb::DB*, const Families&) {});  // what the write-ahead log held is in tables now
  const std::string fold = dir_.Path("fold");
  std::filesystem::copy(data_ + "/view-1", fold);
  int damaged = 0;
  for (const auto& each : std::filesystem::directory_iterator(fold)) {
    if (each.path().extension() != ".sst") continue;
    const auto stored = StoredView::Open(data_);
    const auto by_log = StoredView::OpenAt(fold);
    ASSERT_TRUE(stored.ok() && by_log.ok()) << stored.status() << by_log.status();
    std::fstream file(each.path(), std::ios::in | std::ios::out | std::ios::binary);
    const char before = static_cast<char>(file.seekg(20).get());
    file.seekp(20).put(static_cast<char>(before ^ 0x40)).flush();
    CheckReport report;
    const absl::Status compared = CompareStores(
        **stored, **by_log, [](ledger::AccountKey) { return ""; }, &report);
    // Marks may have been read when it was opened.
    if (!compared.ok()) {
      EXPECT_THAT(compared.ToString(), HasSubstr(fold)) << each.path();
      ++damaged;
    }
    EXPECT_EQ(report.fault_count(), 0u) << each.path() << report.faults().front().what;
    file.seekp(20).put(before).flush();
  }
  EXPECT_GE(damaged, 5) << "all families but that of the marks";

  std::ofstream(dir_.Path("work-1")) << "a file where the folder should be";
  const absl::Status unfolded = Check().status();
  EXPECT_EQ(unfolded.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(unfolded.ToString(), HasSubstr("name another one with TMPDIR"));
}

// Random keys with random values.
TEST_F(ProjectionForgeryTest, WhateverIsPutAnywhereTheCheckEnds) {
  Project(testing::MakeRandomLog(29, 120));
  std::vector<std::map<std::string, std::string>> families;
  size_t count = 0;
  for (size_t i = 0; i < kStoreFamilyCount; ++i) {
    families.push_back(All(static_cast<StoreFamily>(i)));
    count += families.back().size();
  }
  std::mt19937 random(sothon::testing::SeedForThisRun());
  const auto number = [&] {
    const uint64_t bits = uint64_t{random()} << 32 | random();
    return random() % 4 == 0 ? UINT64_MAX - random() % 3 : bits >> (random() % 64);
  };
  const auto bytes = [&](size_t size) {
    std::string made(size, '\0');
    for (char& byte : made) byte = static_cast<char>(random());
    return made;
  };
  const auto any = [&](const std::map<std::string, std::string>& all) {
    return *std::next(all.begin(), static_cast<std::ptrdiff_t>(random() % all.size()));
  };
  for (int round = 0; round < 50; ++round) {
    const size_t i = random() % families.size();
    std::string key = any(families[i]).first;
    if (random() % 3 == 0) key = bytes(random() % 20);
    if (key.size() >= 8 && random() % 2 == 0) key.replace(key.size() - 8, 8, BigEndian64(number()));
    std::string value = random() % 2 == 0 ? any(families[random() % families.size()]).second : std::string();
    if (random() % 2 == 0) value.resize(random() % (value.size() + 1));
    for (size_t more = random() % 5; more > 0; --more) AppendVarint(number(), &value);
    if (random() % 4 == 0) value += bytes(random() % 40);
    SCOPED_TRACE(StrCat("family ", i, ", ", absl::BytesToHexString(key), " = ", absl::BytesToHexString(value)));
    Change(static_cast<StoreFamily>(i), key, value);
    const auto report = Check();
    if (report.ok()) {
      EXPECT_LE(report->fault_count(), 20 * count);
    } else {
      EXPECT_EQ(static_cast<StoreFamily>(i), StoreFamily::kMeta) << report.status();
    }
    const auto before = families[i].find(key);
    Change(static_cast<StoreFamily>(i), key,
           before == families[i].end() ? std::nullopt : std::optional(before->second));
  }
  EXPECT_EQ(Faults(), "");
}

}  // namespace
}  // namespace sothon::projection
